"""What the pages of timelines share: which part the address asks for, and where the next one lies."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from returns.spans import Span

PAGE = 50


def span_of(request: HttpRequest) -> Span:
    """Give the part that `before` asks for; what is no hour is as if nothing was asked."""
    try:
        asked = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        asked = None
    return Span(PAGE, asked if asked is not None and asked.tzinfo is not None else None)


def older_url(before: datetime | None) -> str:
    """Give the address of the next part, empty where there is none."""
    return f"?{urlencode({'before': before.isoformat()})}" if before else ""
