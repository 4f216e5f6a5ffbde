"""What it costs to put right what is missing, from findings and the price that each rule names; money keeps its currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from corridors.rules import PricePer
from returns.enums import Verdict
from returns.judging import Finding
from returns.ledgers import StandingRule
from returns.verdicts import Judged

SPARED = (Verdict.EXEMPT, Verdict.WAIVED)


class Reason(StrEnum):
    """Why a line of the bill stands there."""

    MISSING = "missing"
    RUNS_OUT = "runs_out"
    UNREGISTERED = "unregistered"
    SPARED = "spared"


@dataclass(frozen=True, slots=True)
class CostLine:
    """`quantity` × `unit_price`; nothing for those who are spared. `key` names the rule, `version` its row."""

    key: str
    version: int | None
    subject: str
    reason: Reason
    quantity: int
    unit_price: Decimal
    currency: str
    per: str

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class CostToFix:
    """The bill: its lines, and the sum in each currency (none is turned into another)."""

    lines: tuple[CostLine, ...]

    @property
    def totals(self) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            sums[line.currency] += line.amount
        return {currency: amount for currency, amount in sums.items() if amount}


def cost_to_fix(
    judged: Sequence[Judged],
    rules: Iterable[StandingRule],
    *,
    unregistered: Mapping[str, int],
    buses: Mapping[int, int] | None = None,
) -> CostToFix:
    """Add up what the remedies of `judged` cost. Heads that nobody registered are charged too, so many of them as a rule (by
    key) may ask something: they need tests as well. `buses` are those of each group (by key), for prices of a vehicle; a
    group of which nobody knows it is charged for one. Where a version of a requirement takes the place of another while the
    queue lasts, nobody is charged for both.
    """
    lines: list[CostLine] = []
    heads: dict[int, int] = defaultdict(int)
    for rule, found in charged(judged, rules):
        more = max(0, unregistered.get(rule.key, 0) - heads[rule.requirement])
        heads[rule.requirement] += more
        lines += _of_rule(rule, found, more, buses or {})
    return CostToFix(tuple(line for line in lines if line.quantity))


def charged(
    judged: Sequence[Judged], rules: Iterable[StandingRule]
) -> Iterator[tuple[StandingRule, list[tuple[Judged, Finding]]]]:
    """Give with each rule that has a price whoever has a finding of it, but whom another version before it charges or spares
    alike.
    """
    before: dict[int, set[int]] = defaultdict(set)
    spared: dict[int, set[int]] = defaultdict(set)
    for rule in rules:
        if rule.content.price is None:
            continue
        others = before[rule.requirement]
        found = [
            (case, case.findings[rule.key])
            for case in judged
            if rule.key in case.findings
            and case.placed.case not in others
            and not (case.findings[rule.key].verdict in SPARED and case.placed.case in spared[rule.requirement])
        ]
        yield rule, found
        others |= {case.placed.case for case, finding in found if finding.price is not None}
        spared[rule.requirement] |= {case.placed.case for case, finding in found if finding.verdict in SPARED}


def _of_rule(
    rule: StandingRule, found: Sequence[tuple[Judged, Finding]], unregistered: int, buses: Mapping[int, int]
) -> Iterable[CostLine]:
    bought = {
        Reason.MISSING: [case for case, finding in found if _is(finding, Verdict.MISSING)],
        Reason.RUNS_OUT: [case for case, finding in found if _is(finding, Verdict.EXPIRING)],
    }
    for reason, cases in bought.items():
        yield _line(rule, reason, cases, buses)
    price = rule.content.price
    if price is not None and price.per == PricePer.PERSON:
        spared = sum(1 for _case, finding in found if finding.verdict in SPARED)
        yield _counted(rule, Reason.UNREGISTERED, unregistered)
        yield _counted(rule, Reason.SPARED, spared, Decimal(0))


def _is(finding: Finding, verdict: Verdict) -> bool:
    """Tell whether money puts it right; what only a signature or a waiver mends has no price."""
    return finding.verdict == verdict and finding.price is not None


def _line(rule: StandingRule, reason: Reason, cases: Sequence[Judged], buses: Mapping[int, int]) -> CostLine:
    """One for each person, for each group where the price is for a group, or for each of its vehicles."""
    per = None if rule.content.price is None else rule.content.price.per
    groups = {case.placed.group for case in cases}
    if per == PricePer.VEHICLE:
        return _counted(rule, reason, sum(buses.get(group, 1) for group in groups))
    return _counted(rule, reason, len(groups) if per == PricePer.GROUP else len(cases))


def _counted(rule: StandingRule, reason: Reason, quantity: int, unit_price: Decimal | None = None) -> CostLine:
    price = rule.content.price
    if price is None:
        raise ValueError("a rule without a price costs nothing")
    each = price.amount if unit_price is None else unit_price
    return CostLine(rule.key, rule.version, rule.subject, reason, quantity, each, price.currency, price.per)
