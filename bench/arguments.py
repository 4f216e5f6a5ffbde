"""What `bin/bench` can be told. Knows the benchmarks by name only, so that a wrong word is answered before servers start."""

import argparse
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

WorldKind: TypeAlias = Literal["archive", "crowd", "directory"]


class Bench(NamedTuple):
    """What a benchmark measures, and in which world: a large archive of which few wait, a crowd that all waits today,
    or organisations alone.
    """

    words: str
    world: WorldKind


BENCHES = {
    "names": Bench("whether a search finds the right person and what it costs, and who is taken for whom", "archive"),
    "wall": Bench("what the wall in the database costs a page, a list and a name search", "archive"),
    "import": Bench("what the import of a list costs beside the bare copying of its rows", "archive"),
    "readiness": Bench("what it costs that everybody is judged rightly again when a rule changes", "crowd"),
    "board": Bench("what the board and the list of cases cost as the number of people grows", "crowd"),
    "fanout": Bench("how fast many organisations are told by mail, beside splicing and smtplib alone", "directory"),
    "webhooks": Bench("how fast webhooks go out, and whether dead systems hold up the others", "directory"),
}
FULL_PEOPLE, QUICK_PEOPLE = 1_000_000, 20_000


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Give `names` (all where none is given), `people` and `quick`; ends with code 2 where a word is wrong, saying which."""
    reader = argparse.ArgumentParser(
        prog="bin/bench", description="Measures ours against a bare limit in the same run."
    )
    reader.add_argument("names", nargs="*", metavar="NAME", help="which benchmarks (all, where none is named)")
    reader.add_argument("--quick", action="store_true", help=f"{QUICK_PEOPLE:,} people and few questions: a smoke test")
    reader.add_argument("--people", type=_people, help=f"how many people the world has (else {FULL_PEOPLE:,})")
    reader.add_argument("--list", action="store_true", help="say which benchmarks there are")
    asked = reader.parse_args(arguments)
    if unknown := [name for name in asked.names if name not in BENCHES]:
        reader.error(f"there is no benchmark “{unknown[0]}”. There are: {', '.join(BENCHES)}.")
    asked.names = asked.names or list(BENCHES)
    asked.people = asked.people or (QUICK_PEOPLE if asked.quick else FULL_PEOPLE)
    return asked


def _people(text: str) -> int:
    number = int(text)
    if not 1_000 <= number <= 5_000_000:
        raise argparse.ArgumentTypeError("give a number from 1000 to 5000000")
    return number


def listed() -> int:
    """Print what there is; returns the code to end with."""
    for name, bench in BENCHES.items():
        print(f"{name:<12} {bench.words}")
    return 0
