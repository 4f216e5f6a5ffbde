"""Who subscribed to what: an address outside, a secret that can be exchanged without a gap, on and off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.egress import EgressError, NoAddressError, may_leave, reachable_address
from common.refusals import RefusalError
from notifications.models import WebhookSubscription
from notifications.signing import new_secret
from partners.models import Organisation

BOTH_VALID = timedelta(hours=24)
"""So long a former secret goes on signing beside the new one."""
HTTPS = 443


class SubscriptionError(RefusalError):
    """A subscription cannot be as it was asked; `field` names what to mend."""


@transaction.atomic
def subscribe(
    *, organisation: Organisation, url: str, kinds: Collection[str] = (), by: Actor, at: datetime
) -> tuple[WebhookSubscription, str]:
    """Opens a subscription; returns it with its secret, which is shown this once. Raises SubscriptionError."""
    url = url.strip()
    check_address(url)
    if WebhookSubscription.objects.filter(organisation=organisation, url=url).exists():
        raise SubscriptionError("url", _("This organisation has a subscription with this address already."))
    secret = new_secret()
    row = WebhookSubscription.objects.create(
        organisation=organisation, url=url, secret=secret, kinds=sorted(set(kinds)), made_at=at, by=by
    )
    audit.record("webhook subscribed", row, by=by, at=at, why=organisation.code)
    return row, secret


def check_address(url: str) -> None:
    """Refuses an address into our own network, or one that is not https. Raises SubscriptionError.

    It is judged again at each connection; here whoever enters it learns at once.
    """
    if len(url) > 250:
        raise SubscriptionError("url", _("The address is too long; 250 characters are enough."))
    try:
        parts = may_leave(url)
        reachable_address(parts.hostname or "", parts.port or HTTPS)
    except NoAddressError as error:
        raise SubscriptionError(
            "url", _("The name in this address cannot be looked up. Check how it is written, or try again later.")
        ) from error
    except EgressError as error:
        raise SubscriptionError("url", _("Enter an https address that the public network reaches.")) from error


@transaction.atomic
def rotate(*, subscription: WebhookSubscription, by: Actor, at: datetime, real_at: datetime) -> str:
    """Gives the subscription a new secret, which is shown this once; the former one signs too for a day (wall time)."""
    row = WebhookSubscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    row.former_secret, row.former_until, row.secret = row.secret, real_at + BOTH_VALID, new_secret()
    row.save(update_fields=["secret", "former_secret", "former_until"])
    audit.record("webhook secret exchanged", row, by=by, at=at)
    return str(row.secret)


@transaction.atomic
def switch(*, subscription: WebhookSubscription, on: bool, by: Actor, at: datetime, why: str = "") -> None:
    """Switches a subscription on or off; what is already so stays."""
    row = WebhookSubscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    if on == (row.switched_off_at is None):
        return
    row.switched_off_at, row.switched_off_why = (None, "") if on else (at, why[:300])
    row.failing_since, row.told_at = None, None
    row.save(update_fields=["switched_off_at", "switched_off_why", "failing_since", "told_at"])
    audit.record("webhook switched on" if on else "webhook switched off", row, by=by, at=at, why=why)


def secrets_of(row: WebhookSubscription, *, real_at: datetime) -> list[str]:
    """The secrets that sign at wall time `real_at`, the present one first."""
    former = [row.former_secret] if row.former_until and row.former_until > real_at and row.former_secret else []
    return [row.secret, *former]
