"""Transit corridors: the agreed way through a country, and the mark that a requirement on it has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from corridors.enums import WITH_DETAIL, CorridorCondition, RequiredEvidence
from corridors.legs import (
    LONGEST,
    LegError,
    LegWording,
    joins,
    legs_of,
    legs_worded,
    refuse_countries,
    refuse_no_crossing,
)
from corridors.lines import asked_at
from corridors.models import (
    BorderCrossing,
    CorridorVersion,
    Leg,
    Requirement,
    RequirementChange,
    TransitCorridor,
    VersionWaiver,
)
from corridors.opening_hours import HoursError, hours_worded
from corridors.waiving import WaiverError, WaiverWording, waivers_worded
from corridors.windows import Window, WindowError, as_wall_time, zones_along, zones_of
from partners.models import Organisation

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")


class CorridorError(RefusalError):
    """A corridor that cannot be. `field` names what to mend, `sentence` how."""


@transaction.atomic
def make_corridor(
    *,
    code: str,
    name: str,
    entry: BorderCrossing,
    exit: BorderCrossing,  # noqa: A002  # the two ends of a corridor are called so
    from_country: str,
    transit_country: str,
    to_country: str,
    further_countries: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> TransitCorridor:
    """Names a way: in by `entry` from `from_country`, through `transit_country`, out by `exit` into `to_country`.

    `further_countries` are those that are crossed after the first; by which crossings between them, each version says.
    Raises CorridorError where a crossing does not join the countries that it should, a country comes twice in a row, or
    the code is taken or none.
    """
    _refuse_name(code, name)
    if further_countries:
        with _as_corridor_error():
            refuse_countries([from_country, transit_country, *further_countries, to_country], "further_countries")
            refuse_no_crossing([transit_country, *further_countries], "further_countries")
    _refuse_end("entry", entry, from_country, transit_country)
    _refuse_end("exit", exit, [transit_country, *further_countries][-1], to_country)
    corridor = TransitCorridor.objects.create(
        code=code,
        name=name,
        entry=entry,
        exit=exit,
        from_country=from_country,
        transit_country=transit_country,
        further_countries=list(further_countries),
        to_country=to_country,
    )
    audit.record("corridor named", corridor, by=by, at=at)
    return corridor


def _refuse_name(code: str, name: str) -> None:
    if not CODE.fullmatch(code):
        raise CorridorError(
            "code", _("Give a code of capital letters, figures and dashes, at most 20, such as ZZ-OYBEK.")
        )
    if not name.strip():
        raise CorridorError("name", _("Give the corridor a name that people will know it by."))
    if TransitCorridor.objects.filter(code=code).exists():
        raise CorridorError("code", _("There is a corridor %(code)s already; choose another code.") % {"code": code})


@contextmanager
def _as_corridor_error() -> Iterator[None]:
    """Says a refusal of legs or windows as one of the corridor."""
    try:
        yield
    except (HoursError, LegError, WaiverError, WindowError) as error:
        raise CorridorError(error.field, error.sentence) from error


def _refuse_end(field: str, crossing: BorderCrossing, one: str, other: str) -> None:
    if not joins(crossing, one, other):
        words = _("%(code)s does not lead that way. Choose a crossing between the two.")
        raise CorridorError(field, words % {"code": crossing.code})


@dataclass(frozen=True, slots=True)
class Wording:
    """What a version says. `window` is when people may enter; `answer_by` until when its parties will be asked to decide.

    A way through several countries has `legs`; its longest transit is that of all of them together.
    """

    longest_transit: timedelta
    conditions: Sequence[str]
    head_count_cap: int
    requested_by: Organisation
    document_reference: str
    window: Window | None = None
    answer_by: datetime | None = None
    vehicle_cap: int | None = None
    listed: Mapping[str, str] = field(default_factory=dict)
    evidence: Sequence[str] = ()
    legs: Sequence[LegWording] = ()
    waivers: Sequence[WaiverWording] = ()


@transaction.atomic
def make_version(
    *,
    corridor: TransitCorridor,
    longest_transit: timedelta,
    conditions: Sequence[str],
    head_count_cap: int,
    requested_by: Organisation,
    document_reference: str,
    window: Window | None = None,
    answer_by: datetime | None = None,
    vehicle_cap: int | None = None,
    listed: Mapping[str, str] | None = None,
    evidence: Sequence[str] = (),
    legs: Sequence[LegWording] = (),
    waivers: Sequence[WaiverWording] = (),
    by: Actor,
    at: datetime,
) -> CorridorVersion:
    """Writes the next wording down. A corridor exists only on a request: `requested_by` with the reference of its paper.

    Raises CorridorError naming the field. A new version starts without decisions and without the mark of a changed
    requirement; it is a draft until its parties are asked.
    """
    wording = Wording(
        longest_transit=longest_transit,
        conditions=conditions,
        head_count_cap=head_count_cap,
        requested_by=requested_by,
        document_reference=document_reference,
        window=window,
        answer_by=answer_by,
        vehicle_cap=vehicle_cap,
        listed=listed or {},
        evidence=evidence,
        legs=legs,
        waivers=waivers,
    )
    TransitCorridor.objects.select_for_update().get(pk=corridor.pk)
    last = corridor.versions.aggregate(last=Max("number"))["last"] or 0
    rows = _legs(wording, corridor)
    fields = _fields(wording, corridor, rows, at=at)
    version = CorridorVersion.objects.create(corridor=corridor, number=last + 1, made_at=at, made_by=by, **fields)
    _store(version, rows, _waivers(wording, version, at=at))
    audit.record("corridor version made", version, by=by, at=at)
    return version


@transaction.atomic
def rewrite_draft(*, version: CorridorVersion, wording: Wording, by: Actor, at: datetime) -> CorridorVersion:
    """Writes a version anew, and as of now, as long as nobody was asked about it.

    Raises CorridorError: what was asked is never rewritten.
    """
    TransitCorridor.objects.select_for_update().get(pk=version.corridor_id)
    if version.approvals.exists():
        raise CorridorError(
            "",
            _("Version %(number)d lies before its parties and stays as it is. Write the next version instead.")
            % {"number": version.number},
        )
    rows = _legs(wording, version.corridor)
    fields = _fields(wording, version.corridor, rows, at=at)
    fields |= {"made_at": at, "made_by": by, "requirement_changed_at": None}
    for name, value in fields.items():
        setattr(version, name, value)
    version.save(update_fields=list(fields))
    version.legs.all().delete()
    version.waivers.all().delete()
    _store(version, rows, _waivers(wording, version, at=at))
    audit.record("corridor draft rewritten", version, by=by, at=at)
    return version


def _legs(wording: Wording, corridor: TransitCorridor) -> list[Leg]:
    with _as_corridor_error():
        return legs_worded(corridor, wording.legs)


def _waivers(wording: Wording, version: CorridorVersion, *, at: datetime) -> list[VersionWaiver]:
    with _as_corridor_error():
        return waivers_worded(version.corridor, wording.waivers, closes_at=version.closes_at, at=at)


def _store(version: CorridorVersion, legs: Sequence[Leg], waivers: Sequence[VersionWaiver]) -> None:
    for leg in legs:
        leg.version = version
    for waiver in waivers:
        waiver.version = version
    Leg.objects.bulk_create(legs)
    VersionWaiver.objects.bulk_create(waivers)


def _fields(wording: Wording, corridor: TransitCorridor, legs: Sequence[Leg], *, at: datetime) -> dict[str, Any]:
    """The columns of a wording. Raises CorridorError naming the field."""
    longest = sum((leg.longest_transit for leg in legs), timedelta(0)) or wording.longest_transit
    if not legs and not timedelta(0) < longest <= LONGEST:
        raise CorridorError("longest_transit", _("Give the longest transit in hours, more than none and at most 168."))
    if wording.head_count_cap < 1:
        raise CorridorError("head_count_cap", _("A corridor is for at least one person."))
    if wording.vehicle_cap is not None and wording.vehicle_cap < 1:
        raise CorridorError("vehicle_cap", _("A corridor is for at least one vehicle."))
    if not wording.document_reference.strip():
        raise CorridorError("document_reference", _("Give the reference of the paper in which it was requested."))
    fields: dict[str, Any] = {
        "longest_transit": longest,
        "conditions": [condition.strip() for condition in wording.conditions if condition.strip()],
        "head_count_cap": wording.head_count_cap,
        "vehicle_cap": wording.vehicle_cap,
        "listed": _listed(wording.listed),
        "evidence": [code for code in RequiredEvidence.values if code in wording.evidence],
        "requested_by": wording.requested_by,
        "document_reference": wording.document_reference.strip(),
        "answer_by": wording.answer_by,
    }
    return fields | _window_fields(wording, zones_along(legs) if legs else zones_of(corridor), at=at)


def _listed(said: Mapping[str, str]) -> dict[str, str]:
    """Conditions from the list with what more is said of them. Raises CorridorError."""
    unknown = set(said) - set(CorridorCondition.values)
    if unknown:
        raise CorridorError("listed", _("Choose conditions from the list; say others in words."))
    listed = {code: " ".join(detail.split())[:200] for code, detail in said.items()}
    if listed.get(CorridorCondition.FUEL_ONLY) == "":
        raise CorridorError("listed", _("Say where fuel may be taken."))
    if any(detail and code not in WITH_DETAIL for code, detail in listed.items()):
        raise CorridorError(
            "listed", _("Only of escort, disinfection and fuel more is said here; say the rest in words.")
        )
    return listed


def _window_fields(wording: Wording, zones: Sequence[str], *, at: datetime) -> dict[str, Any]:
    window = wording.window
    opens_at = closes_at = None
    hours: list[dict[str, object]] = []
    if window is not None:
        with _as_corridor_error():
            hours = hours_worded(window.hours)
            opens_at, closes_at = window.instants(zones=zones, at=at)
    refuse_answer_by(wording.answer_by, closes_at=closes_at, at=at)
    return {
        "opens_local": as_wall_time(window.opens_local) if window else None,
        "closes_local": as_wall_time(window.closes_local) if window else None,
        "zone": window.zone if window else "",
        "hours": hours,
        "opens_at": opens_at,
        "closes_at": closes_at,
    }


def refuse_answer_by(answer_by: datetime | None, *, closes_at: datetime | None, at: datetime) -> None:
    """Raises CorridorError for a deadline that has passed or that lies behind the end of the window."""
    if answer_by is not None and answer_by <= at:
        raise CorridorError("answer_by", _("That hour has passed; give the parties one that is still to come."))
    if answer_by is not None and closes_at is not None and answer_by > closes_at:
        raise CorridorError("answer_by", _("An answer after the window is of no use; ask for one before it closes."))


def newest_versions() -> QuerySet[CorridorVersion]:
    """The last version of every corridor."""
    last = CorridorVersion.objects.filter(corridor=OuterRef("corridor")).order_by("-number").values("pk")[:1]
    return CorridorVersion.objects.filter(pk=Subquery(last))


def mark_requirement_changed(requirement: Requirement, *, at: datetime) -> int:
    """Marks the newest version of each corridor that enters or leaves by this line; returns how many.

    The mark keeps the first hour: since then what was agreed is no longer the whole truth.
    """
    unmarked = newest_versions().filter(_by(requirement), requirement_changed_at__isnull=True)
    return CorridorVersion.objects.filter(pk__in=list(unmarked.values_list("pk", flat=True))).update(
        requirement_changed_at=at
    )


def versions_touched(requirement: Requirement) -> QuerySet[CorridorVersion]:
    """The newest version of each corridor that enters or leaves by this line: what was agreed there is asked about anew."""
    return newest_versions().filter(_by(requirement)).select_related("corridor").order_by("corridor__code")


def _by(line: Requirement) -> Q:
    """Versions that meet a line at a crossing on their way: entering, leaving a single country, or leaving one of several."""
    of_one = Q(corridor__further_countries=[])
    chained = Leg.objects.filter(_passing(line, "exit", "country", "to_country"), version=OuterRef("pk"))
    return (
        _passing(line, "corridor__entry", "corridor__from_country", "corridor__transit_country")
        | (of_one & _passing(line, "corridor__exit", "corridor__transit_country", "corridor__to_country"))
        | Q(Exists(chained))
    )


def _passing(line: Requirement, place: str, from_country: str, to_country: str) -> Q:
    """What meets a line at one of its ends; of a line of every crossing, whatever leads that way."""
    ends = {place: line.crossing_id, from_country: line.from_country, to_country: line.to_country}
    return Q(*((name, value) for name, value in ends.items() if value))


def changes_on_the_way(version: CorridorVersion) -> QuerySet[RequirementChange]:
    """What has changed at the crossings of the way since this version was made, the latest first."""
    path, legs = "version__requirement__", legs_of(version)
    ways = [(legs[0].entry_id, legs[0].from_country, legs[0].country)]
    ways += [(leg.exit_id, leg.country, leg.to_country) for leg in legs]
    met = reduce(or_, (asked_at(*way, path=path) for way in ways))
    return (
        RequirementChange.objects.filter(met, at__gte=version.made_at)
        .select_related("version__requirement__crossing", "previous")
        .order_by(F("at").desc(), "-pk")
    )
