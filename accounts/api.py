"""Who asks the API: a token in the header, or the session of somebody who is signed in. Guessing is slowed down."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

from accounts import tokens
from accounts.models import TokenGrant
from common import clock, limits
from common.audience import Audience, asking


class Tokens(TokenAuthentication):  # type: ignore[misc]  # the library carries no types
    """`Authorization: Bearer <token>`. After many wrong tokens from one address, that address must wait."""

    def authenticate(self, request: Request) -> Any:
        """Raises AuthenticationFailed for a token that is unknown, has ended or was revoked, Throttled after many."""
        try:
            with asking(Audience.signing_in()):
                found = super().authenticate(request)
                if found is not None:
                    self.note_grant(found[1])
        except (AuthenticationFailed, UnicodeDecodeError) as error:
            try:
                limits.count("wrong_token", limits.address_of(request))
            except limits.TooManyError as wait:
                raise Throttled(wait.wait) from error
            sentence = _("This token opens nothing: it is unknown, has ended or was revoked. Ask for a new one.")
            raise AuthenticationFailed(sentence) from error
        return found

    def note_grant(self, token: AuthToken) -> None:
        """Gives the token the scopes that it was made for, and keeps when it was used."""
        if (grant := TokenGrant.objects.filter(token=token).first()) is not None:
            token.scopes = grant.scopes
            tokens.note_use(grant, real_at=clock.real_now())


class OutsideScope(PermissionDenied):
    """The account may do this, but the token that asks was not made for it."""

    def __init__(self, scope: str) -> None:
        super().__init__(
            _("This token was not made for that: it lacks the scope %(scope)s. Issue one that has it.")
            % {"scope": scope}
        )
        self.more = {"code": "outside_token_scope", "scope": scope}


def check_scope(request: Request, resource: str) -> None:
    """Raises OutsideScope where a token asks for more than it was made for; a session has no such limit."""
    if not isinstance(request.auth, AuthToken):
        return
    scope = tokens.scope_of(resource, writes=request.method not in SAFE_METHODS)
    if scope not in getattr(request.auth, "scopes", ()):
        raise OutsideScope(scope)


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
