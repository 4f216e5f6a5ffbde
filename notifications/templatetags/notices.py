"""Tags of the pages and letters of notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from phonenumber_field.phonenumber import to_python

from common.templatetags.ui_times import city, one_time
from notifications.hours import local_times
from notifications.named import full_name

register = template.Library()
register.simple_tag(local_times)
register.filter(full_name)


@register.filter
def readable(number: str) -> str:
    """A telephone number with blanks where people pause: "+998 55 500 00 14"."""
    phone = to_python(number)
    return str(phone.as_international) if phone else number


@register.simple_tag(takes_context=True)
def each_time(context: template.Context, at: datetime | None, zones: Iterable[str]) -> SafeString:
    """An hour in a cell of a table: the local time of each side below the other; `each_city` names them in the heading."""
    if at is None:
        return SafeString("–")
    first, *others = _apart(zones, at)
    below = format_html_join(
        "", '<br><span class="soft">{}</span>', ((one_time(context, at, zone),) for zone in others)
    )
    return format_html('<span class="nowrap">{}{}</span>', one_time(context, at, first), below)


@register.simple_tag
def each_city(zones: Iterable[str]) -> str:
    """The cities whose times stand below each other: "Tashkent / Almaty"."""
    return " / ".join(dict.fromkeys(city(zone) for zone in zones))


def _apart(zones: Iterable[str], at: datetime) -> list[str]:
    """Of zones that keep the same time at that moment, the first."""
    found = {at.astimezone(ZoneInfo(zone)).utcoffset(): zone for zone in reversed(list(zones))}
    return [zone for zone in zones if zone in found.values()] or ["UTC"]
