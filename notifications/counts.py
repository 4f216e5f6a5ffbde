"""The small numbers of the rail: each one look-up in a partial index, capped."""

from __future__ import annotations

from notifications.calls import waiting_count
from notifications.enums import NoticeState
from notifications.models import Notice
from notifications.readers import about_what_is_reached
from partners.access import Viewer

MOST = 1000
"""Beyond this the number says no more than that there is much to do."""


def notices_owed(viewer: Viewer) -> int:
    """How many organisations still owe an answer."""
    owed = Notice.objects.filter(about_what_is_reached(viewer, path="alert__"), state=NoticeState.OWED)
    return owed[:MOST].count()


def own_notices_owed(viewer: Viewer) -> int:
    """How many notices wait for an answer of the viewer's own organisations."""
    return Notice.objects.filter(state=NoticeState.OWED, organisation__in=viewer.organisations)[:MOST].count()


def calls_waiting(viewer: Viewer) -> int:
    """How many organisations stand on the viewer's call list."""
    return waiting_count(about_what_is_reached(viewer, path="notice__alert__"))
