"""One group as flow monitoring (IOM DTM) logs it: point, hour, direction, origin, mix, means, sex by age, needs, reason, stay.

What was observed at the halt (the count) and what is known of registered people stand apart and are never mixed: sex by age
and nationality are of the registered alone, and how many heads that leaves out is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from migrants.ages import age_range
from migrants.enums import NeedOfGroup, Sex
from migrants.groups import latest_counts
from migrants.heads import Heads, heads_of
from migrants.models import Migrant, Nationality, TravelGroup, TravelledLeg
from migrants.travelled import origins_of
from returns.models import Plan
from returns.ways import way_of

BANDS = ((5, "under_5"), (18, "5_17"), (60, "adult"), (200, "elderly"))
"""Of DTM, each with the age at which it ends; an age that may be of two counts as not known."""
UNKNOWN = "unknown"
REASON, TRANSIT, NOT_AGREED = "return", "transit", "not_agreed"


@dataclass(frozen=True, slots=True)
class Flow:
    """The fields of one line of a flow log. `people` counts registered people by (sex, band), `nationalities` by code."""

    point: str
    observed_at: datetime
    direction: str
    from_country: str
    to_country: str
    origin: TravelledLeg | None
    mode: str
    heads: Heads
    nationalities: dict[str, int]
    people: dict[tuple[str, str], int]
    children_alone: int | None
    needs: tuple[str, ...]
    reason: str
    stay: str


def flow_of(group: TravelGroup, *, at: datetime) -> Flow:
    """Give the line of one group as it is known now; a constant number of queries."""
    count = latest_counts([group]).get(group.pk)
    people = group.people.living_records().values_list("sex", "birth_year", "birth_month", "birth_day")
    living = Migrant.objects.living_records().filter(group=group)
    codes = Nationality.objects.filter(person__in=living).values_list("code", flat=True)
    last = group.legs.filter(family__isnull=True, person__isnull=True).last()
    plan = Plan.objects.filter(group=group).first()
    return Flow(
        point=group.crossing.code,
        observed_at=count.counted_at if count else group.waiting_since,
        direction=way_of(group),
        from_country=group.from_country,
        to_country=group.to_country,
        origin=origins_of([group.pk]).get(group.pk),
        mode=last.mode if last else UNKNOWN,
        heads=heads_of([group.pk])[group.pk],
        nationalities=dict(sorted(Counter(codes).items(), key=lambda item: (-item[1], item[0]))),
        people=_by_sex_and_band(people, on=at.date()),
        children_alone=count.children_alone if count else None,
        needs=tuple(str(NeedOfGroup(need).label) for need in count.needs) if count else (),
        reason=REASON,
        stay=TRANSIT if plan and plan.corridor_version_id else NOT_AGREED,
    )


def band_of(birth: tuple[int | None, int | None, int | None], *, on: date) -> str:
    """Give the DTM band of a birth date, or "unknown" where its range lies in two."""
    span = age_range(birth, on=on)
    if span is None:
        return UNKNOWN
    lowest, highest = (next(name for end, name in BANDS if age < end) for age in span)
    return lowest if lowest == highest else UNKNOWN


def _by_sex_and_band(
    people: Iterable[tuple[str, int | None, int | None, int | None]], *, on: date
) -> dict[tuple[str, str], int]:
    counted: Counter[tuple[str, str]] = Counter()
    for sex, *birth in people:
        known = sex if sex in (Sex.MALE, Sex.FEMALE) else UNKNOWN
        counted[known, band_of((birth[0], birth[1], birth[2]), on=on)] += 1
    return dict(counted)
