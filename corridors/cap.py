"""A published change as an alert of the Common Alerting Protocol 1.2 (OASIS), for programs that watch borders.

Public text alone: the rule in words, hours, certainty, the authority and the place; never a person, nor a source's own words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring  # nosec B405  # written here, never read
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from common.printable import printable
from corridors import rules
from corridors.enums import Certainty, ChangeKind, Mode, RequirementSubject
from corridors.lines import direction_words
from corridors.messages import alert_context as kept
from corridors.messages import authority_name, names_of, place_name
from corridors.models import RequirementChange, RequirementVersion
from corridors.rules import Closed
from notifications.hours import local_times

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
CONTENT_TYPE = "application/cap+xml; charset=utf-8"
LANGUAGES = ("en", "ru", "tg", "uz")
SURE = {
    Certainty.REPORTED: "Possible",
    Certainty.CORROBORATED: "Likely",
    Certainty.CONFIRMED: "Observed",
    Certainty.WITHDRAWN: "Observed",
}
SOON = timedelta(hours=24)
RADIUS_KM = "2.0"


def identifier(version: RequirementVersion) -> str:
    """How programs recognise the alert of a version; random, so that it counts nothing."""
    return f"homeward-{version.public_id}"


def cap_of(change: RequirementChange, earlier: Iterable[RequirementChange], *, page: str) -> bytes:
    """Write the alert of a published change; `earlier` are those it takes the place of, `page` is the public page.

    The line's crossing needs its sides. In every language of `LANGUAGES`, each in an `info` of its own.
    """
    version = change.version
    alert = Element("alert", {"xmlns": NAMESPACE})
    _add(alert, "identifier", identifier(version))
    _add(alert, "sender", settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">"))
    _add(alert, "sent", _sent(version))
    _add(alert, "status", "Exercise" if settings.DEMO_CLOCK else "Actual")
    references = [f"{alert.findtext('sender')},{identifier(each.version)},{_sent(each.version)}" for each in earlier]
    _add(alert, "msgType", _kind(change, is_first=not references))
    _add(alert, "scope", "Public")
    if references:
        _add(alert, "references", " ".join(references))
    for language in LANGUAGES:
        with translation.override(language):
            _info(alert, change, language=language, page=page)
    written: bytes = tostring(alert, encoding="utf-8", xml_declaration=True)
    return written


def _kind(change: RequirementChange, *, is_first: bool) -> str:
    if is_first:
        return "Alert"
    return "Cancel" if change.kind == ChangeKind.WITHDRAWN else "Update"


def _info(alert: Element, change: RequirementChange, *, language: str, page: str) -> None:
    """One language of the alert, in the order that the schema asks for."""
    version = change.version
    said = kept(version, change.previous, kind=change.kind)
    info = SubElement(alert, "info")
    _add(info, "language", language)
    for category in _categories(version):
        _add(info, "category", category)
    _add(info, "event", _("Requirement at a border crossing"))
    _add(info, "responseType", "AllClear" if change.kind == ChangeKind.WITHDRAWN else "Prepare")
    _add(info, "urgency", _urgency(version))
    _add(info, "severity", _severity(version))
    _add(info, "certainty", SURE[Certainty(version.certainty)])
    _named(info, "eventCode", "homeward:subject", version.requirement.subject)
    _add(info, "effective", _sent(version))
    _add(info, "onset", _moment(version.applies.lower, version.zone))
    if version.applies.upper is not None:
        _add(info, "expires", _moment(version.applies.upper, version.zone))
    _add(info, "senderName", authority_name(said["authority"], language) or "Homeward")
    _add(info, "headline", headline(change, language)[:160])
    _add(info, "description", description(change, language))
    _add(info, "instruction", _("Tell everybody at this crossing, and look at the page for what holds now."))
    _add(info, "web", page)
    _named(info, "parameter", "homeward:version", str(version.number))
    _named(info, "parameter", "homeward:certainty", version.certainty)
    _named(info, "parameter", "homeward:direction", f"{said['from_country'] or '*'}-{said['to_country'] or '*'}")
    if version.requirement.mode:
        _named(info, "parameter", "homeward:mode", version.requirement.mode)
    _area(info, version, " / ".join(names_of(side) for side in said["sides"]) or place_name(said, language))


def headline(change: RequirementChange, language: str) -> str:
    """ "Zhibek Zholy → G‘ishtko‘prik: health test, new requirement", in the language that must be the active one."""
    said = kept(change.version, change.previous, kind=change.kind)
    words = _("%(subject)s, %(kind)s") % {
        "subject": RequirementSubject(change.version.requirement.subject).label,
        "kind": ChangeKind(change.kind).label,
    }
    return f"{place_name(said, language)}: {words}"


def description(change: RequirementChange, language: str) -> str:
    """The rule, since when, how sure, and who asks for it, in the language that must be the active one."""
    version = change.version
    said = kept(version, change.previous, kind=change.kind)
    rule = rules.explain(rules.parse_content(version.content), language)
    if version.certainty == Certainty.WITHDRAWN:
        rule = _("No longer asked: %(rule)s") % {"rule": rule}
    way = direction_words(said["from_country"], said["to_country"], language)
    if version.requirement.mode:
        way = f"{way}, {Mode(version.requirement.mode).label}"
    since = _("From %(hour)s.") % {"hour": local_times(version.applies.lower, said["zones"])}
    sentences = [f"{way}.", rule, since, f"{Certainty(version.certainty).label}."]
    if version.authority is not None:
        sentences.append(_("Asked by: %(authority)s.") % {"authority": authority_name(said["authority"], language)})
    return " ".join(sentences)


def _categories(version: RequirementVersion) -> list[str]:
    return ["Transport", "Health"] if version.requirement.subject == RequirementSubject.HEALTH_TEST else ["Transport"]


def _urgency(version: RequirementVersion) -> str:
    ahead = version.applies.lower - version.entered_at
    return "Immediate" if ahead <= timedelta() else "Expected" if ahead <= SOON else "Future"


def _severity(version: RequirementVersion) -> str:
    """A crossing that nobody may pass is severe; a withdrawal is minor; whatever else stops people is moderate."""
    if version.certainty == Certainty.WITHDRAWN:
        return "Minor"
    content = rules.parse_content(version.content)
    return "Severe" if any(isinstance(leaf, Closed) for leaf in rules.leaves(content.rule)) else "Moderate"


def _area(info: Element, version: RequirementVersion, names: str) -> None:
    place = version.requirement.crossing
    area = SubElement(info, "area")
    _add(area, "areaDesc", names)
    if place is None:
        for country in (version.requirement.from_country, version.requirement.to_country):
            if country:
                _named(area, "geocode", "ISO 3166-1 alpha-3", country)
        return
    if place.latitude is not None and place.longitude is not None:
        _add(area, "circle", f"{place.latitude.normalize():f},{place.longitude.normalize():f} {RADIUS_KM}")
    _named(area, "geocode", "homeward:crossing", place.code)
    if place.unlocode:
        _named(area, "geocode", "UN/LOCODE", place.unlocode)


def _sent(version: RequirementVersion) -> str:
    return _moment(version.entered_at, version.zone)


def _moment(at: datetime, zone: str) -> str:
    """An hour as CAP writes it: local, with its distance from UTC, whole seconds and never a Z."""
    return at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = printable(text)


def _named(parent: Element, kind: str, name: str, value: str) -> None:
    pair = SubElement(parent, kind)
    _add(pair, "valueName", name)
    _add(pair, "value", value)
