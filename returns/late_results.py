"""Results that come too late to stop anybody: raised to the protection officers of the mission, never to a consulate (rule 25).

A letter of it names nobody and no result: it says that something waits in the closed room, and how many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.enums import TestResult
from migrants.models import HealthTest
from notifications.alerts import Told, raise_alert
from partners.models import Office
from returns.enums import MovementState
from returns.models import LateResult, ManifestEntry, Movement, ReturnCase

KIND = "late_results"
ANSWER_WITHIN = timedelta(days=2)
LONGEST_NOTE = 4000


class LateResultError(RefusalError):
    """A late result that cannot be taken up so; `field` and `sentence` say what to mend."""


@transaction.atomic
def raise_for(*, tests: Collection[HealthTest], by: Actor, at: datetime) -> list[LateResult]:
    """Raise those of `tests` whose result came after the case was closed or the group handed over; each test once.

    One alert for each mission and movement, to the mission alone. A constant number of queries besides the alerts.
    """
    told = [test for test in tests if test.result != TestResult.PENDING]
    movements = _out_of_our_hands(told)
    fresh = set(movements) - set(LateResult.objects.filter(test__in=movements).values_list("test", flat=True))
    rows = LateResult.objects.bulk_create(
        LateResult(
            person_id=test.person_id,
            test=test,
            mission_id=test.mission_id,
            movement=movements[test.pk],
            raised_at=at,
        )
        for test in told
        if test.pk in fresh
    )
    audit.record_many((("late result raised", row) for row in rows), by=by, at=at)
    together: dict[tuple[int, int | None], list[LateResult]] = defaultdict(list)
    for row in rows:
        together[row.mission_id, row.movement_id].append(row)
    for waiting in together.values():
        _tell(waiting, by=by, at=at)
    return rows


def _out_of_our_hands(tests: Collection[HealthTest]) -> dict[int, Movement | None]:
    """Give the late ones of `tests` by key, with the movement that ended, or None where only the case was closed."""
    people = [test.person_id for test in tests]
    still_helped = Exists(ReturnCase.objects.open().filter(person=OuterRef("person")))
    closed = dict(
        ReturnCase.objects.filter(~still_helped, person__in=people, closed_at__isnull=False)
        .values_list("person")
        .annotate(last=Max("closed_at"))
        .order_by()
    )
    handed_over = _handed_over(people)
    late: dict[int, Movement | None] = {}
    for test in tests:
        movement = handed_over.get(test.person_id)
        if movement is not None and movement.handed_over_at and movement.handed_over_at <= test.recorded_at:
            late[test.pk] = movement
        elif test.person_id in closed and closed[test.person_id] <= test.recorded_at:
            late[test.pk] = None
    return late


def _handed_over(people: Collection[int]) -> Mapping[int, Movement]:
    """Give the last movement that was handed over with each of `people` on a manifest, unless a newer case is open."""
    newer = ReturnCase.objects.open().filter(
        person=OuterRef("person"), opened_at__gt=OuterRef("manifest__movement__handed_over_at")
    )
    entries = ManifestEntry.objects.filter(
        ~Exists(newer), person__in=people, manifest__movement__state=MovementState.HANDED_OVER
    )
    ordered = entries.order_by("manifest__movement__handed_over_at").select_related("manifest__movement__group")
    return {entry.person_id: entry.manifest.movement for entry in ordered}


def _tell(rows: Collection[LateResult], *, by: Actor, at: datetime) -> None:
    first = next(iter(rows))
    mission = Office.objects.select_related("organisation").get(pk=first.mission_id)
    context: dict[str, Any] = {
        "movement": str(first.movement) if first.movement else "",
        "how_many": len(rows),
        "zones": [mission.zone],
    }
    raise_alert(
        kind=KIND,
        source=f"late-results:{first.public_id}",
        subject=f"mission:{mission.public_id}",
        context=context,
        told=[Told(mission.organisation)],
        expires_at=at + ANSWER_WITHIN,
        mission=mission.organisation.code,
        by=by,
        at=at,
    )


def message(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get: a number and the movement, no person and no result."""
    return {"movement": alert["movement"], "how_many": alert["how_many"], "language": language}


def sample() -> dict[str, Any]:
    """Invented results, to look at the messages."""
    return {"movement": "ZHI-0929-1 / 1", "how_many": 2, "zones": ["Asia/Almaty"]}


@transaction.atomic
def take_up(*, late: LateResult, note: str, by: Actor, at: datetime) -> LateResult:
    """Write down what was done about a late result; taking it up again changes nothing. Raises LateResultError."""
    late = LateResult.objects.select_for_update(of=("self",)).get(pk=late.pk)
    if late.taken_up_at is not None:
        return late
    if not note.strip():
        raise LateResultError("note", _("Write what you did about it, and whom you told."))
    late.taken_up_at, late.taken_up_by, late.note = at, by, note.strip()[:LONGEST_NOTE]
    late.save(update_fields=["taken_up_at", "taken_up_by", "note"])
    audit.record("late result taken up", late, by=by, at=at)
    return late
