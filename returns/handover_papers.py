"""The handover protocol: how many were counted at each point, who received them, and of whom the receiver may know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.actors import Actor
from common.refusals import RefusalError
from migrants.consents import CONSULAR
from migrants.enums import DataCategory
from migrants.exports import Made, Mark
from notifications.hours import local_times
from partners.models import Organisation
from returns import incoming, receiving
from returns.enums import CheckpointKind, DifferenceKind, PaperKind
from returns.journey_facts import condition_for, facts_of, in_words, way_of, zones_of_way
from returns.models import Difference, Handover, Movement, ReceiverAnswer, ReceiverWord, Reception
from returns.paper_issues import About, give_out
from returns.paper_parts import fingerprint_of, frame, listed
from returns.reconciliation import Leg, legs_of

Met = Sequence[Reception | ReceiverAnswer]
"""Answers of a receiver, one of each person."""


class ProtocolError(RefusalError):
    """A protocol that cannot be printed: nobody has received the group yet."""


def print_handover(
    *, movement: Movement, recipient: Organisation | None, language: str, purpose: str, by: Actor, at: datetime
) -> Made:
    """Print the protocol for the receiver, or for ourselves (`recipient` None).

    The receiver finds those whom it may see, with its own answers, and the heads at the last two points; we ourselves find
    every point and why heads differed. Raises ProtocolError before the handover, ExportError without a purpose,
    PaperError where it would print badly.
    """
    done = Handover.objects.filter(movement=movement).select_related("receiver").first()
    if done is None:
        raise ProtocolError("kind", _("Nobody has received the group yet. The protocol can be printed afterwards."))
    word = receiving.word_of(movement, recipient) if recipient is not None else None
    legs = [leg for leg in legs_of(movement) if leg.heads is not None]
    received = _received(done, recipient, at=at)
    fingerprint = fingerprint_of(
        {
            "handover": str(done.public_id),
            "for": recipient.code if recipient else "",
            "heads": done.heads,
            "people": [[row.person.full_name, row.state] for row in received],
        }
    )
    about = About(
        kind=PaperKind.HANDOVER,
        number=1,
        fingerprint=fingerprint,
        title=f"handover protocol {movement}",
        mission=movement.mission,
        movement=movement,
        version=movement.corridor_version,
        recipient=recipient,
        people=[row.person.public_id for row in received],
    )

    def values(mark: Mark, address: str) -> dict[str, Any]:
        return frame(
            title=_("Handover protocol"),
            lead=way_of(movement),
            facts=facts_of(movement, recipient, mark, more=_about(done, word), by=by, at=at),
            blocks=_blocks(movement, legs, received, own=recipient is None),
            mark=mark,
            language=(get_language() or "en")[:2],
            fingerprint=fingerprint,
            address=address,
            condition=condition_for(in_words(recipient) if recipient else ""),
            signatures=[_("Handed over by"), _("Received by")],
        )

    return give_out(about=about, values=values, language=language, purpose=purpose, by=by, at=at)


def _received(done: Handover, recipient: Organisation | None, *, at: datetime) -> Met:
    """Answers of the receiver: all for ourselves, and for an organisation those of whoever it may see now."""
    if recipient is not None and recipient.kind not in CONSULAR:
        met = receiving.shown_to_receivers([recipient], at=at).values("person")
        own = ReceiverAnswer.objects.filter(word__movement=done.movement, word__receiver=recipient, person__in=met)
        return list(own.select_related("person").order_by("person__sort_key", "pk"))
    rows = Reception.objects.filter(handover=done).select_related("person").order_by("person__sort_key", "pk")
    if recipient is not None:
        shown = incoming.shown_to([recipient], of=DataCategory.JOURNEY, at=at).values("person")
        rows = rows.filter(person__in=shown, disclosure__recipient=recipient)
    return list(rows)


def _about(done: Handover, word: ReceiverWord | None) -> list[tuple[str, str]]:
    """Who acknowledged the heads; and for another receiver who signed for it."""
    language = get_language() or "en"
    signed = []
    if word is not None:
        signed = [(_("Received by"), f"{word.receiver.name_in(language)}: {word.name}, {word.function}")]
    return [
        *signed,
        (_("Received by"), f"{done.receiver.name_in(get_language() or 'en')}: {done.name}, {done.function}"),
        (_("Received"), local_times(done.received_at, reversed(zones_of_way(done.movement)))),
        (_("Heads received"), str(done.heads)),
    ]


def _blocks(movement: Movement, legs: list[Leg], received: Met, *, own: bool) -> list[dict[str, Any]]:
    zones = zones_of_way(movement)
    told = legs if own else [leg for leg in legs if leg.kind in (CheckpointKind.LEFT, CheckpointKind.HANDED_OVER)]
    rows = [(capfirst(leg.words), leg.heads, local_times(leg.last_at, zones)) for leg in told]
    blocks = [listed(_("Heads at each point"), ((_("Point"), 46), (_("Heads"), 18), (_("Counted"), 0)), rows)]
    if own:
        explained = (
            Difference.objects.filter(checkpoint__movement=movement)
            .values_list("kind")
            .annotate(heads=Sum("heads"))
            .order_by("kind")
        )
        why = [(str(DifferenceKind(kind).label).capitalize(), heads) for kind, heads in explained]
        blocks.append(listed(_("Why heads differed"), ((_("Why"), 0), (_("Heads"), 30)), why))
    if received:
        people = [
            (place, row.person.full_name, row.person.latin_name, row.get_state_display())
            for place, row in enumerate(received, start=1)
        ]
        columns = (("", 8), (_("Name"), 0), (_("In Latin letters"), 0), (_("Reception"), 34))
        blocks.append(listed(_("Who was received"), columns, people))
    return blocks
