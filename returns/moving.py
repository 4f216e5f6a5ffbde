"""Move people between groups, split a group, join two: plans, seats, cases and figures follow in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import audit
from common.actors import Actor
from common.audience import reaching_for
from migrants import group_moves, groups
from migrants.enums import MoveKind, TestResult
from migrants.group_moves import Going, GroupMoveError, locked_groups, move_people
from migrants.heads import Heads, heads_of
from migrants.models import CompanyQuestion, GroupMove, Migrant, TravelGroup
from migrants.travelled import copy_legs
from returns import board_counts, readiness
from returns.enums import UploadState
from returns.models import (
    CaseComment,
    CasePage,
    CaseReadiness,
    CaseStep,
    CaseTask,
    FollowUp,
    LateResult,
    ManifestEntry,
    ManifestUpload,
    Movement,
    Need,
    Plan,
    Reintegration,
    ReturnCase,
    Sample,
    Seat,
    TravelQuestion,
    Waiver,
)
from returns.movements import BEFORE_THE_ROAD
from returns.on_the_road import departed_people


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: seats that were given free, needs that went along, how many were ready and are now, samples whose
    result is awaited, families torn apart, children whose
    guardian went elsewhere, the heads of both groups afterwards, and the plan that holds for them now.
    """

    move: GroupMove
    seats: int
    were_ready: int
    are_ready: int
    samples: int
    torn: tuple[str, ...]
    here: Heads
    there: Heads
    plan: Plan | None
    questions: int
    needs: int = 0


class _TakenBackError(Exception):
    """Ends a preview."""


def preview(act: Callable[..., Moved], **asked: object) -> Moved:
    """Give what `act` (move, split or join) would do: it is done, looked at, and taken back whole.

    Raises what the act itself would raise.
    """
    done: list[Moved] = []
    with suppress(_TakenBackError), transaction.atomic():
        done.append(act(**asked))
        raise _TakenBackError
    return done[0]


@transaction.atomic
def move(
    *,
    from_group: TravelGroup,
    to_group: TravelGroup,
    going: Going,
    why: str,
    kind: MoveKind = MoveKind.MOVED,
    rejoining: Mapping[int, int] | None = None,
    by: Actor,
    at: datetime,
) -> Moved:
    """Move people into another group. Their cases follow it, seats that no bus has left with are given free, and what the
    crossing asks of them is judged anew; consents and disclosures stay with the person.

    Raises GroupMoveError, and for people on a frozen manifest what to do first.
    """
    from_group, to_group = locked_groups(from_group, to_group)
    running = list(Movement.objects.select_for_update(of=("self",)).filter(group=from_group, ended_at__isnull=True))
    _refuse_frozen(running, going)
    keys = [person.pk for person in going.people]
    were_ready = _ready(keys)
    torn = _torn(going)
    with board_counts.carried(people=keys, heads=[from_group, to_group]):
        row = move_people(
            from_group=from_group,
            to_group=to_group,
            going=going,
            kind=kind,
            rejoining=rejoining,
            why=why,
            by=by,
            at=at,
        )
    seats = _free_seats(running, keys, by=by, at=at)
    _restamp_cases(keys, to_group)
    asked = _judged_anew(keys, at=at)
    heads = heads_of([from_group.pk, to_group.pk])
    return Moved(
        move=row,
        seats=seats,
        were_ready=were_ready,
        are_ready=_ready(keys),
        samples=_awaited(keys),
        torn=torn,
        here=heads[from_group.pk],
        there=heads[to_group.pk],
        plan=Plan.objects.filter(group=to_group).first(),
        questions=asked,
    )


def _judged_anew(keys: list[int], *, at: datetime) -> int:
    """Judge who moved and whom a question about a child now concerns; give how many questions were asked."""
    asked = set(CompanyQuestion.objects.open().filter(raised_at=at).values_list("person", flat=True))
    readiness.check(people=asked | set(keys), at=at, facts_only=True)
    return len(asked)


