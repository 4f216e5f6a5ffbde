"""Whose account a proven identity opens: an invited one, which serves the organisation whose provider proved it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import ProviderIdentity, User
from accounts.providers import Proven, Provider, ProviderError
from common import audit
from common.actors import Actor
from partners.models import Membership


@transaction.atomic
def account_of(*, proven: Proven, provider: Provider, by: Actor, at: datetime) -> User:
    """The account to sign in. The first time it is found by its address; from then on the provider's own name for the
    person must be the same, so that an address given to a successor opens nothing.

    Raises ProviderError: no such account, it serves another organisation now, or the address belongs to somebody else.
    """
    user = User.objects.filter(email__iexact=proven.email).first()
    if user is None:
        raise ProviderError("no account")
    if not Membership.objects.filter(user=user, office__organisation__code=provider.code).valid(at).exists():
        raise ProviderError("serves another organisation")
    known, is_new = ProviderIdentity.objects.get_or_create(
        user=user, issuer=proven.issuer, defaults={"subject": proven.subject}
    )
    if known.subject != proven.subject:
        raise ProviderError("another person")
    if is_new:
        audit.record("single sign-on begun", user, by=by, at=at, why=provider.code)
    return user
