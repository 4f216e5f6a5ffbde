"""What every answer says to the browser, the methods that exist at all, and the pages for what is refused unread."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.defaults import bad_request as plain_bad_request

from common.limits import TooManyError

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
Answer = Callable[[HttpRequest], HttpResponseBase]


class Armour:
    """No cache keeps a page, no other site embeds it, no search engine lists it, and no method passes that we do not serve."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow, noarchive")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Tells whoever asked too often how long to wait."""
        return too_many(request, error) if isinstance(error, TooManyError) else None


def too_many(request: HttpRequest, error: TooManyError) -> HttpResponse:
    """The page for whoever asked too often, with the seconds to wait."""
    page = render(request, "429.html", {"wait": error.wait}, status=429)
    page["Retry-After"] = str(error.wait)
    return page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what was not understood, and another for what is too large to be read."""
    if isinstance(exception, TOO_LARGE):
        return render(request, "413.html", status=413)
    return plain_bad_request(request, exception)


def forgotten_by_the_browser(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """After this view the browser drops the pages it kept; not its storage, where entries may wait that were never sent."""

    @wraps(view)
    def forgetting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response["Clear-Site-Data"] = '"cache"'
        return response

    return forgetting