@transaction.atomic
def split(*, from_group: TravelGroup, going: Going, why: str, by: Actor, at: datetime) -> Moved:
    """Split people off into a new group that waits at the same place since the same hour. Raises GroupMoveError."""
    heads = heads_of([from_group.pk])[from_group.pk]
    if going.heads >= heads.present:
        raise GroupMoveError("people", _("Nobody would stay. Leave somebody in the group, or go on with it as it is."))
    if from_group.closed_at is not None:
        raise GroupMoveError("", _("This group is closed; nobody of it waits any more."))
    made = groups.open_group(
        crossing=from_group.crossing,
        from_country=from_group.from_country,
        to_country=from_group.to_country,
        waiting_since=from_group.waiting_since,
        source=from_group.source,
        confidence=from_group.confidence,
        mission=from_group.mission,
        by=by,
        at=at,
    )
    copy_legs(from_group=from_group, to_group=made, by=by, at=at)
    return move(from_group=from_group, to_group=made, going=going, kind=MoveKind.SPLIT, why=why, by=by, at=at)


@transaction.atomic
def join(*, from_group: TravelGroup, into: TravelGroup, why: str, by: Actor, at: datetime) -> Moved:
    """Join a whole group into another: people, heads that nobody registered and open needs go along, and it is closed.

    Its head counts stay where they were observed. Raises GroupMoveError while a movement of it runs or a list waits.
    """
    from_group, into = locked_groups(from_group, into)
    if from_group.closed_at is not None:
        raise GroupMoveError("", _("This group is closed already."))
    running = Movement.objects.filter(group=from_group, ended_at__isnull=True).first()
    if running is not None:
        sentence = _("Movement %(movement)s of this group has not ended. Call it off, or close it, then join.")
        raise GroupMoveError("", sentence % {"movement": running})
    if ManifestUpload.objects.filter(group=from_group, state=UploadState.STAGED).exists():
        raise GroupMoveError("", _("A list of this group waits to be confirmed. Confirm it or discard it first."))
    travelled = departed_people()
    people = from_group.people.living_records().exclude(pk__in=travelled).order_by("pk")
    going = Going(tuple(people), heads_of([from_group.pk])[from_group.pk].unknown)
    done = move(from_group=from_group, to_group=into, going=going, kind=MoveKind.JOINED, why=why, by=by, at=at)
    needs = _take_needs(from_group, into, by=by, at=at)
    close(group=from_group, why=_("joined into %(code)s") % {"code": into.code}, by=by, at=at)
    return replace(done, needs=needs)


@transaction.atomic
def close(*, group: TravelGroup, why: str, by: Actor, at: datetime) -> TravelGroup:
    """Close a group that waits no more: nobody of it counts on the board. Closing it again changes nothing."""
    with board_counts.carried(groups=[group]):
        return groups.close_group(group=group, why=why, by=by, at=at)


@transaction.atomic
def move_back(*, row: GroupMove, by: Actor, at: datetime) -> Moved:
    """Undo a move: whoever still stands where it led goes back, to the former family too. A group that was split off
    and is empty then is closed; one that was joined waits again, and needs that went along stay. Raises GroupMoveError.
    """
    row = group_moves.mark_undone(move=row, by=by, at=at)
    here, back = row.to_group, row.from_group
    if row.kind == MoveKind.JOINED:
        with board_counts.carried(groups=[back]):
            back = groups.open_again(group=back, why=_("the joining was undone"), by=by, at=at)
    people = Migrant.objects.living_records().filter(moves__move=row, group=here)
    unknown = heads_of([here.pk])[here.pk].unknown
    going = Going(tuple(people), min(row.unregistered, unknown))
    if not going.heads:
        raise GroupMoveError("", _("Nobody of them is in group %(code)s any more.") % {"code": here.code})
    done = move(
        from_group=here,
        to_group=back,
        going=going,
        kind=MoveKind.BACK,
        rejoining=group_moves.left_behind(row),
        why=_("undone: %(why)s") % {"why": row.why},
        by=by,
        at=at,
    )
    if row.kind == MoveKind.SPLIT and not done.here.present:
        close(group=here, why=_("the split was undone"), by=by, at=at)
    return done


