"""The scope of every personal row, written once: the missions that a viewer serves, narrowed to their crossings."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from partners.access import Viewer

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def within_missions(rows: Rows, viewer: Viewer, *, crossing: str) -> Rows:
    """Rows of IOM caseload that `viewer` may reach: none for an organisation outside IOM.

    `crossing` is the look-up path from the row to the code of the crossing at which its group waits.
    """
    if not viewer.missions:
        return rows.none()
    return rows if viewer.crossings is None else rows.filter(**{f"{crossing}__in": viewer.crossings})
