"""A request to approve a version, in words: the plain values kept with its alert, and what each language makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common import countries
from common.templatetags.ui_times import lasting
from corridors.enums import RequirementSubject
from corridors.legs import leg_words, legs_of, sides_along
from corridors.lines import every_crossing
from corridors.messages import authority_name, crossing_name, named, names_of
from corridors.models import CorridorVersion, CrossingSide, VersionWaiver
from corridors.models.listed import all_conditions
from corridors.opening_hours import hours_in_words, hours_of
from corridors.windows import window_in_words, zones_meant
from notifications.hours import local_times

KIND = "corridor_request"


def alert_context(version: CorridorVersion, *, answer_by: datetime, at: datetime) -> dict[str, Any]:
    """What an alert keeps of a version: plain values, never a person. Needs a version with its window."""
    corridor = version.corridor
    before = corridor.versions.filter(number__lt=version.number, approvals__isnull=False).order_by("-number").first()
    return {
        "corridor": str(corridor.public_id),
        "code": corridor.code,
        "name": corridor.name,
        "version": version.number,
        "zones": zones_meant(version),
        "entry": _sides(corridor.entry.way(corridor.from_country, corridor.transit_country)),
        "exit": _sides(corridor.exit.way(corridor.last_country, corridor.to_country)),
        "between": _sides(sides_along(legs_of(version))[2:-2]),
        "countries": corridor.countries,
        "requested_by": named(version.requested_by),
        "wording": wording_of(version),
        "before": None if before is None else {"version": before.number, **wording_of(before)},
        "answer_by": answer_by.isoformat(),
        "until": version.closes_at.isoformat() if version.closes_at else "",
        "asked_at": at.isoformat(),
    }


def wording_of(version: CorridorVersion) -> dict[str, Any]:
    """What a version says, as plain values."""
    return {
        "opens_at": version.opens_at.isoformat() if version.opens_at else None,
        "closes_at": version.closes_at.isoformat() if version.closes_at else None,
        "hours": list(version.hours),
        "zone": version.zone,
        "minutes": int(version.longest_transit.total_seconds()) // 60,
        "cap": version.head_count_cap,
        "vehicles": version.vehicle_cap,
        "conditions": list(version.conditions),
        "listed": dict(version.listed),
        "evidence": list(version.evidence),
        "legs": _legs(version) if version.corridor.is_chain else [],
        "waivers": [_waiver(row) for row in version.waivers.all()],
        "reference": version.document_reference,
    }


def _waiver(row: VersionWaiver) -> dict[str, Any]:
    """Who waives what until when, as plain values."""
    line = row.requirement
    return {
        "who": named(row.authority),
        "subject": line.subject,
        "crossing": line.crossing.code if line.crossing else "",
        "ends": [line.from_country, line.to_country],
        "reference": row.reference,
        "until": row.valid_until.isoformat(),
    }


def waivers_words(wording: Mapping[str, Any], zones: list[str], language: str) -> list[str]:
    """What is waived for whoever travels by it, a sentence for each requirement."""
    return [
        _("%(who)s waives: %(subject)s, %(place)s, until %(until)s (%(reference)s)")
        % {
            "who": authority_name(waiver["who"], language),
            "subject": RequirementSubject(waiver["subject"]).label,
            "place": waiver["crossing"] or every_crossing(waiver["ends"][0], waiver["ends"][1], language),
            "until": local_times(datetime.fromisoformat(waiver["until"]), zones),
            "reference": waiver["reference"],
        }
        for waiver in wording.get("waivers", ())
    ]


def _legs(version: CorridorVersion) -> list[dict[str, Any]]:
    """Each country of a way through several: for how long at most, and by which crossing it is left."""
    return [
        {"country": leg.country, "minutes": int(leg.longest_transit.total_seconds()) // 60, "exit": leg.exit.code}
        for leg in legs_of(version)
    ]


def _sides(sides: Iterable[CrossingSide]) -> list[dict[str, str]]:
    return [
        {
            "country": side.country,
            "latin": side.name_latin,
            "local": side.name_local,
            "ru": side.name_ru,
            "zone": side.zone,
        }
        for side in sides
    ]


def context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get, worded in `language`, which must be the active one."""
    zones, wording, before = alert["zones"], alert["wording"], alert["before"]
    return {
        "name": alert["name"],
        "code": alert["code"],
        "number": alert["version"],
        "way": " → ".join(countries.name(code, language) for code in alert["countries"]),
        "entry": crossing_name(alert["entry"], language),
        "exit": crossing_name(alert["exit"], language),
        "crossing_names": [names_of(side) for side in (*alert["entry"], *alert.get("between", ()), *alert["exit"])],
        "legs": legs_words(wording),
        "waivers": waivers_words(wording, zones, language),
        "window": window_words(wording, zones),
        "cap": _cap_words(wording),
        "transit": lasting(timedelta(minutes=wording["minutes"])),
        "conditions": conditions_words(wording),
        "requested_by": authority_name(alert["requested_by"], language),
        "reference_of_request": wording["reference"],
        "answer_by": local_times(datetime.fromisoformat(alert["answer_by"]), zones),
        "asked": local_times(datetime.fromisoformat(alert["asked_at"]), zones),
        "before_number": before["version"] if before else None,
        "differences": differences(before, wording, zones) if before else [],
    }