def _refuse_frozen(running: Collection[Movement], going: Going) -> None:
    """Whoever stands on the newest manifest of a movement that has not ended is expected by others under that number.

    Not so whose bus has come back to the crossing: they wait again.
    """
    keys = [person.pk for person in going.people]
    for movement in running:
        newest = movement.manifests.order_by("-number").first()
        if newest is None:
            continue
        expected = ManifestEntry.objects.filter(manifest=newest, person__in=keys)
        n = expected.exclude(vehicle__returned_at__isnull=False).count()
        if n and movement.state in BEFORE_THE_ROAD:
            sentence = ngettext(
                "%(n)d of them stands on version %(version)d of the manifest of %(movement)s. Leave that person out there"
                " and freeze a new version, or call the movement off, then move.",
                "%(n)d of them stand on version %(version)d of the manifest of %(movement)s. Leave them out there and"
                " freeze a new version, or call the movement off, then move.",
                n,
            )
        elif n:
            sentence = ngettext(
                "%(n)d of them has left with %(movement)s (version %(version)d of its manifest). Who is on the road"
                " cannot be moved.",
                "%(n)d of them have left with %(movement)s (version %(version)d of its manifest). Who is on the road"
                " cannot be moved.",
                n,
            )
        else:
            continue
        raise GroupMoveError("people", sentence % {"n": n, "version": newest.number, "movement": movement})


def _free_seats(running: Collection[Movement], people: Collection[int], *, by: Actor, at: datetime) -> int:
    """Take the seats of movements that have not left; what was decided of one that has left stays written down."""
    before = [movement for movement in running if movement.state in BEFORE_THE_ROAD]
    seats = list(Seat.objects.filter(movement__in=before, person__in=people))
    audit.record_many((("seat given free", seat) for seat in seats), by=by, at=at)
    Seat.objects.filter(pk__in=[seat.pk for seat in seats]).delete()
    return sum(seat.vehicle_id is not None for seat in seats)


@reaching_for("move between groups")
def _restamp_cases(people: Collection[int], to_group: TravelGroup) -> None:
    """Cases, late results, what an authority excused, what a test asked about and the time after are of the new mission."""
    mission = to_group.mission_id
    rows: tuple[tuple[type[models.Model], str], ...] = (
        *((ReturnCase, "person"), (LateResult, "person"), (FollowUp, "person"), (Reintegration, "person")),
        *((Waiver, "case__person"), (TravelQuestion, "case__person")),
    )
    for model, person in rows:
        model._base_manager.filter(**{f"{person}__in": people}).exclude(mission=mission).update(mission=mission)
    about: tuple[type[models.Model], ...] = (CaseTask, CaseComment, CaseStep, CasePage)
    for kept in about:  # what was said and is to be done about somebody follows them
        kept._base_manager.filter(case__person__in=people).update(group=to_group, mission=mission)


def _take_needs(from_group: TravelGroup, into: TravelGroup, *, by: Actor, at: datetime) -> int:
    """What was asked for and is still open is asked for the group into which they were joined."""
    needs = list(Need.objects.select_for_update(of=("self",)).filter(group=from_group, closed_at__isnull=True))
    Need.objects.filter(pk__in=[need.pk for need in needs]).update(group=into, mission=into.mission_id)
    audit.record_many((("need goes with the group", need) for need in needs), by=by, at=at)
    return len(needs)


def _ready(people: Collection[int]) -> int:
    return CaseReadiness.objects.standing().filter(case__person__in=people, verdict="ready").count()


def _awaited(people: Collection[int]) -> int:
    """Samples without a result: they stay on the laboratory's list, and the result reaches the person all the same."""
    return Sample.objects.filter(case__person__in=people, test__result=TestResult.PENDING).count()


def _torn(going: Going) -> tuple[str, ...]:
    """Codes of the families of which somebody stays."""
    families = {person.family_id for person in going.people if person.family_id}
    staying = Migrant.objects.living_records().filter(family__in=families)
    staying = staying.exclude(pk__in=[person.pk for person in going.people])
    return tuple(sorted(set(staying.values_list("family__code", flat=True))))
