"""Moods, legs, relations and moves over the API: the same domain calls, and errors that name the field."""

import pytest

from migrants.groups import put_in_family
from migrants.models import CompanyQuestion, GroupMove, Migrant, MoodSeen, TravelGroup
from partners.enums import Role
from tests.api.conftest import count_of, person_in
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(group):
    return TravelGroup.objects.create(
        code="ZZ-0931", mission=group.mission, crossing=group.crossing, from_country="KAZ", to_country="UZB",
        waiting_since=NOW, recorded_at=NOW, by=COMMAND,
    )  # fmt: skip


def pointers(refused):
    return [error["pointer"] for error in refused.json()["errors"]]


def test_a_look_that_a_device_sends_twice_is_stored_once(ask, group):
    said = {"public_id": "0a1b2c3d-0000-4000-8000-000000000001", "group": str(group.public_id), "mood": "tense"}
    client = ask(Role.FIELD)
    assert [client.post("/api/v1/moods/", said).status_code for _ in range(2)] == [201, 200]
    assert client.post("/api/v1/moods/", said | {"mood": "calm"}).status_code == 422
    assert MoodSeen.objects.get().mood == "tense"


def test_a_leg_is_of_the_group_a_family_or_a_person(ask, group):
    person = person_in(group, 3)
    put_in_family(group=group, people=[person], code="F1", by=COMMAND, at=NOW)
    client, of = ask(Role.FIELD), {"group": str(group.public_id), "country": "RUS"}
    first = client.post("/api/v1/legs/", of | {"place": "Samara", "mode": "train"}).json()
    assert client.post("/api/v1/legs/", of | {"family": "F1"}).json()["family"] == "F1"
    assert client.post("/api/v1/legs/", of | {"person": str(person.public_id)}).json()["rank"] == 1
    before = client.post("/api/v1/legs/", of | {"country": "BLR", "before": first["public_id"]}).json()
    assert before["rank"] == 1
    refused = client.post("/api/v1/legs/", of | {"left_on": "2020-09-28", "arrived_on": "2020-09-27"})
    assert (refused.status_code, pointers(refused)) == (422, ["#/arrived_on"])


def test_people_families_and_unknown_heads_are_moved_and_moved_back(ask, group, other):
    people = [person_in(group, number) for number in (3, 4, 5)]
    count_of(group, total=9)
    GroupMove.objects.all().delete()
    put_in_family(group=group, people=people[:2], code="F1", by=COMMAND, at=NOW)
    client = ask(Role.FIELD)
    said = {"from_group": str(group.public_id), "to_group": str(other.public_id), "why": "two buses"}
    done = client.post(
        "/api/v1/group-moves/", said | {"families": ["F1"], "people": [str(people[2].public_id)], "unregistered": 2}
    ).json()
    assert (done["heads"], done["unregistered"], done["kind"]) == (5, 2, "moved")
    assert set(Migrant.objects.filter(pk__in=[each.pk for each in people]).values_list("group", flat=True)) == {
        other.pk
    }
    back = client.post(f"/api/v1/group-moves/{done['public_id']}/undo/")
    assert (back.status_code, back.json()["kind"], back.json()["heads"]) == (201, "back", 5)


def test_a_whole_group_is_joined_and_people_are_split_off(ask, group, other):
    person, _stays = person_in(group, 3), person_in(group, 4)
    client, of = ask(Role.FIELD), {"from_group": str(group.public_id), "why": "two buses"}
    split = client.post("/api/v1/group-moves/", of | {"people": [str(person.public_id)]}).json()
    assert split["kind"] == "split"
    joined = client.post("/api/v1/group-moves/", of | {"to_group": str(other.public_id), "whole_group": True}).json()
    assert (joined["kind"], joined["heads"]) == ("joined", 1)
    shown = client.get(f"/api/v1/groups/{group.public_id}/").json()
    assert shown["closed_at"] is not None


def test_a_group_that_waits_no_more_is_closed_with_a_reason_and_closing_it_again_changes_nothing(ask, group):
    client, here = ask(Role.FIELD), f"/api/v1/groups/{group.public_id}/close/"
    refused = client.post(here, {})
    assert (refused.status_code, pointers(refused)) == (422, ["#/why"])
    first, second = (client.post(here, {"why": "all went on by themselves"}).json() for _ in range(2))
    assert first["closed_at"] is not None
    assert second["closed_at"] == first["closed_at"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"why": " "}, "why"),
        ({"people": ["00000000-0000-4000-8000-000000000000"]}, "people"),
        ({"families": ["F9"]}, "families"),
        ({"unregistered": 99}, "unregistered"),
        ({"to_group": "00000000-0000-4000-8000-000000000000"}, "to_group"),
        ({"whole_group": True, "unregistered": 1}, "whole_group"),
    ],
)
def test_a_move_that_cannot_be_names_the_field(ask, group, other, changed, field):
    person_in(group, 3)
    said = {"from_group": str(group.public_id), "to_group": str(other.public_id), "why": "two buses"}
    refused = ask(Role.FIELD).post("/api/v1/group-moves/", said | changed)
    assert (refused.status_code, pointers(refused)) == (422, [f"#/{field}"])
    assert not GroupMove.objects.exists()


def test_a_guardianship_that_ends_over_the_api_leaves_a_question(ask, group):
    guardian, child = person_in(group, 3), person_in(group, 4)
    Migrant.objects.filter(pk=child.pk).update(birth_year=2014)
    client = ask(Role.FIELD)
    said = {"person": str(guardian.public_id), "other": str(child.public_id), "kind": "guardian", "basis": "seen"}
    made = client.post("/api/v1/relations/", said)
    assert (made.status_code, client.post("/api/v1/relations/", said).status_code) == (201, 200)
    assert client.post(f"/api/v1/relations/{made.json()['public_id']}/end/", {"why": "an aunt"}).status_code == 200
    assert CompanyQuestion.objects.get().person == child


def test_the_line_of_a_flow_log_keeps_the_count_apart_from_registered_people(ask, group):
    people = [person_in(group, number) for number in (3, 4)]
    Migrant.objects.filter(pk=people[0].pk).update(sex="F", birth_year=2018, birth_month=3)
    count_of(group, total=9)
    ask(Role.FIELD).post("/api/v1/legs/", {"group": str(group.public_id), "country": "RUS", "mode": "train"})
    line = ask(Role.FIELD).get(f"/api/v1/groups/{group.public_id}/flow/").json()
    assert (line["counted"], line["registered"], line["unknown"]) == (9, 2, 7)
    assert line["people"] == {"F_under_5": 1, "unknown_adult": 1}
    assert (line["departure_country"], line["mode"], line["nationalities"]) == ("RUS", "train", {"TJK": 2})
