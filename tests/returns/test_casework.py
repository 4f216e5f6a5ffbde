"""Cases of people and groups: stages that are read, tasks with an hour, comments, and the log of what was done."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from common import clock
from common.models import AuditEntry
from migrants import consents
from partners.enums import Role
from returns import case_stages, case_tasks, cases, comments, person_history
from returns.case_tasks import TaskError
from returns.cases import CaseError
from returns.colleagues import colleagues_of
from returns.comments import CommentError
from returns.enums import CaseStage
from returns.models import CaseComment, CaseStep, CaseTask, Mention
from returns.views import casework
from tests.cast import COMMAND, NOW
from tests.returns.convoy import FROZEN, count_all

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=5)


def stages(person, at=NOW):
    return list(case_stages.with_stage(person.cases.order_by("pk"), at=at).values_list("stage", flat=True))


def a_task(group, **more):
    given: dict[str, Any] = {
        "title": "ask for the certificate",
        "due_at": LATER,
        "role": "coordinator",
        "by": COMMAND,
        "at": NOW,
    } | more
    return case_tasks.open_task(group=group, **given)


@pytest.fixture
def case(make_person):
    return cases.open_cases(people=[make_person()], by=COMMAND, at=NOW)[0]


def test_a_case_goes_as_far_as_its_rows_say(group, boarded, travellers):
    person = travellers[0]
    assert stages(person, FROZEN) == [CaseStage.READY]
    group.plan.delete()
    assert stages(person, FROZEN) == [CaseStage.CONSENTED]
    count_all(boarded, "exited", FROZEN + timedelta(minutes=30))
    assert stages(person, FROZEN + timedelta(hours=1)) == [CaseStage.ON_THE_WAY]
    assert case_stages.stages_in(group, at=FROZEN) == {CaseStage.ON_THE_WAY: 6}


def test_an_answer_that_is_taken_back_takes_the_stage_back(group, make_person):
    person = make_person()
    cases.open_cases(people=[person], by=COMMAND, at=NOW)
    assert stages(person) == [CaseStage.CONSENTED]

    consents.withdraw(consent=person.consents.get(purpose="return"), by=COMMAND, at=NOW)

    assert stages(person, LATER) == [CaseStage.REGISTERED]


def test_closing_says_how_and_why_and_can_be_taken_back(case, group):
    closed = cases.close_cases(cases=[case], why="taken to the city", outcome="hospital", by=COMMAND, at=NOW)
    again = cases.close_cases(cases=[case], why="once more", outcome="died", by=COMMAND, at=NOW)

    assert (closed, again) == (1, 0)
    assert case_stages.stages_in(group, at=LATER) == {"closed:hospital": 1}
    assert [(step.kind, step.why) for step in CaseStep.objects.all()] == [("closed", "taken to the city")]
    assert any("taken to the city" in entry["words"] for entry in person_history.of_person(case.person, most=20))

    assert cases.reopen_cases(cases=[case], why="it was another", by=COMMAND, at=LATER) == 1
    case.refresh_from_db()
    assert (case.closed_at, case.outcome) == (None, "")


def test_a_case_is_not_opened_again_beside_another(case):
    cases.close_cases(cases=[case], why="home", outcome="home", by=COMMAND, at=NOW)
    cases.open_cases(people=[case.person], by=COMMAND, at=NOW)

    with pytest.raises(CaseError, match="another open case"):
        cases.reopen_cases(cases=[case], why="mistake", by=COMMAND, at=NOW)


def test_a_task_about_one_thing_is_opened_once_until_it_is_done(group):
    first = a_task(group, about="corridor-version:1")
    assert a_task(group, about="corridor-version:1") == first

    case_tasks.end_task(task=first, state="done", by=COMMAND, at=NOW)
    case_tasks.end_task(task=first, state="done", by=COMMAND, at=NOW)

    assert a_task(group, about="corridor-version:1") != first
    assert CaseStep.objects.filter(kind="task_done").count() == 1
    assert AuditEntry.objects.filter(verb="task done").count() == 1
    with pytest.raises(TaskError, match="open task about this"):
        case_tasks.reopen_task(task=first, why="not done at all", by=COMMAND, at=NOW)


def test_a_task_that_cannot_be_is_refused_and_changes_nothing(group, accounts):
    for more, words in (
        ({"title": " "}, "Say what"),
        ({"role": ""}, "Choose who"),
        ({"due_at": NOW + timedelta(days=500)}, "check the year"),
        ({"owner": accounts[Role.CONSULAR].public_id}, "cannot open the group"),
    ):
        with pytest.raises(TaskError, match=words):
            a_task(group, **more)
    assert not CaseTask.objects.exists()


def test_only_who_reaches_the_group_is_a_colleague_and_can_be_asked_to_look(group, accounts):
    named = {each.account for each in colleagues_of(group, at=NOW)}
    assert accounts[Role.FIELD].public_id in named
    assert accounts[Role.CONSULAR].public_id not in named
    with pytest.raises(CommentError, match="cannot open the group"):
        comments.say(group=group, words="look", mentioned=[accounts[Role.CONSULAR].public_id], by=COMMAND, at=NOW)
    assert not CaseComment.objects.exists()


def test_casework_from_page_to_page(sign_in, accounts, group, case):
    clock.set_to(NOW)
    coordinator, field = sign_in(Role.COORDINATOR), sign_in(Role.FIELD)
    of_group = [group.public_id]
    said = {"title": "Call the hospital", "due_at": "2020-10-01T12:00", "owner": str(accounts[Role.FIELD].public_id)}
    wrong = coordinator.post(reverse("returns:task_new", args=of_group), said | {"title": ""})
    assert (wrong.status_code, CaseTask.objects.count()) == (422, 0)
    coordinator.post(reverse("returns:task_new", args=of_group), said | {"case": str(case.public_id)})
    task = CaseTask.objects.get()
    assert (task.case, task.owner_name) == (case, accounts[Role.FIELD].printed_name)
    assert "Call the hospital" in field.get(reverse("returns:tasks")).content.decode()
    assert "Call the hospital" not in coordinator.get(reverse("returns:tasks")).content.decode()
    assert "Call the hospital" in coordinator.get(reverse("returns:tasks"), {"show": "all"}).content.decode()

    closing = reverse("returns:case_close", args=[case.person.public_id])
    assert field.post(closing, {"outcome": "", "why": "x"}).status_code == 422
    assert (
        "Closed: in hospital" in field.post(closing, {"outcome": "hospital", "why": "x"}, follow=True).content.decode()
    )
    assert field.get(closing).status_code == 200
    opening = reverse("returns:case_reopen", args=[case.person.public_id])
    assert "The case is open again" in field.post(opening, {"why": "not he"}, follow=True).content.decode()
    clock.set_to(NOW + timedelta(days=2))
    late = field.get(reverse("returns:task", args=[task.public_id])).content.decode()
    assert "This task is overdue" in late
    page = reverse("returns:task", args=[task.public_id])
    assert field.post(page, {"act": "end", "state": "dropped"}).status_code == 422
    field.post(page, {"act": "end", "state": "done", "note": "they called back"})
    assert "they called back" in field.get(page).content.decode()
    field.post(page, {"act": "reopen", "note": "wrong hospital"})
    field.post(page, {"act": "give", "owner": "role:coordinator"})
    task.refresh_from_db()
    assert (task.state, task.owner, task.role) == ("open", None, "coordinator")

    field.post(
        reverse("returns:comment_new", args=of_group),
        {
            "words": "her brother came",
            "mentioned": [str(accounts[Role.COORDINATOR].public_id)],
            "case": str(case.public_id),
        },
    )
    assert "her brother came" in coordinator.get(reverse("returns:mentions")).content.decode()
    assert "her brother came" not in field.get(reverse("returns:mentions")).content.decode()
    coordinator.post(reverse("returns:comment_seen", args=[CaseComment.objects.get().public_id]))
    assert Mention.objects.get().seen_at is not None
    for client in (coordinator, field):
        for address in (
            reverse("returns:group_case", args=of_group),
            reverse("returns:person_case", args=[case.person.public_id]),
        ):
            assert "her brother came" in client.get(address).content.decode()


def test_tasks_and_comments_are_read_to_the_last_in_parts(sign_in, group, monkeypatch):
    monkeypatch.setattr(casework, "HORIZON", 2)
    monkeypatch.setattr(casework, "SHOWN", 1)
    for place in range(3):
        a_task(group, title=f"task {place}")
        comments.say(group=group, words=f"word {place}", by=COMMAND, at=NOW + timedelta(minutes=place))
    client, address = sign_in(Role.FIELD), f"{reverse('returns:tasks')}?show=all&group={group.public_id}"
    first = client.get(address)
    assert [line["task"].title for line in first.context["tasks"]] == ["task 0", "task 1"]
    second = client.get(reverse("returns:tasks") + first.context["next_url"])
    assert ([line["task"].title for line in second.context["tasks"]], second.context["next_url"]) == (["task 2"], "")
    assert len(client.get(f"{address}&after=nonsense").context["tasks"]) == 2
    assert client.get(f"{reverse('returns:tasks')}?show=all&group={uuid4()}").context["tasks"] == []

    page = client.get(reverse("returns:group_case", args=[group.public_id]))
    assert "Everything that is open in this group" in page.content.decode()
    said = []
    while True:
        said += [comment.words for comment in page.context["comments"]]
        if not page.context["older_url"]:
            break
        page = client.get(reverse("returns:group_case", args=[group.public_id]) + page.context["older_url"])
    assert said == ["word 2", "word 1", "word 0"]
