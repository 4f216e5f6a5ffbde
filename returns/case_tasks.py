"""Tasks: something to be done for a group or one of its cases, by somebody or by whoever holds a role, until an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.models import TravelGroup
from returns.colleagues import Colleague, colleagues_of
from returns.enums import OwnerRole, StepKind, TaskState
from returns.models import CaseStep, CaseTask, ReturnCase

FURTHEST = timedelta(days=366)


class TaskError(RefusalError):
    """A task that cannot be, or that is not open any more. `field` names what to mend, `sentence` how."""


@transaction.atomic
def open_task(
    *,
    group: TravelGroup,
    title: str,
    due_at: datetime,
    owner: UUID | None = None,
    role: str = "",
    case: ReturnCase | None = None,
    about: str = "",
    by: Actor,
    at: datetime,
) -> CaseTask:
    """Write down what is to be done until `due_at`, by the account `owner` (public id) or by whoever holds `role`.

    `about` is a reference to what raised it (`corridor-version:<public id>`, `movement:<public id>`): while a task about it
    is open in the group, raising it again changes nothing and gives that task. Raises TaskError.
    """
    words = title.strip()
    if not words:
        raise TaskError("title", _("Say what is to be done."))
    if due_at > at + FURTHEST:
        raise TaskError("due_at", _("That is more than a year ahead; check the year."))
    TravelGroup.objects.select_for_update(of=("self",), no_key=True).get(pk=group.pk)
    standing = CaseTask.objects.open().filter(group=group, about=about).first() if about else None
    if standing is not None:
        return standing
    if case is not None and case.person.group_id != group.pk:
        raise TaskError("case", _("This person is not in the group. Open the page again."))
    somebody = _somebody(group, owner, role, at=at)
    task = CaseTask.objects.create(
        group=group,
        case=case,
        mission_id=group.mission_id,
        about=about,
        title=words,
        due_at=due_at,
        owner=somebody.account if somebody else None,
        owner_name=somebody.name if somebody else "",
        role="" if somebody else role,
        made_at=at,
        by=by,
    )
    audit.record("task opened", task, by=by, at=at)
    return task


@transaction.atomic
def end_task(*, task: CaseTask, state: str, note: str = "", by: Actor, at: datetime) -> CaseTask:
    """Say that a task is done, or not needed any more (then why). Done twice is done once. Raises TaskError."""
    task = _locked(task)
    if task.state == state:
        return task
    if state not in {TaskState.DONE, TaskState.DROPPED}:
        raise TaskError("state", _("A task is done, or not needed any more."))
    if task.state != TaskState.OPEN:
        raise TaskError("state", _("This task has ended already. Open it again first."))
    if state == TaskState.DROPPED and not note.strip():
        raise TaskError("note", _("Say why it is not needed any more."))
    task.state, task.ended_at, task.ended_by, task.end_note = state, at, by, note.strip()
    task.save(update_fields=["state", "ended_at", "ended_by", "end_note"])
    done = state == TaskState.DONE
    _log(task, StepKind.TASK_DONE if done else StepKind.TASK_DROPPED, why=note, by=by, at=at)
    audit.record("task done" if done else "task dropped", task, by=by, at=at)
    return task


@transaction.atomic
def reopen_task(*, task: CaseTask, why: str, by: Actor, at: datetime) -> CaseTask:
    """Open a task again that was ended too early; its hour stays. Raises TaskError."""
    task = _locked(task)
    if task.state == TaskState.OPEN:
        return task
    if not why.strip():
        raise TaskError("note", _("Say why it is to be done after all."))
    if task.about and CaseTask.objects.open().filter(group=task.group_id, about=task.about).exists():
        raise TaskError("note", _("There is an open task about this already."))
    task.state, task.ended_at, task.ended_by, task.end_note = TaskState.OPEN, None, None, ""
    task.save(update_fields=["state", "ended_at", "ended_by", "end_note"])
    _log(task, StepKind.TASK_REOPENED, why=why, by=by, at=at)
    audit.record("task opened again", task, by=by, at=at)
    return task


@transaction.atomic
def give_task(*, task: CaseTask, owner: UUID | None, role: str = "", by: Actor, at: datetime) -> CaseTask:
    """Give an open task to somebody else, or to whoever holds a role. Raises TaskError."""
    task = _locked(task)
    if task.state != TaskState.OPEN:
        raise TaskError("owner", _("This task has ended already. Open it again first."))
    somebody = _somebody(task.group, owner, role, at=at)
    given = (somebody.account, somebody.name, "") if somebody else (None, "", role)
    if given == (task.owner, task.owner_name, task.role):
        return task
    task.owner, task.owner_name, task.role = given
    task.save(update_fields=["owner", "owner_name", "role"])
    _log(task, StepKind.TASK_GIVEN, why=task.owner_name or str(OwnerRole(task.role).label), by=by, at=at)
    audit.record("task given", task, by=by, at=at)
    return task


def _somebody(group: TravelGroup, owner: UUID | None, role: str, *, at: datetime) -> Colleague | None:
    """Give the colleague who is named, or None where it is a role's. Raises TaskError."""
    if owner is None:
        if role not in OwnerRole.values:
            raise TaskError("owner", _("Choose who does it: a colleague, or a role."))
        return None
    found = next((each for each in colleagues_of(group, at=at) if each.account == owner), None)
    if found is None:
        raise TaskError("owner", _("This colleague cannot open the group. Choose somebody who can, or a role."))
    return found


def _locked(task: CaseTask) -> CaseTask:
    rows = CaseTask.objects.select_for_update(of=("self",)).select_related("group__crossing", "case")
    return rows.get(pk=task.pk)


def _log(task: CaseTask, kind: StepKind, *, why: str, by: Actor, at: datetime) -> None:
    CaseStep.objects.create(
        group_id=task.group_id,
        case_id=task.case_id,
        task=task,
        mission_id=task.mission_id,
        kind=kind,
        why=why.strip(),
        at=at,
        by=by,
    )
