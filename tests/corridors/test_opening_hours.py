"""A window that opens again and again: by weekday and hour on the clock of one place, between two dates."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from common import clock
from corridors import transit
from corridors.approvals import standing_of
from corridors.models import CorridorVersion
from corridors.opening_hours import Hours, covers, hours_in_words, next_span, spans
from corridors.terms import OwnTerms, opens_next, terms_of, within_windows
from corridors.windows import Window, opened
from partners.enums import Role
from tests.cast import NOW
from tests.corridors.test_carrying import answer, laid, reasons, worded

__all__ = ["laid", "worded"]
pytestmark = pytest.mark.django_db
ALMATY = "Asia/Almaty"
MORNINGS = Hours(("tue", "thu"), time(6), time(12))
FIRST, LAST = datetime(2020, 10, 1), datetime(2020, 10, 15)
TUESDAY_SIX = datetime(2020, 10, 6, 0, tzinfo=UTC)
"""06:00 in Almaty, which keeps UTC+6 that autumn."""


def mornings(*hours, opens=FIRST, closes=LAST):
    return Window(opens, closes, ALMATY, hours or (MORNINGS,))


def test_it_is_open_on_its_days_between_its_hours_of_the_clock_there(worded):
    version = worded(window=mornings())
    assert [opens.strftime("%a %d %H:%M") for opens, _closes in opened(version)] == [
        "Thu 01 00:00", "Tue 06 00:00", "Thu 08 00:00", "Tue 13 00:00",
    ]  # fmt: skip
    for moment, is_open in (
        (TUESDAY_SIX - timedelta(minutes=1), False), (TUESDAY_SIX, True), (TUESDAY_SIX + timedelta(hours=6), False),
        (TUESDAY_SIX + timedelta(days=1), False), (TUESDAY_SIX + timedelta(days=14), False),
    ):  # fmt: skip
        assert within_windows(version, moment) is is_open


@pytest.mark.parametrize(
    ("hours", "opens", "closes"),
    [
        (Hours(("sat",), time(22), time(4)), "Sat 03 22:00", "Sun 04 04:00"),
        (Hours(("sat",), time.min, time.min), "Sat 03 00:00", "Sun 04 00:00"),
        (Hours((), time(6), time(7)), "Thu 01 06:00", "Thu 01 07:00"),
    ],
)
def test_hours_over_midnight_the_whole_day_and_every_day(hours, opens, closes):
    found = spans(FIRST.replace(tzinfo=UTC), LAST.replace(tzinfo=UTC), [hours], "UTC")[0]
    assert [end.strftime("%a %d %H:%M") for end in found] == [opens, closes]


def test_rows_that_overlap_are_one_time_and_the_dates_cut_it_off():
    rows = [Hours((), time(6), time(12)), Hours((), time(11), time(14))]
    opens = datetime(2020, 10, 1, 7, tzinfo=UTC)
    assert spans(opens, opens.replace(hour=13), rows, "UTC") == [(opens, opens.replace(hour=13))]


def test_it_follows_the_clock_on_the_wall_over_a_change_of_clocks():
    """Vienna puts its clocks back on 25 October 2020."""
    found = spans(
        datetime(2020, 10, 24, tzinfo=UTC), datetime(2020, 10, 26, tzinfo=UTC), [Hours((), time(6), time(8))], "Europe/Vienna"
    )  # fmt: skip
    assert [opens.hour for opens, _closes in found] == [4, 5]


def test_the_next_window_that_is_open_is_named(worded):
    terms = terms_of(worded(window=mornings()))
    zones = [ALMATY, "Asia/Tashkent"]
    assert opens_next(terms, zones, at=TUESDAY_SIX - timedelta(days=1)) == (
        "It opens next: 6 October 2020, 06:00–12:00 Almaty (UTC+6) = 05:00–11:00 Tashkent (UTC+5)."
    )
    assert opens_next(terms, zones, at=TUESDAY_SIX).startswith("Open now: 6 October 2020, 06:00–12:00")
    assert opens_next(terms, zones, at=TUESDAY_SIX + timedelta(days=30)) == "It does not open any more."
    assert next_span([], TUESDAY_SIX) is None
    assert not covers([], TUESDAY_SIX)
    assert hours_in_words(terms.hours, ALMATY) == "Tuesday, Thursday, 06:00–12:00 on the clock of Almaty"


@pytest.mark.parametrize(
    ("window", "field", "sentence"),
    [
        (Window(FIRST, LAST, ALMATY), "closes_local", "at most seven days long"),
        (mornings(closes=datetime(2021, 1, 15)), "closes_local", "three months"),
        (mornings(opens=datetime(2020, 10, 2), closes=datetime(2020, 10, 5)), "hours", "No such day and hour"),
        (mornings(*[MORNINGS] * 6), "hours", "at most 5"),
        (mornings(Hours(("someday",), time(6), time(7))), "hours", "days of the week"),
    ],
)
def test_hours_that_cannot_be_are_refused_beside_their_field(worded, window, field, sentence):
    with pytest.raises(transit.CorridorError, match=sentence) as refused:
        worded(window=window)
    assert refused.value.field == field


def test_the_database_has_no_hours_without_their_dates(worded):
    version = worded(window=None)
    with pytest.raises(IntegrityError, match="corridor_hours_lie_between_dates"), transaction.atomic():
        CorridorVersion.objects.filter(pk=version.pk).update(hours=[MORNINGS.stored()])


def test_a_window_of_a_party_that_meets_no_hour_of_it_lets_nobody_in(worded, laid):
    rows = laid(worded(window=mornings()))
    friday = datetime(2020, 10, 2, tzinfo=UTC)
    own = OwnTerms(opens_at=friday, closes_at=friday + timedelta(days=1))
    answer(rows["uz-border"], said="conditional", own=own)
    answer(rows["kz-border"])
    answer(rows["tj-emb-uz"])
    assert standing_of(rows["kz-border"].version, at=NOW + timedelta(hours=2)).state == "contradictory"


@pytest.mark.parametrize(
    ("hours", "anew"),
    [
        (Hours(("tue",), time(7), time(12)), []),
        (Hours(("tue", "thu"), time(6), time(13)), ["window"]),
        (Hours(("tue", "fri"), time(6), time(12)), ["window"]),
    ],
)
def test_fewer_hours_are_asked_about_nowhere_and_more_everywhere(worded, laid, hours, anew):
    for row in laid(worded(window=mornings())).values():
        answer(row)
    after = laid(worded(window=mornings(hours)), at=NOW + timedelta(hours=2))
    assert [reasons(row) for row in after.values()] == [anew] * 3


def test_days_and_hours_by_page(sign_in, corridor, organisations):
    clock.set_to(NOW + timedelta(minutes=5))
    browser = sign_in(Role.COORDINATOR)
    said = {
        "opens_local": "2020-10-01T12:00", "closes_local": "2020-10-15T00:00", "zone": ALMATY, "head_count_cap": 102,
        "transit_hours": "4", "requested_by": organisations["tj-emb-uz"].code, "document_reference": "Note 143",
        "days_1": ["tue", "thu"], "from_1": "06:00", "until_1": "12:00",
    }  # fmt: skip
    refused = browser.post("/corridors/KZ-TJ-A/versions/new/", said | {"until_1": ""})
    assert refused.status_code == 422
    assert "Give both hours" in refused.content.decode()
    assert browser.post("/corridors/KZ-TJ-A/versions/new/", said).status_code == 302
    page = browser.get("/corridors/KZ-TJ-A/").content.decode()
    assert "Tuesday, Thursday, 06:00–12:00 on the clock of Almaty" in page
    assert "It opens next: 6 October 2020, 06:00–12:00 Almaty" in page
    form = browser.get("/corridors/KZ-TJ-A/versions/new/").content.decode()
    assert 'value="06:00"' in form
