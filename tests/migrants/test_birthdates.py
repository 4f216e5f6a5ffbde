from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrants.birthdates import BirthDate, BirthDateError, parse_birth_date
from migrants.written_dates import read_date

TODAY = date(2020, 10, 1)


def read(cell):
    return parse_birth_date(cell, today=TODAY)


@pytest.mark.parametrize(
    "cell",
    [
        date(1986, 7, 4),
        datetime(1986, 7, 4, 12),
        31597.0,
        "04.07.1986",
        "4.7.1986",
        "04/07/1986",
        "04-07-1986",
        "04.07.86",
        "04 07 1986",
        "1986-07-04",
        "1986.07.04",
        "04.07.1986 г.",
        "04.07.1986 г.р.",
        "4 июля 1986",
        "4 июля 1986 года",
        "4-июл-1986",
        "4 июли 1986",
        "4 iyul 1986",
        "4 July 1986",
        "July 4, 1986",
        "04-Jul-1986",
        "04071986",
        4071986.0,
        "19860704",
        " 04.07.1986 ",
        "٠٤.٠٧.١٩٨٦",
        "۰۴/۰۷/۱۹۸۶",
        "۴ جولای ۱۹۸۶",
        "1986-07-04 00:00:00",
    ],
    ids=str,
)
def test_a_whole_date_is_read_however_it_is_written(cell):
    assert read(cell) == BirthDate(1986, 7, 4)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("1986", (1986, None, None)),
        (1986.0, (1986, None, None)),
        (1986, (1986, None, None)),
        ("1986 г.р.", (1986, None, None)),
        ("около 1986", (1986, None, None)),
        ("~1986", (1986, None, None)),
        ("07.1986", (1986, 7, None)),
        (7.1986, (1986, 7, None)),
        (10.198, (1980, 10, None)),
        ("1986-07", (1986, 7, None)),
        ("июль 1986", (1986, 7, None)),
        ("00.00.1986", (1986, None, None)),
        ("??.07.1986", (1986, 7, None)),
        ("xx.xx.1986", (1986, None, None)),
        ("1986-07-00", (1986, 7, None)),
        ("07/25/1986", (1986, 7, 25)),
        ("29.02.2016", (2016, 2, 29)),
        ("04.07.12", (2012, 7, 4)),
        ("04.07.21", (1921, 7, 4)),
        ("01.10.2020", (2020, 10, 1)),
        ("01.01.1990", (1990, 1, 1)),
    ],
    ids=str,
)
def test_only_what_is_known_is_taken(cell, parts):
    assert read(cell) == BirthDate(*parts)


@pytest.mark.parametrize(
    "cell", [None, "", " ", "-", "—", "нет", "Неизвестно", "unknown", "N/A", "номаълум", "noma’lum", "?"]
)
def test_nothing_known_is_unknown_and_no_error(cell):
    assert read(cell) == BirthDate()


@pytest.mark.parametrize("cell", ["01.01.1900", date(1900, 1, 1), "1900-01-01", datetime(1900, 1, 1)])
def test_a_date_that_stands_for_unknown_is_not_taken_and_told(cell):
    assert read(cell).year is None
    assert "stays unknown" in read(cell).remark


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("31.02.1990", "no such day: 31.02.1990"),
        ("29.02.2015", "no such day: 29.02.2015"),
        ("32.??.1990", "no such day: 32.??.1990"),
        ("13.13.1990", "no month 13"),
        ("00.13.1990", "no month 13"),
        ("02.10.2020", "still to come"),
        ("2021", "still to come"),
        (date(2031, 1, 1), "still to come"),
        ("04.07.1886", "older than 120"),
        (date(1750, 1, 1), "older than 120"),
        ("34 года", "is not a date"),
        ("34", "is not a date"),
        (34.0, "is not a date"),
        (0.5, "is not a date"),
        ("вторник", "is not a date"),
        ("4 7 86 1", "is not a date"),
        ("04.07.986", "is not a date"),
        (True, "is not a date"),
        ("1" * 500, "is not a date"),
    ],
    ids=str,
)
def test_what_cannot_be_right_says_what_to_write(cell, words):
    with pytest.raises(BirthDateError, match=words.replace("?", r"\?")):
        read(cell)


@given(st.dates(date(1901, 1, 1), TODAY), st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%Y%m%d"]))
def test_every_date_is_read_back(day, form):
    assert read(day.strftime(form)) == BirthDate(day.year, day.month, day.day)


@given(st.dates(date(1911, 1, 1), TODAY))
def test_every_day_number_of_a_workbook_is_read_back(day):
    assert read(float((day - date(1899, 12, 30)).days)) == BirthDate(day.year, day.month, day.day)


def outcome(cell):
    try:
        return read(cell)
    except BirthDateError as error:
        return error.sentence


@given(
    st.text(max_size=30)
    | st.sampled_from([float("nan"), float("inf")])
    | st.floats()
    | st.integers()
    | st.from_regex(r"[0-9.x?/ -]{1,12}", fullmatch=True)
)
def test_anything_gives_a_date_or_a_sentence(cell):
    found = outcome(cell)

    if isinstance(found, BirthDate) and found.year is not None:
        assert TODAY.year - 120 <= found.year <= TODAY.year
    elif isinstance(found, str):
        assert found.endswith(".")


def test_a_month_before_the_day_behind_dots_is_read_and_said_so():
    found = read_date("12.13.1990", today=TODAY)
    assert (found.year, found.month, found.day) == (1990, 12, 13)
    assert "is read as day 13 of month 12" in found.remark
