"""The points of a way where heads are counted: those of one country, or country by country of a way through several. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common import countries
from corridors.models import TransitCorridor
from returns.enums import CheckpointKind

ORDER = tuple(CheckpointKind)
"""All places where heads are counted; a bus that comes back is counted after everything else."""
_INTO = (
    CheckpointKind.ENTERED,
    CheckpointKind.ENTERED_2,
    CheckpointKind.ENTERED_3,
    CheckpointKind.ENTERED_4,
    CheckpointKind.ENTERED_5,
)
_OUT_OF = (CheckpointKind.LEFT_1, CheckpointKind.LEFT_2, CheckpointKind.LEFT_3, CheckpointKind.LEFT_4)
BETWEEN = (*_OUT_OF, *_INTO[1:])
"""Points that only a way through several countries has."""


def way_ahead(corridor: TransitCorridor) -> tuple[CheckpointKind, ...]:
    """Give the points of the way in their order, the handover last."""
    last = len(corridor.further_countries)
    inside = [point for leg in range(last) for point in (_OUT_OF[leg], _INTO[leg + 1])]
    before = (CheckpointKind.BOARDED, CheckpointKind.EXITED, CheckpointKind.ENTERED)
    return (*before, *inside, CheckpointKind.LEFT, CheckpointKind.HANDED_OVER)


def counted_by_bus(corridor: TransitCorridor) -> tuple[CheckpointKind, ...]:
    """Give the points at which each bus is counted by itself."""
    return way_ahead(corridor)[:-1]


def into(leg: int) -> CheckpointKind:
    """Give the point at which the country of a leg is entered; legs are numbered from one."""
    return _INTO[leg - 1]


def out_of(leg: int, corridor: TransitCorridor) -> CheckpointKind:
    """Give the point at which the country of a leg is left."""
    return CheckpointKind.LEFT if leg > len(corridor.further_countries) else _OUT_OF[leg - 1]


def leg_of(point: CheckpointKind, corridor: TransitCorridor) -> int | None:
    """Give the number of the leg that begins or ends at a point; None at the exit control before it and at both ends."""
    if point == CheckpointKind.LEFT:
        return len(corridor.through)
    if point in _INTO:
        return _INTO.index(point) + 1
    return _OUT_OF.index(point) + 1 if point in _OUT_OF else None


def country_at(point: CheckpointKind, corridor: TransitCorridor) -> str:
    """Give the code of the country that is entered or left at a point inside a way through several; "" elsewhere."""
    leg = leg_of(point, corridor) if corridor.is_chain else None
    return "" if leg is None else corridor.through[leg - 1]


def point_in_words(point: str, corridor: TransitCorridor) -> str:
    """Word a point in the active language; on a way through several countries it says which country."""
    kind = CheckpointKind(point)
    code = country_at(kind, corridor)
    if not code:
        return str(kind.label)
    words = _("entered: %(country)s") if kind in _INTO else _("left: %(country)s")
    return words % {"country": countries.name(code)}
