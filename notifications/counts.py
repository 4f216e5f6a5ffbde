"""The small numbers of the rail: each one look-up in a partial index, capped."""

from __future__ import annotations

from notifications.calls import waiting_count
from notifications.enums import NoticeState
from notifications.models import Notice
from partners.access import Viewer

MOST = 1000
"""Beyond this the number says no more than that there is much to do."""


def notices_owed(viewer: Viewer) -> int:
    """How many organisations still owe an answer."""
    owed = Notice.objects.filter(state=NoticeState.OWED)
    if (subjects := _subjects(viewer)) is not None:
        owed = owed.filter(alert__subject__in=subjects)
    return owed[:MOST].count()


def own_notices_owed(viewer: Viewer) -> int:
    """How many notices wait for an answer of the viewer's own organisations."""
    return Notice.objects.filter(state=NoticeState.OWED, organisation__in=viewer.organisations)[:MOST].count()


def calls_waiting(viewer: Viewer) -> int:
    """How many organisations stand on the viewer's call list."""
    return waiting_count(_subjects(viewer))


def _subjects(viewer: Viewer) -> list[str] | None:
    """The crossings to which the viewer is narrowed, as alerts name them; None for all."""
    return None if viewer.crossings is None else [f"crossing:{code}" for code in viewer.crossings]
