"""People × requirements of one group, as a page shows it: columns, rows of cells, the bill, and what stops a boarding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridors.enums import Certainty, SourceTier
from corridors.rules import All
from migrants.heads import Heads, heads_of
from migrants.models import Migrant, TravelGroup
from returns import barriers, ledgers, readiness
from returns.barriers import Barrier
from returns.buses import buses_charged
from returns.costs import CostToFix, cost_to_fix
from returns.enums import STANDS_IN_THE_WAY, Verdict
from returns.explanations import cell, explain_finding
from returns.headings import heading
from returns.house_rules import HouseRule
from returns.judging import WORST_FIRST, Finding
from returns.ledgers import StandingRule
from returns.models import GroupWaiver
from returns.unregistered import heads_asked
from returns.verdicts import PLAN, Judged


@dataclass(frozen=True, slots=True)
class Column:
    """One requirement: its key, its heading, and the small line below (version, since when, how it is known)."""

    key: str
    heading: str
    number: int | None
    since: datetime | None
    source: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One finding in few words; `whole` says it in sentences."""

    verdict: str
    words: str
    whole: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person's cells, in the order of the columns; `stops` are our own conditions that hold the person back."""

    person: int
    judged: Judged
    cells: tuple[Cell, ...]
    stops: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """So many people are held back by the same thing."""

    verdict: str
    words: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everything that the readiness page of a group shows. `barrier` is None where nobody has a case."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    cost: CostToFix
    stops: tuple[Stop, ...]
    barrier: Barrier | None
    heads: Heads
    heads_asked: Mapping[str, int]
    """Of how many heads that nobody registered each rule, by key, may ask something."""
    rules: tuple[StandingRule, ...]
    verdicts: Mapping[str, int]
    without_case: int

    @property
    def sample_from(self) -> datetime | None:
        """The earliest hour of sampling with which a test still counts when the queue is over."""
        hours = [
            datetime.fromisoformat(str(step.params["not_before"]))
            for row in self.rows
            for finding in row.judged.findings.values()
            for step in finding.cure
            if step.code == "take_test"
        ]
        return max(hours, default=None)


def matrix_of(group: TravelGroup, *, zone: tzinfo, at: datetime) -> Matrix:
    """Judge everybody in a group as of `at`; hours in `zone`. A constant number of queries, nothing is stored."""
    people = list(Migrant.objects.living_records().filter(group=group).values_list("pk", flat=True))
    explained = readiness.explain(people, at=at)
    heads = heads_of([group.pk])[group.pk]
    barrier = explained.cases[0].placed.barrier if explained.cases else None
    stand = barrier or barriers.of_groups([group.pk], at=at)[group.pk]
    asked = explained.rules if barrier else _asked_at(stand, at=at)
    rules = sorted(
        (rule for rule in asked if rule.content.rule != All(())),
        key=lambda rule: (rule.subject, rule.requirement),
    )
    excused = _excused(group, stand)
    unregistered = heads_asked((rule for rule in rules if rule.requirement not in excused), stand, heads.unknown)
    rows = [_row(judged, rules, zone) for judged in explained.cases]
    return Matrix(
        columns=tuple(_columns(rules)),
        rows=tuple(rows),
        cost=cost_to_fix(explained.cases, rules, unregistered=unregistered, buses=buses_charged(rules, [group.pk])),
        heads_asked=unregistered,
        stops=tuple(_stops(explained.cases)),
        barrier=barrier,
        heads=heads,
        rules=tuple(rules),
        verdicts=Counter(judged.worst.value for judged in explained.cases),
        without_case=len(people) - len(explained.cases),
    )


def _asked_at(barrier: Barrier, *, at: datetime) -> list[StandingRule]:
    """What is asked of a group of whom nobody has a case."""
    ledger = ledgers.known({barrier.direction}, at=at)
    return barriers.asked_at(ledger, barrier)


