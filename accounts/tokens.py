"""Tokens of the API: shown once, kept as a digest, each with an end and a beginning by which it is recognised."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from knox.models import AuthToken

from accounts.models import TokenGrant, User
from common import audit
from common.actors import Actor

LONGEST_DAYS = 366
NOTED_EVERY = timedelta(minutes=1)
"""How exactly "last used" is kept: a request that only reads should rarely write."""
FAMILIES: dict[str, frozenset[str]] = {
    "directory": frozenset({"organisations", "contacts"}),
    "crossings": frozenset({"crossings", "requirements", "requirement-changes", "corridors", "approvals"}),
    "notices": frozenset(
        {"notices", "deliveries", "acknowledgements", "webhook-posts", "webhooks", "calls", "escalation-policies"}
    ),
    "groups": frozenset({"groups", "head-counts", "moods", "group-moves", "barrier-reports"}),
    "people": frozenset(
        {"migrants", "documents", "health-tests", "consents", "cases", "sample-lists", "samples", "legs", "relations"}
        | {"enquiries", "proofs", "waivers", "lists", "pictures", "declarations"}
        | {"pairs", "merges", "disclosures", "families", "follow-ups", "reintegrations"}
        | {"tasks", "comments", "case-papers", "saved-filters"}
    ),
    "movements": frozenset(
        {"movements", "manifests", "checkpoints", "incoming", "handovers", "papers"}
        | {"document-requests", "questions", "reception-ready", "incidents", "road-decisions", "crew"}
    ),
    "protection": frozenset({"holds", "screenings", "referrals", "arrangements", "late-results"}),
    "relief": frozenset({"needs", "pledges", "aid"}),
}
"""Resources of the API by family; a token is limited to reading or writing some of them."""
SCOPES: tuple[str, ...] = tuple(f"{family}:{act}" for family in FAMILIES for act in ("read", "write"))


class TokenError(ValueError):
    """A token that cannot be issued or revoked; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """`token` is the whole secret, which nobody can read again; `prefix` recognises it in lists and in the audit."""

    token: str
    prefix: str
    expires_at: datetime


@transaction.atomic
def issue(
    *, user: User, days: int, name: str = "", scopes: Collection[str] = SCOPES, by: Actor, at: datetime
) -> IssuedToken:
    """Issues a token for an account; it ends after so many days of wall time.

    `name` says what it is for; `scopes` are of `SCOPES`, and what the account may not, no token may. Raises TokenError.
    """
    if not user.is_active:
        raise TokenError(_("%(email)s is switched off; switch the account on first.") % {"email": user.email})
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenError(_("A token lives from 1 to %(most)d days.") % {"most": LONGEST_DAYS})
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise TokenError(
            _("There is no scope %(unknown)s. Use some of: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(SCOPES)}
        )
    if not scopes:
        raise TokenError(_("A token without a scope opens nothing. Choose at least one."))
    stored, token = AuthToken.objects.create(user, expiry=timedelta(days=days))
    TokenGrant.objects.create(token=stored, name=name.strip()[:80], scopes=sorted(scopes))
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


@transaction.atomic
def end(*, user: User, public_id: UUID, by: Actor, at: datetime) -> None:
    """Ends one token of an account. Raises TokenError where it has none like that."""
    token = AuthToken.objects.select_for_update(of=("self",)).filter(user=user, grant__public_id=public_id).first()
    if token is None:
        raise TokenError(_("This token has ended already."))
    token.delete()
    audit.record("token revoked", user, by=by, at=at, why=token.token_key)


def of(user: User) -> list[TokenGrant]:
    """The tokens of an account, the newest first."""
    return list(TokenGrant.objects.filter(token__user=user).select_related("token").order_by("-token__created"))


def scope_of(resource: str, *, writes: bool) -> str:
    """The scope that a request needs: `people:write`. Raises KeyError for a resource that is in no family."""
    family = next((family for family, resources in FAMILIES.items() if resource in resources), None)
    if family is None:
        raise KeyError(resource)
    return f"{family}:{'write' if writes else 'read'}"


def note_use(grant: TokenGrant, *, real_at: datetime) -> None:
    """Keeps when a token was last used, to about a minute. No act of anybody: it leaves no audit row."""
    if grant.last_used_at is None or real_at - grant.last_used_at >= NOTED_EVERY:
        TokenGrant.objects.filter(pk=grant.pk).update(last_used_at=real_at)
