"""Somebody whom a receiver did not see although the case was closed as home: a task, so that somebody looks for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from common.actors import Actor
from common.audience import reaching_for
from returns.case_tasks import open_task
from returns.enums import CaseOutcome, OwnerRole, ReceptionState
from returns.models import CaseTask, ReceiverAnswer, ReceiverWord, Reception, ReturnCase

WITHIN = timedelta(hours=2)
"""By when somebody has asked after whoever is missed: they may have been taken away on the last stretch."""


@reaching_for("somebody is missed after the journey")
def look_for_the_missed(word: ReceiverWord, *, by: Actor, at: datetime) -> list[CaseTask]:
    """Open a task for the coordinators about each whom `word` missed, whom nobody else met, and whose case ended at home.

    The case stays closed, for the receiver may be wrong: whoever looks takes the closing back. The receiver sees none of this.
    Those whose case is open were kept so when the movement was closed.
    """
    missed = set(word.answers.filter(state=ReceptionState.ABSENT).values_list("person", flat=True))
    met = (
        Reception.objects.filter(handover__movement=word.movement_id),
        ReceiverAnswer.objects.filter(word__movement=word.movement_id),
    )
    for rows in met:
        missed -= set(rows.filter(state=ReceptionState.PRESENT, person__in=missed).values_list("person", flat=True))
    home = ReturnCase.objects.filter(manifest_entries__manifest__movement=word.movement_id, outcome=CaseOutcome.HOME)
    found = home.filter(person__in=missed).select_related("person__group").distinct().order_by("pk")
    with override("en"):
        return [_task(case, word, by=by, at=at) for case in found]


def _task(case: ReturnCase, word: ReceiverWord, *, by: Actor, at: datetime) -> CaseTask:
    title = _("%(receiver)s did not see %(number)s, whose case was closed as home. Find out where the person is.")
    return open_task(
        group=case.person.group or word.movement.group,
        case=case if case.person.group else None,
        title=(title % {"receiver": word.receiver.name_en, "number": case.person.number})[:200],
        due_at=at + WITHIN,
        role=OwnerRole.COORDINATOR,
        about=f"missed:{case.public_id}",
        by=by,
        at=at,
    )
