"""What organisations of the country of arrival are told before anybody agreed to anything: heads and bands, nobody's name.

Told is who said beforehand that this way concerns it, never who has nationals on board (confidentiality 2, rule 23).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from corridors.audiences import standing_audience
from notifications.alerts import Told, raise_alert
from notifications.models import Alert
from notifications.models.alerts import AlertQuerySet
from partners.models import Organisation
from returns.announced_words import KIND
from returns.arrival_figures import figures_of
from returns.enums import MovementState
from returns.incoming import arrives_at
from returns.models import Movement
from returns.ways import way

ANSWER_WITHIN = timedelta(days=2)
TOO_LATE = (
    MovementState.LEFT,
    MovementState.HANDED_OVER,
    MovementState.CALLED_OFF,
    MovementState.TURNED_BACK,
)


class AnnouncementError(RefusalError):
    """An announcement that cannot be; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said of an arrival. `heads` None: nobody has counted. `bands` by code; those too small to say are left out."""

    heads: int | None
    bands: tuple[tuple[str, int], ...]
    buses: int
    arrives_at: datetime
    place: str
    zones: tuple[str, ...]


def announcement_of(movement: Movement) -> Announcement:
    """Give what may be said of the arrival of a movement: from counts alone, small figures withheld; 8 queries."""
    corridor = movement.corridor_version.corridor
    sides = [*reversed(corridor.exit.way(corridor.last_country, corridor.to_country))]
    figures = figures_of([movement])[movement.pk]
    return Announcement(
        heads=figures.heads,
        bands=figures.ages,
        buses=movement.vehicles.count(),
        arrives_at=arrives_at(movement),
        place=way(corridor.exit, corridor.last_country, corridor.to_country),
        zones=tuple(dict.fromkeys(side.zone for side in sides)),
    )


def told_of(movement: Movement, *, at: datetime) -> list[Organisation]:
    """Give the organisations of the country of arrival that want to know of one of the crossings of this corridor; by name."""
    corridor = movement.corridor_version.corridor
    ends = {corridor.entry: (corridor.from_country, corridor.transit_country)}
    ends[corridor.exit] = (corridor.last_country, corridor.to_country)
    wanted = {
        organisation
        for crossing, (start, end) in ends.items()
        for organisation, _serves in standing_audience(crossing=crossing, from_country=start, to_country=end, at=at)
        if organisation.country == corridor.to_country and not organisation.is_iom
    }
    return sorted(wanted, key=lambda each: (each.name_en, each.pk))


def announced(movement: Movement) -> AlertQuerySet:
    """Give the announcements of a movement, the newest first."""
    return Alert.objects.filter(kind=KIND, subject=f"movement:{movement.public_id}").order_by("-number")


@transaction.atomic
def announce(*, movement: Movement, by: Actor, at: datetime) -> Alert:
    """Tell the country of arrival how many come, when and where; a later announcement takes the place of the one before.

    Raises AnnouncementError where nobody has counted, nobody wants to know, nothing is new, or they are there already.
    """
    said, organisations = announcement_of(movement), told_of(movement, at=at)
    _refuse(movement, said, organisations)
    context = _context(movement, said)
    source = f"arrival-announced:{movement.public_id}:{_digest(context)}"
    earlier = announced(movement).newest_standing()
    if earlier is not None and earlier.source == source:
        raise AnnouncementError("", _("This was announced already, and nothing has changed since."))
    alert = raise_alert(
        kind=KIND,
        source=source if not Alert.objects.filter(source=source).exists() else f"{source}:{at:%y%m%d%H%M}",
        subject=f"movement:{movement.public_id}",
        context=context,
        told=[Told(organisation) for organisation in organisations],
        expires_at=at + ANSWER_WITHIN,
        supersedes=earlier,
        by=by,
        at=at,
    )
    audit.record("arrival announced", movement, by=by, at=at)
    return alert


def _refuse(movement: Movement, said: Announcement, organisations: list[Organisation]) -> None:
    if movement.state in TOO_LATE:
        raise AnnouncementError("", _("The buses are there already, or do not go. There is nothing to announce."))
    if said.heads is None:
        raise AnnouncementError(
            "", _("Nobody has counted this group yet. Count it first; what is announced was counted.")
        )
    if not organisations:
        raise AnnouncementError(
            "",
            _("No organisation of the country of arrival wants to know of these crossings. Write its interest into the"
              " directory first."),
        )  # fmt: skip


def _context(movement: Movement, said: Announcement) -> dict[str, Any]:
    return {
        "name": str(movement),
        "place": said.place,
        "heads": said.heads,
        "bands": [[name, figure] for name, figure in said.bands],
        "buses": said.buses,
        "arrives_at": said.arrives_at.isoformat(),
        "zones": list(said.zones),
        "to_country": movement.corridor_version.corridor.to_country,
    }


def _digest(context: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(context, sort_keys=True).encode()).hexdigest()[:16]
