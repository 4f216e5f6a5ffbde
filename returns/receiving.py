"""Receivers beside the embassy: each is shown those who said yes to it, and signs who of them was there.

The same allow-list as for an embassy: it begins at the disclosures to that organisation for being received, and never at
the table of people. Heads are acknowledged once, by the embassy (`handover.py`); here is answered of people alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.consents import limit_disclosures
from migrants.enums import DataCategory, Purpose
from migrants.models import Disclosure, ProtectionHold
from partners.models import Organisation
from returns.enums import ReceptionState
from returns.handover import ARRIVED, SHOWN_FOR
from returns.incoming import by_name, newest_entries
from returns.missed_after_closing import look_for_the_missed
from returns.models import Movement, ReceiverAnswer, ReceiverWord
from returns.movements import locked


class ReceivingError(RefusalError):
    """An answer of a receiver that cannot be. `field` names what to mend, `sentence` says why and what to do."""


def shown_to_receivers(organisations: Collection[Organisation], *, at: datetime) -> QuerySet[Disclosure]:
    """Give the disclosures by which these organisations see with which journey somebody comes; nobody under any hold."""
    held = ProtectionHold.objects.filter(person=OuterRef("person"), cleared_at__isnull=True)
    return Disclosure.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at),
        ~Exists(held),
        recipient__in=[organisation.pk for organisation in organisations],
        purpose=Purpose.RECEIVE,
        categories__contains=[DataCategory.JOURNEY],
        valid_from__lte=at,
        person__merged_into__isnull=True,
    ).select_related("person", "recipient")


def expected_by(movement: Movement, organisations: Collection[Organisation], *, at: datetime) -> QuerySet[Disclosure]:
    """Give who on the newest manifest of a movement is shown to these receivers, by name."""
    listed = newest_entries().filter(manifest__movement=movement, person=OuterRef("person"))
    return by_name(shown_to_receivers(organisations, at=at).filter(Exists(listed)))


def journeys_with(organisations: Collection[Organisation], *, at: datetime) -> QuerySet[Movement]:
    """Give the movements on which somebody is shown to these receivers, the latest first."""
    people = shown_to_receivers(organisations, at=at).values("person")
    entries = newest_entries().filter(person__in=people).values("manifest__movement")
    rows = Movement.objects.filter(pk__in=entries).select_related("group", "corridor_version__corridor__exit")
    return rows.prefetch_related("corridor_version__corridor__exit__sides").order_by("-depart_at", "-pk")


def word_of(movement: Movement, receiver: Organisation) -> ReceiverWord | None:
    """Give what this receiver has said of a movement, if it has."""
    return ReceiverWord.objects.filter(movement=movement, receiver=receiver).first()


def signed_by(receivers: Collection[Organisation], movements: Collection[Movement]) -> set[int]:
    """Give the keys of the movements for which one of these receivers has signed; one query."""
    rows = ReceiverWord.objects.filter(movement__in=movements, receiver__in=[each.pk for each in receivers])
    return set(rows.values_list("movement", flat=True))


def next_to_sign(movement: Movement, shown: Sequence[Disclosure]) -> Organisation:
    """Give the receiver, of those to which people are `shown`, that has not signed yet; the first where all have.

    A colleague may serve several receivers; each signs for itself.
    """
    receivers = {row.recipient_id: row.recipient for row in shown}
    signed = set(
        ReceiverWord.objects.filter(movement=movement, receiver__in=receivers).values_list("receiver", flat=True)
    )
    return next((each for key, each in receivers.items() if key not in signed), shown[0].recipient)


@transaction.atomic
def sign(
    *,
    movement: Movement,
    receiver: Organisation,
    answers: Mapping[UUID, str],
    name: str,
    function: str,
    received_at: datetime,
    by: Actor,
    at: datetime,
) -> ReceiverWord:
    """Write down for `receiver` who of those shown to it was there; these disclosures end `SHOWN_FOR` later.

    `answers` gives for each disclosure (public id) of `expected_by` one of `ReceptionState`. Raises ReceivingError: before
    the last bus has left the transit country, a second time, or where an answer is missing.

    After the movement was closed it is taken too, for what the receiver saw is true whenever it is written down. Whom it missed
    and nobody met, the coordinators look for: a task about each (`missed_after_closing`).
    """
    movement = locked(movement)
    _refuse_wrong_moment(movement, receiver, received_at, at=at)
    shown = list(expected_by(movement, [receiver], at=at))
    _refuse_incomplete(shown, answers, name=name, function=function)
    word = ReceiverWord.objects.create(
        movement=movement,
        mission_id=movement.mission_id,
        receiver=receiver,
        name=name.strip(),
        function=function.strip(),
        received_at=received_at,
        recorded_at=at,
        shown_until=at + SHOWN_FOR,
        by=by,
    )
    ReceiverAnswer.objects.bulk_create(
        ReceiverAnswer(
            word=word,
            mission_id=word.mission_id,
            person_id=row.person_id,
            disclosure=row,
            state=answers[row.public_id],
            by=by,
        )
        for row in shown
    )
    audit.record("people received", word, by=by, at=at)
    limit_disclosures(disclosures=shown, until=word.shown_until, by=by, at=at)
    if movement.ended_at is not None:
        look_for_the_missed(word, by=by, at=at)
    return word


def _refuse_wrong_moment(movement: Movement, receiver: Organisation, received_at: datetime, *, at: datetime) -> None:
    done = word_of(movement, receiver)
    if done is not None:
        said = _("This was signed already by %(name)s. Nothing was changed.")
        raise ReceivingError("", said % {"name": done.name})
    if movement.state not in ARRIVED or movement.left_at is None:
        raise ReceivingError("", _("The last bus has not left the transit country yet. Sign when they are here."))
    if received_at > at:
        raise ReceivingError("received_at", _("This hour lies ahead. Give the hour at which they were received."))
    if received_at < movement.left_at:
        raise ReceivingError("received_at", _("At that hour the buses were still on the way. Check it."))


def _refuse_incomplete(shown: list[Disclosure], answers: Mapping[UUID, str], *, name: str, function: str) -> None:
    for field, value, sentence in (
        ("name", name, _("Write who receives them.")),
        ("function", function, _("Write the function of whoever receives them.")),
    ):
        if not value.strip():
            raise ReceivingError(field, sentence)
    if not shown:
        raise ReceivingError("", _("Nobody of this journey is shown to you. There is nothing to sign."))
    if set(answers) - {row.public_id for row in shown}:
        raise ReceivingError("", _("Somebody on this list is not shown to you any more. Open the page again."))
    if any(answers.get(row.public_id) not in ReceptionState.values for row in shown):
        raise ReceivingError("", _("Say of everybody on the list whether they are here."))
