"""Who will be told of a change, how, and who cannot be reached: the same answer that publishing acts upon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from corridors.audiences import audience_of_line
from corridors.models import Requirement, RequirementDraft
from corridors.rules import parse_content
from migrants.enums import Purpose
from migrants.heads import heads_of
from migrants.models import Disclosure, TravelGroup
from notifications.alerts import Told
from notifications.messages import language_of
from notifications.queueing import first_channels, live_channels
from partners.models import Channel, Interest, Organisation, standing
from returns.concerned import directions_of, in_directions
from returns.ledgers import Direction
from returns.outward import standing_hold


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk that gets the message: its function, over which kind of channel (in words and as `kind`), in which language."""

    function: str
    channel: str
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class Reached:
    """One organisation to be told. `standing`: by its own interest in the crossing; else a person agreed to be shown to it.

    `head_count` only where it serves the halt. Without `desks` nobody can be reached by message: it has to be called.
    """

    organisation: Organisation
    standing: bool
    head_count: int | None
    desks: tuple[Desk, ...]

    @property
    def told(self) -> Told:
        return Told(self.organisation, self.head_count)


def audience_of(draft: RequirementDraft, *, concerned: Collection[int], at: datetime) -> list[Reached]:
    """Give everybody who is to know of `draft`: the standing audience first, then by live disclosures of `concerned` people.

    The authority that asks for it is not told.
    """
    line = draft.requirement
    without = {draft.authority.code} if draft.authority else set()
    standing = audience_of_line(line, content=parse_content(draft.content), without=without, at=at)
    counts = _counts(line, [organisation for organisation, serves_halt in standing if serves_halt])
    told = {
        organisation.pk: (organisation, True, counts.get(organisation.pk)) for organisation, _serves_halt in standing
    }
    for organisation in shown_to(concerned, without=without, at=at):
        told.setdefault(organisation.pk, (organisation, False, None))
    channels = live_channels(told, at=at)
    return [
        Reached(organisation, by_interest, heads, _desks(channels, organisation.pk))
        for organisation, by_interest, heads in told.values()
    ]


def _counts(line: Requirement, serving: Collection[Organisation]) -> dict[int, int | None]:
    """Give each organisation (by key) that serves a halt the head count there; of a line of every crossing, where it serves."""
    directions = directions_of(line)
    if line.crossing is not None:
        return dict.fromkeys((organisation.pk for organisation in serving), head_count_at(directions))
    waiting = TravelGroup.objects.waiting().filter(in_directions(directions))
    places = dict(waiting.values_list("pk", "crossing__code"))
    counted: Counter[str] = Counter()
    for group, heads in heads_of(places).items():
        if heads.counted is not None:
            counted[places[group]] += heads.counted
    found: dict[int, int | None] = {}
    served = Interest.objects.filter(organisation__in=serving, serves_halt=True).values_list("organisation", "subject")
    for organisation, code in {(key, subject.split(":")[1]) for key, subject in served}:
        if code in counted:
            found[organisation] = (found.get(organisation) or 0) + counted[code]
    return found


def shown_to(people: Collection[int], *, without: Collection[str], at: datetime) -> list[Organisation]:
    """Give the organisations that may see one of `people` (keys) now: only what a person agreed to brings them in. Those that
    have ended are told nothing, and nobody is told because of somebody under a hold, whom no page shows.
    """
    live = Disclosure.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at), person__in=people, valid_from__lte=at
    ).exclude(purpose=Purpose.REINTEGRATION)  # whoever helps to settle in has nothing to do with the way
    live = live.exclude(standing_hold("person"))
    there = Organisation.objects.filter(standing(at), pk__in=live.values("recipient"))
    return list(there.exclude(code__in=without).order_by("code"))


def head_count_at(directions: Collection[Direction]) -> int | None:
    """Add up the latest head counts of the groups that wait there; None where nobody has counted. Never from persons."""
    waiting = TravelGroup.objects.waiting().filter(in_directions(directions))
    counted = [heads.counted for heads in heads_of(list(waiting.values_list("pk", flat=True))).values()]
    known = [count for count in counted if count is not None]
    return sum(known) if known else None


def _desks(channels: Mapping[int, Iterable[Channel]], organisation: int) -> tuple[Desk, ...]:
    return tuple(
        Desk(
            channel.contact.function,
            channel.get_kind_display(),
            language_of(channel.contact.language),
            channel.kind,
        )
        for channel in first_channels(channels.get(organisation, []))
    )
