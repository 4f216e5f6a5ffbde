"""The window of a corridor: agreed in the wall time of one place, printed in the local time of each side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from common.refusals import RefusalError
from common.templatetags.ui_times import city, written_day
from common.wall_time import WallTimeError, instant_of
from corridors.legs import legs_of, sides_along
from corridors.models import CorridorVersion, Leg, TransitCorridor
from corridors.opening_hours import Hours, Span, hours_of, spans
from notifications.hours import offset

LONGEST = timedelta(days=7)
LONGEST_WITH_HOURS = timedelta(days=93)
FARTHEST = timedelta(days=366)


class WindowError(RefusalError):
    """A window that cannot be agreed. `field` names what to mend, `sentence` how."""


@dataclass(frozen=True, slots=True)
class Window:
    """When people may enter: naive wall time in `zone`; the end is exclusive.

    With `hours` the way opens again and again between the two, on the clock of the same zone.
    """

    opens_local: datetime
    closes_local: datetime
    zone: str
    hours: tuple[Hours, ...] = ()

    def instants(self, *, zones: Iterable[str], at: datetime) -> tuple[datetime, datetime]:
        """Give opening and end in UTC. `zones` are those of the way's sides. Raises WindowError naming the field."""
        known = list(dict.fromkeys(zones))
        if self.zone not in known:
            raise WindowError(
                "zone",
                _("Nobody on this way keeps the time of %(zone)s; choose one of: %(zones)s.")
                % {"zone": self.zone, "zones": ", ".join(known)},
            )
        opens_at, closes_at = (self._instant(field) for field in ("opens_local", "closes_local"))
        if closes_at <= opens_at:
            raise WindowError("closes_local", _("The window cannot end before it opens. Give a later end."))
        if not self.hours and closes_at - opens_at > LONGEST:
            raise WindowError(
                "closes_local",
                _("A window is at most seven days long. Check the day of its end, or say on which days and hours."),
            )
        if closes_at - opens_at > LONGEST_WITH_HOURS:
            raise WindowError(
                "closes_local", _("Days and hours are agreed for three months at most; give an earlier end.")
            )
        if closes_at <= at:
            raise WindowError("closes_local", _("That window is over already; give one that is still to come."))
        if opens_at > at + FARTHEST:
            raise WindowError("opens_local", _("That is more than a year ahead; check the year."))
        if not spans(opens_at, closes_at, self.hours, self.zone):
            raise WindowError("hours", _("No such day and hour lies between the two dates."))
        return opens_at, closes_at

    def _instant(self, field: str) -> datetime:
        try:
            return instant_of(getattr(self, field), self.zone)
        except WallTimeError as error:
            raise WindowError(field, str(error)) from error


def zones_of(corridor: TransitCorridor) -> list[str]:
    """The zone of each side at both ends, from the one that is left to the one that is reached; sides should be prefetched."""
    sides = [
        *corridor.entry.way(corridor.from_country, corridor.transit_country),
        *corridor.exit.way(corridor.last_country, corridor.to_country),
    ]
    return list(dict.fromkeys(side.zone for side in sides))


def zones_along(legs: Iterable[Leg]) -> list[str]:
    """The zone of each side of every crossing on the way, in order; sides should be prefetched."""
    return list(dict.fromkeys(side.zone for side in sides_along(legs)))


def zones_meant(version: CorridorVersion) -> list[str]:
    """The same of a version, with the zone in which its window was agreed first."""
    return list(dict.fromkeys([*filter(None, [version.zone]), *zones_along(legs_of(version))]))


def window_in_words(opens_at: datetime, closes_at: datetime, zones: Iterable[str]) -> str:
    """ "2 October 2020, 06:00–10:00 Tashkent, Dushanbe (UTC+5) = 07:00–11:00 Almaty (UTC+6)"; the day again where it differs.

    Sides that keep the same time are named together. Worded in the active language.
    """
    sides: dict[str, list[str]] = {}
    day_said = ""
    for zone in dict.fromkeys(zones):
        opens, closes = (moment.astimezone(ZoneInfo(zone)) for moment in (opens_at, closes_at))
        sides.setdefault(f"{_span(opens, closes)}|{offset(opens)}", []).append(city(zone))
    said = []
    for key, cities in sides.items():
        span, _bar, distance = key.partition("|")
        day, _comma, hours = span.partition(", ")
        same_day = day == day_said and ", " not in hours
        said.append(f"{hours if same_day else span} {', '.join(cities)} ({distance})")
        day_said = day
    return " = ".join(said)


def _span(opens: datetime, closes: datetime) -> str:
    last = "" if closes.date() == opens.date() else f"{written_day(closes)}, "
    return f"{written_day(opens)}, {opens:%H:%M}–{last}{closes:%H:%M}"


def as_wall_time(local: datetime) -> datetime:
    """Wall time as a row keeps it: the figures of the clock, as if they were UTC."""
    return local.replace(tzinfo=UTC)


def window_of(version: CorridorVersion) -> Window | None:
    """The window of a version as it was agreed, or None."""
    if version.opens_local is None or version.closes_local is None:
        return None
    return Window(
        version.opens_local.replace(tzinfo=None),
        version.closes_local.replace(tzinfo=None),
        version.zone,
        hours_of(version.hours),
    )


def opened(version: CorridorVersion) -> list[Span]:
    """When people may enter by the wording alone, in order; nothing while no window is agreed."""
    if version.opens_at is None or version.closes_at is None:
        return []
    return spans(version.opens_at, version.closes_at, hours_of(version.hours), version.zone)
