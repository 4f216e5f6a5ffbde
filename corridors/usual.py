"""Ways that are known beforehand, with the wording that is usual on each: a template for a version, never a request."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from corridors.models import BorderCrossing, CorridorVersion, TransitCorridor
from corridors.transit import CorridorError, make_corridor

FILE = Path(__file__).resolve().parent / "fixtures" / "corridors.toml"
WORDED = ("longest_transit", "head_count_cap", "vehicle_cap", "conditions", "listed", "evidence")
"""What a template says; who asks, on which paper and when people may enter is said anew with each version."""


@dataclass(frozen=True, slots=True)
class UsualWay:
    """One way (crossings by code, countries in three letters), and what a version on it usually says."""

    code: str
    name: str
    entry: str
    exit: str
    from_country: str
    transit_country: str
    to_country: str
    longest_transit_minutes: int
    head_count_cap: int
    vehicle_cap: int | None = None
    conditions: list[str] = field(default_factory=list)
    listed: dict[str, str] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)

    @property
    def longest_transit(self) -> timedelta:
        return timedelta(minutes=self.longest_transit_minutes)


@cache
def usual_ways(file: Path = FILE) -> tuple[UsualWay, ...]:
    """What a file of ways says. Raises CorridorError where it says something else."""
    try:
        return tuple(UsualWay(**way) for way in tomllib.loads(file.read_text(encoding="utf-8"))["corridor"])
    except (KeyError, TypeError, ValueError) as error:
        raise CorridorError("", f"{file.name}: {error}") from error


def template_of(corridor: TransitCorridor, *, like: str = "") -> Mapping[str, Any]:
    """What a first version on `corridor` begins with: the newest wording of the corridor `like`, else what is usual there.

    Empty where nothing is known.
    """
    known: CorridorVersion | UsualWay | None = _newest_of(like) or _usual_on(corridor)
    return {} if known is None else {name: getattr(known, name) for name in WORDED}


def _newest_of(code: str) -> CorridorVersion | None:
    return CorridorVersion.objects.filter(corridor__code=code).order_by("-number").first() if code else None


def _usual_on(corridor: TransitCorridor) -> UsualWay | None:
    meant = (corridor.entry.code, corridor.exit.code, corridor.from_country, corridor.to_country)
    same = (way for way in usual_ways() if (way.entry, way.exit, way.from_country, way.to_country) == meant)
    return next(same, None)


@transaction.atomic
def load_ways(*, ways: Iterable[UsualWay], by: Actor, at: datetime) -> tuple[int, int]:
    """Names the ways that are not there yet; returns how many are new, and how many were there.

    A way is there when a corridor leads in and out by the same crossings, whatever it is called. Raises CorridorError.
    """
    made = known = 0
    crossings = {row.code: row for row in BorderCrossing.objects.prefetch_related("sides")}
    for way in ways:
        if missing := {way.entry, way.exit} - crossings.keys():
            raise CorridorError("", _("There is no crossing %(code)s; load crossings first.") % {"code": min(missing)})
        same = TransitCorridor.objects.filter(entry__code=way.entry, exit__code=way.exit)
        if same.filter(from_country=way.from_country, to_country=way.to_country).exists():
            known += 1
            continue
        make_corridor(
            code=way.code,
            name=way.name,
            entry=crossings[way.entry],
            exit=crossings[way.exit],
            from_country=way.from_country,
            transit_country=way.transit_country,
            to_country=way.to_country,
            by=by,
            at=at,
        )
        made += 1
    return made, known
