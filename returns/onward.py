"""What is asked at the crossings after the first: nobody sets out who would be held up at a border further on.

The stored judgement of a case is of the first crossing. Here the same rules, facts and waivers are asked of the next ones, for
the people of one movement, when the manifest is frozen and when a bus leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from corridors.legs import legs_of
from corridors.models import CorridorVersion, Leg
from returns import ledgers, verdicts
from returns.barriers import Barrier, PlacedCase, asked_at, barrier, place
from returns.enums import STANDS_IN_THE_WAY
from returns.explanations import explain_finding
from returns.headings import heading
from returns.judging import Finding
from returns.ledgers import StandingRule
from returns.verdicts import Judged
from returns.ways import way


@dataclass(frozen=True, slots=True)
class Asked:
    """One rule at one crossing further on, as it stands of one case."""

    leg: Leg
    case: PlacedCase
    rule: StandingRule
    finding: Finding

    @property
    def stops(self) -> bool:
        return self.finding.verdict in STANDS_IN_THE_WAY

    @property
    def sentence(self) -> str:
        """Which crossing, which requirement, and why it is not met."""
        because = self._said[: len(self.finding.because)]
        words = _("At %(way)s: %(requirement)s: %(because)s")
        return words % {"way": self.where, "requirement": self.requirement, "because": " ".join(because)}

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return " ".join(self._said[len(self.finding.because) :])

    @property
    def where(self) -> str:
        """The crossing by the names of its two sides, that which is left first."""
        return way(self.leg.exit, self.leg.country, self.leg.to_country)

    @property
    def requirement(self) -> str:
        """What is asked, in words."""
        return heading(self.rule.content, self.rule.subject)

    @property
    def _said(self) -> Sequence[str]:
        sides = {side.country: side.zone for side in self.leg.exit.sides.all()}
        return explain_finding(self.finding, zone=ZoneInfo(sides.get(self.leg.country, "UTC")))


def asked_onward(version: CorridorVersion, people: Collection[int], *, at: datetime) -> list[Asked]:
    """Judge the open cases of `people` (keys) by what each crossing after the first asks in its direction, as of `at`.

    The hour is when the buses are there at the latest: that of the plan and the longest transits until there, and until the
    end of the queue. The number of queries depends on the crossings of the way, never on the people.
    """
    legs = legs_of(version)
    directions = {(leg.exit_id, leg.country, leg.to_country) for leg in legs}
    ledger = ledgers.known(directions, at=at)
    if not any(ledger.lines.values()):
        return []
    placed = place(Q(person__in=list(people)), at=at)
    seen = verdicts.evidence(placed, at=at)
    prefetch_related_objects([leg.exit for leg in legs], "sides")
    found, spent = [], timedelta(0)
    for leg in legs:
        spent += leg.longest_transit
        there = [replace(case, barrier=_further(case.barrier, leg, version, spent, at=at)) for case in placed]
        rules = {rule.key: rule for barrier in {case.barrier for case in there} for rule in asked_at(ledger, barrier)}
        for judged in verdicts.judge_cases(there, verdicts.at_barriers(seen, there), ledger):
            found += _of_case(judged, leg, rules)
    return found


def _of_case(judged: Judged, leg: Leg, rules: dict[str, StandingRule]) -> list[Asked]:
    """The rules of the crossing alone: our own conditions are of the whole way, and were judged at the first one."""
    return [Asked(leg, judged.placed, rules[key], said) for key, said in judged.findings.items() if key in rules]


def _further(first: Barrier, leg: Leg, version: CorridorVersion, spent: timedelta, *, at: datetime) -> Barrier:
    """The barrier of one crossing further on; whoever is late on the road is there so much later than now."""
    corridor = version.corridor
    return barrier(
        waiting=first.waiting,
        direction=(leg.exit_id, leg.country, leg.to_country),
        cross_at=first.hour + spent,
        queue=first.late - first.hour,
        corridor=(corridor.transit_country, corridor.to_country),
        mode=first.mode,
        further=corridor.further_countries,
        at=at,
        group_code=first.group_code,
    )
