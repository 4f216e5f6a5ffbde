"""Which organisations serve the halt where a group arrives: what they wrote into the directory, never who is on board."""

from __future__ import annotations

from collections.abc import Collection

from partners.interests import CROSSING
from partners.models import Interest, Organisation
from returns.models import Movement


def served(organisations: Collection[Organisation]) -> set[str]:
    """Give the codes of the crossings of which these organisations said that they serve the halt there; one query."""
    rows = Interest.objects.filter(organisation__in=organisations, serves_halt=True, subject__startswith=CROSSING)
    return {subject.split(":")[1] for subject in rows.values_list("subject", flat=True)}


def countries_of(organisations: Collection[Organisation]) -> set[str]:
    """Give the countries that these organisations serve."""
    return {each.country for each in organisations if each.country}


def receives(movement: Movement, organisations: Collection[Organisation]) -> bool:
    """True where one of these organisations serves the halt of arrival of this movement, in the country of arrival."""
    corridor = movement.corridor_version.corridor
    return corridor.to_country in countries_of(organisations) and corridor.exit.code in served(organisations)
