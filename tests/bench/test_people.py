"""The invented people of the benchmarks come as real ones do."""

from itertools import islice

from bench.people import namings
from migrants.names import script, scripts


def test_the_same_seed_makes_the_same_people() -> None:
    assert list(namings(50, seed=4)) == list(namings(50, seed=4))
    assert list(namings(50, seed=4)) == list(islice(namings(80, seed=4), 50))
    assert list(namings(50, seed=4)) != list(namings(50, seed=5))


def test_they_are_written_in_two_scripts_with_and_without_endings_and_can_be_looked_up() -> None:
    people = list(namings(400, seed=4))
    assert {script(each.full_name) for each in people} == {"Cyrl", "Latn"}
    assert all(scripts(each.latin_name) == {"Latn"} for each in people)
    surnames = " ".join(each.latin_name for each in people)
    assert all(ending in surnames for ending in ("ov ", "ova ", "zoda ", "ovich", "o‘ghli", "uulu"))
    assert all(each.keys for each in people)
    assert {each.sex for each in people} == {"M", "F"}
