"""Who is reached, over which address, and the rows of the queue that say so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from functools import cached_property, lru_cache
from typing import Any, cast

from django.conf import settings
from django.db import connection

from common.many_rows import Mould, store_many
from notifications.delivery_states import GONE_WRONG
from notifications.enums import DeliveryPurpose, DeliveryState, NoticeState, StepKind, StepState
from notifications.letters import own_part, stored
from notifications.links import address_of, link_of, make_links
from notifications.messages import language_of
from notifications.models import Alert, Delivery, EscalationStep, Letter, Notice
from notifications.short_letters import ShortMaster, short_master_of
from notifications.transports.access import usable_kinds
from partners.duty import channels_of
from partners.enums import ChannelKind
from partners.models import Channel


@dataclass
class Desk:
    """The post box of this alert: letters already stored, by language, head count and purpose.

    `held_until` (wall time) is the lease of a worker that sends by itself what it writes.
    """

    alert: Alert
    at: datetime
    held_until: datetime | None = None
    letters: dict[tuple[str, int | None, bool], Letter] = field(default_factory=dict)
    short: dict[tuple[str, int | None, bool], ShortMaster] = field(default_factory=dict)

    @classmethod
    def shared(cls, alert: Alert, at: datetime, *, held_until: datetime) -> Desk:
        """With the letters of the same hour that were stored already, by whoever wrote to others."""
        rows = Letter.objects.filter(alert=alert, written_at=at).defer("content")
        return cls(alert, at, held_until, {(row.language, row.head_count, row.is_reminder): row for row in rows})

    @cached_property
    def real_at(self) -> datetime:
        """Wall time from the database: the queue keeps no business hours."""
        with connection.cursor() as cursor:
            cursor.execute("select statement_timestamp()")
            return cast("datetime", cursor.fetchone()[0])

    def letter(self, language: str, head_count: int | None, *, reminder: bool) -> Letter:
        key = (language, head_count, reminder)
        if key not in self.letters:
            self.letters[key] = stored(self.alert, language, head_count=head_count, reminder=reminder, at=self.at)
        return self.letters[key]

    def short_master(self, language: str, head_count: int | None, *, reminder: bool) -> ShortMaster:
        key = (language, head_count, reminder)
        if key not in self.short:
            self.short[key] = short_master_of(
                self.alert, language, head_count=head_count, reminder=reminder, at=self.at
            )
        return self.short[key]


def live_channels(organisations: Iterable[int], *, at: datetime) -> dict[int, list[Channel]]:
    """Every channel for written messages that is switched on, by organisation id, in the order in which its desks are asked
    at `at` (`partners.duty`).

    The phone is not among them: a call is made by a person, from the call list.
    """
    return channels_of(organisations, at=at, kinds=usable_kinds(), named=False)


def first_channels(channels: Iterable[Channel]) -> list[Channel]:
    """Of each office the first contact that can be reached at all, by all its addresses of the kind that comes first, and
    every webhook, which no human reads. The other kinds follow when nobody answers, or when one fails.

    `channels` come in the order in which they are asked.
    """
    first: dict[int, tuple[int, str]] = {}
    ordered = list(channels)
    for channel in ordered:
        if channel.kind != ChannelKind.WEBHOOK:
            first.setdefault(channel.contact.office_id, (channel.contact_id, channel.kind))
    return [
        channel
        for channel in ordered
        if channel.kind == ChannelKind.WEBHOOK or first[channel.contact.office_id] == (channel.contact_id, channel.kind)
    ]


def queue(pairs: Iterable[tuple[Notice, Channel]], *, desk: Desk, purpose: str, step: int = 0) -> list[Delivery]:
    """Writes a delivery with its own link, and the message as it will be sent, for each notice and channel."""
    made = _mould(desk, purpose, step)
    once = {(notice.pk, row.contact_id, row.kind, row.address): (notice, row) for notice, row in pairs}
    deliveries = [_delivery(made, notice, channel) for notice, channel in once.values()]
    links = make_links(desk.alert, deliveries)
    for delivery, link in zip(deliveries, links, strict=True):
        _write(delivery, desk, link=address_of(link))
    store_many(deliveries)
    for delivery, link in zip(deliveries, links, strict=True):
        link.delivery_id = delivery.pk
    store_many(links)
    return deliveries


def queue_reminders(first: Collection[Delivery], *, desk: Desk, step: int) -> list[Delivery]:
    """Writes a reminder for each of `first`: the same desk, the same link, in answer to the same message."""
    made = _mould(desk, DeliveryPurpose.REMIND, step)
    reminders = []
    for sent in first:
        reminder = made.cast(
            {"notice": sent.notice},
            notice_id=sent.notice_id,
            contact_id=sent.contact_id,
            channel_kind=sent.channel_kind,
            address=sent.address,
            language=sent.language,
        )
        reminder.message_id = message_id_of(reminder)
        _write(reminder, desk, link=address_of(link_of(sent)), replies_to=sent.message_id)
        reminders.append(reminder)
    return store_many(reminders)


def queue_next(failed: Delivery, *, at: datetime) -> list[Delivery]:
    """After a channel failed for good: the next one of the organisation, or the call moved to now where there is none.

    Two that fail at once take turns under the notice's lock. A webhook has told no human: none takes its place, and it counts
    as nobody told.
    """
    notice = Notice.objects.select_for_update(no_key=True, of=("self",)).get(pk=failed.notice_id)
    if failed.channel_kind == ChannelKind.WEBHOOK or notice.state != NoticeState.OWED:
        return []
    notice.alert, notice.organisation = failed.notice.alert, failed.notice.organisation
    used = set(notice.deliveries.values_list("channel_kind", "address"))
    waiting = [
        channel
        for channel in live_channels([notice.organisation_id], at=at).get(notice.organisation_id, [])
        if channel.kind != ChannelKind.WEBHOOK and (channel.kind, channel.address) not in used
    ]
    if not waiting:
        gone = [*GONE_WRONG, DeliveryState.EXPIRED, DeliveryState.SUPERSEDED]
        if not notice.deliveries.exclude(channel_kind=ChannelKind.WEBHOOK).exclude(state__in=gone).exists():
            call_now([notice], at=at)
        return []
    same_contact = [channel for channel in waiting if channel.contact_id == failed.contact_id]
    chosen = (same_contact or waiting)[0]
    purpose = failed.purpose if failed.purpose != DeliveryPurpose.REMIND else DeliveryPurpose.FIRST
    return queue([(notice, chosen)], desk=Desk(notice.alert, at), purpose=purpose, step=failed.step)


def call_now(notices: Iterable[Notice], *, at: datetime) -> None:
    """Whom no message reaches is called at once."""
    waiting = EscalationStep.objects.filter(
        notice__in=list(notices), kind=StepKind.CALL, state=StepState.PENDING, due_at__gt=at
    )
    waiting.update(due_at=at)


def message_id_of(delivery: Delivery) -> str:
    """Fixed when the delivery is queued: a mail server that gets it twice can tell."""
    return f"<{delivery.public_id}@{_domain(settings.MAIL_FROM)}>"


@lru_cache(maxsize=2)
def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "homeward.invalid"


def _mould(desk: Desk, purpose: str, step: int) -> Mould[Delivery]:
    """What the deliveries of one act have in common."""
    same: dict[str, Any] = {"purpose": purpose, "step": step, "queued_at": desk.at}
    if desk.held_until is not None:
        same |= {"state": DeliveryState.IN_FLIGHT, "claimed_until": desk.held_until, "tries": 1}
    return Mould(Delivery, **same, due_at=desk.real_at, real_queued_at=desk.real_at)


def _delivery(made: Mould[Delivery], notice: Notice, channel: Channel) -> Delivery:
    delivery = made.cast(
        {"notice": notice},
        notice_id=notice.pk,
        contact_id=channel.contact_id,
        channel_kind=channel.kind,
        address=channel.address,
        language=language_of(channel.contact.language),
    )
    delivery.message_id = message_id_of(delivery)
    return delivery


def _write(delivery: Delivery, desk: Desk, *, link: str, replies_to: str = "") -> None:
    """Gives a delivery, not yet stored, what it will say."""
    notice, reminder = delivery.notice, delivery.purpose == DeliveryPurpose.REMIND
    organisation = notice.organisation.name_in(delivery.language)
    if delivery.channel_kind == ChannelKind.EMAIL:
        delivery.letter_id = desk.letter(delivery.language, notice.head_count, reminder=reminder).pk
        delivery.payload = own_part(organisation=organisation, link=link, replies_to=replies_to)
    else:
        short = desk.short_master(delivery.language, notice.head_count, reminder=reminder)
        delivery.payload = short.payload(delivery, organisation=organisation, link=link)
