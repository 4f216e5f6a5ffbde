"""The list of cases: narrowed by stage, task, owner, crossing and day; filters name nobody."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from migrants import consents
from migrants.models import Consent
from partners.enums import Role
from returns import case_tasks, cases, readiness
from returns.case_lists import asked_of, cases_like, next_tasks
from returns.case_stages import stages_of, with_stage
from returns.models import CaseReadiness, ReturnCase, SavedFilter
from returns.saved_filters import FilterError, keep
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
ME = uuid4()
LATER = NOW + timedelta(hours=5)


@pytest.fixture
def three(group, make_person):
    people = [make_person(full_name=name) for name in ("Озмоиш Як", "Озмоиш Ду", "Озмоиш Се")]
    made = cases.open_cases(people=people, by=COMMAND, at=NOW)
    readiness.check(group=group, at=NOW)
    return made


def asked_for(at=NOW, **asked):
    found = cases_like(ReturnCase.objects.all(), {"show": "all"} | asked, account=ME, at=at)
    return list(found.values_list("pk", flat=True))


def a_task(case, group, **more):
    given: dict[str, Any] = {
        "group": group,
        "case": case,
        "title": "call",
        "due_at": LATER,
        "role": "field",
        "by": COMMAND,
        "at": NOW,
    }
    return case_tasks.open_task(**given | more)


def test_only_what_is_a_code_a_reference_or_a_day_can_be_asked(three):
    typed = {"q": "Rahmonov", "stage": "Rahmonov", "owner": "Rahmonov", "day": "yesterday", "crossing": "Раҳмонов"}
    assert asked_of(typed) == {}
    meant = {"stage": "ready", "owner": str(ME), "day": "2020-10-02", "crossing": "KZ-UZ-01", "task": "overdue"}
    assert asked_of(meant | typed | meant) == meant


def test_cases_are_found_by_what_is_to_be_done_and_by_whose_task_it_is(three, group):
    first, second, third = three
    a_task(first, group)
    a_task(second, group, due_at=NOW - timedelta(hours=1), role="coordinator")
    assert asked_for(task="open") == [first.pk, second.pk]
    assert asked_for(task="none") == [third.pk]
    assert asked_for(task="overdue") == [second.pk]
    assert asked_for(owner="role:field") == [first.pk]
    assert asked_for(owner="role:field", task="overdue") == []
    assert asked_for(owner="me") == []
    soon = a_task(None, group, due_at=NOW + timedelta(hours=1))
    assert asked_for(task="none") == []
    due = next_tasks(ReturnCase.objects.select_related("person"))
    assert (due[first.pk], due[third.pk]) == (soon, soon)
    assert due[second.pk].role == "coordinator"


def test_cases_are_found_by_stage_crossing_and_planned_day(three, group, crossing):
    first, *_others = three
    cases.close_cases(cases=[first], why="taken there", outcome="hospital", by=COMMAND, at=NOW)
    assert asked_for(stage="closed") == [first.pk]
    assert asked_for(stage="on_the_way") == asked_for(stage="planned") == []
    assert asked_for(crossing=crossing.code, stage="consented") == [case.pk for case in three[1:]]
    assert asked_for(crossing="XX-1") == []
    first.refresh_from_db()
    assert stages_of(three, at=NOW)[first.pk] == "closed"
    cases.set_plan(
        group=group, crossing=crossing, corridor_version=None, zone="Asia/Tashkent", queue_minutes=60, by=COMMAND, at=NOW,
        local_time=(NOW + timedelta(days=1)).replace(hour=0, minute=30, tzinfo=None),
    )  # fmt: skip
    day = (NOW + timedelta(days=1)).date().isoformat()
    assert asked_for(day=day) == [case.pk for case in three[1:]]
    assert asked_for(day=NOW.date().isoformat()) == []
    assert asked_for(stage="planned") + asked_for(stage="ready") == [case.pk for case in three[1:]]


def test_a_page_says_of_each_case_the_stage_that_the_whole_question_says(three, group, crossing, make_person):
    def told(at=NOW):
        rows = ReturnCase.objects.select_related("person__group", "readiness")
        found = stages_of(list(rows), at=at)
        assert found == dict(with_stage(ReturnCase.objects.all(), at=at).values_list("pk", "stage"))
        return [found[case.pk] for case in three]

    first, second, third = three
    assert set(told()) == {"consented"}
    consents.withdraw(consent=Consent.objects.get(person=first.person, purpose="return"), by=COMMAND, at=NOW)
    Consent.objects.filter(person=second.person).update(expires_at=LATER)
    cases.set_plan(
        group=group, crossing=crossing, corridor_version=None, zone="Asia/Tashkent", queue_minutes=60, by=COMMAND, at=NOW,
        local_time=(NOW + timedelta(days=1)).replace(tzinfo=None),
    )  # fmt: skip
    CaseReadiness.objects.exclude(case=third).update(verdict="not_ready")
    CaseReadiness.objects.filter(case=third).update(verdict="ready")
    assert told() == ["registered", "planned", "ready"]
    assert told(at=LATER) == ["registered", "registered", "ready"]
    cases.close_cases(cases=[third], why="taken there", outcome="hospital", by=COMMAND, at=NOW)
    assert told()[2] == "closed"


def test_a_filter_keeps_no_word_that_was_typed(group):
    given: dict[str, Any] = {
        "is_shared": True,
        "owner": ME,
        "owner_name": "Aida",
        "mission": group.mission,
        "by": COMMAND,
        "at": NOW,
    }
    row = keep(name=" late ", asked={"task": "overdue", "q": "Rahmonov", "after": "0012"}, **given)
    assert (row.name, row.asked) == ("late", {"task": "overdue"})
    assert keep(name="late", asked={"task": "open"}, **given) == row
    for name, asked in ((" ", {"task": "open"}), ("x", {"q": "Rahmonov"}), ("x" * 61, {"task": "open"})):
        with pytest.raises(FilterError):
            keep(name=name, asked=asked, **given)
    assert SavedFilter.objects.count() == 1


def test_colleagues_have_a_shared_filter_and_only_its_keeper_removes_it(sign_in, three, group):
    listed, client = reverse("returns:case_list"), sign_in(Role.FIELD)
    kept = client.post(
        f"{reverse('returns:filter_keep')}?task=none&q=Rahmonov", {"name": "nobody’s", "is_shared": "on"}
    )
    assert kept["Location"] == f"{listed}?task=none"
    own = client.post(f"{reverse('returns:filter_keep')}?task=open", {"name": "only mine"})
    assert own.status_code == 302
    assert client.post(reverse("returns:filter_keep"), {"name": "x"}).status_code == 422

    colleague = sign_in(Role.PROTECTION)
    page = colleague.get(listed).content.decode()
    assert "nobody’s" in page
    assert "only mine" not in page
    remove = reverse("returns:filter_remove", args=[SavedFilter.objects.get(is_shared=True).public_id])
    assert colleague.post(remove).status_code == 404
    assert sign_in(Role.FIELD).post(remove).status_code == 302
    assert SavedFilter.objects.count() == 1


def test_the_list_shows_stage_and_next_task_and_leaves_as_a_file(sign_in, three, group, monkeypatch):
    a_task(three[0], group, title="ask the clinic")
    client, address = sign_in(Role.FIELD), reverse("returns:case_list")
    page = client.get(address, {"show": "all", "task": "open"}).content.decode()
    assert "ask the clinic" in page
    assert "agreed to return" in page
    assert "Озмоиш Ду" not in page
    file = reverse("returns:case_list_file") + "?show=all&task=open"
    assert client.post(file, {"purpose": "a meeting"})["Content-Type"].startswith("application/vnd.openxml")
    monkeypatch.setattr("returns.views.list_files.MOST_CASES", 1)
    refused = client.post(reverse("returns:case_list_file") + "?show=all", {"purpose": "a meeting"})
    assert (refused.status_code, "Narrow the list first" in refused.content.decode()) == (422, True)
