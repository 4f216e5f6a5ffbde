"""Tags of the pages and letters of notices."""

from __future__ import annotations

from django import template
from phonenumber_field.phonenumber import to_python

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
