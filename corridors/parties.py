"""Whom to ask: the authorities of the directory, and those of them that usually decide on such a way."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from corridors.approvals import NOT_PARTIES
from corridors.models import Approval, CorridorVersion
from partners.enums import OrganisationKind
from partners.models import Organisation

FOREIGN_AFFAIRS = Q(kind=OrganisationKind.MINISTRY, name_en__icontains="foreign affairs")


def authorities(version: CorridorVersion) -> QuerySet[Organisation]:
    """Every organisation that may decide, those of the countries on the way first, in its direction."""
    corridor = version.corridor
    ways = (*corridor.through, corridor.from_country, corridor.to_country)
    rank = Case(
        *(When(country=country, then=Value(place)) for place, country in enumerate(dict.fromkeys(ways))),
        default=Value(len(ways)),
        output_field=IntegerField(),
    )
    return Organisation.objects.exclude(kind__in=NOT_PARTIES).order_by(rank, "name_en", "pk")


def suggested(version: CorridorVersion) -> list[str]:
    """The parties that were asked about the last version; else the usual ones of such a way (codes).

    Usual are the foreign ministry, the border and the sanitary service of each country that is crossed, the border service
    of the one that is left, and the foreign ministry of the one that is reached.
    """
    asked = Approval.objects.filter(version__corridor=version.corridor_id, version__number__lt=version.number)
    last = asked.order_by("-version__number").values_list("version", flat=True).first()
    if last is not None:
        return list(Approval.objects.filter(version=last).values_list("organisation__code", flat=True))
    corridor = version.corridor
    of_transit = Q(country__in=corridor.through) & (
        FOREIGN_AFFAIRS | Q(kind__in=[OrganisationKind.BORDER, OrganisationKind.HEALTH])
    )
    of_start = Q(country=corridor.from_country, kind=OrganisationKind.BORDER)
    of_end = Q(country=corridor.to_country) & FOREIGN_AFFAIRS
    return list(Organisation.objects.filter(of_transit | of_start | of_end).values_list("code", flat=True))
