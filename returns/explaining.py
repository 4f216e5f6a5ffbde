"""Saying why heads differ: so many of them by one reason of the list, with a name where somebody is missing (rule 24)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.models import Migrant
from returns import absences, stages
from returns.models import Checkpoint, Difference
from returns.movements import locked
from returns.reconciliation import differences


class ExplanationError(RefusalError):
    """An explanation that does not fit. `field` names what to mend, `sentence` how."""


@transaction.atomic
def explain(
    *,
    checkpoint: Checkpoint,
    kind: str,
    heads: int,
    note: str = "",
    people: Collection[Migrant] = (),
    by: Actor,
    at: datetime,
) -> Difference:
    """Say why so many heads are more or fewer than before, and who of the manifest is missing, where that is known.

    Raises ExplanationError where it does not fit the difference, AbsenceError for somebody who cannot be named.
    """
    movement = locked(checkpoint.movement)
    checkpoint = Checkpoint.objects.select_related("movement", "vehicle").get(pk=checkpoint.pk)
    if checkpoint.movement.ended_at is not None:
        raise ExplanationError("checkpoint", _("This movement is closed; what happened stays as it was written down."))
    if Checkpoint.objects.filter(recount_of=checkpoint).exists():
        raise ExplanationError("checkpoint", _("This bus was counted again; explain the newer count, if it differs."))
    _refuse_misfit(checkpoint, kind, heads)
    row = Difference.objects.create(
        checkpoint=checkpoint,
        mission_id=checkpoint.mission_id,
        kind=kind,
        heads=heads,
        note=note.strip(),
        explained_at=at,
        by=by,
    )
    audit.record("difference explained", row, by=by, at=at)
    absences.name_absent(difference=row, people=people, by=by, at=at)
    stages.freeze_stages(movement, by=by, at=at)
    return row


def _refuse_misfit(checkpoint: Checkpoint, kind: str, heads: int) -> None:
    found = next(iter(differences(checkpoint.movement, [checkpoint])), None)
    if found is None or found.open == 0:
        raise ExplanationError("checkpoint", _("Nothing is left to explain here."))
    if kind not in dict(found.kinds):
        more = _("Heads are more than before: choose why somebody was added.")
        fewer = _("Heads are fewer than before: choose why somebody is missing.")
        raise ExplanationError("kind", more if found.heads > 0 else fewer)
    if not 1 <= heads <= found.open:
        raise ExplanationError(
            "heads",
            ngettext(
                "%(n)d head is left to explain; give that number or less.",
                "%(n)d heads are left to explain; give that number or less.",
                found.open,
            )
            % {"n": found.open},
        )