def window_words(wording: Mapping[str, Any], zones: list[str]) -> str:
    """The window in the local time of each side, with its days and hours; or a dash where there is none."""
    if not wording["opens_at"]:
        return "–"
    opens, closes = (datetime.fromisoformat(wording[field]) for field in ("opens_at", "closes_at"))
    hours = hours_in_words(hours_of(wording.get("hours", ())), wording.get("zone", ""))
    return ": ".join(filter(None, [window_in_words(opens, closes, zones), hours]))


def people_in_words(number: int) -> str:
    """ "102 people"."""
    return ngettext("%(n)d person", "%(n)d people", number) % {"n": number}


def _cap_words(wording: Mapping[str, Any]) -> str:
    """ "102 people, 3 vehicles"; alerts that are older than the second figure do not have it."""
    people, vehicles = people_in_words(wording["cap"]), wording.get("vehicles")
    if not vehicles:
        return people
    return f"{people}, {ngettext('%(n)d vehicle', '%(n)d vehicles', vehicles) % {'n': vehicles}}"


def differences(before: Mapping[str, Any], after: Mapping[str, Any], zones: list[str]) -> list[str]:
    """What a version says otherwise than the one before, a sentence for each point."""
    pairs = [
        (_("window"), window_words(before, zones), window_words(after, zones)),
        (_("longest transit"), *(lasting(timedelta(minutes=said["minutes"])) for said in (before, after))),
        (_("at most"), _cap_words(before), _cap_words(after)),
    ]
    said = [
        _("%(point)s: %(after)s instead of %(before)s") % {"point": point, "before": old, "after": new}
        for point, old, new in pairs
        if old != new
    ]
    known, now = legs_words(before), legs_words(after)
    said += [_("leg: %(words)s") % {"words": words} for words in now if words not in known]
    language = get_language() or "en"
    waived, still = (waivers_words(said_of, zones, language) for said_of in (before, after))
    said += [_("newly waived: %(words)s") % {"words": words} for words in still if words not in waived]
    said += [_("waived no more: %(words)s") % {"words": words} for words in waived if words not in still]
    said += [_("new condition: %(words)s") % {"words": words} for words in _only(after, before)]
    said += [_("condition dropped: %(words)s") % {"words": words} for words in _only(before, after)]
    return said


def _only(these: Mapping[str, Any], those: Mapping[str, Any]) -> list[str]:
    known = conditions_words(those)
    return [words for words in conditions_words(these) if words not in known]


def legs_words(wording: Mapping[str, Any]) -> list[str]:
    """The countries of a way through several, a few words for each; nothing of a way through one."""
    legs = wording.get("legs", ())
    return [leg_words(leg["country"], timedelta(minutes=leg["minutes"]), leg["exit"], leg is legs[-1]) for leg in legs]


def conditions_words(wording: Mapping[str, Any]) -> list[str]:
    """All conditions of a wording; alerts that are older than the list of conditions have words alone."""
    return all_conditions(wording.get("listed", {}), wording["conditions"], wording.get("evidence", ()))
