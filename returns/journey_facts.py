"""What every paper of a movement says first: the journey, the hour at the barrier, for whom, what for, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.actors import Actor
from corridors.legs import legs_of, sides_along
from migrants.exports import Mark
from notifications.hours import local_times
from partners.models import Organisation
from returns.models import Movement

Fact = tuple[str, str]


def way_of(movement: Movement) -> str:
    """Give the places of the way, in Latin letters, from where the group waits to where it arrives."""
    sides = sides_along(legs_of(movement.corridor_version))
    return " → ".join(dict.fromkeys(side.name_latin for side in sides))


def zones_of_way(movement: Movement) -> list[str]:
    """Give the zones of every border on the way, in its order."""
    sides = sides_along(legs_of(movement.corridor_version))
    return list(dict.fromkeys(side.zone for side in sides)) or ["UTC"]


def facts_of(
    movement: Movement,
    recipient: Organisation | None,
    mark: Mark,
    *,
    made_for: str = "",
    more: Sequence[Fact] = (),
    by: Actor,
    at: datetime,
) -> list[Fact]:
    """Give the facts of the head of a paper in the language at hand; `more` stand after the journey."""
    zones = zones_of_way(movement)
    return [
        (_("Movement"), str(movement)),
        (_("At the barrier"), local_times(movement.depart_at, zones)),
        *more,
        (_("For"), made_for or in_words(recipient)),
        (_("What for"), mark.purpose),
        (_("Made by"), f"{by}, {local_times(at, zones)}"),
    ]


def in_words(recipient: Organisation | None) -> str:
    """Give the name of a recipient in the language at hand."""
    return recipient.name_in(get_language() or "en") if recipient else _("our own use")


def condition_for(words: str) -> str:
    """The condition of passing on, as it stands at the foot of every page; `words` say for whom, none for ourselves."""
    if not words:
        return _("For the use of IOM alone. Not to be passed on.")
    return _("Made for %(organisation)s alone. Not to be passed on without the consent of IOM.") % {
        "organisation": words
    }


def condition_of_own() -> str:
    """The words in the same place on a paper that a person gets about themselves."""
    return _("This paper is yours. You decide whom you show it to.")