def _excused(group: TravelGroup, barrier: Barrier) -> set[int]:
    """The requirements (keys) from which the group is excused as a whole until it has passed."""
    standing = GroupWaiver.objects.filter(group=group, valid_until__gt=barrier.late)
    return set(standing.values_list("requirement", flat=True))


def in_the_way(row: Row) -> bool:
    """Tell whether something of this row is missing, runs out first or is unknown."""
    return row.judged.worst in STANDS_IN_THE_WAY


def by_worst(row: Row) -> int:
    """Sort key: the worst first."""
    return WORST_FIRST.index(row.judged.worst)


def _columns(rules: Iterable[StandingRule]) -> Iterable[Column]:
    for rule in rules:
        source = str(SourceTier(rule.source_tier).label)
        if rule.certainty != Certainty.CONFIRMED:
            source = f"{source}, {Certainty(rule.certainty).label}"
        yield Column(rule.key, heading(rule.content, rule.subject), rule.number, rule.applies_from, source)
    yield Column(HouseRule.CONSENT_FORM, str(HouseRule.CONSENT_FORM.label), None, None, _("Homeward rule"))


def _row(judged: Judged, rules: Sequence[StandingRule], zone: tzinfo) -> Row:
    keys = [rule.key for rule in rules] + [HouseRule.CONSENT_FORM.value]
    return Row(
        person=judged.placed.person,
        judged=judged,
        cells=tuple(_cell(judged.findings[key], zone) for key in keys),
        stops=tuple(_stopping(judged, zone)),
    )


def _cell(finding: Finding, zone: tzinfo) -> Cell:
    return Cell(finding.verdict.value, cell(finding, zone=zone), " ".join(explain_finding(finding, zone=zone)))


def _stopping(judged: Judged, zone: tzinfo) -> Iterable[Cell]:
    """A hold says that somebody is not travelling and never why; a child says what is to be arranged."""
    if judged.findings[HouseRule.NO_HOLD].verdict == Verdict.MISSING:
        yield Cell(Verdict.WAIVED.value, _("not travelling"), _("Not travelling."))
    child = judged.findings[HouseRule.CHILD_ARRANGED]
    if child.verdict == Verdict.MISSING:
        yield Cell(child.verdict.value, _("child alone"), " ".join(explain_finding(child, zone=zone)))
    infection = judged.findings[HouseRule.NO_INFECTION]
    if infection.verdict == Verdict.MISSING:
        yield _cell(infection, zone)


def _stops(judged: Sequence[Judged]) -> Iterable[Stop]:
    def how_many(key: str, *verdicts: Verdict) -> int:
        return sum(case.findings[key].verdict in verdicts for case in judged if key in case.findings)

    if alone := how_many(HouseRule.CHILD_ARRANGED, Verdict.MISSING):
        words = ngettext("%(n)d child alone without receiver", "%(n)d children alone without receiver", alone)
        yield Stop(Verdict.MISSING, words % {"n": alone})
    if unsigned := how_many(HouseRule.CONSENT_FORM, Verdict.MISSING):
        words = ngettext("%(n)d consent not signed", "%(n)d consents not signed", unsigned)
        yield Stop(Verdict.MISSING, words % {"n": unsigned})
    if unasked := how_many(HouseRule.CONSENT_FORM, Verdict.UNKNOWN):
        words = ngettext("%(n)d consent not asked", "%(n)d consents not asked", unasked)
        yield Stop(Verdict.UNKNOWN, words % {"n": unasked})
    if held := how_many(HouseRule.NO_HOLD, Verdict.MISSING):
        words = ngettext("%(n)d person not travelling", "%(n)d people not travelling", held)
        yield Stop(Verdict.WAIVED, words % {"n": held})
    if infected := how_many(HouseRule.NO_INFECTION, Verdict.MISSING):
        words = ngettext("%(n)d kept back: positive test", "%(n)d kept back: positive tests", infected)
        yield Stop(Verdict.MISSING, words % {"n": infected})
    if any(PLAN in case.findings for case in judged):
        yield Stop(Verdict.UNKNOWN, _("no hour at the barrier is agreed"))
