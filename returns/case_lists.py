"""Which cases a list shows: what may be asked of it, and the rows that answer. No word that somebody typed is part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from returns import case_stages
from returns.enums import STANDS_IN_THE_WAY, CaseStage, OwnerRole, Verdict
from returns.models import CaseTask, Plan, ReturnCase
from returns.models.cases import ReturnCaseQuerySet

ME, ROLE = "me", "role:"
TASKS = ("open", "overdue", "none")
PLACES = {"crossing": "crossing__code", "from": "from_country", "to": "to_country"}
Asked = dict[str, str]


def _is_owner(text: str) -> bool:
    if text.startswith(ROLE):
        return text.removeprefix(ROLE) in OwnerRole.values
    return text == ME or re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) is not None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


MEANT = {
    "show": lambda text: text in {"stopped", "all", *Verdict.values},
    "stage": lambda text: text in CaseStage.values,
    "crossing": lambda text: re.fullmatch(r"[A-Z0-9-]{2,20}", text) is not None,
    "from": lambda text: re.fullmatch(r"[A-Z]{3}", text) is not None,
    "to": lambda text: re.fullmatch(r"[A-Z]{3}", text) is not None,
    "owner": _is_owner,
    "task": lambda text: text in TASKS,
    "day": _is_day,
}
"""What may be asked, each a code, a reference or a day: so nothing about a person can be stored with a filter."""


def asked_of(query: Mapping[str, Any]) -> Asked:
    """Give what of an address can be meant, and nothing else of it."""
    return {name: text for name, is_meant in MEANT.items() if (text := str(query.get(name) or "")) and is_meant(text)}


def cases_like(rows: ReturnCaseQuerySet, asked: Asked, *, account: UUID, at: datetime) -> QuerySet[ReturnCase]:
    """Narrow cases to those that `asked` means, by number of the person; `me` is `account`. `show` is “stopped” by itself.

    Open ones of groups that wait, judged once; of closed ones (stage) the judgement counts no longer.
    """
    found: Any = rows.living().select_related("person__group", "readiness").order_by("person__number")
    if asked.get("stage") == CaseStage.CLOSED:
        found = found.filter(closed_at__isnull=False)
    else:
        found = found.open().filter(person__group__closed_at__isnull=True, readiness__isnull=False)
        found = _shown(found, asked.get("show", "stopped"))
        if asked.get("stage"):
            found = case_stages.in_stage(found, asked["stage"], at=at)
    for name, path in PLACES.items():
        if asked.get(name):
            found = found.filter(**{f"person__group__{path}": asked[name]})
    if asked.get("day"):
        found = found.filter(Exists(_planned_on(date.fromisoformat(asked["day"]))))
    narrowed: QuerySet[ReturnCase] = _with_tasks(found, asked, account=account, at=at)
    return narrowed


def _shown(rows: Any, show: str) -> Any:
    if show == "stopped":
        return rows.filter(readiness__worst__in=STANDS_IN_THE_WAY)
    return rows if show == "all" else rows.filter(readiness__worst=show)


def _planned_on(day: date) -> QuerySet[Plan]:
    """Plans of that day on the clock of the crossing: the wall time is kept as it was said."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Plan.objects.filter(
        group=OuterRef("person__group"), local_time__gte=start, local_time__lt=start + timedelta(days=1)
    )


def _with_tasks(rows: Any, asked: Asked, *, account: UUID, at: datetime) -> Any:
    """By tasks about the case, or about its whole group."""
    of_it = CaseTask.objects.open().filter(Q(case=OuterRef("pk")) | Q(case=None, group=OuterRef("person__group")))
    wanted, whose = asked.get("task"), asked.get("owner", "")
    if whose.startswith(ROLE):
        of_it = of_it.filter(role=whose.removeprefix(ROLE))
    elif whose:
        of_it = of_it.filter(owner=account if whose == ME else UUID(whose))
    if wanted == "none":
        return rows.filter(~Exists(of_it))
    if wanted == "overdue":
        of_it = of_it.filter(due_at__lte=at)
    return rows.filter(Exists(of_it)) if wanted or whose else rows


def next_tasks(cases: Iterable[ReturnCase]) -> dict[int, CaseTask]:
    """Give the open task of each case (key) that is due first, its own or that of the whole group; one query."""
    cases = list(cases)
    groups = {case.pk: case.person.group_id for case in cases}
    near = Q(case__in=list(groups)) | Q(case=None, group__in=set(filter(None, groups.values())))
    own: dict[int, CaseTask] = {}
    shared: dict[int, CaseTask] = {}
    for task in CaseTask.objects.open().filter(near).order_by("due_at", "pk"):
        if task.case_id is not None:
            own.setdefault(task.case_id, task)
        else:
            shared.setdefault(task.group_id, task)
    found: dict[int, CaseTask] = {}
    for key, group in groups.items():
        due = [task for task in (own.get(key), shared.get(group or 0)) if task is not None]
        if due:
            found[key] = min(due, key=lambda task: task.due_at)
    return found
