"""Who must know of a change at a crossing: whoever said so beforehand, never whoever happens to be among the people there."""

from __future__ import annotations

from collections.abc import Collection

from corridors.lines import crossings_of, place_of
from corridors.models import BorderCrossing, Requirement
from partners.models import Interest, Organisation


def audience_of_line(line: Requirement, *, without: Collection[str] = ()) -> list[tuple[Organisation, bool]]:
    """Organisations with a standing interest where a line is asked, each with whether it serves the halt; by name.

    Of a line of every crossing: whoever wants to know of one of them, or of `crossings:KAZ-UZB` as such.
    """
    if line.crossing is not None:
        ends = {"from_country": line.from_country, "to_country": line.to_country}
        return standing_audience(crossing=line.crossing, **ends, without=without)
    subjects = [place_of(line)]
    for crossing in crossings_of(line).prefetch_related("sides"):
        sides = [side.country for side in crossing.sides.all()]
        subjects.append(subject_of(crossing))
        subjects += [
            f"{subject_of(crossing)}:{one}-{other}"
            for one in ([line.from_country] if line.from_country else sides)
            for other in ([line.to_country] if line.to_country else sides)
        ]
    return _interested(subjects, without=without)


def standing_audience(
    *, crossing: BorderCrossing, from_country: str, to_country: str, without: Collection[str] = ()
) -> list[tuple[Organisation, bool]]:
    """The same of a crossing and a direction.

    An interest in `crossing:KZ-UZ-01` is one in both directions; `crossing:KZ-UZ-01:KAZ-UZB` names one. `without` are
    codes left out: the authority that made the demand is not told of it.
    """
    subjects = [subject_of(crossing), f"{subject_of(crossing)}:{from_country}-{to_country}"]
    return _interested(subjects, without=without)


def _interested(subjects: Collection[str], *, without: Collection[str]) -> list[tuple[Organisation, bool]]:
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
