"""Times as people at a border say them: the local time of each side, with the city that keeps it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from common.languages import babel_locale

CITIES = {
    ("tg", "Asia/Ashgabat"): "Ашқобод",
    ("tg", "Asia/Samarkand"): "Самарқанд",
    ("tg", "Asia/Tashkent"): "Тошканд",
    ("tg", "Europe/Moscow"): "Маскав",
}
"""Cities that readers of a language write otherwise than CLDR does."""


def city(zone: str) -> str:
    """The city of a zone in the language of the page: "Asia/Tashkent" → "Tashkent", "Ташкент"."""
    page = babel_locale()
    return CITIES.get((page.language, zone)) or get_timezone_location(ZoneInfo(zone), locale=page, return_city=True)


def written_day(moment: datetime) -> str:
    """A day written out in the language of the page: "1 October 2020", "1 октябри 2020", "2020-yil 1-oktabr"."""
    page = babel_locale()
    if page.language == "tg":
        return f"{moment.day} {format_date(moment, 'MMMM', locale=page).lower()}и {moment.year}"
    return format_date(moment, "y-'yil' d-MMMM" if page.language == "uz" else "d MMMM y", locale=page)


def lasting(period: timedelta | None) -> str:
    """A period in its two largest units: "2 d 3 h", "19 h", "25 min"."""
    if period is None:
        return "–"
    minutes = int(period.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [
        gettext("%(n)d d") % {"n": days} if days else "",
        gettext("%(n)d h") % {"n": hours} if hours else "",
        gettext("%(n)d min") % {"n": rest} if rest and not days else "",
    ]
    return " ".join(part for part in parts if part) or gettext("under a minute")


def in_hours(period: timedelta) -> str:
    """A period in hours and minutes, however many days it has: "27 h", "3 h 40 min", "5 min"; "−1 h" before."""
    minutes = round(abs(period.total_seconds()) / 60)
    hours, rest = divmod(minutes, 60)
    parts = [
        gettext("%(n)d h") % {"n": hours} if hours else "",
        gettext("%(n)d min") % {"n": rest} if rest or not hours else "",
    ]
    return ("−" if period < timedelta() else "") + " ".join(part for part in parts if part)


def _day(moment: datetime, now: datetime | None) -> str:
    """The day of a local moment, left out when it is today on the page's clock; the year only when it is another."""
    if now is not None:
        today = now.astimezone(moment.tzinfo).date()
        if moment.date() == today:
            return ""
        if moment.year == today.year:
            return format_date(moment, "d MMM", locale=babel_locale()) + " "
    return format_date(moment, "d MMM y", locale=babel_locale()) + " "


def _time(moment: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="minutes"), words)


def both_times(context: template.Context, at: datetime | None, zones: str | Iterable[str]) -> SafeString:
    """`{% both_times change.at zones %}` → "08:05 Tashkent (09:05 Almaty)"; the day first unless it is today.

    `at` is aware; `zones` are IANA names, the side that is meant first (a list, or text with commas). Sides that keep
    the same time at that moment are named together. "Today" is that of `page_now`; without it the full date is given.
    """
    if at is None:
        return SafeString("–")
    asked = [zone.strip() for zone in zones.split(",")] if isinstance(zones, str) else list(zones)
    now: datetime | None = context.get("page_now")
    moments = {zone: at.astimezone(ZoneInfo(zone)) for zone in asked}
    first = moments[asked[0]]
    same = [city(zone) for zone, moment in moments.items() if moment.utcoffset() == first.utcoffset()]
    words = _time(first, f"{_day(first, now)}{first:%H:%M}")
    said = format_html("{} {}", words, ", ".join(dict.fromkeys(same)))
    others: dict[datetime, list[str]] = {}
    for zone, moment in moments.items():
        if moment.utcoffset() != first.utcoffset():
            others.setdefault(moment.replace(tzinfo=None), []).append(zone)
    for cities in others.values():
        moment = moments[cities[0]]
        day = "" if moment.date() == first.date() else format_date(moment, "d MMM ", locale=babel_locale())
        named = ", ".join(dict.fromkeys(city(zone) for zone in cities))
        said = format_html("{} ({} {})", said, _time(moment, f"{day}{moment:%H:%M}"), named)
    return format_html('<span class="num">{}</span>', said)


def one_time(context: template.Context, at: datetime | None, zone: str, label: bool = False) -> SafeString:
    """The time at one side, for a column whose heading names the city; `label=True` names it here."""
    if at is None:
        return SafeString("–")
    moment = at.astimezone(ZoneInfo(zone))
    said = _time(moment, f"{_day(moment, context.get('page_now'))}{moment:%H:%M}")
    return format_html('<span class="num nowrap">{} {}</span>', said, city(zone)) if label else said


def clock(at: datetime, zone: str) -> SafeString:
    """A clock of the page, which clock.js keeps going: "Tashkent 08:26"."""
    moment = at.astimezone(ZoneInfo(zone))
    return format_html(
        '<span class="clock">{} <time class="strong" data-clock="{}" datetime="{}">{}</time></span>',
        city(zone),
        zone,
        at.isoformat(timespec="seconds"),
        f"{moment:%H:%M}",
    )
