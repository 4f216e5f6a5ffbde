"""Acts on many cases: foreseen, done in sets with an audit row each, and taken back where nothing has happened since."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.models import AuditEntry
from migrants.models import TravelGroup
from partners.enums import Role
from returns import acts_on_many, case_tasks, cases, undoing_many
from returns.acts_on_many import ManyError
from returns.models import ActOnMany, CaseTask, Plan, ReturnCase
from tests.cast import COMMAND, NOW
from tests.returns.convoy import FROZEN

pytestmark = pytest.mark.django_db
SOON, LATER = NOW + timedelta(minutes=10), NOW + timedelta(minutes=16)
CLOSING = {"outcome": "not_found", "why": "nobody answers"}
TASK: dict[str, Any] = {"title": "call them", "due_at": NOW + timedelta(hours=5), "owner": None, "role": "field"}


@pytest.fixture
def some(make_person):
    return cases.open_cases(people=[make_person() for _ in range(4)], by=COMMAND, at=NOW)


def do(kind, chosen, said, at=NOW):
    common: dict[str, Any] = {"kind": kind, "cases": chosen, "said": said, "by": COMMAND, "at": at}
    foreseen = acts_on_many.foresee(**common)
    return acts_on_many.act_on_many(**common, foreseen=foreseen.fingerprint, account=uuid4())


def plan_at(crossing, hours=30):
    return {
        "crossing": crossing, "corridor_version": None, "zone": "Asia/Tashkent", "queue_minutes": 60, "mode": "",
        "local_time": (NOW + timedelta(hours=hours)).replace(tzinfo=None),
    }  # fmt: skip


def test_what_is_foreseen_is_not_done_and_what_is_done_was_foreseen(some):
    cases.close_cases(cases=some[:1], why="home", outcome="home", by=COMMAND, at=NOW)
    before = AuditEntry.objects.count()
    seen = acts_on_many.foresee(kind="close", cases=some, said=CLOSING, by=COMMAND, at=NOW)
    assert (seen.hits, dict(seen.leaves)) == ([case.pk for case in some[1:]], {"The case is closed.": [some[0].pk]})
    assert (AuditEntry.objects.count(), ReturnCase.objects.open().count()) == (before, 3)

    done = do("close", some, CLOSING)
    assert (done.how_many, done.refused, done.words) == (3, 1, "nobody answers")
    assert AuditEntry.objects.filter(verb="case closed", at=NOW).count() == 4
    assert AuditEntry.objects.filter(verb="act on many cases").count() == 1


def test_an_act_that_would_hit_others_than_were_shown_does_nothing(some):
    seen = acts_on_many.foresee(kind="close", cases=some, said=CLOSING, by=COMMAND, at=NOW)
    cases.close_cases(cases=some[:1], why="home", outcome="home", by=COMMAND, at=NOW)
    common: dict[str, Any] = {"kind": "close", "cases": some, "account": uuid4(), "by": COMMAND, "at": NOW}
    for said in (CLOSING, CLOSING | {"outcome": "died"}):
        with pytest.raises(ManyError, match="Look at it again"):
            acts_on_many.act_on_many(**common, said=said, foreseen=seen.fingerprint)
    assert not ActOnMany.objects.exists()
    assert ReturnCase.objects.open().count() == 3


def test_a_closing_is_taken_back_but_for_whom_something_happened_to(some):
    done = do("close", some, CLOSING)
    cases.open_cases(people=[some[0].person], by=COMMAND, at=SOON)

    for _twice in range(2):
        undone = undoing_many.undo(act=done, by=COMMAND, at=SOON)

    assert undone.how_many_undone == 3
    assert ReturnCase.objects.filter(pk__in=[case.pk for case in some[1:]]).open().count() == 3
    assert ReturnCase.objects.filter(outcome="not_found").count() == 1


def test_after_fifteen_minutes_nothing_is_taken_back_as_a_whole(some):
    done = do("task", some, TASK)
    with pytest.raises(ManyError, match="15 minutes"):
        undoing_many.undo(act=done, by=COMMAND, at=LATER)
    assert CaseTask.objects.open().count() == 4


def test_a_task_about_each_is_given_and_those_untouched_are_taken_back(some, group):
    done = do("task", some, TASK)
    tasks = list(CaseTask.objects.order_by("case"))
    assert [(task.case_id, task.group_id, task.role) for task in tasks] == [
        (case.pk, group.pk, "field") for case in some
    ]
    assert AuditEntry.objects.filter(verb="task opened").count() == 4
    case_tasks.end_task(task=tasks[0], state="done", by=COMMAND, at=SOON)
    case_tasks.give_task(task=tasks[1], owner=None, role="coordinator", by=COMMAND, at=SOON)

    assert undoing_many.undo(act=done, by=COMMAND, at=SOON).how_many_undone == 2
    assert list(CaseTask.objects.order_by("case").values_list("state", flat=True)) == [
        "done",
        "open",
        "dropped",
        "dropped",
    ]


def test_a_task_for_a_stranger_leaves_the_case(some, accounts):
    seen = acts_on_many.foresee(
        kind="task",
        cases=some,
        said=TASK | {"owner": accounts[Role.CONSULAR].public_id, "role": ""},
        by=COMMAND,
        at=NOW,
    )
    assert (seen.hits, list(seen.leaves)) == ([], ["This colleague cannot open the group."])
    with pytest.raises(ManyError, match="none of these"):
        acts_on_many.act_on_many(
            kind="task", cases=some, said=TASK | {"owner": accounts[Role.CONSULAR].public_id, "role": ""},
            foreseen=seen.fingerprint, account=uuid4(), by=COMMAND, at=NOW,
        )  # fmt: skip


def test_a_plan_is_of_the_group_and_goes_back_to_what_it_was(some, group, crossing):
    cases.set_plan(group=group, **plan_at(crossing, 20), by=COMMAND, at=NOW)
    stood = Plan.objects.get()
    seen = acts_on_many.foresee(kind="plan", cases=some[:1], said=plan_at(crossing), by=COMMAND, at=SOON)
    assert (seen.hits, seen.with_them) == ([some[0].pk], 3)

    done = do("plan", some[:1], plan_at(crossing), at=SOON)
    assert Plan.objects.get().cross_at != stood.cross_at
    assert AuditEntry.objects.filter(verb="case planned").count() == 1
    assert undoing_many.undo(act=done, by=COMMAND, at=LATER).how_many_undone == 1
    assert (Plan.objects.get().cross_at, Plan.objects.get().local_time) == (stood.cross_at, stood.local_time)


def test_a_first_plan_is_taken_away_and_one_that_was_changed_since_stays(some, group, crossing):
    undoing_many.undo(act=do("plan", some, plan_at(crossing)), by=COMMAND, at=SOON)
    assert not Plan.objects.exists()

    done = do("plan", some, plan_at(crossing))
    cases.set_plan(group=group, **plan_at(crossing, 40), by=COMMAND, at=SOON)
    assert undoing_many.undo(act=done, by=COMMAND, at=SOON).how_many_undone == 0
    assert Plan.objects.get().set_at == SOON


def test_an_hour_that_cannot_be_leaves_the_group_with_the_reason(some, crossing):
    seen = acts_on_many.foresee(kind="plan", cases=some, said=plan_at(crossing, -5), by=COMMAND, at=NOW)
    assert seen.hits == []
    assert next(iter(seen.leaves)).startswith("That hour has passed")


def test_whoever_has_a_seat_or_a_movement_is_left_as_they_are(boarded, travellers, crossing, group):
    chosen = list(ReturnCase.objects.open().filter(person__in=travellers))
    closing = acts_on_many.foresee(kind="close", cases=chosen, said=CLOSING, by=COMMAND, at=FROZEN)
    plan = acts_on_many.foresee(kind="plan", cases=chosen, said=plan_at(crossing, 90), by=COMMAND, at=FROZEN)
    assert (closing.hits, closing.left) == ([], len(chosen))
    assert (plan.hits, plan.left) == ([], len(chosen))


def test_more_cases_cost_no_more_statements(make_person, group):
    def cost(n):
        chosen = cases.open_cases(people=[make_person() for _ in range(n)], by=COMMAND, at=NOW)
        with CaptureQueriesContext(connection) as caught:
            do("task", chosen, TASK)
        return len(caught)

    assert cost(2) == cost(12)


def test_plans_of_many_groups_cost_no_more_statements_than_of_two(make_person, group, crossing):
    def cost(n, minutes):
        groups = [copied(group, f"G-{minutes}-{number}") for number in range(n)]
        chosen = cases.open_cases(people=[make_person(in_group=each) for each in groups], by=COMMAND, at=NOW)
        with CaptureQueriesContext(connection) as first:
            done = do("plan", chosen, plan_at(crossing, minutes))
        with CaptureQueriesContext(connection) as again:
            do("plan", chosen, plan_at(crossing, minutes + 1), at=SOON)
        assert done.how_many == Plan.objects.filter(group__in=groups).count() == n
        return len(first), len(again)

    cost(1, 10)  # what is read once and kept
    assert cost(2, 20) == cost(9, 40)


def copied(group, code):
    """Another group that waits at the same crossing."""
    return TravelGroup.objects.create(
        code=code, mission=group.mission, crossing=group.crossing, from_country=group.from_country,
        to_country=group.to_country, waiting_since=group.waiting_since, recorded_at=group.recorded_at, by=group.by,
    )  # fmt: skip


def test_the_pages_foresee_do_and_take_back(sign_in, some, group):
    client, list_url = sign_in(Role.COORDINATOR), reverse("returns:case_list")
    assert 'name="case"' in client.get(list_url, {"show": "all"}).content.decode()
    assert 'name="case"' not in sign_in(Role.FIELD).get(list_url, {"show": "all"}).content.decode()

    client = sign_in(Role.COORDINATOR)
    address = reverse("returns:act_on_many") + f"?kind=close&case={some[0].public_id}&case={some[1].public_id}"
    assert client.post(address, {"outcome": "not_found", "why": ""}).status_code == 422
    shown = client.post(address, CLOSING | {"step": "foresee"}).content.decode()
    assert "2 cases are hit." in shown
    foreseen = shown.split('name="foreseen" value="')[1].split('"')[0]
    assert client.post(address, CLOSING | {"step": "do", "foreseen": "x"}).status_code == 422
    done = client.post(address, CLOSING | {"step": "do", "foreseen": foreseen})
    assert ReturnCase.objects.open().count() == 2

    assert "nobody answers" in client.get(done["Location"]).content.decode()
    assert sign_in(Role.FIELD).get(done["Location"]).status_code == 404
    client = sign_in(Role.COORDINATOR)
    assert client.post(done["Location"]).status_code == 302
    assert ReturnCase.objects.open().count() == 4
    whole = reverse("returns:act_on_many") + "?kind=task&show=all"
    assert "4 cases" in client.get(whole).content.decode()
