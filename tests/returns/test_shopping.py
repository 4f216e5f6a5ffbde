"""What is to be bought for a group: one sentence, by when samples must be taken, and a list without names."""

import io
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.urls import reverse

from common import clock
from migrants.models import TravelGroup
from returns import cases
from returns.models import Plan
from returns.shopping import Pace, PaceError, latest_start, say_pace
from tests.cast import COMMAND, NOW
from tests.returns.conftest import TEST_RULE

ALMATY = ZoneInfo("Asia/Almaty")
TEN = datetime(2020, 10, 2, 10, 0, tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("tests", "pace", "start"),
    [
        (40, Pace("L", 40, 0), "2020-10-02 09:00"),
        (60, Pace("L", 40, 120), "2020-10-02 06:30"),
        (80, Pace("L", 40, 60, time(8), time(18)), "2020-10-01 17:00"),
        (10, Pace("L", 10, 0, time(22), time(6)), "2020-10-02 05:00"),
    ],
)
def test_samples_begin_so_early_that_the_last_result_is_known_at_the_barrier(tests, pace, start):
    last = TEN - timedelta(minutes=pace.result_minutes)
    begins = latest_start(tests, pace, last, ALMATY)
    assert begins is not None
    assert f"{begins.astimezone(ALMATY):%Y-%m-%d %H:%M}" == start


@pytest.mark.parametrize(
    ("tests", "pace", "start"),
    [
        (60, Pace("L", 10, 0), "2024-02-29 21:00"),  # six hours before 02:00, one of which the wall shows twice
        (90, Pace("L", 10, 0, time(22), time(6)), "2024-02-29 22:00"),  # a night of nine hours
    ],
)
def test_samples_begin_early_enough_over_a_change_of_clocks(tests, pace, start):
    """On 1 March 2024 at 00:00 the clocks of Almaty went back to 23:00."""
    last = datetime(2024, 3, 1, 2 if pace.opens is None else 10, tzinfo=ALMATY)
    begins = latest_start(tests, pace, last, ALMATY)

    assert begins is not None
    assert f"{begins.astimezone(ALMATY):%Y-%m-%d %H:%M}" == start


def test_more_than_a_fortnight_of_samples_has_no_start():
    assert latest_start(100_000, Pace("L", 10, 0), TEN, ALMATY) is None


@pytest.fixture(autouse=True)
def fixed_hour(db):
    """The demonstration clock stands at NOW, as far as a clock stands."""
    clock.set_to(NOW)


@pytest.fixture
def lacking(db, make_person, make_rule, plan, take_test):
    """Three people of whom one has a test, at a crossing that asks for one."""
    make_rule(TEST_RULE)
    people = [make_person() for _ in range(3)]
    take_test(people[0])
    return cases.open_cases(people=people, by=COMMAND, at=NOW)


@pytest.mark.parametrize(
    ("pace", "field"),
    [
        (Pace(" ", 40, 60), "laboratory"), (Pace("L", 0, 60), "an_hour"), (Pace("L", 40, -1), "result_minutes"),
        (Pace("L", 40, 60, time(8)), "closes"),
    ],
)  # fmt: skip
def test_a_pace_that_cannot_be_is_refused(plan, pace, field):
    with pytest.raises(PaceError) as refused:
        say_pace(plan=plan, pace=pace, by=COMMAND, at=NOW)
    assert refused.value.field == field


def test_the_page_says_all_in_one_sentence_and_takes_the_pace_of_the_laboratory(lacking, group, sign_in):
    client, url = sign_in("coordinator"), reverse("returns:group_shopping", args=[group.public_id])
    given = {"laboratory": "Sanitary service", "an_hour": "40", "result_minutes": "240", "opens": "", "closes": ""}
    assert client.post(url, given | {"opens": "08:00"}).status_code == 422
    assert client.post(url, given).status_code == 302
    plan = Plan.objects.get(group=group)
    assert (plan.tests_an_hour, plan.laboratory) == (40, "Sanitary service")
    page = client.get(url).content.decode()
    for words in (
        "1 of 3 ready",
        "cost to fix: 40 USD",
        "2 tests to be taken",
        "does 40 an hour",
        "latest start of sampling",
    ):
        assert words in page, words


