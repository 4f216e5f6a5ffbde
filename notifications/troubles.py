"""Channels that fail for good, and operators that refuse us: switched off, and those told who can mend it.

A wrong address is the organisation's; a refused key is ours. The one switches off a channel of a desk, the other holds a
whole kind for a while, so that no desk loses its channel for our mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from common.actors import Actor
from common.nudges import nudge
from notifications.delivery_states import GONE_WRONG, OPEN
from notifications.enums import DeliveryState
from notifications.models import ChannelHalt, Delivery, WebhookSubscription
from notifications.transports import TransportError
from partners.access import Permission
from partners.colleagues import send_each, who_may
from partners.enums import ChannelKind
from partners.models import Channel

FAILURES_IN_A_ROW = 3
"""So many messages in a row that could not be delivered switch a channel off; one that says "nobody here" does at once."""
HELD_FOR = timedelta(minutes=15)
"""After this one message tries again whether the operator lets us in."""


def switch_off_after_failure(delivery: Delivery, error: TransportError, *, by: Actor, at: datetime) -> bool:
    """Switches the delivery's channel off where nobody is at its address, or too many in a row failed; says whether."""
    if error.address_refused or _failed_in_a_row(delivery):
        return switch_off(delivery, why=error.answer, by=by, at=at)
    return False


@transaction.atomic
def switch_off(delivery: Delivery, *, why: str, by: Actor, at: datetime) -> bool:
    """An address that refuses for good is not used again until somebody mends it. Says whether one was on."""
    found = Channel.objects.select_for_update(of=("self",)).filter(
        contact=delivery.contact_id, kind=delivery.channel_kind, switched_off_at__isnull=True
    )
    off = [channel for channel in found if channel.address == delivery.address]
    for channel in off:
        channel.switched_off_at, channel.switched_off_why, channel.switched_off_told_at = at, why[:300], None
        channel.save(update_fields=["switched_off_at", "switched_off_why", "switched_off_told_at"])
        audit.record("channel switched off", channel, by=by, at=at, why=why)
    if off:
        nudge("channels")
    return bool(off)


def _failed_in_a_row(delivery: Delivery) -> bool:
    same = Delivery.objects.filter(
        contact=delivery.contact_id, channel_kind=delivery.channel_kind, address=delivery.address
    )
    settled = same.exclude(state__in=[*OPEN, DeliveryState.EXPIRED, DeliveryState.SUPERSEDED])
    last = list(settled.order_by("-pk").values_list("state", flat=True)[:FAILURES_IN_A_ROW])
    return len(last) == FAILURES_IN_A_ROW and set(last) <= set(GONE_WRONG)


@transaction.atomic
def halt(kind: str, *, why: str, by: Actor, at: datetime, real_at: datetime) -> None:
    """Holds a kind of channel: its operator refuses our access. `real_at` is wall time, for the wait is."""
    found, fresh = ChannelHalt.objects.get_or_create(
        kind=kind, defaults={"since": at, "until": real_at + HELD_FOR, "why": why[:300]}
    )
    if fresh or found.until <= real_at:
        if (
            not fresh and found.until + HELD_FOR < real_at
        ):  # it had let us in meanwhile: those who can mend it are told anew
            found.since, found.told_at = at, None
        found.until, found.why = real_at + HELD_FOR, why[:300]
        found.save(update_fields=["since", "told_at", "until", "why"])
        audit.record("channel kind held", found, by=by, at=at, why=why)
        nudge("channels")


def held_kinds(*, real_at: datetime) -> dict[str, str]:
    """The kinds of channel that are held at wall time `real_at`, and why."""
    return dict(ChannelHalt.objects.filter(until__gt=real_at).values_list("kind", "why"))


def tell(*, within: Callable[[], AbstractContextManager[None]], by: Actor, at: datetime) -> int:
    """Mails coordinators about channels that were switched off, and administrators about kinds that are held.

    `within()` opens a transaction that has said who asks; the mail goes out between two of them. Each is told of once; a mail
    server that is away leaves them waiting for the next time. Returns how many were told of.
    """
    told = 0
    for claim in (_channels, _kinds, _webhooks):
        with within():
            rows, letters, marks = claim(at)
            _mark(rows, marks, at)
        if not rows:
            continue
        taken = send_each(letters, about=marks)
        with within():
            if taken:
                audit.record_many([("told of a channel", row) for row in rows], by=by, at=at)
                told += len(rows)
            else:
                _mark(rows, marks, None)
    return told


