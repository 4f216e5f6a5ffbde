"""What the database cannot hold stops at the door: a NUL in a field, an address or a cookie is refused, never an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

NUL = "\0"
API = "/api/"
"""Says what is wrong in its own way (`common.parsing`)."""


class PlainTextMiddleware:
    """Answers 400 to a form or an address that holds a NUL; forms of the product would say so, fields read by hand not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Raises BadRequest, which becomes the page of 400."""
        if NUL in request.path or any(NUL in text for text in request.COOKIES.values()):
            raise BadRequest("The address or a cookie holds a NUL, which is no letter.")
        if not request.path.startswith(API) and any(NUL in text for text in _texts(*_sent(request))):
            raise BadRequest("A field or the address holds a NUL, which is no letter.")
        return self.get_response(request)


def _sent(request: HttpRequest) -> Iterable[QueryDict]:
    """What is so long that it must be a file is left to its page, which refuses too long a one before it is received."""
    yield request.GET
    length = str(request.META.get("CONTENT_LENGTH") or 0)
    if length.isdigit() and int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        yield request.POST


def _texts(*sent: QueryDict) -> Iterable[str]:
    for content in sent:
        for name, values in content.lists():
            yield name
            yield from map(str, values)
