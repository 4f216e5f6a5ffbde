"""Two at the very same moment: one wins, the other reads a sentence or gets the first's answer, nothing is half done."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import User
from common import audit
from common.actors import Actor
from common.enums import ActorKind
from common.models import AuditEntry, IdempotencyKey
from corridors import approvals
from corridors.models import Approval
from migrants import identity, merging, protection
from migrants.group_moves import Going, GroupMoveError
from migrants.models import DuplicatePair, GroupMove, Merge, Migrant, MovedPerson, TravelGroup
from notifications import acknowledgements
from notifications.models import Acknowledgement, Notice
from partners import memberships
from partners.enums import Role
from partners.models import Membership
from returns import boarding, cases, follow_ups, freezing, manifests, movements, moving, registering
from returns.models import FollowUp, Manifest, Movement, ReturnCase
from tests.access.arriving import agreed, received
from tests.access.world import LIST, make_world, registered
from tests.attacks.racing import race, sentences, winners
from tests.cast import COMMAND, NOW
from tests.returns.conftest import make_person
from tests.returns.convoy import FROZEN, corridor_version, exit_crossing, movement, travellers

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["corridor_version", "exit_crossing", "make_person", "movement", "travellers"]
EVERYBODY = Migrant.objects.living_records()


def officer(number: int, *, organisation: str = "") -> Actor:
    """One of two people who act at once."""
    return Actor(ActorKind.USER, f"officer-{number}", f"Officer {number}", organisation_ref=organisation)


def acts(verb: str) -> int:
    return AuditEntry.objects.filter(verb=verb).count()


def both(act: Callable[..., Any], **organisation: str) -> list[Callable[[], Any]]:
    """The same act by two officers."""
    return [partial(act, by=officer(number, **organisation)) for number in (1, 2)]


@pytest.fixture
def world(group, crossing, organisations):
    return make_world(group, crossing, organisations)


def test_two_decisions_of_one_party(world):
    """The first stands; the other is told whose."""
    asked = Approval.objects.get(public_id=world["approval"])
    said: dict[str, Any] = {"name": "Aigul", "function": "head", "note": "because", "at": NOW}
    ends = race(
        *(
            partial(
                approvals.decide, approval=Approval.objects.get(pk=asked.pk), answer=answer,
                by=officer(number, organisation="kz-border"), **said,
            )
            for number, answer in enumerate(("approved", "rejected"))
        )
    )  # fmt: skip
    assert len(winners(ends)) == 1
    assert "has decided already" in sentences(ends)[0]
    asked.refresh_from_db()
    assert asked.state == winners(ends)[0].result.state
    assert acts("decided") == 1


def test_two_answers_of_one_organisation(world):
    notice = Notice.objects.get(public_id=world["notice"]["notice_id"])

    def answer(*, by: Actor) -> Acknowledgement:
        return acknowledgements.acknowledge(
            notice=Notice.objects.get(pk=notice.pk),
            name=by.printed_name,
            function="duty",
            answered_by="page",
            by=by,
            at=NOW,
        )

    ends = race(*both(answer, organisation="kz-border"))
    assert sentences(ends) == []
    assert len({end.result.pk for end in ends}) == 1
    assert Acknowledgement.objects.filter(notice=notice).count() == 1


def test_two_merges_of_overlapping_pairs(group):
    """A into B while B goes into A, or into C: one merge stands, and nobody is merged into somebody who is merged."""
    one, two, three = (registered(group, "Озмоиш Одам", 1) for _ in range(3))
    identity.offer_pairs(people=[one, two, three], within=EVERYBODY.all(), by=COMMAND, at=NOW)
    ends = race(
        partial(merging.merge, kept=one, absorbed=two, by=officer(1), at=NOW),
        partial(merging.merge, kept=two, absorbed=three, by=officer(2), at=NOW),
    )
    assert len(winners(ends)) >= 1
    assert all("merged already" in sentence for sentence in sentences(ends))
    assert not Migrant.objects.filter(merged_into__merged_into__isnull=False).exists()
    assert Merge.objects.count() == acts("merge made") == len(winners(ends))


def test_two_merges_of_one_pair_the_other_way_round(group):
    one, two = (registered(group, "Озмоиш Одам", 1) for _ in range(2))
    ends = race(
        partial(merging.merge, kept=one, absorbed=two, by=officer(1), at=NOW),
        partial(merging.merge, kept=two, absorbed=one, by=officer(2), at=NOW),
    )
    assert len(winners(ends)) == 1
    assert "merged already" in sentences(ends)[0]
    assert Migrant.objects.filter(merged_into=None).count() == 1


def test_two_contrary_answers_to_one_pair(group):
    """One answer stands whichever comes first, and whoever gave the other reads that somebody was quicker."""
    one, two = (registered(group, "Озмоиш Одам", 1) for _ in range(2))
    [pair] = identity.offer_pairs(people=[one, two], within=EVERYBODY.all(), by=COMMAND, at=NOW)

    def decide(*, same: bool, who: int) -> Merge | None:
        return registering.decide_pair(
            pair=DuplicatePair.objects.get(pk=pair.pk),
            same=same,
            keep=None,
            within=EVERYBODY.all(),
            by=officer(who),
            at=NOW,
        )

    ends = race(partial(decide, same=True, who=1), partial(decide, same=False, who=2))
    assert len(winners(ends)) == 1
    assert re.search("Undo the merge first|decided about this pair meanwhile", sentences(ends)[0])
    pair.refresh_from_db()
    assert (pair.state == "same") == Merge.objects.exists() == (acts("merge made") == 1)


def test_two_equal_answers_to_one_pair(group):
    one, two = (registered(group, "Озмоиш Одам", 1) for _ in range(2))
    [pair] = identity.offer_pairs(people=[one, two], within=EVERYBODY.all(), by=COMMAND, at=NOW)

    def decide(*, by: Actor) -> Merge | None:
        return registering.decide_pair(
            pair=DuplicatePair.objects.get(pk=pair.pk), same=True, keep=None, within=EVERYBODY.all(), by=by, at=NOW
        )

    ends = race(*both(decide))
    assert sentences(ends) == []
    assert len({end.result.pk for end in ends}) == Merge.objects.count() == acts("merge made") == 1


def test_two_freezes_of_one_manifest(movement):
    def freeze(*, by: Actor) -> Manifest:
        return freezing.freeze(movement=Movement.objects.get(pk=movement.pk), by=by, at=FROZEN)

    ends = race(*both(freeze))
    assert len(winners(ends)) == 1
    assert "Nothing has changed" in sentences(ends)[0]
    assert Manifest.objects.count() == acts("manifest frozen") == 1


def test_two_officers_tick_one_person_on_board(movement):
    freezing.freeze(movement=movement, by=COMMAND, at=FROZEN)
    seats = [seat.public_id for seat in movement.seats.all()[:1]]

    def tick(*, by: Actor) -> int:
        return boarding.board(
            movement=Movement.objects.get(pk=movement.pk), manifest=1, seats=seats, by=by, at=FROZEN
        )  # fmt: skip

    ends = race(*both(tick))
    assert sorted(end.result for end in ends) == [0, 1]
    assert acts("person boarded") == 1


def test_two_confirmations_of_one_list(group):
    content = LIST.replace(";000000002", "Озмоиш Сеюм;000000002").encode()
    upload = manifests.stage(
        group=group, mission=group.mission, file=BytesIO(content), name="one.csv", size=len(content),
        within=EVERYBODY.all(), by=COMMAND, at=NOW,
    )  # fmt: skip

    def confirm(*, by: Actor) -> Any:
        return manifests.confirm(upload=upload, decisions={}, within=EVERYBODY.all(), by=by, at=NOW)

    ends = race(*both(confirm))
    assert sentences(ends) == []
    assert Migrant.objects.count() == 2
    assert acts("list confirmed") == 1


def test_two_movements_of_one_group(group, travellers):
    def make(*, by: Actor) -> Movement:
        return movements.make_movement(group=group, by=by, at=NOW)

    ends = race(*both(make))
    assert len(winners(ends)) == 1
    assert "has a movement already" in sentences(ends)[0]
    assert Movement.objects.count() == 1


def another_group(group, code):
    return TravelGroup.objects.create(
        code=code, mission=group.mission, crossing=group.crossing, from_country="KAZ", to_country="UZB", waiting_since=NOW,
        recorded_at=NOW, by=COMMAND,
    )  # fmt: skip


def test_two_moves_of_one_person_to_different_groups(group):
    person, stays = (registered(group, f"Озмоиш {word}", place) for place, word in enumerate(("Як", "Ду"), 1))
    ends = race(
        *(
            partial(
                moving.move, from_group=group, to_group=another_group(group, f"ZZ-093{number}"), going=Going((person,)),
                why="the bus", by=officer(number), at=NOW,
            )
            for number in range(2)
        )
    )  # fmt: skip
    person.refresh_from_db()
    assert len(winners(ends)) == 1
    assert "meanwhile" in sentences(ends)[0]
    assert person.group == winners(ends)[0].result.move.to_group
    assert (GroupMove.objects.count(), stays.group) == (1, group)


def test_a_split_and_a_joining_of_one_group(group):
    """Whoever comes second finds a closed group, or joins what is left: each person stands in one group that waits."""
    people = [registered(group, f"Озмоиш {word}", place) for place, word in enumerate(("Як", "Ду", "Се"), 1)]
    into = another_group(group, "ZZ-0939")
    who: dict[str, Any] = {"why": "the bus", "at": NOW}
    ends = race(
        partial(moving.split, from_group=group, going=Going(tuple(people[:1])), by=officer(1), **who),
        partial(moving.join, from_group=group, into=into, by=officer(2), **who),
    )
    assert all(isinstance(end.error, GroupMoveError) for end in ends if end.error)
    assert winners(ends)
    stand = Migrant.objects.filter(pk__in=[person.pk for person in people])
    assert not stand.filter(group__closed_at__isnull=False).exists()
    assert MovedPerson.objects.count() == sum(end.result.move.people.count() for end in winners(ends))


def test_two_roles_that_nobody_may_hold_together(organisations):
    user = User.objects.create(email="two@iom-uz.example", printed_name="Two", joined_at=NOW)
    office = organisations["iom-uz"].offices.get()
    ends = race(
        *(
            partial(memberships.grant, user=user, office=office, role=role, by=officer(number), at=NOW)
            for number, role in enumerate((Role.ADMINISTRATOR, Role.PROTECTION))
        )
    )
    assert len(winners(ends)) == 1
    assert "Nobody may be" in sentences(ends)[0]
    assert Membership.objects.filter(user=user).count() == 1


def test_whoever_set_a_hold_never_clears_it_also_when_a_second_person_does_so_now(group):
    person = registered(group, "Озмоиш Ҳифз", 7)
    setter = officer(1)
    hold = protection.set_hold(person=person, reason="asked", against=["TJK"], by=setter, at=NOW)
    ends = race(
        partial(protection.clear_hold, hold=hold, reason="mine", by=setter, at=NOW),
        partial(protection.clear_hold, hold=hold, reason="checked", by=officer(2), at=NOW),
    )
    hold.refresh_from_db()
    assert hold.cleared_by.ref == "officer-2"
    assert hold.clearing_reason == "checked"
    assert acts("hold cleared") == 1
    assert all("second person" in sentence for sentence in sentences(ends))


def test_a_case_that_is_opened_again_while_another_is_opened(make_person):
    """The person has one; whoever comes second reads that there is one, or opens none."""
    person = make_person()
    case = cases.open_cases(people=[person], by=COMMAND, at=NOW)[0]
    cases.close_cases(cases=[case], why="x", by=COMMAND, at=NOW)
    ends = race(
        partial(cases.reopen_cases, cases=[case], why="a mistake", by=officer(1), at=NOW),
        *(partial(cases.open_cases, people=[person], by=officer(number), at=NOW) for number in (2, 3)),
    )
    assert ReturnCase.objects.open().filter(person=person).count() == 1
    assert all("another open case" in sentence for sentence in sentences(ends))


def test_two_plans_of_the_follow_up_of_one_person(movement, travellers):
    person = travellers[0]
    freezing.freeze(movement=movement, by=COMMAND, at=FROZEN)
    ReturnCase.objects.filter(person=person).update(closed_at=NOW, outcome="home")
    received(movement, movement.corridor_version.requested_by)
    agreed(person, "follow_up")
    ends = race(*both(partial(follow_ups.plan_of, person=person, at=NOW)))
    assert FollowUp.objects.count() == 3
    assert [sentence.partition(":")[0] for sentence in sentences(ends)] == ["Nothing is to be planned"]


def test_one_request_of_the_api_sent_twice_under_one_key(accounts, group):
    """A line that breaks lets the device send again while the first is still under way."""
    token = tokens.issue(user=accounts[Role.FIELD], days=1, by=COMMAND, at=NOW).token
    waits = {"waiting_since": NOW.isoformat(), "source": "post", "confidence": "seen"}
    new = {"crossing": group.crossing.code, "from_country": "KAZ", "to_country": "UZB", **waits}

    def send() -> Any:
        client = APIClient(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "one-and-the-same"})
        return client.post("/api/v1/groups/", new)

    ends = race(send, send)
    answers = [end.result.json() for end in ends]
    assert [end.result.status_code for end in ends] == [201, 201], answers
    assert answers[0] == answers[1]
    assert TravelGroup.objects.exclude(pk=group.pk).count() == IdempotencyKey.objects.count() == 1


def test_without_a_lock_both_would_win(group):
    """So that the tests above can fail: an act that looks and then writes is done twice."""

    @transaction.atomic
    def look_and_write(*, by: Actor) -> None:
        if not acts("looked and wrote"):
            audit.record("looked and wrote", group, by=by, at=NOW)

    race(*both(look_and_write))
    assert acts("looked and wrote") == 2
