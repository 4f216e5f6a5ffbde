"""Working hours as people write them, and whether an office is open at an instant."""

from datetime import UTC, datetime

import pytest

from partners.hours import HoursError, parse_holidays, parse_hours

ALMATY = "Asia/Almaty"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of October 2020 by UTC; Almaty stood at UTC+6, and the first was a Thursday."""
    return datetime(2020, 10, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mo-Fr 09:00-18:00", "Mo-Fr 09:00-18:00"),
        ("пн-пт 9.00 – 13.00, 14.00–18.00; сб 10:00-13:00", "Mo-Fr 09:00-13:00, 14:00-18:00; Sa 10:00-13:00"),
        ("Fr-Mo 20:00-08:00", "Mo 20:00-08:00; Fr-Su 20:00-08:00"),
        ("24/7", "24/7"),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_write_them_and_written_one_way(written, read):
    assert str(parse_hours(written)) == read
    assert str(parse_hours(read)) == read


@pytest.mark.parametrize(
    "written", ["always", "Mo-Fr", "Mo-Xx 09:00-18:00", "Mo 09:00-25:00", "Mo 09:70-10:00", "09:00-18:00"]
)
def test_what_cannot_be_read_is_refused_with_an_example(written):
    with pytest.raises(HoursError, match="Mo-Fr 09:00-13:00"):
        parse_hours(written)


def test_an_office_is_open_by_its_own_clock():
    hours = parse_hours("Mo-Fr 09:00-18:00")
    assert hours.are_open(at(1, 3), zone=ALMATY)
    assert not hours.are_open(at(1, 2, 59), zone=ALMATY)
    assert not hours.are_open(at(1, 12), zone=ALMATY)
    assert not hours.are_open(at(3, 5), zone=ALMATY)


def test_a_night_shift_runs_into_the_next_day():
    hours = parse_hours("Fr 20:00-08:00")
    assert hours.are_open(at(2, 15), zone=ALMATY)
    assert hours.are_open(at(3, 1), zone=ALMATY)
    assert not hours.are_open(at(3, 3), zone=ALMATY)


def test_on_a_holiday_nobody_works():
    assert not parse_hours("Mo-Fr 09:00-18:00").are_open(at(1, 5), zone=ALMATY, holidays=["2020-10-01"])


def test_holidays_are_days_that_exist():
    assert parse_holidays("2026-03-22, 2026-03-21 2026-03-21") == ["2026-03-21", "2026-03-22"]
    with pytest.raises(HoursError, match="no day"):
        parse_holidays("21.03.2026")
