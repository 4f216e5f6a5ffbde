"""Pages whose address is the key: no account stands behind them, so nothing about them may stay anywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse


def leaves_no_trace(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The address is the key: it goes into no cache, no search engine, and to no other site."""

    @wraps(view)
    def quiet(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return quiet
