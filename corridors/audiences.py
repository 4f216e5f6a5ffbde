"""Who must know of a change at a crossing: whoever said so beforehand, never whoever happens to be among the people there."""

from __future__ import annotations

from collections.abc import Collection

from corridors.models import BorderCrossing
from partners.models import Interest, Organisation


def standing_audience(
    *, crossing: BorderCrossing, from_country: str, to_country: str, without: Collection[str] = ()
) -> list[tuple[Organisation, bool]]:
    """Organisations with a standing interest in the crossing, each with whether it serves the halt; by name.

    An interest in `crossing:KZ-UZ-01` is one in both directions; `crossing:KZ-UZ-01:KAZ-UZB` names one. `without` are
    codes left out: the authority that made the demand is not told of it.
    """
    subjects = [subject_of(crossing), f"{subject_of(crossing)}:{from_country}-{to_country}"]
    interests = (
        Interest.objects.filter(subject__in=subjects)
        .exclude(organisation__code__in=without)
        .select_related("organisation")
        .order_by("organisation__name_en", "organisation__pk")
    )
    serves: dict[Organisation, bool] = {}
    for interest in interests:
        serves[interest.organisation] = serves.get(interest.organisation, False) or interest.serves_halt
    return list(serves.items())


def subject_of(crossing: BorderCrossing) -> str:
    """How interests and alerts name a crossing."""
    return f"crossing:{crossing.code}"
