"""Which alerts and notices a viewer may see. A stranger to a row gets 404, never a hint that it exists.

- IOM staff see every alert, narrowed to the crossings that their membership names, and what is about every crossing.
- A partner sees the notices of its own organisations and nobody else's, and never the alert as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from notifications.models import Alert, Notice
from partners.access import Permission, Viewer

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