Row = Channel | ChannelHalt | WebhookSubscription
Claimed = tuple[Sequence[Row], list[EmailMessage], str]
"""What is to be told of, the letters that do, and the field that says when it was."""


def _mark(rows: Sequence[Row], field: str, at: datetime | None) -> None:
    for row in rows:
        setattr(row, field, at)
        row.save(update_fields=[field])


def _channels(at: datetime) -> Claimed:
    people = who_may(Permission.CALL_PARTNERS, at=at)
    off = Channel.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        switched_off_at__isnull=False, switched_off_told_at__isnull=True
    )
    rows = list(off.select_related("contact__office__organisation")[:50]) if people else []
    return rows, [_about_channels(person, rows) for person in people], "switched_off_told_at"


def _kinds(at: datetime) -> Claimed:
    people = who_may(Permission.MANAGE_DIRECTORY, at=at)
    held = ChannelHalt.objects.select_for_update(skip_locked=True).filter(told_at__isnull=True)
    rows = list(held) if people else []
    return rows, [_about_kinds(person, rows) for person in people], "told_at"


def _webhooks(at: datetime) -> Claimed:
    people = who_may(Permission.MANAGE_DIRECTORY, at=at)
    dead = WebhookSubscription.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        switched_off_at__isnull=False, told_at__isnull=True
    )
    rows = list(dead.exclude(switched_off_why="").select_related("organisation")[:50]) if people else []
    return rows, [_about_webhooks(person, rows) for person in people], "told_at"


def _about_channels(person: User, channels: list[Channel]) -> EmailMessage:
    """Which desk cannot be reached over which channel; the address itself stays on the page."""
    with translation.override(person.language):
        subject = _("Homeward: a channel was switched off")
        lines = [
            f"{channel.contact.office.organisation.name}, {channel.contact.function}: "
            f"{ChannelKind(channel.kind).label}. {channel.switched_off_why}"
            for channel in channels
        ]
        body = _(
            "These channels failed for good and are not used any more. Ask the organisation for an address that works "
            "and have it entered; until then it is told over its next channel, or called.\n\n%(channels)s\n\n"
            "%(address)s\n"
        ) % {"channels": "\n".join(lines), "address": f"{settings.PUBLIC_ADDRESS}/notices/undelivered/"}
    return EmailMessage(subject, body, settings.MAIL_FROM, [person.email])


def _about_kinds(person: User, held: list[ChannelHalt]) -> EmailMessage:
    with translation.override(person.language):
        subject = _("Homeward: an operator refuses our access")
        lines = [f"{ChannelKind(row.kind).label}: {row.why}" for row in held]
        body = _(
            "Nothing can be sent over these channels, because the operator does not accept our key, account or template. "
            "Mend the setting CHANNELS; it is tried again by itself every few minutes. Until then every organisation is "
            "told over its next channel.\n\n%(kinds)s\n"
        ) % {"kinds": "\n".join(lines)}
    return EmailMessage(subject, body, settings.MAIL_FROM, [person.email])


def _about_webhooks(person: User, dead: list[WebhookSubscription]) -> EmailMessage:
    with translation.override(person.language):
        subject = _("Homeward: a webhook was switched off")
        lines = [f"{row.organisation.name}: {row.url}. {row.switched_off_why}" for row in dead]
        body = _(
            "These systems have not answered for days, or say that they are gone. Nothing is posted there any more; the "
            "people of the organisation are told as before. Ask for an address that works, and switch it on:\n\n"
            "%(systems)s\n\n%(address)s\n"
        ) % {"systems": "\n".join(lines), "address": f"{settings.PUBLIC_ADDRESS}/webhooks/"}
    return EmailMessage(subject, body, settings.MAIL_FROM, [person.email])
