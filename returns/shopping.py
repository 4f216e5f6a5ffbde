"""What would put a group right, as a list for whoever buys it: quantities, prices, and by when samples must be taken.

No name stands on it; case numbers do only where the laboratory needs them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from corridors.enums import RequirementSubject
from corridors.models import RequirementVersion
from migrants.models import Migrant, TravelGroup
from returns import funding
from returns.costs import CostLine, charged
from returns.enums import CaseVerdict, NeedKind, Verdict
from returns.matrix import Matrix, matrix_of
from returns.models import Need, Plan, ReturnCase
from returns.ways import zones_of

LONGEST_LOOK_BACK = timedelta(days=14)
MOST_AN_HOUR, LONGEST_RESULT = 10_000, 7 * 24 * 60


class PaceError(RefusalError):
    """A pace of a laboratory that cannot be; `field` names what to mend."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a laboratory works: tests an hour, minutes until a result is known, and its hours (None: day and night)."""

    laboratory: str
    an_hour: int
    result_minutes: int
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class Sampling:
    """When samples must be taken so that results are known at the barrier and still count when the queue is over.

    `start_by` is the latest hour to begin with all of them (None: nothing is in the way, or it cannot be said); `not_before`
    the earliest hour from which a sample counts; `in_time` how many can still be done from now on (None: not limited).
    """

    tests: int
    not_before: datetime | None
    last_at: datetime | None
    start_by: datetime | None
    in_time: int | None

    @property
    def is_short(self) -> bool:
        """Whether not everybody can be tested in time any more."""
        return self.in_time is not None and self.in_time < self.tests


@dataclass(frozen=True, slots=True)
class Item:
    """One line to buy; `what` in the words of the matrix, `numbers` the cases for which it is bought."""

    what: str
    line: CostLine
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShoppingList:
    """A group's list: how many are ready of all who stand there, the lines with something to buy, sums, and the sampling."""

    ready: int
    total: int
    items: tuple[Item, ...]
    totals: Mapping[str, Decimal]
    sampling: Sampling | None
    pace: Pace | None
    people: tuple[UUID, ...] = field(default=())
    """Public ids of those whose case numbers stand on it, for the access log."""


def shopping_list(
    group: TravelGroup, matrix: Matrix, *, zone: tzinfo, at: datetime, with_numbers: bool = False
) -> ShoppingList:
    """Give the list of a group from its matrix; `zone` is that of the laboratory's clock. Two queries at most."""
    plan = Plan.objects.filter(group=group).first()
    pace = pace_of(plan)
    names = {column.key: column.heading for column in matrix.columns}
    wanting = _numbers(matrix) if with_numbers else {}
    items = tuple(
        Item(names.get(line.key, line.subject), line, tuple(wanting.get((line.key, line.reason), ())))
        for line in matrix.cost.lines
        if line.amount
    )
    shown = {number for item in items for number in item.numbers}
    people = Migrant.objects.filter(cases__number__in=shown).values_list("public_id", flat=True) if shown else ()
    return ShoppingList(
        ready=sum(row.judged.verdict == CaseVerdict.READY for row in matrix.rows),
        total=matrix.heads.present,
        items=items,
        totals=matrix.cost.totals,
        sampling=sampling_of(matrix, pace, zone=zone, at=at),
        pace=pace,
        people=tuple(people),
    )


def _numbers(matrix: Matrix) -> dict[tuple[str, str], list[str]]:
    """The case numbers behind each line of the bill, in the order of the numbers: drawn by lot, they say nothing."""
    judged = [row.judged for row in matrix.rows]
    keys = [case.placed.case for case in judged]
    numbers = dict(ReturnCase.objects.filter(pk__in=keys).values_list("pk", "number"))
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    reasons = {Verdict.MISSING: "missing", Verdict.EXPIRING: "runs_out"}
    for rule, of_rule in charged(judged, matrix.rules):
        for case, finding in of_rule:
            if finding.price is not None and finding.verdict in reasons:
                found[rule.key, reasons[finding.verdict]].append(numbers[case.placed.case])
    return {line: sorted(there) for line, there in found.items()}


def pace_of(plan: Plan | None) -> Pace | None:
    """The pace of the laboratory that serves a group, where somebody has said it."""
    if plan is None or plan.tests_an_hour is None:
        return None
    return Pace(
        plan.laboratory,
        plan.tests_an_hour,
        plan.result_minutes or 0,
        plan.laboratory_opens,
        plan.laboratory_closes,
    )


def usual_pace(plan: Plan | None) -> Pace | None:
    """That pace, or the one that was last said of a laboratory at the same crossing, for whoever would type it again."""
    own = pace_of(plan)
    if own is not None or plan is None:
        return own
    others = Plan.objects.filter(crossing=plan.crossing_id, tests_an_hour__isnull=False)
    return pace_of(others.order_by("-set_at", "-pk").first())


