"""Open cases, agree on the hour at the barrier, close cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from common import audit, numbers, wall_time
from common.actors import Actor
from common.many_rows import Mould, store_many
from corridors.enums import Mode
from corridors.models import BorderCrossing, CorridorVersion
from corridors.standings import standing_of, standing_version, to_be_planned
from corridors.terms import opens_next, terms_of, within_windows
from corridors.windows import zones_meant
from migrants.erasure import is_erased
from migrants.models import Migrant, TravelGroup
from migrants.models.people import MigrantQuerySet
from returns import board_counts, readiness
from returns.corridor_waivers import follow_plans
from returns.enums import CaseOutcome, StepKind
from returns.ledgers import LONGEST_QUEUE
from returns.models import CaseStep, Plan, ReturnCase
from returns.stopped_corridors import end_where_planned_otherwise

LONGEST_QUEUE_MINUTES = LONGEST_QUEUE // timedelta(minutes=1)
QUEUE_STEP = 30
"""Minutes. Nobody knows a queue better, and a plan that moved with each minute would be judged again all day."""
FURTHEST_PLAN = timedelta(days=366)


class CaseError(Exception):
    """Something about a case cannot be done; the text is a sentence that says why and what to do."""


class PlanError(CaseError):
    """An hour at the barrier that cannot be: it does not exist, exists twice, has passed, or is elsewhere."""


@transaction.atomic
def open_cases(
    *, people: Iterable[Migrant], by: Actor, at: datetime, through: models.Model | None = None, judged: bool = True
) -> list[ReturnCase]:
    """Open a case for each person who has none open, and judge the new ones; returns the new cases.

    `through` is the list that brought them, on which one act is recorded for all. `judged` False: the caller judges them.
    """
    wanted = {person.pk: person for person in people}
    if through is None:
        _locked(wanted)
    known = set(ReturnCase.objects.open().filter(person__in=wanted).values_list("person", flat=True))
    newcomers = [person for key, person in wanted.items() if key not in known]
    given = numbers.draw(ReturnCase._meta.db_table, len(newcomers))
    mould = Mould(ReturnCase, opened_at=at, by=by)
    cases = store_many(
        mould.cast(person_id=person.pk, mission_id=person.mission_id, number=number)
        for person, number in zip(newcomers, given, strict=True)
    )
    audit.record_each("case opened", cases, through=through, by=by, at=at)
    if cases and judged:
        readiness.check(cases=[case.pk for case in cases], at=at, facts_only=True)
    return cases


@transaction.atomic
def set_plan(
    *,
    group: TravelGroup,
    crossing: BorderCrossing,
    corridor_version: CorridorVersion | None,
    local_time: datetime,
    zone: str,
    queue_minutes: int,
    mode: str = "",
    by: Actor,
    at: datetime,
) -> Plan:
    """Agree when and where a group stands at the barrier, and judge all of it for that hour.

    `local_time` is the naive wall time in `zone`, the zone of one side of the crossing; `mode` is by what they cross,
    empty while nobody knows. The queue is rounded up to half hours. Unregistered heads belong to the plan too. A corridor
    is named by the version of it that its parties were asked about last (rule 37). Raises PlanError.
    """
    plans, refused = set_plans(
        groups=[group],
        crossing=crossing,
        corridor_version=corridor_version,
        local_time=local_time,
        zone=zone,
        queue_minutes=queue_minutes,
        mode=mode,
        by=by,
        at=at,
    )
    if refused:
        raise PlanError(refused[group.pk])
    return plans[0]


@transaction.atomic
def set_plans(
    *,
    groups: Collection[TravelGroup],
    crossing: BorderCrossing,
    corridor_version: CorridorVersion | None,
    local_time: datetime,
    zone: str,
    queue_minutes: int,
    mode: str = "",
    by: Actor,
    at: datetime,
) -> tuple[list[Plan], dict[int, str]]:
    """Agree on the same hour for many groups, as `set_plan` does for one, and judge them all together.

    Gives the plans, and why each group that cannot be planned so is left as it is, by its key. The number of statements does
    not depend on the number of groups.
    """
    prefetch_related_objects([crossing], "sides")
    refused, ways = _ways(groups, crossing)
    try:
        cross_at = _hour(crossing, local_time, zone, queue_minutes, mode, at=at)
    except PlanError as error:
        return [], refused | dict.fromkeys(ways, str(error))
    for countries in set(ways.values()):
        try:
            _refuse_strange_corridor(corridor_version, crossing, countries, at=at)
        except PlanError as error:
            refused |= {key: str(error) for key, way in ways.items() if way == countries}
    planned = [group for group in groups if group.pk not in refused]
    said = {
        "crossing": crossing,
        "corridor_version": corridor_version,
        "cross_at": cross_at,
        "local_time": local_time.replace(tzinfo=UTC),
        "zone": zone,
        "queue_minutes": -(-queue_minutes // QUEUE_STEP) * QUEUE_STEP,
        "mode": mode,
        "set_at": at,
        "by": by,
    }
    plans = _store_plans(planned, ways, said, by=by, at=at)
    follow_plans(plans=plans, version=corridor_version, by=by, at=at)
    end_where_planned_otherwise(plans=plans, version=corridor_version, by=by, at=at)
    if len(planned) == 1:
        readiness.check(group=planned[0], at=at, facts_only=True)
    elif planned:
        cases = ReturnCase.objects.open().living().filter(person__group__in=planned)
        readiness.check(cases=list(cases.values_list("pk", flat=True)), at=at, facts_only=True)
    return plans, refused


def _ways(groups: Iterable[TravelGroup], crossing: BorderCrossing) -> tuple[dict[int, str], dict[int, tuple[str, str]]]:
    """Give by the key of each group why it cannot pass there, or else from where it comes and where it goes."""
    refused, ways = {}, {}
    for group in groups:
        try:
            ways[group.pk] = _direction(group, crossing)
        except PlanError as error:
            refused[group.pk] = str(error)
    return refused, ways


def _hour(
    crossing: BorderCrossing, local_time: datetime, zone: str, queue_minutes: int, mode: str, *, at: datetime
) -> datetime:
    """Give the instant that is agreed. Raises PlanError for one that cannot be, whoever the group is."""
    _refuse_strange_zone(crossing, zone)
    if not 0 <= queue_minutes <= LONGEST_QUEUE_MINUTES:
        raise PlanError(_("The queue lasts from 0 minutes to 24 hours; give it in minutes."))
    if mode and mode not in Mode.values:
        raise PlanError(_("Say by what they cross: choose from the list, or leave it open."))
    cross_at = instant_of(local_time, zone)
    _refuse_absurd(cross_at, at=at)
    return cross_at


def _store_plans(
    groups: Collection[TravelGroup],
    ways: Mapping[int, tuple[str, str]],
    said: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> list[Plan]:
    """Write the plan of each group, or change the one that it has; groups take turns."""
    keys = [group.pk for group in groups]
    list(TravelGroup.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))
    known = {plan.group_id: plan for plan in Plan.objects.select_for_update().filter(group__in=keys)}
    plans = []
    for group in groups:
        plan = known.get(group.pk) or Plan()
        from_country, to_country = ways[group.pk]
        own = {"group": group, "mission_id": group.mission_id, "from_country": from_country, "to_country": to_country}
        for name, value in {**said, **own}.items():
            setattr(plan, name, value)
        plans.append(plan)
    Plan.objects.bulk_update([plan for plan in plans if plan.pk], [*said, "mission", "from_country", "to_country"])
    audited = [("plan changed" if plan.pk else "plan set", plan) for plan in plans]
    Plan.objects.bulk_create([plan for plan in plans if not plan.pk])
    audit.record_many(audited, by=by, at=at)
    return plans


def _refuse_strange_zone(crossing: BorderCrossing, zone: str) -> None:
    zones = {side.zone for side in crossing.sides.all()}
    if zone not in zones:
        words = _("This crossing keeps the time of %(zones)s; choose one of them.")
        raise PlanError(words % {"zones": ", ".join(sorted(zones))})


def instant_of(local_time: datetime, zone: str) -> datetime:
    """Give the UTC instant of a naive wall time. Raises PlanError where clocks skip that hour or show it twice."""
    try:
        return wall_time.instant_of(local_time, zone)
    except wall_time.WallTimeError as error:
        raise PlanError(str(error)) from error


def _direction(group: TravelGroup, crossing: BorderCrossing) -> tuple[str, str]:
    """Give the direction of crossing: the group's own, or at another crossing the one that leads out of the same country."""
    if crossing.pk == group.crossing_id:
        return group.from_country, group.to_country
    sides = [side.country for side in crossing.sides.all()]
    others = [country for country in sides if country != group.from_country]
    if group.from_country not in sides or not others:
        raise PlanError(
            _("The group waits in another country than this crossing; choose a crossing that leads out of it.")
        )
    return group.from_country, others[0]


