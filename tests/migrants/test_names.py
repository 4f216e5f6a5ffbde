import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrants.names import document_key, icao, initial_keys, keys, latin, script, scripts, word_keys, words
from migrants.names.letters import LATIN, spellings

FIXTURES = Path(__file__).parents[1] / "fixtures"


def group():
    with (FIXTURES / "group_102.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def spelt(row):
    """Give the three ways in which the group's file writes one person."""
    return (
        f"{row['surname_tg']} {row['given_tg']}",
        f"{row['surname_ru']} {row['given_ru']} {row['patronymic_ru']}",
        f"{row['surname_latn']} {row['given_latn']}",
    )


# Letters


@pytest.mark.parametrize("row", group(), ids=lambda row: row["ref"])
def test_tajik_letters_are_shown_in_latin_as_the_country_does(row):
    assert latin(f"{row['surname_tg']} {row['given_tg']}") == f"{row['surname_latn']} {row['given_latn']}"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("ҚОДИРОВ Умед", "QODIROV Umed"),
        ("Жээнбеков Сооронбай", "Zheenbekov Sooronbay"),
        ("Ўткир Ғуломов", "O‘tkir Ghulomov"),
        ("Объедков Пётр", "Obedkov Pyotr"),
        ("Щукина-Яшина Юлия", "Shchukina-Yashina Yuliya"),
        ("O‘g‘iloy Karimova", "O‘g‘iloy Karimova"),
        ("  Умед   Қодиров ", "Umed Qodirov"),
        ("", ""),
    ],
)
def test_a_name_is_shown_in_latin(written, shown):
    assert latin(written) == shown


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Юсуфов Хасан", "IUSUFOV KHASAN"),
        ("Щербаков Андрей", "SHCHERBAKOV ANDREI"),
        ("Объедков Пётр", "OBIEEDKOV PETR"),
        ("Müller, Jörg-Peter", "MULLER JORG PETER"),
        ("O‘g‘iloy", "OGILOY"),
    ],
)
def test_a_name_is_written_as_a_passport_prints_it(written, printed):
    assert icao(written) == printed


@given(st.text(max_size=40))
def test_any_text_becomes_letters_a_passport_may_print(text):
    assert all("A" <= sign <= "Z" or sign == " " for sign in icao(text))
    assert isinstance(latin(text), str)


def test_the_script_of_a_name_is_told():
    assert script("Қодиров Умед") == "Cyrl"
    assert script("Qodirov Umed") == "Latn"
    assert script("احمد") == "Arab"
    assert script("12-3") == "Zyyy"
    assert scripts("Қодиров Umed") == {"Cyrl", "Latn"}


# Keys


@pytest.mark.parametrize("row", group(), ids=lambda row: row["ref"])
def test_three_spellings_of_one_person_share_a_key(row):
    tajik, russian, in_latin = (keys(name) for name in spelt(row))

    assert tajik & russian
    assert tajik & in_latin
    assert russian & in_latin


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Қодиров Умед", "Умед Кодиров"),
        ("Juraev Bakhtiyor", "Dzhuraev Bahtiior"),
        ("Juraev Bakhtiyor", "Джураев Бахтиёр"),
        ("Odinaev Jamshed", "Odinazoda Jamshed"),
        ("Rahmonov Said", "Раҳмон Саид"),
        ("Mirzoeva Parvina", "Mirzozoda Parvina"),
        ("Yusufov Huseyn", "Iusufov Husein"),
        ("Уәлихан Ахметов", "Valikhan Akhmetov"),
        ("Жақыпов Ерлан", "Jakupov Yerlan"),
        ("Жээнбеков Азамат", "Jeenbekov Azamat"),
        ("Aliyev Muhammadjon", "Алиев Мухаммаджон"),
        ("Aliyev Muhammadjon", "Алиев Муҳаммадҷон"),
        ("Aliyev Muhammadjon", "Алиев Мухаммадджон"),
        ("Каримова Зебо Умед кизи", "Karimova Zebo"),
        ("O‘tkir G‘ulomov", "Ўткир Ғуломов"),
        ("O'tkir G'ulomov", "Уткир Гуломов"),
        ("Tsoy Olim", "Цой Алим"),
    ],
)
def test_known_variants_share_a_key(one, other):
    assert keys(one) & keys(other)


@given(st.lists(st.sampled_from(["Қодиров", "Умед", "Сафар", "Холзода", "Zebo", "Рустамович"]), min_size=1, max_size=4))
def test_the_order_of_words_does_not_matter(names):
    assert keys(" ".join(names)) & keys(" ".join(reversed(names)))
    assert initial_keys(" ".join(names)) == initial_keys(" ".join(reversed(names)))


@given(st.text(max_size=200))
def test_any_text_has_keys_that_fit_an_index(text):
    found = keys(text) | word_keys(text) | initial_keys(text)

    assert all(key and len(key) <= 60 and key.isascii() for key in found)
    assert len(found) <= 400


def test_a_key_is_shared_by_few_of_a_group():
    """A key that brought up everyone would make looking up a search through all."""
    names = [row["surname_ru"] + " " + row["given_ru"] for row in group()]

    meetings = sum(bool(keys(one) & keys(other)) for place, one in enumerate(names) for other in names[:place])
    assert meetings <= 40  # of 5,151 pairs


def test_a_single_name_has_its_one_key_and_a_father_is_no_key():
    assert keys("Namuna") == word_keys("Namuna")
    assert keys("Латифов Сафар Умедович") == keys("Латифов Сафар")


@pytest.mark.parametrize(
    ("written", "patronymics"),
    [
        ("Кодиров Умед Мухаммадджонович", 1),
        ("Karimova Zebo Umed qizi", 1),
        ("Karimov Zafar Umed o‘g‘li", 1),
        ("Асанов Бакыт Азамат уулу", 1),
        ("Қодиров Умед", 0),
    ],
)
def test_patronymics_are_told_from_other_names(written, patronymics):
    assert sum(word.is_patronymic for word in words(written)) == patronymics


def test_every_letter_of_the_table_meets_each_of_its_spellings():
    """The letter in the middle of a name, in any spelling of the table, shares a key with the letter itself."""
    for letter, variants in spellings().items():
        assert letter in LATIN
        for variant in variants:
            written, latin_form = f"ба{letter}ба", f"ba{variant}ba"
            assert keys(f"{written} Умед") & keys(f"{latin_form} Umed"), (letter, variant)


def test_a_number_is_compared_without_spaces_case_or_look_alikes():
    assert document_key("№ 005 966-803") == document_key("005966803") == "005966803"
    assert document_key("АС0000001") == document_key("ac 0000001") == "AC0000001"
    assert document_key("---") == ""


def test_words_come_in_their_order_without_endings():
    assert [word.stem for word in words("Қодиров-Алиев Умед")] == ["kodir", "ali", "umed"]
