"""What the figures outside casework are made of: whoever is under protection counts as a head that nobody has registered.

So no number that leaves the house tells whether such a person was ever written down (domain, confidentiality 2).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import Count, Exists, OuterRef

from corridors.models import RequirementDraft
from migrants.heads import Heads, heads_of
from migrants.models import Migrant, ProtectionHold, TravelGroup
from migrants.models.people import MigrantQuerySet
from returns.enums import Verdict
from returns.models import CaseReadiness, Plan


def standing_hold(person: str) -> Exists:
    """A condition of a query: a hold stands against whoever the look-up path `person` names."""
    return Exists(ProtectionHold.objects.filter(person=OuterRef(person), cleared_at__isnull=True))


def open_people() -> MigrantQuerySet:
    """Everybody registered but those under protection."""
    return Migrant.objects.living_records().exclude(standing_hold("pk"))


def open_heads(groups: Collection[int]) -> dict[int, Heads]:
    """Give the heads of each group (by key) as somebody outside casework may know them; two queries."""
    return heads_of(groups, among=open_people())


def verdicts_of(groups: Mapping[int, Heads]) -> dict[int, Counter[str]]:
    """Give by group how many people have which worst finding, heads that nobody has registered being unknown; one query."""
    judged = CaseReadiness.objects.standing().filter(case__person__group__in=list(groups))
    judged = judged.exclude(standing_hold("case__person"))
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for group, worst, people in (
        judged.values_list("case__person__group", "worst").annotate(people=Count("pk")).order_by()
    ):
        found[group][worst] += people
    for group, heads in groups.items():
        found[group][Verdict.UNKNOWN.value] += heads.unknown
    return found


def first_crossing_concerned(
    draft: RequirementDraft, planned: Mapping[int, datetime | None], groups: Iterable[TravelGroup]
) -> datetime | None:
    """Give the earliest hour at which a change may hit somebody; it stands in messages to those who serve the halt.

    `planned` has the hour of each registered person (key) who does not meet it. Of a group in which not every head is
    openly registered, the hour of the plan counts, where the change applies then. Two queries.
    """
    known = set(open_people().filter(pk__in=planned).values_list("pk", flat=True))
    hours = [hour for person, hour in planned.items() if person in known and hour is not None]
    plans = {group.pk: group.plan for group in groups if hasattr(group, "plan")}
    for group, heads in open_heads(plans).items():
        if heads.unknown and _applies(draft, plans[group]):
            hours.append(plans[group].cross_at)
    return min(hours, default=None)


def _applies(draft: RequirementDraft, plan: Plan) -> bool:
    """Tell whether it is asked at the planned hour, or begins before the queue is over."""
    return draft.applies_from <= plan.queue_over_at and (
        draft.applies_until is None or plan.cross_at < draft.applies_until
    )