def _refuse_absurd(cross_at: datetime, *, at: datetime) -> None:
    if cross_at <= at:
        raise PlanError(_("That hour has passed already; give one that is still to come."))
    if cross_at > at + FURTHEST_PLAN:
        raise PlanError(_("That is more than a year ahead; check the year."))


def _refuse_strange_corridor(
    version: CorridorVersion | None, crossing: BorderCrossing, countries: tuple[str, str], *, at: datetime
) -> None:
    if version is None:
        return
    corridor = version.corridor
    if corridor.entry_id != crossing.pk or (corridor.from_country, corridor.transit_country) != countries:
        raise PlanError(
            _(
                "The corridor %(corridor)s does not begin at this crossing in this direction; choose another one or none."
            )
            % {"corridor": corridor.name}
        )
    if to_be_planned(CorridorVersion.objects.filter(pk=version.pk), at=at).exists():
        return
    standing = standing_of(version, at=at)
    said = {"n": version.number, "corridor": corridor.name, "state": standing.words}
    newest = standing_version(corridor)
    if newest is not None and newest.pk != version.pk:
        words = _("Version %(n)d of %(corridor)s: %(state)s. Version %(new)d is the one that stands; choose it.")
        raise PlanError(words % {**said, "new": newest.number})
    words = _(
        "Version %(n)d of %(corridor)s cannot be planned: %(state)s. Choose another corridor, or ask its parties."
    )
    raise PlanError(words % said)


