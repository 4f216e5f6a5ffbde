"""Cases, their tasks and comments, and the crew of a movement over the API: acts, scopes and refusals as on the pages."""

from base64 import b64encode

import pytest

from common.models import AccessEntry, AuditEntry
from migrants.models import Migrant
from partners.enums import Role
from partners.models import Membership
from returns.enums import MovementState
from returns.models import CaseComment, CaseTask, CrewMember, Movement, ReturnCase
from tests.api.bodies import a_jpeg
from tests.cast import NOW

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


def test_a_task_is_written_down_taken_over_and_done(ask, world, accounts):
    client, me = ask(Role.FIELD), accounts[Role.FIELD]
    about = {"group": str(world["groups"]), "case": str(world["cases"])}
    made = client.post(f"{V1}/tasks/", {**about, "title": "call", "due_at": NOW.isoformat(), "role": "coordinator"})
    assert (made.status_code, made.json()["role"], made.json()["owner"]) == (201, "coordinator", None)

    task = f"{V1}/tasks/{made.json()['public_id']}"
    taken = client.post(f"{task}/give/", {"owner": str(me.public_id)}).json()
    assert (taken["owner"], taken["owner_name"], taken["role"]) == (str(me.public_id), me.printed_name, "")
    assert client.get(f"{V1}/tasks/?owner={me.public_id}&state=open").json()["results"] == [taken]

    assert client.post(f"{task}/end/", {"state": "dropped"}).status_code == 422
    assert client.post(f"{task}/end/", {"state": "done", "note": "they called"}).json()["state"] == "done"
    assert client.post(f"{task}/reopen/", {"note": "not done"}).json()["state"] == "open"
    assert set(AuditEntry.objects.filter(verb__startswith="task").values_list("verb", flat=True)) == {
        "task opened", "task given", "task done", "task opened again",
    }  # fmt: skip


def test_a_task_that_cannot_be_is_refused_at_its_place(ask, world, accounts):
    client, group = ask(Role.FIELD), str(world["groups"])
    whole = {"group": group, "title": "call", "due_at": NOW.isoformat(), "role": "field"}
    somebody = accounts[Role.CONSULAR].public_id
    for wrong, place in (
        ({"title": " "}, "title"), ({"role": ""}, "role"), ({"owner": str(somebody)}, "owner"),
        ({"due_at": "2022-10-01T00:00:00Z"}, "due_at"), ({"case": str(world["tasks"])}, "case"),
    ):  # fmt: skip
        answer = client.post(f"{V1}/tasks/", whole | wrong)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"#/{place}"), wrong
    assert CaseTask.objects.count() == 1


def test_a_comment_is_read_by_colleagues_and_seen_by_whom_it_asks(ask, world, accounts):
    client, asked = ask(Role.COORDINATOR), accounts[Role.FIELD]
    about = {"group": str(world["groups"]), "case": str(world["cases"])}
    said = client.post(f"{V1}/comments/", {**about, "words": "He waits.", "mentioned": [str(asked.public_id)]})
    assert said.status_code == 201
    comment = f"{V1}/comments/{said.json()['public_id']}"
    person = ReturnCase.objects.get(public_id=world["cases"]).person.public_id
    before = AccessEntry.objects.filter(person=person).count()

    assert ask(Role.FIELD).get(f"{comment}/").json()["words"] == "He waits."
    assert AccessEntry.objects.filter(person=person).count() == before + 1
    assert ask(Role.FIELD).post(f"{comment}/seen/").json()["mentions"][0]["seen_at"]
    assert client.post(f"{comment}/seen/").status_code == 404
    assert client.get(f"{V1}/comments/?person={person}").json()["results"][0]["public_id"] == said.json()["public_id"]


def test_many_cases_are_acted_on_as_foreseen_and_taken_back_once(ask, world):
    client, case = ask(Role.COORDINATOR), str(world["cases"])
    body = {"cases": [case], "task": {"title": "ask for a paper", "due_at": NOW.isoformat(), "role": "field"}}
    two = client.post(f"{V1}/cases/foresee-many/", body | {"close": {"outcome": "hospital", "why": "x"}})
    assert two.status_code == 422
    seen = client.post(f"{V1}/cases/foresee-many/", body).json()
    assert (seen["hits"], seen["leaves"]) == ([case], [])
    assert not CaseTask.objects.filter(title="ask for a paper", role="field").exists()
    assert client.post(f"{V1}/cases/act-on-many/", {**body, "foreseen": "x"}).status_code == 422
    done = client.post(f"{V1}/cases/act-on-many/", {**body, "foreseen": seen["fingerprint"]})
    assert (done.status_code, done.json()["how_many"]) == (201, 1)
    act = {"act": done.json()["public_id"]}
    assert ask(Role.FIELD).post(f"{V1}/cases/undo-many/", act).status_code == 404
    assert client.post(f"{V1}/cases/undo-many/", act).json()["how_many_undone"] == 1
    assert CaseTask.objects.get(title="ask for a paper", role="field").state == "dropped"


