"""Who of a manifest did not come through: heads that are fewer get a name, so that nobody is sent home by mistake."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.models import Migrant
from returns.enums import DifferenceKind, ReceptionState
from returns.models import (
    Absence,
    Checkpoint,
    Difference,
    Manifest,
    ManifestEntry,
    Movement,
    ReceiverAnswer,
    Reception,
    ReturnCase,
)

ABSENT = frozenset(
    {
        DifferenceKind.HOSPITAL,
        DifferenceKind.NOT_TRAVELLING,
        DifferenceKind.NO_SHOW,
        DifferenceKind.CHANGED_MIND,
    }
)
"""Explanations behind which there is a person; a double entry is nobody."""


class AbsenceError(RefusalError):
    """Somebody who cannot be named as absent. `field` names what to mend, `sentence` how."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What closing a movement means for the open cases of its newest manifest."""

    home: tuple[ReturnCase, ...]
    changed_mind: tuple[ReturnCase, ...]
    stay_open: tuple[ReturnCase, ...]


def standing_absences(movement: Movement) -> QuerySet[Absence]:
    """Give those that rest on a count that stands; what explained a count that was replaced counts no longer."""
    return Absence.objects.filter(movement=movement, difference__checkpoint__recounted_by__isnull=True)


def may_be_named(checkpoint: Checkpoint) -> QuerySet[ManifestEntry]:
    """Give who of the newest manifest, in the bus that was counted, can still be the one who is missing; by name."""
    named = standing_absences(checkpoint.movement).filter(person=OuterRef("person"))
    newest = Manifest.objects.filter(movement=checkpoint.movement_id).order_by("-number").values("pk")[:1]
    rows = ManifestEntry.objects.filter(~Exists(named), manifest__in=newest)
    if checkpoint.vehicle_id is not None:
        rows = rows.filter(vehicle=checkpoint.vehicle_id)
    return rows.select_related("person", "vehicle").order_by("person__sort_key", "pk")


@transaction.atomic
def name_absent(*, difference: Difference, people: Collection[Migrant], by: Actor, at: datetime) -> int:
    """Write down whom an explanation of fewer heads is about; returns how many. Raises AbsenceError.

    Only whoever stands on the newest manifest in that bus, nobody twice, and no more people than heads.
    """
    movement = Movement.objects.select_for_update().get(pk=difference.checkpoint.movement_id)
    if not people:
        return 0
    if movement.ended_at is not None:
        raise AbsenceError("people", _("This movement is closed; what happened stays as it was written down."))
    if difference.kind not in ABSENT:
        raise AbsenceError("people", _("Behind this explanation there is nobody who is missing. Name nobody."))
    left = difference.heads - difference.absences.count()
    if len(people) > left:
        raise AbsenceError(
            "people",
            ngettext(
                "This explanation is for %(n)d more head; mark so many people or fewer.",
                "This explanation is for %(n)d more heads; mark so many people or fewer.",
                left,
            )
            % {"n": left},
        )
    wanted = {person.pk for person in people}
    if set(may_be_named(difference.checkpoint).filter(person__in=wanted).values_list("person", flat=True)) != wanted:
        raise AbsenceError(
            "people", _("Somebody of this list is not on the manifest of that bus. Open the page again.")
        )
    Absence.objects.filter(movement=movement, person__in=wanted).delete()
    rows = Absence.objects.bulk_create(
        Absence(
            movement=movement,
            mission_id=movement.mission_id,
            difference=difference,
            person_id=key,
            recorded_at=at,
            by=by,
        )
        for key in sorted(wanted)
    )
    audit.record_many((("absence written down", row) for row in rows), by=by, at=at)
    return len(rows)


def without_name(movement: Movement) -> list[Difference]:
    """Give the explanations of missing people that do not name all of them yet, in the order of the counts."""
    rows = Difference.objects.filter(
        checkpoint__movement=movement, checkpoint__recounted_by__isnull=True, kind__in=ABSENT
    ).annotate(named=Count("absences"))
    return list(rows.filter(named__lt=F("heads")).select_related("checkpoint__vehicle").order_by("pk"))


def ending_of(movement: Movement) -> Ending:
    """Tell who of the newest manifest is home, who changed their mind, and whose case stays open; five queries.

    Home is who was on the manifest in a bus that went through, is named in no explanation, and whom no receiver missed that
    another did not meet.
    """
    newest = movement.manifests.order_by("-number").first()
    cases = ReturnCase.objects.open().filter(manifest_entries__manifest=newest).select_related("person")
    kinds = dict(standing_absences(movement).values_list("person", "difference__kind"))
    said = [
        *Reception.objects.filter(handover__movement=movement).values_list("person", "state"),
        *ReceiverAnswer.objects.filter(word__movement=movement).values_list("person", "state"),
    ]
    missed = {person for person, state in said if state == ReceptionState.ABSENT}
    missed -= {person for person, state in said if state == ReceptionState.PRESENT}
    entries = ManifestEntry.objects.filter(manifest=newest, vehicle__turned_back_at__isnull=False)
    turned_back = set(entries.values_list("person", flat=True))
    home, changed, open_ = [], [], []
    for case in cases.order_by("person__sort_key", "pk"):
        if kinds.get(case.person_id) == DifferenceKind.CHANGED_MIND:
            changed.append(case)
        elif case.person_id in kinds or case.person_id in missed or case.person_id in turned_back:
            open_.append(case)
        else:
            home.append(case)
    return Ending(tuple(home), tuple(changed), tuple(open_))
