"""The scope of every personal row, written once: the missions that a viewer serves, narrowed to their crossings."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from partners.access import Viewer

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def within_missions(rows: Rows, viewer: Viewer, *, crossing: str, mission: str = "mission") -> Rows:
    """Rows of IOM caseload that `viewer` may reach: none for an organisation outside IOM.

    `crossing` is the look-up path from the row to the code of the crossing at which its group waits, `mission` that to
    the mission which keeps the row. A row must lie within one of the viewer's reaches, in mission and crossing both.
    """
    reached = models.Q(pk__in=[])
    for reach in viewer.reaches:
        if reach.mission is None and reach.crossings is None:
            return rows
        narrowed = models.Q()
        if reach.mission is not None:
            narrowed &= models.Q(**{mission: reach.mission})
        if reach.crossings is not None:
            narrowed &= models.Q(**{f"{crossing}__in": reach.crossings})
        reached |= narrowed
    return rows.filter(reached) if viewer.reaches else rows.none()
