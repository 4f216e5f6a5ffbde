"""Until when a sample counts: the greatest age that the rule in force gives, from the hour of sampling (rule 28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from corridors.rules import NegativeTest, content_leaves
from migrants.models import TravelGroup
from returns import ledgers
from returns.models import Plan


@dataclass(frozen=True, slots=True)
class Validity:
    """How many hours a test of one kind counts from sampling, and by which version of the rule."""

    hours: int
    number: int

    def until(self, sampled_at: datetime) -> datetime:
        """Give the last instant at which the test still counts."""
        return sampled_at + timedelta(hours=self.hours)


def validity_of(group: TravelGroup, kind: str, *, at: datetime) -> Validity | None:
    """Give how long a test of `kind` counts where and when the group is to cross, as known `at`; None if nobody asks.

    Where several requirements ask for a test, the strictest counts, also one that begins while the queue lasts. Two queries.
    """
    plan = Plan.objects.filter(group=group).first()
    place: Plan | TravelGroup = plan or group
    direction = (place.crossing_id, place.from_country, place.to_country)
    hour = plan.cross_at if plan and plan.cross_at > at else at
    late = max(hour, plan.queue_over_at) if plan else hour
    found = []
    for rule in ledgers.known({direction}, at=at).over(direction, hour, late, plan.mode if plan else ""):
        ages = [
            leaf.max_age_hours
            for leaf in content_leaves(rule.content)
            if isinstance(leaf, NegativeTest) and kind in leaf.kinds
        ]
        if ages:
            found.append(Validity(max(ages), rule.number))
    return min(found, key=lambda each: each.hours, default=None)
