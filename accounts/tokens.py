"""Tokens of the API: shown once, kept as a digest, each with an end and a beginning by which it is recognised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from knox.models import AuthToken

from accounts.models import User
from common import audit
from common.actors import Actor

LONGEST_DAYS = 366


class TokenError(ValueError):
    """A token that cannot be issued or revoked; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """`token` is the whole secret, which nobody can read again; `prefix` recognises it in lists and in the audit."""

    token: str
    prefix: str
    expires_at: datetime


@transaction.atomic
def issue(*, user: User, days: int, by: Actor, at: datetime) -> IssuedToken:
    """Issues a token for an account; it ends after so many days of wall time. Raises TokenError."""
    if not user.is_active:
        raise TokenError(_("%(email)s is switched off; switch the account on first.") % {"email": user.email})
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenError(_("A token lives from 1 to %(most)d days.") % {"most": LONGEST_DAYS})
    stored, token = AuthToken.objects.create(user, expiry=timedelta(days=days))
    audit.record("token issued", user, by=by, at=at, why=stored.token_key)
    return IssuedToken(token, stored.token_key, stored.expiry)


@transaction.atomic
def revoke(*, prefix: str, by: Actor, at: datetime) -> int:
    """Ends every token that begins with `prefix` at once; returns how many. Raises TokenError where there is none."""
    tokens = list(AuthToken.objects.select_for_update(of=("self",)).select_related("user").filter(token_key=prefix))
    if not tokens:
        raise TokenError(
            _("No token begins with “%(prefix)s”. Copy the beginning as it was printed.") % {"prefix": prefix}
        )
    for token in tokens:
        token.delete()
        audit.record("token revoked", token.user, by=by, at=at, why=prefix)
    return len(tokens)


def of(user: User) -> list[dict[str, Any]]:
    """The tokens of an account, the newest first: beginning, when issued, when they end."""
    return list(AuthToken.objects.filter(user=user).order_by("-created").values("token_key", "created", "expiry"))
