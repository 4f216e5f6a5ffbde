"""The message "a requirement changed": plain values stored with the alert, and what the templates get in each language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common import countries
from corridors import rules
from corridors.enums import Certainty, ChangeKind, Mode, RequirementSubject, SourceTier
from corridors.lines import every_crossing, zones_of
from corridors.models import CrossingSide, RequirementVersion
from notifications.hours import local_times
from partners.models import Organisation

KIND = "requirement_change"
SPOKEN = (SourceTier.ORAL_POST, SourceTier.ORAL_AUTHORITY)


def alert_context(version: RequirementVersion, before: RequirementVersion | None, *, kind: str) -> dict[str, Any]:
    """What an alert keeps of a version: plain values, never a person. `before` is what was known until now, or None."""
    line = version.requirement
    authority = version.authority
    return {
        "crossing": line.crossing.code if line.crossing else "",
        "sides": [_side(side) for side in line.crossing.way(line.from_country, line.to_country)]
        if line.crossing
        else [],
        "zones": _zones(version),
        "from_country": line.from_country,
        "to_country": line.to_country,
        "mode": line.mode,
        "subject": line.subject,
        "requirement": str(line.public_id),
        "version": version.number,
        "kind": kind,
        "content": version.content,
        "certainty": version.certainty,
        "source_tier": version.source_tier,
        "source_text": version.source_text,
        "correction": version.correction,
        "authority": None if authority is None else named(authority),
        "applies_from": version.applies.lower.isoformat(),
        "applies_until": version.applies.upper.isoformat() if version.applies.upper else None,
        "published_at": version.entered_at.isoformat(),
        "before": None if before is None else _known_before(before),
    }


def _side(side: CrossingSide) -> dict[str, Any]:
    return {
        "country": side.country,
        "latin": side.name_latin,
        "local": side.name_local,
        "ru": side.name_ru,
        "zone": side.zone,
    }


def named(institution: Organisation) -> dict[str, Any]:
    """What an alert keeps of an institution: its country, and its name in each language of `authority_name`."""
    return {"country": institution.country, **{code: institution.name_in(code) for code in ("en", "ru", "tg", "uz")}}


def _known_before(before: RequirementVersion) -> dict[str, Any]:
    return {
        "version": before.number,
        "content": before.content,
        "certainty": before.certainty,
        "source_tier": before.source_tier,
    }


def _zones(version: RequirementVersion) -> list[str]:
    """The zones of both sides, that in which the hour is meant first."""
    return list(dict.fromkeys([version.zone, *zones_of(version.requirement)]))


def context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get, worded in `language`, which must be the active one."""
    zones = alert["zones"]
    before = alert["before"]
    content = rules.parse_content(alert["content"])
    asked_before = before is not None and before["certainty"] != Certainty.WITHDRAWN
    return {
        "crossing_code": alert["crossing"],
        "crossing_name": place_name(alert, language),
        "crossing_names": [names_of(side) for side in alert["sides"]] or [place_name(alert, language)],
        "place": side_name(alert["sides"][-1], language) if alert["sides"] else place_name(alert, language),
        "from_country": country_name(alert["from_country"], language),
        "to_country": country_name(alert["to_country"], language),
        "mode": Mode(alert["mode"]).label if alert.get("mode") else "",
        "subject": RequirementSubject(alert["subject"]).label,
        "number": alert["version"],
        "rule": rules.explain(content, language),
        "before": rules.explain(rules.parse_content(before["content"]), language) if asked_before else "",
        "before_number": before["version"] if before else None,
        "differences": rules.diff(rules.parse_content(before["content"]) if asked_before else None, content, language),
        "is_new": alert["kind"] == ChangeKind.NEW,
        "is_withdrawn": alert["kind"] == ChangeKind.WITHDRAWN,
        "is_corrected": alert["kind"] == ChangeKind.CORRECTED,
        "correction": alert.get("correction", ""),
        "is_reported": alert["certainty"] == Certainty.REPORTED,
        "certainty": Certainty(alert["certainty"]).label,
        "is_confirmed": alert["certainty"] == Certainty.CONFIRMED,
        "source": SourceTier(alert["source_tier"]).label,
        "source_text": alert["source_text"],
        "authority": authority_name(alert["authority"], language),
        "replaces_spoken": bool(before and before["source_tier"] in SPOKEN and alert["source_tier"] not in SPOKEN),
        "since": local_times(datetime.fromisoformat(alert["applies_from"]), zones),
        "until": local_times(datetime.fromisoformat(alert["applies_until"]), zones) if alert["applies_until"] else "",
        "published": local_times(datetime.fromisoformat(alert["published_at"]), zones),
    }


def authority_name(authority: dict[str, str] | None, language: str) -> str:
    """The authority with its country, since every country has a ministry of that name."""
    if authority is None:
        return ""
    name = authority.get(language) or authority["en"]
    return f"{name} ({countries.name(authority['country'], language)})" if authority["country"] else name


def country_name(code: str, language: str) -> str:
    """The country; "any country" where a line leaves that end open."""
    return countries.name(code, language) if code else str(_("any country"))


def place_name(alert: dict[str, Any], language: str) -> str:
    """The crossing with both sides, or that it is asked at all of them."""
    if not alert["sides"]:
        return every_crossing(alert["from_country"], alert["to_country"], language)
    return crossing_name(alert["sides"], language)


def crossing_name(sides: list[dict[str, str]], language: str) -> str:
    """ "Zhibek Zholy → G‘ishtko‘prik", in the direction of the requirement."""
    return " → ".join(side_name(side, language) for side in sides)


def side_name(side: dict[str, str], language: str) -> str:
    """The side's name in the script of the reader."""
    return CrossingSide(
        country=side["country"], name_latin=side["latin"], name_local=side["local"], name_ru=side["ru"]
    ).name_in(language)


def names_of(side: dict[str, str]) -> str:
    """Every name of one side: "Zhibek Zholy / Жібек жолы / Жибек Жолы"."""
    return " / ".join(dict.fromkeys(name for name in (side["latin"], side["local"], side["ru"]) if name))
