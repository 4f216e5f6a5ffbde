"""Wall time: what a clock on the wall of a place shows, and the one instant that is meant by it."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _


class WallTimeError(ValueError):
    """An hour that no clock of that place shows, or that it shows twice; the text is a sentence for people."""


def instant_of(local_time: datetime, zone: str) -> datetime:
    """Give the UTC instant of a naive wall time. Raises WallTimeError where clocks skip that hour or show it twice."""
    place = ZoneInfo(zone)
    first, second = (local_time.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    back = first.astimezone(UTC).astimezone(place).replace(tzinfo=None)
    words = {"hour": f"{local_time:%Y-%m-%d %H:%M}", "zone": zone}
    if back != local_time:
        raise WallTimeError(
            _("%(hour)s does not exist in %(zone)s: clocks are put forward then. Choose an hour before or after.")
            % words
        )
    if first.utcoffset() != second.utcoffset():
        raise WallTimeError(
            _("%(hour)s comes twice in %(zone)s: clocks are put back then. Choose an hour before or after.") % words
        )
    return first.astimezone(UTC)


def as_typed(value: datetime) -> datetime:
    """Give what was typed into a form, naive, without the zone that the form field put on it."""
    return value.astimezone(UTC).replace(tzinfo=None)


def as_shown(at: datetime, zone: tzinfo) -> datetime:
    """Give an instant as a form shows it: the wall time in `zone`, without a zone that the field would turn it into."""
    return at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
