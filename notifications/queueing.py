"""Who is reached, over which address, and the rows of the queue that say so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db.models.functions import Now  # noqa: TID251 # the queue keeps real time

from notifications.delivery_states import GONE_WRONG
from notifications.enums import DeliveryPurpose, DeliveryState, StepKind, StepState
from notifications.letters import Master, master_of
from notifications.links import address_of, link_of, make_link
from notifications.messages import language_of, link_ends
from notifications.models import Alert, Delivery, EscalationStep, Notice, SignedLink
from notifications.short_letters import ShortMaster, short_master_of
from notifications.transports.access import usable_kinds
from partners.duty import channels_of
from partners.enums import ChannelKind
from partners.models import Channel


@dataclass
class Desk:
    """The post box of this alert: letters already rendered, by language, head count and purpose."""

    alert: Alert
    at: datetime
    masters: dict[tuple[str, int | None, bool], Master] = field(default_factory=dict)
    short: dict[tuple[str, int | None, bool], ShortMaster] = field(default_factory=dict)

    def master(self, language: str, head_count: int | None, *, reminder: bool) -> Master:
        key = (language, head_count, reminder)
        if key not in self.masters:
            self.masters[key] = master_of(self.alert, language, head_count=head_count, reminder=reminder, at=self.at)
        return self.masters[key]

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
    return channels_of(organisations, at=at, kinds=usable_kinds())


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
    """Writes a delivery with its own link, and the letter as it will be sent, for each notice and channel."""
    deliveries = [_delivery(notice, channel, purpose=purpose, step=step, at=desk.at) for notice, channel in pairs]
    links = {delivery.public_id: make_link(delivery, expires_at=link_ends(desk.alert)) for delivery in deliveries}
    for delivery in deliveries:
        delivery.payload = _payload(delivery, desk, link=address_of(links[delivery.public_id]))
    Delivery.objects.bulk_create(deliveries)
    SignedLink.objects.bulk_create(links.values())
    return deliveries


def queue_reminders(first: Collection[Delivery], *, desk: Desk, step: int) -> list[Delivery]:
    """Writes a reminder for each of `first`: the same desk, the same link, in answer to the same message."""
    reminders = []
    for sent in first:
        reminder = Delivery(
            notice=sent.notice,
            contact=sent.contact,
            channel_kind=sent.channel_kind,
            address=sent.address,
            language=sent.language,
            purpose=DeliveryPurpose.REMIND,
            step=step,
            queued_at=desk.at,
            **_real_times(),
        )
        reminder.message_id = message_id_of(reminder)
        link = address_of(link_of(sent))
        reminder.payload = _payload(reminder, desk, link=link, replies_to=sent.message_id)
        reminders.append(reminder)
    return Delivery.objects.bulk_create(reminders)


def queue_next(failed: Delivery, *, at: datetime) -> list[Delivery]:
    """After a channel failed for good: the next one of the organisation, or the call moved to now where there is none."""
    notice = failed.notice
    used = set(notice.deliveries.values_list("channel_kind", "address"))
    waiting = [
        channel
        for channel in live_channels([notice.organisation_id], at=at).get(notice.organisation_id, [])
        if (channel.kind, channel.address) not in used
    ]
    if not waiting:
        if not notice.deliveries.exclude(
            state__in=[*GONE_WRONG, DeliveryState.EXPIRED, DeliveryState.SUPERSEDED]
        ).exists():
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
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "homeward.invalid"
    return f"<{delivery.public_id}@{domain}>"


def _delivery(notice: Notice, channel: Channel, *, purpose: str, step: int, at: datetime) -> Delivery:
    delivery = Delivery(
        notice=notice,
        contact=channel.contact,
        channel_kind=channel.kind,
        address=channel.address,
        language=language_of(channel.contact.language),
        purpose=purpose,
        step=step,
        queued_at=at,
        **_real_times(),
    )
    delivery.message_id = message_id_of(delivery)
    return delivery


def _real_times() -> dict[str, Now]:
    """Wall time from the database: the queue keeps no business hours."""
    return {"due_at": Now(), "real_queued_at": Now()}


def _payload(delivery: Delivery, desk: Desk, *, link: str, replies_to: str = "") -> str:
    notice = delivery.notice
    if delivery.channel_kind != ChannelKind.EMAIL:
        reminder = delivery.purpose == DeliveryPurpose.REMIND
        short = desk.short_master(delivery.language, notice.head_count, reminder=reminder)
        return short.payload(delivery, organisation=notice.organisation.name_in(delivery.language), link=link)
    master = desk.master(delivery.language, notice.head_count, reminder=delivery.purpose == DeliveryPurpose.REMIND)
    return master.splice(
        address=delivery.address,
        organisation=notice.organisation.name_in(delivery.language),
        link=link,
        message_id=delivery.message_id,
        replies_to=replies_to,
    )
