"""Which alerts and notices a viewer may see. A stranger to a row gets 404, never a hint that it exists.

- IOM staff see every alert, narrowed to the crossings that their membership names, and what is about every crossing.
- A partner sees the notices of its own organisations and nobody else's, and never the alert as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from notifications.models import Alert, EscalationPolicy, Notice
from partners.access import Permission, Viewer
from partners.models import Office

EVERYWHERE = "crossings:"
"""How the subject of an alert begins that is about every crossing of a border or a country."""


def alerts_for(viewer: Viewer) -> QuerySet[Alert]:
    """Alerts whose who-knew-when page `viewer` may open."""
    if not viewer.may(Permission.SEE_NOTICES):
        return Alert.objects.none()
    return Alert.objects.filter(about_what_is_reached(viewer))


def about_what_is_reached(viewer: Viewer, *, path: str = "") -> Q:
    """Select alerts (or what refers to one by `path`) about the crossings that a viewer is narrowed to, and about all."""
    if viewer.crossings is None:
        return Q()
    own = Q(**{f"{path}subject__in": [f"crossing:{code}" for code in viewer.crossings]})
    return own | Q(**{f"{path}subject__startswith": EVERYWHERE})


def own_notices(viewer: Viewer) -> QuerySet[Notice]:
    """Notices that the viewer's own organisations have received."""
    rows = Notice.objects.filter(organisation__in=viewer.organisations)
    return rows.select_related("alert", "organisation", "acknowledgement")


def reaches_notice(viewer: Viewer, place: Mapping[str, Any]) -> bool:
    """Whether the notice that the address of a page names is one of the viewer's organisations."""
    return own_notices(viewer).filter(public_id=place["notice_id"]).exists()


def policies_of(viewer: Viewer) -> QuerySet[EscalationPolicy]:
    """The escalation policies in force: they hold no case, so whoever reads notices reads all of them."""
    if not (viewer.may(Permission.SEE_NOTICES) or viewer.may(Permission.MANAGE_DIRECTORY)):
        return EscalationPolicy.objects.none()
    rows = EscalationPolicy.objects.filter(ended_at__isnull=True)
    return rows.select_related("mission__organisation").prefetch_related("steps")


def missions_planned_by(viewer: Viewer) -> QuerySet[Office]:
    """The missions for whose notices the viewer may write policies: administrators all, coordinators their own."""
    missions = Office.objects.filter(is_mission=True).select_related("organisation").order_by("name")
    if viewer.may(Permission.MANAGE_DIRECTORY):
        return missions
    return missions.filter(pk__in=viewer.missions if viewer.may(Permission.CALL_PARTNERS) else ())


def policies_planned_by(viewer: Viewer) -> QuerySet[EscalationPolicy]:
    """The policies in force that the viewer may end: those that it might have written."""
    reached = Q(mission__in=missions_planned_by(viewer))
    if viewer.may(Permission.MANAGE_DIRECTORY):
        reached |= Q(mission__isnull=True)
    return policies_of(viewer).filter(reached)
