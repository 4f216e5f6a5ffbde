"""How far a membership of casework reaches: one mission or all, some crossings or all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from partners.models import Membership


@dataclass(frozen=True, slots=True)
class Reach:
    """A part of the caseload. `mission` is the key of the only mission reached, None for all; `crossings` their codes,
    None for all. Mission and crossings narrow together: one row must fit both.
    """

    mission: int | None
    crossings: frozenset[str] | None

    @property
    def is_narrowed(self) -> bool:
        """True where some part of the caseload lies outside."""
        return self.mission is not None or self.crossings is not None

    @classmethod
    def of(cls, membership: Membership) -> Reach:
        return cls(
            membership.office_id if membership.own_mission_only else None,
            frozenset(membership.crossings) or None,
        )


def crossings_of(reaches: Iterable[Reach]) -> frozenset[str] | None:
    """Codes of the crossings reached in all; None where some part reaches every crossing, or where there is none."""
    found: set[str] = set()
    for reach in (parts := tuple(reaches)):
        if reach.crossings is None:
            return None
        found |= reach.crossings
    return frozenset(found) if parts else None


def missions_of(reaches: Iterable[Reach]) -> tuple[int, ...] | None:
    """Keys of the missions reached in all, empty where nothing is; None where some part reaches every mission."""
    found = {reach.mission for reach in reaches}
    return None if None in found else tuple(sorted(mission for mission in found if mission is not None))


def told_apart(reaches: Iterable[Reach]) -> tuple[tuple[int | None, tuple[str, ...] | None], ...]:
    """Mission and crossings of each part where there are several and all are narrow; none where one part says it all."""
    parts = set(reaches)
    if len(parts) < 2 or not all(part.is_narrowed for part in parts):
        return ()
    told = ((part.mission, None if part.crossings is None else tuple(sorted(part.crossings))) for part in parts)
    return tuple(sorted(told, key=str))
