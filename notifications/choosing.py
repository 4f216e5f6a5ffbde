"""Which desks a step asks: the same answer when it is foreseen and when it is taken."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from notifications.enums import StepKind
from partners.enums import ChannelKind
from partners.models import Channel

READ_BY_PEOPLE = tuple(kind for kind in ChannelKind.values if kind != ChannelKind.WEBHOOK)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan. `function` names the desk that StepKind.FUNCTION asks; `channel` is a kind of channel, or any.

    It is due `seconds` after the organisation was told, or after that `share` of the time until the alert ends.
    """

    kind: str
    seconds: int = 0
    share: float = 0.0
    function: str = ""
    channel: str = ""


def desks_of(step: Step, channels: Sequence[Channel], *, asked: Collection[int]) -> list[Channel]:
    """The channels that `step` uses of all live ones of an organisation, which stand in the order in which they are asked.

    `asked` are the keys of the contacts asked so far. Where the step finds nobody of its own, the next contact takes its
    place; where its kind of channel is missing, the contact's other ones do. Empty where everybody was asked. A webhook is
    used only by a step that names it: no human reads it.
    """
    channels = [channel for channel in channels if channel.kind in (step.channel, *READ_BY_PEOPLE)]
    if step.kind == StepKind.REMIND:
        return _by(step.channel, [channel for channel in channels if channel.contact_id in asked])
    return _by(step.channel, _of_its_own(step, channels, asked) or _next(channels, asked))


def _of_its_own(step: Step, channels: Sequence[Channel], asked: Collection[int]) -> list[Channel]:
    if step.kind == StepKind.FUNCTION:
        words = step.function.casefold()
        return _first_desk([channel for channel in channels if words in channel.contact.function.casefold()])
    if (
        step.kind == StepKind.DUTY_OFFICER
    ):  # the desk that answers at every hour; without one, whoever is asked first now
        return _first_desk([row for row in channels if row.contact.is_duty_desk] or channels)
    if (
        step.kind == StepKind.DEPUTY
    ):  # who stands in for a desk that was asked; without one, the next of the same office
        stand_ins = [row for row in channels if row.contact.stands_in_for_id in asked and row.contact_id not in asked]
        office = channels[0].contact.office_id if channels else None
        first = channels[0].contact_id if channels else None
        others = [row for row in channels if row.contact.office_id == office and row.contact_id != first]
        return _first_desk(stand_ins or others)
    return []


def _next(channels: Sequence[Channel], asked: Collection[int]) -> list[Channel]:
    return _first_desk([channel for channel in channels if channel.contact_id not in asked])


def _first_desk(channels: Sequence[Channel]) -> list[Channel]:
    return [channel for channel in channels if channel.contact_id == channels[0].contact_id]


def _by(kind: str, channels: list[Channel]) -> list[Channel]:
    wanted = [channel for channel in channels if channel.kind == kind]
    return wanted if kind and wanted else channels
