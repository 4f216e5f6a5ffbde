"""Bring the stored judgements up to date with what lower floors wrote: changed requirements, test results, passing hours.

A row is claimed by its lock for the length of one transaction: a worker that dies leaves it as it was.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from common import live
from common.actors import Actor
from corridors.models import RequirementChange
from corridors.requirements import source_of
from migrants.models import (
    ChildArrangement,
    Consent,
    HealthTest,
    Nationality,
    Proof,
    ProtectionHold,
    TravelDocument,
    TravelGroup,
)
from notifications.alerts import Told, add_organisations
from notifications.models import Alert
from returns import infections, late_results, readiness
from returns.concerned import directions_of
from returns.ledgers import Direction
from returns.models import CaseReadiness, ReturnCase
from returns.owed import BOARD
from returns.reach import shown_to
from returns.readiness import at_directions

TESTS_AT_ONCE = 2000


def assess_changes(*, by: Actor, at: datetime) -> int:
    """Judge everybody whom a published change may concern, one change a transaction; returns how many were assessed."""
    done = 0
    while _assess_one(by=by, at=at):
        done += 1
    return done


@transaction.atomic
def _assess_one(*, by: Actor, at: datetime) -> bool:
    change = (
        RequirementChange.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(assessed_at__isnull=True)
        .select_related("version__requirement", "version__authority")
        .order_by("at", "pk")
        .first()
    )
    if change is None:
        return False
    directions = directions_of(change.version.requirement)
    at = max(at, change.version.known.lower)
    readiness.check(directions=directions, at=at)
    _tell_whom_a_case_brings_in(change, directions, by=by, at=at)
    change.assessed_at = at
    change.save(update_fields=["assessed_at"])
    live.tell(BOARD)
    return True


def _tell_whom_a_case_brings_in(
    change: RequirementChange, directions: Collection[Direction], *, by: Actor, at: datetime
) -> None:
    """Add to the same alert the organisations to which somebody who is stopped agreed to be shown; each once."""
    alert = Alert.objects.filter(source=source_of(change.version)).first()
    if alert is None:
        return
    stopped = CaseReadiness.objects.filter(
        case__in=ReturnCase.objects.open().filter(at_directions(directions)).values("pk")
    ).stopped_by(change.version.public_id)
    authority = change.version.authority
    brought_in = shown_to(
        list(stopped.values_list("case__person", flat=True)),
        without={authority.code} if authority else set(),
        at=at,
    )
    add_organisations(alert=alert, told=[Told(organisation) for organisation in brought_in], by=by, at=at)


@transaction.atomic
def assess_tests(*, at: datetime) -> int:
    """Judge the cases of everybody whose test was recorded and not yet assessed; returns how many tests were.

    Whoever lives with somebody who tested positive is kept back until a coordinator has decided. A result that comes when
    the person is out of our hands already is raised to the protection officers.
    """
    tests = list(
        HealthTest.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(assessed_at__isnull=True)
        .order_by("recorded_at", "pk")[:TESTS_AT_ONCE]
    )
    if not tests:
        return 0
    by = Actor.task("assess_health_tests")
    concerned = infections.follow(tests=tests, by=by, at=at)
    readiness.check(people={test.person_id for test in tests} | concerned, at=at, facts_only=True)
    late_results.raise_for(tests=tests, by=by, at=at)
    HealthTest.objects.filter(pk__in=[test.pk for test in tests]).update(assessed_at=at)
    live.tell(BOARD)
    return len(tests)


def recheck_due(*, at: datetime) -> int:
    """Judge again what may stand no longer: a planned hour that passed, or a case without one; returns how many changed."""
    overdue = CaseReadiness.objects.filter(Q(recheck_at__lte=at) | Q(recheck_at__isnull=True))
    if not overdue.filter(case__closed_at__isnull=True).exists():
        return 0
    changed = readiness.check(due=True, at=at, facts_only=True).changed
    if changed:
        live.tell(BOARD)
    return changed


def recheck_changed_facts(*, at: datetime) -> int:
    """Judge everybody of whom something was recorded after their last judgement; returns how many.

    Whoever records a fact judges its case in the same act; this finds what such an act left out.
    """
    person, judged = OuterRef("case__person"), OuterRef("judged_at")
    newer = (
        TravelDocument.objects.filter(person=person, recorded_at__gt=judged),
        Nationality.objects.filter(person=person, recorded_at__gt=judged),
        ChildArrangement.objects.filter(person=person, recorded_at__gt=judged),
        Consent.objects.filter(Q(recorded_at__gt=judged) | Q(withdrawn_at__gt=judged), person=person),
        Proof.objects.filter(
            Q(person=person) | Q(group=OuterRef("case__person__group")),
            Q(recorded_at__gt=judged) | Q(withdrawn_at__gt=judged),
        ),
        ProtectionHold.objects.filter(Q(set_at__gt=judged) | Q(cleared_at__gt=judged), person=person),
    )
    wanted = Q()
    for rows in newer:
        wanted |= Q(Exists(rows))
    stale = CaseReadiness.objects.filter(wanted, case__closed_at__isnull=True)
    cases = list(stale.values_list("case", flat=True))
    if cases:
        readiness.check(cases=cases, at=at, facts_only=True)
        CaseReadiness.objects.filter(case__in=cases).update(judged_at=at)
    return len(cases)


def count_heads_anew(*, at: datetime) -> None:
    """Bring the counts of the board up to date with head counts of groups in which nobody is registered yet."""
    directions = TravelGroup.objects.waiting().values_list("crossing", "from_country", "to_country").distinct()
    readiness.check(cases=[], directions=list(directions), at=at)