def test_the_timeline_of_a_case_comes_in_parts_and_is_logged(ask, world):
    client, address = ask(Role.FIELD), f"{V1}/cases/{world['cases']}/timeline/"
    person = ReturnCase.objects.get(public_id=world["cases"]).person.public_id
    before = AccessEntry.objects.filter(person=person).count()
    told = client.get(address).json()
    assert told["older"] is None
    hours = [entry["at"] for entry in told["entries"]]
    assert hours == sorted(hours, reverse=True)
    assert AccessEntry.objects.filter(person=person).count() == before + 1
    assert client.get(f"{address}?before=2000-01-01T00:00:00Z").json() == {"entries": [], "older": None}
    assert client.get(f"{address}?before=never").status_code == 400


def test_nobody_of_another_mission_reads_or_writes_casework(ask, world, organisations):
    Membership.objects.filter(role=Role.FIELD).update(
        own_mission_only=True, office=organisations["iom-uz"].offices.get()
    )
    client, group = ask(Role.FIELD), str(world["groups"])
    for resource in ("tasks", "comments", "crew"):
        assert client.get(f"{V1}/{resource}/").json()["results"] == []
        assert client.get(f"{V1}/{resource}/{world[resource]}/").status_code == 404
    assert client.post(f"{V1}/comments/", {"group": group, "words": "x"}).status_code == 422
    assert CaseComment.objects.count() == 1


def test_a_case_says_how_far_it_is_and_is_closed_with_its_outcome(ask, world):
    client, case = ask(Role.FIELD), f"{V1}/cases/{world['cases']}"
    assert (client.get(f"{case}/").json()["stage"], client.get(f"{case}/").json()["outcome"]) == ("consented", "")
    listed = client.get(f"{V1}/cases/?stage=consented").json()["results"]
    assert str(world["cases"]) in {row["public_id"] for row in listed}
    assert client.get(f"{V1}/cases/?stage=planned").json()["results"] == []

    closed = client.post(f"{case}/close/", {"outcome": "hospital", "why": "taken there"}).json()
    assert (closed["stage"], closed["outcome"]) == ("closed", "hospital")
    again = client.post(f"{case}/close/", {"outcome": "home", "why": "x"})
    assert (again.status_code, "closed already" in again.json()["detail"]) == (422, True)
    assert client.post(f"{case}/reopen/", {"why": "it was another"}).json()["stage"] == "consented"


def test_a_driver_is_written_down_looked_at_and_taken_off(ask, world):
    client, movement = ask(Role.FIELD), Movement.objects.get(public_id=world["movements"])
    Movement.objects.filter(pk=movement.pk).update(state=MovementState.PLANNED)
    bus = str(movement.vehicles.earliest("pk").public_id)
    whole = {"movement": str(movement.public_id), "role": "relief_driver", "name": "Aziz", "document_kind": "licence"}
    assert client.post(f"{V1}/crew/", whole).json()["errors"][0]["pointer"] == "#/vehicle"
    made = client.post(f"{V1}/crew/", {**whole, "vehicle": bus, "document_number": "AC 8"})
    assert (made.status_code, made.json()["document_number"]) == (201, "AC 8")
    member = f"{V1}/crew/{made.json()['public_id']}"

    assert client.post(f"{member}/checked/").json()["checked_at"]
    assert "document_number" not in client.get(f"{V1}/crew/").json()["results"][0]
    assert client.post(f"{member}/off/").json()["name"] == "Aziz"
    assert not CrewMember.objects.filter(name="Aziz").exists()


def test_only_people_of_the_group_are_taken_off_and_an_arrival_needs_a_count(ask, world):
    client, movement = ask(Role.COORDINATOR), f"{V1}/movements/{world['movements']}"
    stranger = Migrant.objects.exclude(group__public_id=world["groups"]).exclude(group=None).earliest("pk")
    off = client.post(f"{movement}/take-off/", {"people": [str(stranger.public_id)], "why": "ill"})
    assert (off.status_code, off.json()["errors"][0]["pointer"]) == (422, "#/people")
    told = client.post(f"{movement}/announce/")
    assert told.status_code in {201, 422}
    assert told.status_code == 201 or told.json()["detail"]


def test_a_paper_is_attached_opened_at_its_address_and_taken_away(ask, world):
    client, about = ask(Role.FIELD), {"group": str(world["groups"]), "case": str(world["cases"])}
    assert client.post(f"{V1}/case-papers/", {**about, "title": "x", "paper": "bm90aGluZw=="}).status_code == 422
    made = client.post(f"{V1}/case-papers/", {**about, "title": "ticket", "paper": b64encode(a_jpeg()).decode()}).json()
    assert client.get(made["address"])["Content-Type"] == "image/jpeg"
    assert ask(Role.COORDINATOR).get(made["address"]).status_code == 404
    gone = client.post(f"{V1}/case-papers/{made['public_id']}/take-away/", {"why": "of somebody else"}).json()
    assert (gone["address"], gone["removed_why"]) == ("", "of somebody else")
    assert client.get(made["address"]).status_code == 404
