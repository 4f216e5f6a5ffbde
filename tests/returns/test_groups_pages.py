"""The pages of groups: what they show, and to whom."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from common import clock
from common.models import AccessEntry
from corridors.models import BorderCrossing
from migrants import groups
from migrants.families import relate
from migrants.models import GroupMove, HeadCount, TravelGroup
from partners.enums import Role
from tests.cast import COMMAND, NOW

PAGES = ("group", "group_needs", "group_timeline", "group_families")
NEW = {
    "crossing": "KZ-UZ-01:KAZ:UZB", "waiting_since": "2020-09-28T10:00", "source": "embassy, consular desk",
    "confidence": "plausible", "estimate": "38",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_the_moment(db):
    clock.set_to(NOW)


@pytest.fixture
def counted(group):
    seen = groups.Counted(counted_at=NOW, males=86, females=16, needs=("blankets",), mood="tense")
    groups.record_head_count(group=group, counted=seen, mission=group.mission, by=COMMAND, at=NOW)
    return group


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_group_says_who_is_known_and_who_is_not(sign_in, counted, page):
    answer = sign_in(Role.COORDINATOR).get(reverse(f"returns:{page}", args=[counted.public_id]))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<dd>102</dd>" in text
    assert "ZZ-0929" in text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "role", [Role.CONSULAR, Role.LIAISON, Role.PROGRAMME, Role.ADMINISTRATOR, Role.DATA_PROTECTION]
)
def test_strangers_find_no_group(sign_in, counted, page, role):
    assert sign_in(role).get(reverse(f"returns:{page}", args=[counted.public_id])).status_code == 404


def test_a_group_outside_the_scope_is_not_there(sign_in, accounts, counted):
    accounts[Role.FIELD].memberships.update(crossings=["KZ-KG-01"])
    client = sign_in(Role.FIELD)
    assert client.get(reverse("returns:group", args=[counted.public_id])).status_code == 404
    assert "ZZ-0929" not in client.get(reverse("returns:groups")).content.decode()


def test_the_list_shows_groups_with_their_counts(sign_in, counted):
    text = sign_in(Role.FIELD).get(reverse("returns:groups")).content.decode()
    assert "ZZ-0929" in text
    assert "Zhibek Zholy → G‘ishtko‘prik" in text


def test_the_list_costs_the_same_for_one_group_and_for_many(
    sign_in, counted, crossing, organisations, django_assert_max_num_queries
):
    for day in range(1, 10):
        groups.open_group(
            crossing=crossing, from_country="KAZ", to_country="UZB", waiting_since=NOW.replace(month=8, day=day),
            source="", confidence="seen", mission=organisations["iom-kz"].offices.get(), by=COMMAND, at=NOW,
        )  # fmt: skip
    client = sign_in(Role.FIELD)
    with django_assert_max_num_queries(30):  # seven of them count what waits for the officer
        client.get(reverse("returns:groups"))


def test_a_group_is_opened_with_source_confidence_and_estimate(sign_in, crossing):
    answer = sign_in(Role.COORDINATOR).post(reverse("returns:group_new"), NEW | {"group_id": str(uuid4())})
    group = TravelGroup.objects.get()
    assert answer.status_code == 302
    assert (group.code, group.source, group.confidence) == ("ZZ-0928", "embassy, consular desk", "plausible")
    assert group.waiting_since.isoformat() == "2020-09-28T04:00:00+00:00"
    assert (HeadCount.objects.get().total, HeadCount.objects.get().exact) == (38, False)


def test_the_same_form_twice_opens_one_group(sign_in, crossing):
    client, values = sign_in(Role.COORDINATOR), NEW | {"group_id": str(uuid4())}
    for _ in range(2):
        client.post(reverse("returns:group_new"), values)
    assert (TravelGroup.objects.count(), HeadCount.objects.count()) == (1, 1)


@pytest.mark.parametrize("field", ["crossing", "waiting_since", "source", "confidence"])
def test_a_form_with_a_gap_says_what_is_missing(sign_in, crossing, field):
    answer = sign_in(Role.COORDINATOR).post(reverse("returns:group_new"), NEW | {field: ""})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not TravelGroup.objects.exists()


def test_a_closed_group_leaves_the_list_of_those_that_wait(sign_in, counted):
    client = sign_in(Role.COORDINATOR)
    address = reverse("returns:group_close", args=[counted.public_id])
    assert address in client.get(reverse("returns:group", args=[counted.public_id])).content.decode()
    assert "cannot be opened again" in client.get(address).content.decode()
    assert client.post(address, {"why": " "}).status_code == 422
    assert client.get(reverse("returns:groups")).context["lines"]
    client.post(address, {"why": "went home"})
    assert client.post(address, {"why": "again"}).url == reverse("returns:group", args=[counted.public_id])
    assert [line["group"].code for line in client.get(reverse("returns:groups")).context["lines"]] == []
    assert "ZZ-0929" in client.get(reverse("returns:groups") + "?show=all").content.decode()


# ------------------------------------------------------------------ between groups


@pytest.fixture
def another(group):
    return TravelGroup.objects.create(
        code="ZZ-0930", mission=group.mission, crossing=group.crossing, from_country="KAZ", to_country="UZB",
        waiting_since=NOW, recorded_at=NOW, by=COMMAND,
    )  # fmt: skip


@pytest.fixture
def two_people(counted, make_person):
    clock.set_to(NOW + timedelta(hours=1))
    return [make_person(), make_person()]


def test_a_move_is_shown_before_anything_changes(sign_in, counted, another, two_people):
    client, address = sign_in(Role.FIELD), reverse("returns:group_move", args=[counted.public_id])
    asked = {
        "people": two_people[0].number,
        "unregistered": "3",
        "to_group": str(another.public_id),
        "why": "two buses",
    }
    shown = client.post(address, asked)
    assert shown.status_code == 200
    assert "Group ZZ-0929 then has 98: 1 registered, 97 unknown" in " ".join(shown.content.decode().split())
    assert AccessEntry.objects.filter(person=two_people[0].public_id, page=address).exists()
    assert not GroupMove.objects.exists()
    done = client.post(address, asked | {"step": "confirm"})
    assert done.url == reverse("returns:group", args=[another.public_id])
    assert GroupMove.objects.get().heads == 4
    text = client.get(reverse("returns:group", args=[counted.public_id])).content.decode()
    assert "4 went to other groups since" in text
    assert "<dd>102</dd>" in text


def test_people_are_split_off_and_the_old_page_leads_to_the_new_group(sign_in, counted, two_people):
    client, address = sign_in(Role.FIELD), reverse("returns:group_move", args=[counted.public_id])
    asked = {"people": two_people[0].number, "to_group": "new", "why": "two buses", "step": "confirm"}
    made = client.post(address, asked).url
    assert made in client.get(reverse("returns:group", args=[counted.public_id])).content.decode()
    assert "Split off from" in client.get(made).content.decode()


def test_a_joined_group_says_where_its_people_are(sign_in, counted, another, two_people):
    client, address = sign_in(Role.FIELD), reverse("returns:group_join", args=[counted.public_id])
    asked = {"to_group": str(another.public_id), "why": "they travel together"}
    assert "102 heads go" in " ".join(client.post(address, asked).content.decode().split())
    client.post(address, asked | {"step": "confirm"})
    counted.refresh_from_db()
    assert counted.closed_at is not None
    text = client.get(reverse("returns:group", args=[counted.public_id])).content.decode()
    assert "Joined into group ZZ-0930" in text
    assert "102 came from other groups since" in " ".join(
        client.get(reverse("returns:group", args=[another.public_id])).content.decode().split()
    )


def test_a_move_is_undone_on_its_page(sign_in, counted, another, two_people):
    client, address = sign_in(Role.FIELD), reverse("returns:group_move", args=[counted.public_id])
    client.post(
        address,
        {"people": two_people[0].number, "to_group": str(another.public_id), "why": "two buses", "step": "confirm"},
    )
    undo = reverse("returns:group_move_undo", args=[counted.public_id, GroupMove.objects.get().public_id])
    assert undo in client.get(reverse("returns:group", args=[counted.public_id])).content.decode()
    assert "two buses" in client.get(undo).content.decode()
    client.post(undo)
    two_people[0].refresh_from_db()
    assert two_people[0].group == counted
    assert client.post(undo).status_code == 422


@pytest.mark.parametrize("gap", [("people", "000000"), ("why", ""), ("to_group", ""), ("unregistered", "999")])
def test_a_move_with_a_gap_says_what_is_missing(sign_in, counted, another, two_people, gap):
    field, value = gap
    asked = {"people": two_people[0].number, "to_group": str(another.public_id), "why": "two buses", "step": "confirm"}
    answer = sign_in(Role.FIELD).post(reverse("returns:group_move", args=[counted.public_id]), asked | {field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not GroupMove.objects.exists()


def test_a_group_out_of_reach_is_no_place_to_move_to(sign_in, accounts, counted, another, two_people):
    accounts[Role.FIELD].memberships.update(crossings=["KZ-UZ-01"])
    elsewhere = BorderCrossing.objects.create(code="KZ-KG-01", modes=["road"])
    another.crossing = elsewhere
    another.save()
    answer = sign_in(Role.FIELD).post(
        reverse("returns:group_move", args=[counted.public_id]),
        {"people": two_people[0].number, "to_group": str(another.public_id), "why": "two buses", "step": "confirm"},
    )
    assert "to_group" in answer.context["form"].errors


def test_more_registered_than_counted_is_said_on_the_page(sign_in, group, make_person):
    for _ in range(3):
        make_person()
    groups.record_head_count(
        group=group, counted=groups.Counted(counted_at=NOW, total=2), mission=group.mission, by=COMMAND, at=NOW
    )
    for address in (reverse("returns:group", args=[group.public_id]), reverse("returns:groups")):
        text = " ".join(sign_in(Role.FIELD).get(address).content.decode().split())
        assert "1 more" in text


# ------------------------------------------------------------------ the way here, the mood, families


def test_the_way_to_the_halt_is_written_down_leg_by_leg(sign_in, counted):
    client, address = sign_in(Role.FIELD), reverse("returns:group_journey", args=[counted.public_id])
    asked = {"country": "RUS", "place": "Samara", "mode": "train", "left_on": "2020-09-25"}
    assert client.post(address, asked).url == address
    assert client.post(address, asked | {"arrived_on": "2020-09-20"}).status_code == 422
    leg = counted.legs.get()
    assert "Samara" in client.get(address).content.decode()
    assert "Samara, Russia" in client.get(reverse("returns:group", args=[counted.public_id])).content.decode()
    client.post(reverse("returns:leg_remove", args=[counted.public_id, leg.public_id]))
    assert not counted.legs.exists()


def test_a_person_whose_way_was_another_is_named_by_number_and_logged(sign_in, counted, make_person):
    client, address = sign_in(Role.FIELD), reverse("returns:group_journey", args=[counted.public_id])
    person = make_person()
    client.post(address, {"country": "BLR", "mode": "foot", "number": person.number})
    assert f"Way of {person.number}" in client.get(address).content.decode()
    assert AccessEntry.objects.filter(person=person.public_id, page=address).exists()


def test_a_mood_is_noted_and_the_newest_stands_on_head_and_board(sign_in, counted):
    client, address = sign_in(Role.COORDINATOR), reverse("returns:group_mood", args=[counted.public_id])
    clock.set_to(NOW + timedelta(hours=1))
    assert client.post(address, {"mood": ""}).status_code == 422
    client.post(address, {"mood": "angry", "note": "no water since noon"})
    text = client.get(address).content.decode()
    assert "no water since noon" in text
    assert "with the count of 102" in text
    assert "<strong>angry</strong>" in client.get(reverse("returns:group", args=[counted.public_id])).content.decode()
    assert "mood angry" in client.get(reverse("returns:board")).content.decode()


@pytest.fixture
def family(counted, make_person):
    people = [make_person(born=1986), make_person(born=2012)]
    groups.put_in_family(group=counted, people=people, code="F1", by=COMMAND, at=NOW)
    people[0].refresh_from_db()
    return people[0].family


def test_a_family_page_keeps_relations_and_asks_about_a_child_that_is_left(sign_in, counted, family, another):
    client = sign_in(Role.FIELD)
    address = reverse("returns:family", args=[counted.public_id, family.public_id])
    mother, child = family.people.order_by("birth_year")
    of = {"relate-person": mother.public_id, "relate-other": child.public_id, "relate-basis": "self"}
    assert client.post(address, of | {"act": "relate", "relate-kind": ""}).status_code == 422
    assert client.post(address, of | {"act": "relate", "relate-kind": "parent"}).url == address
    client.post(address, {"act": "lead", "lead-head": mother.public_id})
    text = client.get(address).content.decode()
    assert "parent of" in text
    assert "Speaks for the family" in text
    client.post(address, {"act": "leave", "leave-people": [mother.public_id]})
    assert f"With whom is {child.number} now?" in client.get(address).content.decode()
    everybody = client.get(reverse("returns:group_families", args=[counted.public_id])).content.decode()
    assert "1 child stands without parent or guardian" in everybody
    client.post(reverse("returns:person_alone", args=[child.public_id]), {"alone": "separated"})
    assert "With whom is" not in client.get(address).content.decode()


def test_a_relation_is_ended_with_a_reason(sign_in, counted, family):
    client = sign_in(Role.FIELD)
    mother, child = family.people.order_by("birth_year")
    relation, _made = relate(person=mother, other=child, kind="guardian", basis="seen", by=COMMAND, at=NOW)
    address = reverse("returns:relation_end", args=[counted.public_id, family.public_id, relation.public_id])
    assert "guardian of" in client.get(address).content.decode()
    assert client.post(address, {"why": ""}).status_code == 422
    client.post(address, {"why": "was an aunt"})
    assert client.get(address).status_code == 404
