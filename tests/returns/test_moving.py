"""People go from one group to another; groups are split and joined; nothing that was counted is lost (rules 23 and 25)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from common.models import AuditEntry
from migrants import consents, groups
from migrants.erasure import erase, obstacles_for
from migrants.group_moves import STAYS_BEHIND, Going, GroupMoveError, MovedMeanwhileError, history_of
from migrants.groups import put_in_family
from migrants.heads import heads_of
from migrants.legal_holds import set_legal_hold
from migrants.merging import label, relations_to_a_person
from migrants.models import Family, GroupMove, HeadCount, Migrant, TravelGroup
from returns import cases, freezing, moving, seating
from returns.models import BoardCount, CaseReadiness, FollowUp, ManifestUpload, Need, Reintegration, ReturnCase
from tests.access.arriving import at_home, helped
from tests.cast import COMMAND, NOW
from tests.returns.conftest import PASSPORT_RULE
from tests.returns.convoy import FROZEN

ASKED: dict[str, Any] = {"why": "the bus is full", "by": COMMAND, "at": NOW}
LATER = ASKED | {"at": NOW + timedelta(hours=1)}
"""After the heads were counted."""


@pytest.fixture
def other(crossing, organisations):
    """Another group at the same place, of another mission."""
    return TravelGroup.objects.create(
        code="ZZ-0930", mission=organisations["iom-uz"].offices.get(), crossing=crossing, from_country="KAZ",
        to_country="UZB", waiting_since=NOW, recorded_at=NOW, by=COMMAND,
    )  # fmt: skip


@pytest.fixture
def two_groups(group, other):
    return group, other


def heads(group):
    return heads_of([group.pk])[group.pk]


def refreshed(people):
    return list(Migrant.objects.filter(pk__in=[person.pk for person in people]).order_by("pk"))


def test_whoever_is_moved_has_every_row_in_the_new_mission(group, other, make_person):
    person = make_person()
    cases.open_cases(people=[person], by=COMMAND, at=NOW)
    moving.move(from_group=group, to_group=other, going=Going((person,)), **ASKED)
    person.refresh_from_db()
    assert (person.group, person.mission) == (other, other.mission)
    assert ReturnCase.objects.get().mission == other.mission
    for rows in (person.nationalities, person.documents, person.consents):
        assert {row.mission for row in rows.all()} == {other.mission}
    spoken = AuditEntry.objects.filter(why="the bus is full").values_list("verb", flat=True)
    assert {"people moved", "people went", "people came", "moved to another group"} <= set(spoken)


def test_every_row_of_a_person_goes_along_or_stays_for_a_reason():
    """A key to a person that comes later is moved by itself; those that stay are named."""
    going = {
        label(relation)
        for relation in relations_to_a_person()
        if relation.model._meta.app_label == "migrants" and relation.model is not Migrant
    }
    assert set(STAYS_BEHIND) <= going
    above = {label(relation) for relation in relations_to_a_person()} - going
    assert above - {"migrants.Migrant.merged_into"} == {
        # case and late results go along (moving.py); the rest is of a journey or a list, which stays where it was
        "returns.ReturnCase.person", "returns.LateResult.person",
        "returns.Seat.person", "returns.ManifestEntry.person", "returns.ManifestRow.person",
        "returns.Reception.person", "returns.DocumentRequest.person", "returns.Slip.person",
        "returns.ReceiverAnswer.person", "returns.Absence.person", "returns.FollowUp.person", "returns.Reintegration.person",
        "returns.Incident.person",
    }  # fmt: skip


def test_disclosures_stay_with_the_person(group, other, make_person, organisations):
    person = make_person()
    embassy = organisations["tj-emb-uz"]
    consents.record_consent(
        people=[person], purpose="consulate", recipient=embassy, answer="yes", how="oral", language="tg",
        interpreter="staff", witness="staff", by=COMMAND, at=NOW,
    )  # fmt: skip
    consents.disclose(people=[person], recipient=embassy, purpose="consulate", by=COMMAND, at=NOW)
    moving.move(from_group=group, to_group=other, going=Going((person,)), **ASKED)
    shown = person.disclosures.get()
    assert (shown.recipient, shown.valid_until) == (embassy, None)


def test_what_the_crossing_asks_is_judged_anew(group, other, plan, make_rule, make_person):
    make_rule(PASSPORT_RULE, "document")
    person = make_person()
    cases.open_cases(people=[person], by=COMMAND, at=NOW)
    assert CaseReadiness.objects.get().verdict == "ready"
    done = moving.move(from_group=group, to_group=other, going=Going((person,)), **ASKED)
    assert (done.were_ready, done.are_ready, done.plan) == (1, 0, None)
    assert CaseReadiness.objects.get().judged_for is None


def test_the_board_counts_both_directions_anew(group, other, make_person, count_heads):
    people = [make_person() for _ in range(3)]
    other.to_country, other.from_country = "KAZ", "UZB"
    other.save()
    count_heads(5)
    cases.open_cases(people=people, by=COMMAND, at=NOW)
    moving.move(from_group=group, to_group=other, going=Going(tuple(people), 1), **LATER)
    waiting = {
        row["from_country"]: row["people"]
        for row in BoardCount.objects.values("from_country").annotate(people=Sum("people"))
    }
    assert waiting == {"KAZ": 1, "UZB": 4}


def test_a_family_that_goes_as_a_whole_stays_that_family(group, other, make_person):
    pair = [make_person(), make_person()]
    put_in_family(group=group, people=pair, code="F1", by=COMMAND, at=NOW)
    Family.objects.create(group=other, code="F1")
    moving.move(from_group=group, to_group=other, going=Going(tuple(refreshed(pair))), **ASKED)
    family = Family.objects.get(people__in=pair[:1])
    assert (family.group, family.code, family.people.count()) == (other, "F1-2", 2)


def test_a_family_that_is_torn_apart_is_said_and_stays_together_on_both_sides(group, other, make_person):
    four = [make_person() for _ in range(4)]
    put_in_family(group=group, people=four, code="F1", by=COMMAND, at=NOW)
    done = moving.move(from_group=group, to_group=other, going=Going(tuple(refreshed(four[:2]))), **ASKED)
    assert done.torn == ("F1",)
    families = [person.family for person in refreshed(four)]
    assert families[0] == families[1] != families[2] == families[3]
    assert [family.group for family in families] == [other, other, group, group]


def test_an_undone_move_gives_back_group_and_family(group, other, make_person, count_heads):
    four = [make_person() for _ in range(4)]
    put_in_family(group=group, people=four, code="F1", by=COMMAND, at=NOW)
    count_heads(6)
    done = moving.move(from_group=group, to_group=other, going=Going(tuple(refreshed(four[:2])), 1), **LATER)
    assert (heads(group).unknown, heads(other).unknown) == (1, 1)
    moving.move_back(row=done.move, by=COMMAND, at=LATER["at"])
    assert len({person.family_id for person in refreshed(four)}) == 1
    assert {person.group for person in refreshed(four)} == {group}
    assert {person.mission for person in refreshed(four)} == {group.mission}
    assert (heads(group).unknown, heads(other).unknown, heads(group).expected) == (2, 0, 6)
    with pytest.raises(GroupMoveError, match="undone already"):
        moving.move_back(row=done.move, by=COMMAND, at=NOW)


def test_seats_on_a_movement_that_is_not_frozen_are_given_free(movement, group, other, travellers):
    done = moving.move(from_group=group, to_group=other, going=Going(tuple(travellers[:2])), **ASKED)
    assert (done.seats, movement.seats.count()) == (2, 4)
    assert AuditEntry.objects.filter(verb="seat given free").count() == 2


def test_whoever_stands_on_a_frozen_manifest_is_not_moved(movement, group, other, travellers):
    freezing.freeze(movement=movement, by=COMMAND, at=FROZEN)
    with pytest.raises(GroupMoveError, match="version 1 of the manifest"):
        moving.move(from_group=group, to_group=other, going=Going(tuple(travellers[:1])), **ASKED)
    assert {person.group for person in refreshed(travellers)} == {group}
    seating.leave_out(movement=movement, people=travellers[:1], by=COMMAND, at=FROZEN)
    freezing.freeze(movement=movement, why="one stays", by=COMMAND, at=FROZEN)
    moving.move(from_group=group, to_group=other, going=Going(tuple(travellers[:1])), **ASKED)
    assert refreshed(travellers)[0].group == other
    assert movement.manifests.first().entries.count() == 6


def test_whoever_is_on_the_road_is_not_moved(movement, group, other, travellers):
    freezing.freeze(movement=movement, by=COMMAND, at=FROZEN)
    type(movement).objects.filter(pk=movement.pk).update(state="exited", exited_at=FROZEN)
    with pytest.raises(GroupMoveError, match="on the road"):
        moving.move(from_group=group, to_group=other, going=Going(tuple(travellers[:1])), **ASKED)


def test_a_preview_says_the_same_and_changes_nothing(group, other, make_person, count_heads):
    person = make_person()
    count_heads(4)
    asked: dict[str, Any] = {"from_group": group, "to_group": other, "going": Going((person,), 2), **LATER}
    shown = moving.preview(moving.move, **asked)
    assert (shown.here.expected, shown.here.unknown, shown.there.present) == (1, 1, 3)
    assert not GroupMove.objects.exists()
    assert refreshed([person])[0].group == group
    assert moving.move(**asked).here == shown.here


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"why": "  "}, "why"),
        ({"going": Going()}, "people"),
        ({"going": Going((), 3)}, "unregistered"),
        ({"going": Going((), -1)}, "unregistered"),
        ({"to_group": None}, "to_group"),
        ({"closed": True}, "to_group"),
    ],
)
def test_a_move_that_cannot_be_is_refused_with_the_field(make_person, count_heads, two_groups, changed, field):
    group, other = two_groups
    make_person()
    count_heads(3)
    asked: dict[str, Any] = {"from_group": group, "to_group": other, "going": Going((), 1), **ASKED} | changed
    if asked.pop("closed", False):
        groups.close_group(group=other, why="gone", by=COMMAND, at=NOW)
    asked["to_group"] = asked["to_group"] or group
    with pytest.raises(GroupMoveError) as caught:
        moving.move(**asked)
    assert caught.value.field == field
    assert not GroupMove.objects.exists()


def test_of_two_moves_at_once_the_second_is_told(group, other, make_person):
    person = make_person()
    moving.move(from_group=group, to_group=other, going=Going((person,)), **ASKED)
    with pytest.raises(MovedMeanwhileError, match=person.number):
        moving.move(from_group=group, to_group=other, going=Going((person,)), **ASKED)


def test_a_large_group_costs_as_many_statements_as_a_small_one(group, other, make_person):
    def cost(people):
        with CaptureQueriesContext(connection) as asked:
            moving.move(from_group=group, to_group=other, going=Going(tuple(people)), **ASKED)
        return len(asked)

    few, many = [make_person() for _ in range(2)], [make_person() for _ in range(40)]
    for people, code in ((few, "F1"), (many[:2], "F2"), (many[2:8], "F3")):
        put_in_family(group=group, people=people, code=code, by=COMMAND, at=NOW)
    cases.open_cases(people=[*few, *many], by=COMMAND, at=NOW)
    assert abs(cost(refreshed(few)) - cost(refreshed(many))) <= 6, (
        "many lines of the log go in by COPY: five more, once"
    )


# ------------------------------------------------------------------ head counts


def test_a_head_count_is_neither_derived_nor_overwritten_by_a_move(group, other, make_person, count_heads):
    people = [make_person() for _ in range(7)]
    count = count_heads(10)
    moving.move(from_group=group, to_group=other, going=Going(tuple(people[:3])), **LATER)
    count.refresh_from_db()
    assert (count.total, count.group) == (10, group)
    assert other.head_counts.count() == 0
    assert (heads(group).counted, heads(group).registered, heads(group).unknown) == (10, 4, 3)


def test_a_count_after_the_move_counts_as_it_is(group, other, make_person, count_heads):
    people = [make_person() for _ in range(4)]
    moving.move(from_group=group, to_group=other, going=Going(tuple(people[:2])), **ASKED)
    count_heads(5, at=LATER["at"])
    assert (heads(group).expected, heads(group).unknown) == (5, 3)


def test_more_registered_than_counted_is_said(group, make_person, count_heads):
    for _ in range(3):
        make_person()
    count_heads(2)
    assert (heads(group).unknown, heads(group).uncounted, heads(group).present) == (0, 1, 3)


# ------------------------------------------------------------------ splitting and joining


def test_a_split_keeps_where_the_new_group_came_from_and_the_counts_add_up(group, make_person, count_heads):
    people = [make_person() for _ in range(4)]
    count_heads(10)
    done = moving.split(from_group=group, going=Going(tuple(people[:2]), 3), **LATER)
    made = done.move.to_group
    assert made.code != group.code
    assert (made.crossing, made.waiting_since, made.mission) == (group.crossing, group.waiting_since, group.mission)
    assert [move.from_group for move in history_of(made)["from"]] == [group]
    assert [move.to_group for move in history_of(group)["into"]] == [made]
    assert (heads(group).unknown, heads(made).unknown) == (3, 3)
    assert heads(group).present + heads(made).present == 10


def test_a_split_in_which_nobody_stays_is_refused(group, make_person):
    with pytest.raises(GroupMoveError, match="Nobody would stay"):
        moving.split(from_group=group, going=Going((make_person(),)), **ASKED)
    assert TravelGroup.objects.count() == 1


def test_an_undone_split_closes_the_group_that_is_empty_again(group, make_person):
    people = [make_person() for _ in range(2)]
    done = moving.split(from_group=group, going=Going(tuple(people[:1])), **ASKED)
    moving.move_back(row=done.move, by=COMMAND, at=NOW)
    made = TravelGroup.objects.get(pk=done.move.to_group_id)
    assert made.closed_at == NOW
    assert {person.group for person in refreshed(people)} == {group}


def test_a_joined_group_is_closed_and_leads_to_the_other(group, other, make_person, count_heads):
    people = [make_person() for _ in range(3)]
    count_heads(5)
    need = Need.objects.create(
        group=group,
        mission=group.mission,
        kind="water",
        quantity=5,
        unit_price=0,
        currency="USD",
        asked_at=NOW,
        by=COMMAND,
    )
    done = moving.join(from_group=group, into=other, **LATER)
    group.refresh_from_db()
    need.refresh_from_db()
    assert (group.closed_at, need.group, done.needs) == (LATER["at"], other, 1)
    assert [move.to_group for move in history_of(group)["into"]] == [other]
    assert {person.group for person in refreshed(people)} == {other}
    assert (heads(other).present, heads(other).unknown, heads(group).present) == (5, 2, 0)
    assert group.head_counts.get().total == 5
    assert AuditEntry.objects.filter(verb="group closed", why="joined into ZZ-0930").exists()


def test_an_undone_join_lets_the_group_wait_again_with_whoever_came_of_it(group, other, make_person, count_heads):
    people = [make_person() for _ in range(3)]
    put_in_family(group=group, people=people[:2], code="F1", by=COMMAND, at=NOW)
    count_heads(5)
    done = moving.join(from_group=group, into=other, **LATER)
    back = moving.move_back(row=done.move, by=COMMAND, at=LATER["at"])
    group.refresh_from_db()
    assert (group.closed_at, back.move.heads) == (None, 5)
    assert {person.group for person in refreshed(people)} == {group}
    assert [person.family.code for person in refreshed(people) if person.family] == ["F1", "F1"]
    assert (heads(group).present, heads(other).present) == (5, 0)
    with pytest.raises(GroupMoveError, match="undone already"):
        moving.move_back(row=done.move, by=COMMAND, at=LATER["at"])
    with pytest.raises(GroupMoveError, match="were moved back"):
        moving.move_back(row=back.move, by=COMMAND, at=LATER["at"])


def test_a_group_whose_movement_runs_is_not_joined(movement, group, other):
    with pytest.raises(GroupMoveError, match="has not ended"):
        moving.join(from_group=group, into=other, **ASKED)
    group.refresh_from_db()
    assert group.closed_at is None


def test_a_group_with_a_list_to_confirm_is_not_joined(group, other):
    ManifestUpload.objects.create(
        group=group, mission=group.mission, file_name="x.csv", digest="0", heading_row=1, columns={}, uploaded_at=NOW,
        by=COMMAND,
    )  # fmt: skip
    with pytest.raises(GroupMoveError, match="waits to be confirmed"):
        moving.join(from_group=group, into=other, **ASKED)


def test_a_legal_hold_on_the_group_still_holds_whoever_was_moved(group, other, make_person):
    person = make_person()
    set_legal_hold(about=group, reason="court 12", by=COMMAND, at=NOW)
    moving.move(from_group=group, to_group=other, going=Going((person,)), **ASKED)
    assert person.pk in obstacles_for([person.pk])


def test_an_erasure_finds_mentions_in_the_group_that_was_left(group, other, make_person):
    person = make_person(full_name="Саидов Акмал", latin_name="Saidov Akmal")
    HeadCount.objects.create(
        group=group, mission=group.mission, counted_at=NOW, recorded_at=NOW, total=3, note="Саидов Акмал is ill",
        by=COMMAND,
    )  # fmt: skip
    moving.move(from_group=group, to_group=other, going=Going((person,)), **ASKED)
    erase(people=[person], cause="request", why="asked", by=COMMAND, at=NOW)
    assert group.head_counts.get().note == ""


def test_what_was_planned_for_the_time_after_follows_the_person(group, other, movement, travellers, organisations):
    person = travellers[0]
    kept: list[FollowUp | Reintegration] = [at_home(person, movement), helped(person, organisations["kz-border"])]
    moving.move(from_group=group, to_group=other, going=Going((person,)), **ASKED)
    for row in kept:
        row.refresh_from_db()
    assert {row.mission for row in kept} == {other.mission}
