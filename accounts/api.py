"""Who asks the API: a token in the header, or the session of somebody who is signed in. Guessing is slowed down."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

from common import limits


class Tokens(TokenAuthentication):  # type: ignore[misc]  # the library carries no types
    """`Authorization: Bearer <token>`. After many wrong tokens from one address, that address must wait."""

    def authenticate(self, request: Request) -> Any:
        """Raises AuthenticationFailed for a token that is unknown, has ended or was revoked, Throttled after many."""
        try:
            return super().authenticate(request)
        except (AuthenticationFailed, UnicodeDecodeError) as error:
            try:
                limits.count("wrong_token", limits.address_of(request))
            except limits.TooManyError as wait:
                raise Throttled(wait.wait) from error
            sentence = _("This token opens nothing: it is unknown, has ended or was revoked. Ask for a new one.")
            raise AuthenticationFailed(sentence) from error


class Sessions(SessionAuthentication):
    """The cookie of somebody who is signed in to the pages; a write needs the CSRF token."""


class OneAccount(UserRateThrottle):
    """How often one account may ask, from the setting API_RATE."""

    def get_rate(self) -> str:
        return str(settings.API_RATE)


class TokensDescribed(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself, untyped
    """How the description of the API speaks of tokens."""

    target_class = "accounts.api.Tokens"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "Issued by an operator: bin/manage issue_token"}


class SessionsDescribed(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself, untyped
    """How the description of the API speaks of sessions."""

    target_class = "accounts.api.Sessions"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
