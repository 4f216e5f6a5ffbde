"""A request to approve a version, in words: the plain values kept with its alert, and what each language makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import countries
from common.templatetags.ui_times import lasting
from corridors.messages import authority_name, crossing_name, named, names_of
from corridors.models import BorderCrossing, CorridorVersion
from corridors.models.listed import all_conditions
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
        "entry": _sides(corridor.entry, corridor.from_country, corridor.transit_country),
        "exit": _sides(corridor.exit, corridor.transit_country, corridor.to_country),
        "countries": [corridor.from_country, corridor.transit_country, corridor.to_country],
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
        "minutes": int(version.longest_transit.total_seconds()) // 60,
        "cap": version.head_count_cap,
        "vehicles": version.vehicle_cap,
        "conditions": list(version.conditions),
        "listed": dict(version.listed),
        "evidence": list(version.evidence),
        "reference": version.document_reference,
    }


def _sides(crossing: BorderCrossing, from_country: str, to_country: str) -> list[dict[str, str]]:
    return [
        {
            "country": side.country,
            "latin": side.name_latin,
            "local": side.name_local,
            "ru": side.name_ru,
            "zone": side.zone,
        }
        for side in crossing.way(from_country, to_country)
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
        "crossing_names": [names_of(side) for side in (*alert["entry"], *alert["exit"])],
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
    """The window in the local time of each side, or a dash where there is none."""
    if not wording["opens_at"]:
        return "–"
    opens, closes = (datetime.fromisoformat(wording[field]) for field in ("opens_at", "closes_at"))
    return window_in_words(opens, closes, zones)


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
    said += [_("new condition: %(words)s") % {"words": words} for words in _only(after, before)]
    said += [_("condition dropped: %(words)s") % {"words": words} for words in _only(before, after)]
    return said


def _only(these: Mapping[str, Any], those: Mapping[str, Any]) -> list[str]:
    known = conditions_words(those)
    return [words for words in conditions_words(these) if words not in known]


def conditions_words(wording: Mapping[str, Any]) -> list[str]:
    """All conditions of a wording; alerts that are older than the list of conditions have words alone."""
    return all_conditions(wording.get("listed", {}), wording["conditions"], wording.get("evidence", ()))
