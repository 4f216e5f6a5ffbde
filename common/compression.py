"""Pages and answers travel compressed: many readers have a mobile line at a border.

Static files are compressed once, by WhiteNoise; this is for what is made anew at each request.
"""

import secrets
from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

SMALLEST = 400
"""Bytes below which nothing is won."""
QUALITY = 4
"""About a millisecond for a page; higher levels win a few per cent for many times the work."""
_TEXTS = ("text/", "application/json", "application/problem+json", "image/svg+xml")


class BrotliMiddleware:
    """Compresses text for browsers that take Brotli, and pads pages so that their length tells nothing.

    The length of a compressed page that repeats what was asked may betray what else stands on it (BREACH); Django masks
    its form token anew each time, and a comment of random length hides the rest.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not _worth_it(response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if not _takes_brotli(request.headers.get("Accept-Encoding", "")):
            return response
        _compress(response)
        return response


def _worth_it(response: HttpResponse) -> bool:
    kind = response.headers.get("Content-Type", "")
    return (
        len(response.content) >= SMALLEST
        and kind.startswith(_TEXTS)
        and not response.has_header("Content-Encoding")
        and "no-transform" not in response.headers.get("Cache-Control", "")
    )


def _takes_brotli(accepted: str) -> bool:
    """Whether `br` is among the accepted codings and not refused by a weight of nothing."""
    for part in accepted.split(","):
        coding, _, weight = part.strip().partition(";")
        if coding.strip().lower() == "br":
            return weight.replace(" ", "").rstrip("0").rstrip(".") not in ("q=", "q=0")
    return False


def _compress(response: HttpResponse) -> None:
    content = response.content
    if response.headers["Content-Type"].startswith("text/html"):
        padding = secrets.token_urlsafe(secrets.randbelow(96) + 1)
        content += f"<!-- {padding.replace('-', '')} -->".encode()
    response.content = brotli.compress(content, mode=brotli.MODE_TEXT, quality=QUALITY)
    response.headers["Content-Encoding"] = "br"
    response.headers["Content-Length"] = str(len(response.content))
    if (tag := response.headers.get("ETag")) and tag.startswith('"'):
        response.headers["ETag"] = f"W/{tag}"
