"""The scope of every personal row, written once: the missions that a viewer serves, narrowed to their crossings."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from partners.access import Viewer

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def within_missions(
    rows: Rows, viewer: Viewer, *, crossing: str, mission: str = "mission", group: str = "group", person: str = ""
) -> Rows:
    """Rows of IOM caseload that `viewer` may reach: none for an organisation outside IOM.

    Look-up paths from the row: `crossing` to the code of the crossing at which its group waits, `mission` to the mission
    which keeps it, `group` and `person` to those (empty for none, `self` for the row itself). A row must lie within one
    of the viewer's reaches, in mission and crossing both, or be open to it in an emergency.
    """
    reached = models.Q(pk__in=[])
    for reach in viewer.reaches:
        if not reach.is_narrowed:
            return rows
        narrowed = models.Q()
        if reach.mission is not None:
            narrowed &= models.Q(**{mission: reach.mission})
        if reach.crossings is not None:
            narrowed &= models.Q(**{f"{crossing}__in": reach.crossings})
        reached |= narrowed
    paths = {"group": group, "person": person}
    for subject in viewer.glass:
        kind, _, public_id = subject.partition(":")
        if path := paths[kind]:
            reached |= models.Q(**{"public_id" if path == "self" else f"{path}__public_id": public_id})
    return rows.filter(reached) if viewer.reaches else rows.none()
