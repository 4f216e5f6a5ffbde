"""From where a request came: kept beside each view of a person, and in no log of the server."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_address: ContextVar[str] = ContextVar("address", default="")


def asked_from() -> str:
    """The address of whoever sent the request at hand; empty in tasks and commands."""
    return _address.get()


def address_of(request: HttpRequest) -> str:
    """The address of a request: as many steps back as there are proxies of ours (TRUSTED_PROXIES), and no further."""
    proxies: int = settings.TRUSTED_PROXIES
    said = [step.strip() for step in request.headers.get("X-Forwarded-For", "").split(",") if step.strip()]
    came: str = said[-min(proxies, len(said))] if proxies and said else request.META.get("REMOTE_ADDR", "")
    return came[:45]


class AddressMiddleware:
    """Remembers the address of a request while it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _address.set(address_of(request))
        try:
            return self.get_response(request)
        finally:
            _address.reset(token)
