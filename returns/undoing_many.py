"""Take an act on many cases back while nothing has happened since; what has is left, and counted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.many_rows import Mould, store_many
from migrants.models import TravelGroup
from returns import cases
from returns.acts_on_many import UNDO_WITHIN, ManyError
from returns.enums import ManyKind, StepKind, TaskState
from returns.models import ActOnMany, CaseStep, CaseTask, Movement, Plan, ReturnCase
from returns.plans_before import restore


@transaction.atomic
def undo(*, act: ActOnMany, by: Actor, at: datetime) -> ActOnMany:
    """Take back what the act did to each case to which nothing has happened since; `how_many_undone` says how many.

    Once is enough. Raises ManyError after 15 minutes. Who saw somebody before the case was closed sees them no more: that
    does not come back.
    """
    act = ActOnMany.objects.select_for_update(of=("self",)).get(pk=act.pk)
    if act.undone_at is not None:
        return act
    if at > act.made_at + UNDO_WITHIN:
        raise ManyError("", _("More than 15 minutes have passed. Change the cases one by one, or by another act."))
    back = {ManyKind.CLOSE: _reopen, ManyKind.TASK: _drop, ManyKind.PLAN: _plan_back}[ManyKind(act.kind)]
    act.how_many_undone = back(act, by=by, at=at)
    act.undone_at, act.undone_by = at, by
    act.save(update_fields=["undone_at", "undone_by", "how_many_undone"])
    audit.record("act on many cases taken back", act, by=by, at=at)
    return act


def _reopen(act: ActOnMany, *, by: Actor, at: datetime) -> int:
    """Open those cases again that stand as the act left them, where the person has no other since."""
    rows = ReturnCase.objects.filter(pk__in=act.acted.values("case"), closed_at=act.made_at, person__merged_into=None)
    others = ReturnCase.objects.open().filter(person__in=rows.values("person")).values("person")
    closed = list(rows.exclude(person__in=others))
    return cases.reopen_cases(cases=closed, why=_("taken back"), by=by, at=at) if closed else 0


def _drop(act: ActOnMany, *, by: Actor, at: datetime) -> int:
    """End those tasks that nobody has done anything with."""
    rows = CaseTask.objects.select_for_update(of=("self",)).open().filter(pk__in=act.acted.values("task"))
    tasks = list(rows.exclude(steps__isnull=False))
    why = _("taken back")
    CaseTask.objects.filter(pk__in=[task.pk for task in tasks]).update(
        state=TaskState.DROPPED, ended_at=at, ended_by=by, end_note=why
    )
    mould = Mould(CaseStep, kind=StepKind.TASK_DROPPED, why=why, at=at, by=by)
    store_many(
        mould.cast(group_id=task.group_id, case_id=task.case_id, task_id=task.pk, mission_id=task.mission_id)
        for task in tasks
    )
    audit.record_many((("task dropped", task) for task in tasks), by=by, at=at)
    return len(tasks)


def _plan_back(act: ActOnMany, *, by: Actor, at: datetime) -> int:
    """Put the plans of those groups back that nobody has planned, or made a movement of, since."""
    plans = Plan.objects.select_for_update(of=("self",)).filter(
        group__public_id__in=list(act.before), set_at=act.made_at
    )
    moved = set(
        Movement.objects.filter(made_at__gte=act.made_at, group__in=plans.values("group")).values_list(
            "group", flat=True
        )
    )
    standing = {plan.group_id: plan for plan in plans if plan.group_id not in moved}
    groups = list(TravelGroup.objects.filter(pk__in=list(standing)).order_by("pk"))
    for group in groups:
        restore(group=group, plan=standing[group.pk], before=act.before[str(group.public_id)], by=by, at=at)
    return act.acted.filter(case__person__group__in=groups).count()