def sampling_of(matrix: Matrix, pace: Pace | None, *, zone: tzinfo, at: datetime) -> Sampling | None:
    """Say when to take samples; None where nobody needs a test."""
    keys = {rule.key for rule in matrix.rules if rule.subject == RequirementSubject.HEALTH_TEST}
    wanting = sum(
        any(step.code == "take_test" for key in keys & findings.keys() for step in findings[key].cure)
        for findings in (row.judged.findings for row in matrix.rows)
    )
    tests = wanting + max((matrix.heads_asked.get(key, 0) for key in keys), default=0)
    if not tests:
        return None
    planned = matrix.barrier.planned if matrix.barrier else None
    if planned is None or pace is None:
        return Sampling(tests, matrix.sample_from, planned, None, None)
    last = planned - timedelta(minutes=pace.result_minutes)
    earliest = max(at, matrix.sample_from or at)
    return Sampling(
        tests, matrix.sample_from, last, latest_start(tests, pace, last, zone), _fits(pace, earliest, last, zone)
    )


def latest_start(tests: int, pace: Pace, last: datetime, zone: tzinfo) -> datetime | None:
    """The latest hour at which `tests` samples must be begun so that the last is taken by `last`, within the working hours.

    None where two weeks would not do.
    """
    left = timedelta(hours=tests / pace.an_hour)
    for begins, ends in _windows(pace, last - LONGEST_LOOK_BACK, last, zone):
        if left <= ends - begins:
            return ends - left
        left -= ends - begins
    return None


def _fits(pace: Pace, earliest: datetime, last: datetime, zone: tzinfo) -> int:
    """How many samples can be taken from `earliest` to `last`."""
    hours = sum(((ends - begins) for begins, ends in _windows(pace, earliest, last, zone)), timedelta())
    return int(hours / timedelta(hours=1) * pace.an_hour)


def _windows(pace: Pace, earliest: datetime, last: datetime, zone: tzinfo) -> Iterable[tuple[datetime, datetime]]:
    """The working hours between two instants, the latest first. Hours that end before they begin go over midnight.

    All are given in UTC: between two hours of one wall an hour is lost or won where its clocks are changed.
    """
    earliest, last = earliest.astimezone(UTC), last.astimezone(UTC)
    if earliest >= last:
        return
    if pace.opens is None or pace.closes is None:
        yield earliest, last
        return
    day = last.astimezone(zone).date()
    for back in range((last - earliest).days + 3):
        opens = datetime.combine(day - timedelta(days=back), pace.opens, tzinfo=zone)
        closes = datetime.combine(opens.date(), pace.closes, tzinfo=zone)
        if pace.closes <= pace.opens:
            closes += timedelta(days=1)
        begins, ends = max(opens.astimezone(UTC), earliest), min(closes.astimezone(UTC), last)
        if begins < ends:
            yield begins, ends


@transaction.atomic
def say_pace(*, plan: Plan, pace: Pace, by: Actor, at: datetime) -> Plan:
    """Write down which laboratory serves a group and how fast it is. Raises PaceError."""
    if not pace.laboratory.strip():
        raise PaceError("laboratory", _("Say which laboratory takes the samples."))
    if not 1 <= pace.an_hour <= MOST_AN_HOUR:
        raise PaceError("an_hour", _("Give the tests that it does in an hour, from 1 to 10,000."))
    if not 0 <= pace.result_minutes <= LONGEST_RESULT:
        raise PaceError("result_minutes", _("A result is known within a week; give the minutes."))
    if (pace.opens is None) != (pace.closes is None):
        raise PaceError("closes", _("Give both the hour at which it opens and the one at which it closes, or neither."))
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    plan.laboratory, plan.tests_an_hour, plan.result_minutes = (
        pace.laboratory.strip(),
        pace.an_hour,
        pace.result_minutes,
    )
    plan.laboratory_opens, plan.laboratory_closes = pace.opens, pace.closes
    plan.save(update_fields=["laboratory", "tests_an_hour", "result_minutes", "laboratory_opens", "laboratory_closes"])
    audit.record("pace of the laboratory said", plan, by=by, at=at)
    return plan


@transaction.atomic
def ask_for(*, group: TravelGroup, version: RequirementVersion, by: Actor, at: datetime) -> Need | None:
    """Ask for what it costs now to meet one version of a requirement; asking twice is asking once (`funding.ask`).

    Gives None where nothing of it is missing any more. Raises FundingError.
    """
    matrix = matrix_of(group, zone=ZoneInfo(zones_of(group)[0]), at=at)
    lines = [line for line in matrix.cost.lines if line.version == version.pk and line.amount]
    if not lines:
        return None
    is_test = version.requirement.subject == RequirementSubject.HEALTH_TEST
    return funding.ask(
        group=group,
        kind=NeedKind.TESTS if is_test else NeedKind.OTHER,
        quantity=sum(line.quantity for line in lines),
        unit_price=lines[0].unit_price,
        currency=lines[0].currency,
        requirement_version=version,
        by=by,
        at=at,
    )