def outside_the_window(plan: Plan, *, at: datetime) -> str:
    """A sentence where nobody may enter by the corridor at the hour that is agreed, with the next window; else empty."""
    version = plan.corridor_version
    if version is None or not version.has_window or within_windows(version, plan.cross_at):
        return ""
    said = {
        "corridor": version.corridor.name,
        "next": opens_next(terms_of(version), zones_meant(version), at=at),
    }
    return _("At that hour nobody may enter by %(corridor)s. %(next)s") % said


@transaction.atomic
def close_cases(
    *, cases: Collection[ReturnCase], why: str, outcome: str = CaseOutcome.OTHER, by: Actor, at: datetime
) -> int:
    """Close cases with how they ended and why; their judgement counts no longer. Returns how many were open until now."""
    if not why.strip():
        raise CaseError(_("Say why the case is closed."))
    if outcome not in CaseOutcome.values:
        raise CaseError(_("Say how the case ended: choose from the list."))
    rows = ReturnCase.objects.open().filter(pk__in=[case.pk for case in cases])
    ending = list(rows.select_for_update(of=("self",)).select_related("person").order_by("pk"))
    with board_counts.carried(people=[case.person_id for case in ending]):
        rows.update(closed_at=at, outcome=outcome)
    _log(ending, StepKind.CLOSED, why=why, by=by, at=at)
    audit.record_many((("case closed", case) for case in ending), by=by, at=at, why=why)
    _judge_groups(ending, at=at)
    return len(ending)


@transaction.atomic
def reopen_cases(*, cases: Collection[ReturnCase], why: str, by: Actor, at: datetime) -> int:
    """Take the closing of cases back, because it was a mistake; returns how many. Raises CaseError and changes nothing.

    A person who has another open case since, whose record was taken into another, or who was erased, keeps what is.
    """
    if not why.strip():
        raise CaseError(_("Say why the case is opened again."))
    rows = ReturnCase.objects.filter(pk__in=[case.pk for case in cases], closed_at__isnull=False)
    if _locked(rows.values("person")).filter(is_erased("pk")).exists():
        raise CaseError(_("Somebody of these was erased: nobody knows any more whose case that was."))
    closed = list(rows.select_for_update(of=("self",)).select_related("person").order_by("pk"))
    others = ReturnCase.objects.open().filter(person__in=[case.person_id for case in closed])
    if others.exists() or any(case.person.merged_into_id for case in closed):
        raise CaseError(_("Somebody of these has another open case already, or is known under another number."))
    with board_counts.carried(people=[case.person_id for case in closed]):
        rows.update(closed_at=None, outcome="")
    _log(closed, StepKind.REOPENED, why=why, by=by, at=at)
    audit.record_many((("case opened again", case) for case in closed), by=by, at=at, why=why)
    _judge_groups(closed, at=at)
    return len(closed)


def _locked(people: Collection[int] | QuerySet[ReturnCase, Any]) -> MigrantQuerySet:
    """Let whoever opens a case of one of these people (keys) wait until this has ended; gives their records."""
    rows: MigrantQuerySet = Migrant.objects.filter(pk__in=people)
    list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    return rows


def _log(cases: Iterable[ReturnCase], kind: StepKind, *, why: str, by: Actor, at: datetime) -> None:
    mould = Mould(CaseStep, kind=kind, why=why.strip()[:300], at=at, by=by)
    store_many(mould.cast(case_id=case.pk, group_id=case.person.group_id, mission_id=case.mission_id) for case in cases)


def _judge_groups(cases: Collection[ReturnCase], *, at: datetime) -> None:
    for group in TravelGroup.objects.filter(pk__in={case.person.group_id for case in cases}):
        readiness.check(group=group, at=at, facts_only=True)
