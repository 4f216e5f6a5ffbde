"""Tags of the pages and letters of notices."""

from __future__ import annotations

from django import template

from notifications.hours import local_times

register = template.Library()
register.simple_tag(local_times)