def test_whoever_does_not_plan_crossings_reads_it_and_changes_nothing(lacking, group, sign_in):
    client, url = sign_in("field"), reverse("returns:group_shopping", args=[group.public_id])
    assert client.get(url).status_code == 200
    assert client.post(url, {"laboratory": "L", "an_hour": "1", "result_minutes": "0"}).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_the_list_leaves_as_a_file_without_names(lacking, group, sign_in, kind):
    client = sign_in("coordinator")
    answer = client.get(reverse("returns:shopping_list_file", args=[group.public_id, kind]))
    assert answer.status_code == 200
    if kind == "pdf":
        assert answer.content.startswith(b"%PDF-")
        return
    text = answer.content.decode() if kind == "csv" else _cells(answer.content)
    assert "40" in text
    assert not any(case.person.latin_name in text or case.number in text for case in lacking)


def test_with_case_numbers_it_names_those_who_lack_something_by_number_alone(lacking, group, sign_in):
    client = sign_in("coordinator")
    text = client.get(
        reverse("returns:shopping_list_file", args=[group.public_id, "csv"]), {"numbers": "1"}
    ).content.decode()
    assert [case.number in text for case in lacking] == [False, True, True]
    assert not any(case.person.latin_name in text for case in lacking)


def test_the_sum_is_asked_for_once_however_often_the_button_is_pressed(lacking, group, sign_in):
    client = sign_in("coordinator")
    page = client.get(reverse("returns:group_readiness", args=[group.public_id])).content.decode()
    assert "1 of 3 ready" in page
    assert "cost to fix: 40 USD" in page
    version = page.split('name="version" value="')[1].split('"')[0]
    for _ in range(2):
        client.post(reverse("returns:need_ask", args=[group.public_id]), {"version": version})
    (need,) = group.needs.all()
    assert need.quantity * need.unit_price == Decimal(40)
    assert need.requirement_version is not None
    listed = client.get(reverse("returns:group_shopping", args=[group.public_id])).content.decode()
    assert "0 of 40 USD pledged" in listed


def test_the_list_is_turned_into_a_need_by_one_click(lacking, group, sign_in):
    client, address = sign_in("coordinator"), reverse("returns:group_shopping", args=[group.public_id])
    page = client.get(address).content.decode()
    assert "Ask for 40 USD" in page
    asked = reverse("returns:need_ask", args=[group.public_id])
    client.post(asked, {"version": page.split('name="version" value="')[1].split('"')[0]})
    assert group.needs.get().unit_price == 20
    assert asked not in client.get(address).content.decode(), "what was asked for is not offered again"


def test_the_pace_that_was_last_said_at_a_crossing_is_offered_to_the_next_group(lacking, group, plan, sign_in):
    say_pace(plan=plan, pace=Pace("Sanitary service", 40, 240), by=COMMAND, at=NOW)
    other = TravelGroup.objects.get(pk=group.pk)
    other.pk, other.public_id, other.code = None, uuid4(), "ZZ-OTHER"
    other._state.adding = True  # a group like the first
    other.save()
    cases.set_plan(
        group=other, crossing=plan.crossing, corridor_version=None, local_time=plan.local_time.replace(tzinfo=None),
        zone=plan.zone, queue_minutes=60, by=COMMAND, at=NOW,
    )  # fmt: skip
    page = sign_in("coordinator").get(reverse("returns:group_shopping", args=[other.public_id])).content.decode()
    assert 'value="Sanitary service"' in page


def _cells(content):
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return " ".join(str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell is not None)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("show=missing", 2), ("show=lacking", 2), ("show=expiring", 0), ("q=100001", 1), ("q=nobody", 0),
        ("sort=worst", 3), ("family=F1", 0)],
)  # fmt: skip
def test_the_matrix_shows_the_rows_that_are_asked_for(lacking, group, sign_in, asked, shown):
    page = sign_in("coordinator").get(reverse("returns:group_readiness", args=[group.public_id]) + f"?{asked}")
    assert page.content.decode().count('<td class="num cell-none">') == shown


def test_one_requirement_may_be_looked_at_alone(lacking, group, sign_in):
    client, address = sign_in("coordinator"), reverse("returns:group_readiness", args=[group.public_id])
    page = client.get(address).content.decode()
    asked = page.split('id="matrix-column"')[1].split("</select>")[0].split('<option value="')[2:]
    shown = [
        client.get(address, {"column": key.split('"')[0], "show": "lacking", "sort": "worst"}).content.decode()
        for key in asked
    ]
    assert [each.count('<td class="num cell-none">') for each in shown] == [2, 0], "tests lack, no consent was refused"
