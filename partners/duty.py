"""Who of an organisation is to be reached at an instant, in which order, over which channel.

First whoever stands on the duty roster, then the desks of an office at work, then those who stand in for another, then the
duty desk, which answers at every hour; last who is outside working hours, for a message waits where nobody sits. Within
each, by rank. An office that has no known hours counts as at work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.many_rows import among, read_many
from partners.contracts import kinds_that_reach
from partners.enums import ChannelKind, OnDuty, ReachFault
from partners.hours import HoursError, parse_hours
from partners.models import Channel, Contact, DutyShift, standing

MESSAGES = tuple(kind for kind in ChannelKind.values if kind != ChannelKind.PHONE)
"""Kinds of channels over which a notice goes by itself; over the telephone a person calls."""
AHEAD = timedelta(hours=24)
_STEP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk as the order sees it: its contact, with the shifts and channels that were read for it."""

    contact: Contact
    shifts: tuple[tuple[datetime, datetime], ...]
    channels: tuple[Channel, ...]

    def why(self, at: datetime) -> OnDuty:
        """Why it stands where it stands in the order at an instant."""
        if any(starts <= at < ends for starts, ends in self.shifts):
            return OnDuty.ROSTER
        if self.contact.is_duty_desk:
            return OnDuty.DUTY_DESK
        if not office_is_open(self, at):
            return OnDuty.OFF_DUTY
        return OnDuty.STAND_IN if self.contact.stands_in_for_id else OnDuty.AT_WORK


@dataclass(frozen=True, slots=True)
class Asked:
    """One desk in its place: why it is asked there, and over which channels, the first to use at the front."""

    contact: Contact
    why: OnDuty
    channels: tuple[Channel, ...]


def in_order(desks: Iterable[Desk], *, at: datetime, kinds: Collection[str] = MESSAGES) -> list[Asked]:
    """The desks that can be reached over one of `kinds`, in the order in which they are asked at `at`. Pure."""
    order = list(OnDuty)
    asked = [
        Asked(desk.contact, desk.why(at), channels)
        for desk in desks
        if (channels := live(desk.channels, kinds)) and desk.contact.stands(at) and desk.contact.office.stands(at)
    ]
    return sorted(asked, key=lambda one: (order.index(one.why), one.contact.rank, one.contact.office_id))


def live(channels: Iterable[Channel], kinds: Collection[str] = MESSAGES) -> tuple[Channel, ...]:
    """The channels of some kinds that are switched on, the first to use at the front."""
    on = [channel for channel in channels if channel.kind in kinds and channel.switched_off_at is None]
    return tuple(sorted(on, key=lambda channel: (channel.rank, channel.pk)))


def office_is_open(desk: Desk, at: datetime) -> bool:
    """Whether the desk's office is at work; where nobody knows its hours, it counts as at work."""
    office = desk.contact.office
    try:
        hours = parse_hours(office.hours)
    except HoursError:  # written before the words were what they are now
        return True
    return not hours.are_known or hours.are_open(at, zone=office.zone, holidays=office.holidays)


def unattended(desks: Sequence[Desk], *, at: datetime) -> tuple[datetime, datetime] | None:
    """The first stretch within the next 24 hours in which nobody is on duty, to the half hour; None where there is none."""
    begins: datetime | None = None
    moment = at
    while moment < at + AHEAD:
        attended = any(one.why != OnDuty.OFF_DUTY for one in in_order(desks, at=moment, kinds=ChannelKind.values))
        if not attended and begins is None:
            begins = moment
        if attended and begins is not None:
            return begins, moment
        moment = _whole(moment) + _STEP
    return None if begins is None else (begins, moment)


def _whole(moment: datetime) -> datetime:
    """The last full step of the clock: hours on duty begin and end there, and so read as people wrote them."""
    return moment - (moment - datetime.min.replace(tzinfo=moment.tzinfo)) % _STEP


def faults_of(desks: Sequence[Desk], *, at: datetime, verified_for: timedelta) -> list[ReachFault]:
    """Why the organisation of these desks may not be reached, the worst first; nothing where all is well.

    A channel counts whose kind reaches a human now (`partners.contracts`). `verified_for` is how long one counts as verified.
    """
    standing_desks = [desk for desk in desks if desk.contact.stands(at) and desk.contact.office.stands(at)]
    if not standing_desks:
        return [ReachFault.NO_DESK]
    channels = [channel for desk in standing_desks for channel in desk.channels]
    on = live(channels, kinds_that_reach())
    found = {
        ReachFault.NO_CHANNEL: not on,
        ReachFault.NOBODY_TONIGHT: unattended(standing_desks, at=at) is not None,
        ReachFault.SWITCHED_OFF: any(channel.switched_off_at for channel in channels),
        ReachFault.NOT_VERIFIED: bool(on) and not any(is_verified(channel, at, verified_for) for channel in on),
    }
    return [fault for fault, is_so in found.items() if is_so]


def is_verified(channel: Channel, at: datetime, verified_for: timedelta) -> bool:
    """Whether somebody was found behind a channel not too long ago."""
    return channel.verified_at is not None and channel.verified_at > at - verified_for


def desks_of(organisations: Iterable[int], *, at: datetime, named: bool = True) -> dict[int, list[Desk]]:
    """The desks that stand at `at`, by organisation id, with channels and the shifts of the day ahead; three queries.

    `named`: whether their organisations are read with them. Who writes to a thousand has read those already.
    """
    standing_now = standing(at) & standing(at, "office__") & standing(at, "office__organisation__")
    rows = Contact.objects.filter(standing_now, office__organisation__in=among(organisations))
    rows = rows.order_by("rank", "office_id", "pk")
    if named:
        contacts = {contact.pk: contact for contact in rows.select_related("office__organisation")}
    else:
        contacts = {contact.pk: contact for contact in read_many(rows, beside="office")}
    shifts: dict[int, list[tuple[datetime, datetime]]] = {}
    hours = DutyShift.objects.filter(contact__in=among(contacts), ends_at__gt=at, starts_at__lt=at + AHEAD)
    for key, starts_at, ends_at in hours.values_list("contact_id", "starts_at", "ends_at"):
        shifts.setdefault(key, []).append((starts_at, ends_at))
    channels: dict[int, list[Channel]] = {}
    for channel in read_many(Channel.objects.filter(contact__in=among(contacts))):
        channel._state.fields_cache["contact"] = contacts[channel.contact_id]  # else each would be read again
        channels.setdefault(channel.contact_id, []).append(channel)
    found: dict[int, list[Desk]] = {}
    for key, contact in contacts.items():
        desk = Desk(contact, tuple(shifts.get(key, ())), tuple(channels.get(key, ())))
        found.setdefault(contact.office.organisation_id, []).append(desk)
    return found


def asked_of(
    organisations: Iterable[int], *, at: datetime, kinds: Collection[str] = MESSAGES, named: bool = True
) -> dict[int, list[Asked]]:
    """Whom to reach of each organisation (ids) at `at`, in order; those of whom nobody can be reached are left out."""
    desks_by = desks_of(organisations, at=at, named=named)
    ordered = {key: in_order(desks, at=at, kinds=kinds) for key, desks in desks_by.items()}
    return {key: asked for key, asked in ordered.items() if asked}


def channels_of(
    organisations: Iterable[int], *, at: datetime, kinds: Collection[str] = MESSAGES, named: bool = True
) -> dict[int, list[Channel]]:
    """The same as channels in the order of their use: what the delivery engine asks."""
    return {
        key: [channel for one in asked for channel in one.channels]
        for key, asked in asked_of(organisations, at=at, kinds=kinds, named=named).items()
    }
