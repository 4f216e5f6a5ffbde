"""One act on many cases: foreseen before it is done, done in sets, and taken back within minutes where nothing happened since.

A stage is nowhere stored (`returns/case_stages.py`), so it is set by what makes it: a plan, or the closing with its outcome.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.many_rows import Mould, store_many
from common.refusals import RefusalError
from migrants import consents
from migrants.models import TravelGroup
from returns import cases as plans
from returns.cases import CaseError
from returns.colleagues import colleagues_of_each
from returns.ending import STILL_SHOWN
from returns.enums import ManyKind, OwnerRole
from returns.models import ActedCase, ActOnMany, CaseTask, Movement, Plan, ReturnCase, Seat
from returns.plans_before import snapshot_of

MOST = 500
"""Cases of one act: more are narrowed first, so that somebody has looked at whom it hits."""
UNDO_WITHIN = timedelta(minutes=15)


class ManyError(RefusalError):
    """An act on many that cannot be. `field` names what to mend, `sentence` how."""


class _TakenBackError(Exception):
    """Ends a preview."""


@dataclass(slots=True)
class Outlook:
    """What an act does or would do: the cases (keys) that it hits, and those that it leaves, by the reason why.

    `with_them` counts people of the same groups who were not chosen: a plan is the group's. `fingerprint` of it all.
    """

    hits: list[int] = field(default_factory=list)
    leaves: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    tasks: dict[int, CaseTask] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    with_them: int = 0
    fingerprint: str = ""

    @property
    def left(self) -> int:
        return sum(map(len, self.leaves.values()))


Said = Mapping[str, Any]


def foresee(*, kind: str, cases: Collection[ReturnCase], said: Said, by: Actor, at: datetime) -> Outlook:
    """Give what the act would do: it is done, looked at and taken back whole. Raises what the act itself would raise."""
    seen: list[Outlook] = []
    with suppress(_TakenBackError), transaction.atomic():
        seen.append(_do(kind, cases, said, by=by, at=at))
        raise _TakenBackError
    return seen[0]


@transaction.atomic
def act_on_many(
    *,
    kind: str,
    cases: Collection[ReturnCase],
    said: Said,
    foreseen: str,
    account: UUID,
    by: Actor,
    at: datetime,
) -> ActOnMany:
    """Do to many cases what was foreseen (its fingerprint), with one audit row for each of them.

    `said` is what the kind asks for: `outcome` and `why` to close; `title`, `due_at`, `owner` or `role` of a task for each;
    `crossing`, `corridor_version`, `local_time`, `zone`, `queue_minutes` and `mode` of a plan. Raises ManyError and changes
    nothing where it would hit other cases than were shown.
    """
    done = _do(kind, cases, said, by=by, at=at)
    if done.fingerprint != foreseen:
        raise ManyError("", _("Something has changed since this was shown. Look at it again; nothing was done."))
    if not done.hits:
        raise ManyError("", _("It can be done for none of these cases."))
    first = ReturnCase.objects.get(pk=done.hits[0])
    row = ActOnMany.objects.create(
        mission_id=first.mission_id,
        account=account,
        kind=kind,
        words=str(said.get("title") or said.get("why") or "")[:300],
        before=done.before,
        how_many=len(done.hits),
        refused=done.left,
        made_at=at,
        by=by,
    )
    store_many(ActedCase(act=row, case_id=key, task=done.tasks.get(key)) for key in done.hits)
    audit.record("act on many cases", row, by=by, at=at)
    return row


def _do(kind: str, cases: Collection[ReturnCase], said: Said, *, by: Actor, at: datetime) -> Outlook:
    if not 0 < len(cases) <= MOST:
        raise ManyError("", _("Choose from 1 to 500 cases; narrow the list first."))
    rows = ReturnCase.objects.select_for_update(of=("self",)).filter(pk__in=[case.pk for case in cases])
    found = list(rows.select_related("person__group__crossing").order_by("pk"))
    outlook = Outlook()
    open_ones = [case for case in found if _keeps(outlook, case, case.closed_at is None, _("The case is closed."))]
    acts: dict[str, Callable[..., None]] = {ManyKind.CLOSE: _close, ManyKind.TASK: _give_tasks, ManyKind.PLAN: _plan}
    if kind not in acts:
        raise ManyError("kind", _("Choose what is to be done."))
    acts[kind](outlook, open_ones, said, by=by, at=at)
    outlook.hits.sort()
    told = [kind, outlook.hits, sorted(outlook.leaves.items()), outlook.with_them, sorted(_words(said))]
    outlook.fingerprint = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return outlook


def _words(said: Said) -> Iterable[tuple[str, str]]:
    return ((name, str(getattr(value, "pk", value))) for name, value in said.items())


def _keeps(outlook: Outlook, case: ReturnCase, is_so: bool, sentence: str) -> bool:
    """Tell whether it is so; where not, the case is left with the reason."""
    if not is_so:
        outlook.leaves[sentence].append(case.pk)
    return is_so


def _close(outlook: Outlook, rows: list[ReturnCase], said: Said, *, by: Actor, at: datetime) -> None:
    """Close those who have no seat; showing them ends as when one of them is closed alone."""
    seats = Seat.objects.filter(person__in=[case.person_id for case in rows], movement__in=Movement.objects.running())
    seated = set(seats.filter(vehicle__isnull=False).values_list("person", flat=True))
    words = _("The person has a seat in a movement. Take them off it first, or close the movement.")
    closing = [case for case in rows if _keeps(outlook, case, case.person_id not in seated, words)]
    try:
        plans.close_cases(cases=closing, why=said["why"], outcome=said["outcome"], by=by, at=at)
    except CaseError as error:
        raise ManyError("why", str(error)) from error
    if said["outcome"] not in STILL_SHOWN:
        consents.end_all(people=[case.person for case in closing], by=by, at=at)
    outlook.hits = [case.pk for case in closing]


def _give_tasks(outlook: Outlook, rows: list[ReturnCase], said: Said, *, by: Actor, at: datetime) -> None:
    """A task about each case, for one colleague who reaches its group, or for a role."""
    if not said["title"].strip():
        raise ManyError("title", _("Say what is to be done."))
    owner, role = said.get("owner"), said.get("role", "")
    if owner is None and role not in OwnerRole.values:
        raise ManyError("owner", _("Choose who does it: a colleague, or a role."))
    groups = {case.person.group_id: case.person.group for case in rows if case.person.group is not None}
    reaching = colleagues_of_each(groups.values(), at=at) if owner else {}
    names = {key: {each.account: each.name for each in found} for key, found in reaching.items()}
    nowhere, stranger = _("The person stands in no group."), _("This colleague cannot open the group.")
    given = [
        case
        for case in rows
        if _keeps(outlook, case, case.person.group_id is not None, nowhere)
        and _keeps(outlook, case, owner is None or owner in names[case.person.group_id or 0], stranger)
    ]
    mould = Mould(CaseTask, title=said["title"].strip(), due_at=said["due_at"], owner=owner, made_at=at, by=by)
    made = store_many(
        mould.cast(
            group_id=case.person.group_id,
            case_id=case.pk,
            mission_id=case.person.group.mission_id,  # type: ignore[union-attr]  # those without one are left
            owner_name=names[case.person.group_id or 0][owner] if owner else "",
            role="" if owner else role,
        )
        for case in given
    )
    audit.record_many((("task opened", task) for task in made), by=by, at=at)
    outlook.hits = [case.pk for case in given]
    outlook.tasks = {task.case_id: task for task in made if task.case_id is not None}


def _plan(outlook: Outlook, rows: list[ReturnCase], said: Said, *, by: Actor, at: datetime) -> None:
    """Plan the groups of these cases together, each as when it is planned alone; whoever else stands in them is planned too."""
    by_group: dict[TravelGroup, list[ReturnCase]] = defaultdict(list)
    for case in rows:
        if _keeps(outlook, case, case.person.group is not None, _("The person stands in no group.")):
            by_group[case.person.group].append(case)  # type: ignore[index]  # those without one are left
    groups = sorted(by_group, key=lambda group: group.pk)
    gone = set(Movement.objects.running().filter(group__in=groups).values_list("group", flat=True))
    standing = {plan.group_id: plan for plan in Plan.objects.filter(group__in=groups)}
    moving = _("The group has a movement already. Change its plan on the page of the group.")
    waiting = [group for group in groups if group.pk not in gone]
    _plans, refused = plans.set_plans(groups=waiting, **said, by=by, at=at)
    refused |= dict.fromkeys(gone, moving)
    planned = [group for group in groups if group.pk not in refused]
    for group in groups:
        keys = [case.pk for case in by_group[group]]
        if group.pk in refused:
            outlook.leaves[refused[group.pk]] += keys
            continue
        outlook.before[str(group.public_id)] = snapshot_of(standing.get(group.pk))
        outlook.hits += keys
    hit = [case for group in planned for case in by_group[group]]
    audit.record_many((("case planned", case) for case in hit), by=by, at=at)
    others = ReturnCase.objects.open().living().filter(person__group__in=planned)
    outlook.with_them = others.exclude(pk__in=outlook.hits).count()
