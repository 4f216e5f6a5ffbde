"""Answers of organisations. *Sent* is not *informed*, and *acknowledged* is not *done*.

A named human has it for the organisation. The first answer stands; it ends the pending steps of its own organisation only.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.enums import ActorKind
from common.pictures import Drawn
from common.refusals import RefusalError
from notifications.alerts import end_waiting
from notifications.contradictions import tell_of_contradiction
from notifications.delivery_states import move
from notifications.enums import AnsweredBy, DeliveryState, NoticeState
from notifications.models import Acknowledgement, LetterScan, Notice, Objection


class AnswerError(RefusalError):
    """An answer cannot be taken; `field` names what to mend, `sentence` how."""


@dataclass(frozen=True, slots=True)
class WrittenDown:
    """What stands behind an answer that a colleague writes down: the number called or the letter's reference, when it was
    said if not just now, what else was said, and a picture of the letter.
    """

    reference: str = ""
    said_at: datetime | None = None
    note: str = ""
    scan: Drawn | None = None


@transaction.atomic
def acknowledge(
    *,
    notice: Notice,
    name: str,
    function: str,
    answered_by: str,
    action_confirmed: bool = False,
    action_note: str = "",
    written_down: WrittenDown | None = None,
    by: Actor,
    at: datetime,
) -> Acknowledgement:
    """Writes that `name`, as `function` of the organisation, has the notice. A second call returns the first unchanged.

    `action_confirmed` says as well that the organisation has acted ("our post has been told"); coming later it is added
    to the first answer, once. Raises AnswerError for a missing name or function, an hour that cannot be, a notice that is
    closed, or one that belongs to another organisation than the link.
    """
    locked = (
        Notice.objects.select_for_update(no_key=True, of=("self",)).select_related("organisation").get(pk=notice.pk)
    )
    if by.kind == ActorKind.LINK and by.organisation_ref not in ("", locked.organisation.code):
        raise AnswerError("", _("This notice belongs to another organisation."))
    first = Acknowledgement.objects.filter(notice=locked).first()
    if first is None:
        said = written_down or WrittenDown()
        first = _write(locked, said, name=name, function=function, answered_by=answered_by, by=by, at=at)
    if action_confirmed:
        first = confirm_action(notice=locked, note=action_note, by=by, at=at)
    notice.state, notice.answered_at = locked.state, locked.answered_at
    return first


def _write(
    notice: Notice, said: WrittenDown, *, name: str, function: str, answered_by: str, by: Actor, at: datetime
) -> Acknowledgement:
    name, function = " ".join(name.split()), " ".join(function.split())
    _refuse_unfit(notice, said, name=name, function=function, at=at)
    said_at = said.said_at or at
    answer = Acknowledgement.objects.create(
        notice=notice,
        at=said_at,
        recorded_at=at,
        name=name[:120],
        function=function[:120],
        answered_by=answered_by,
        reference=" ".join(said.reference.split())[:100],
        note=said.note.strip()[:300],
        by=by,
    )
    if said.scan is not None:
        LetterScan.objects.create(acknowledgement=answer, **asdict(said.scan), at=at, by=by)
    notice.state, notice.answered_at = NoticeState.ACKNOWLEDGED, said_at
    notice.save(update_fields=["state", "answered_at"])
    if by.kind == ActorKind.LINK:
        # Mail gives no receipt; an answer through the link proves that the message arrived.
        own = notice.deliveries.filter(public_id=by.ref)
        move(own, to=DeliveryState.DELIVERED, delivered_at=at, handed_over_at=Coalesce("handed_over_at", Value(at)))
    end_waiting([notice.pk], reason="acknowledged", at=at)
    audit.record("acknowledged", notice, by=by, at=at, why=AnsweredBy(answered_by).value)
    return answer


def _refuse_unfit(notice: Notice, said: WrittenDown, *, name: str, function: str, at: datetime) -> None:
    """Raises AnswerError naming what an answer lacks, or why the notice takes none."""
    if not name:
        raise AnswerError("name", _("Write your name, so that we know whom to call back."))
    if not function:
        raise AnswerError("function", _("Write your function, for example “duty officer”."))
    if notice.state == NoticeState.SUPERSEDED:
        raise AnswerError("", _("A newer version has replaced this notice; answer that one."))
    if notice.state == NoticeState.EXPIRED:
        raise AnswerError("", _("This notice has ended and needs no answer any more."))
    if said.said_at is not None and not notice.owed_since <= said.said_at <= at:
        raise AnswerError("said_at", _("Give an hour after the notice was sent and not in the future."))


@transaction.atomic
def confirm_action(*, notice: Notice, note: str = "", by: Actor, at: datetime) -> Acknowledgement:
    """Writes that the organisation has acted on what it acknowledged. The first confirmation stands.

    Raises AnswerError where nobody has acknowledged yet.
    """
    Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    answer = Acknowledgement.objects.filter(notice=notice).first()
    if answer is None:
        raise AnswerError("", _("Acknowledge the notice first; then say what was done."))
    if answer.action_confirmed_at is None:
        answer.action_confirmed_at, answer.action_note, answer.action_by = at, " ".join(note.split())[:300], by
        answer.save(update_fields=["action_confirmed_at", "action_note", "action_by"])
        audit.record("action confirmed", notice, by=by, at=at)
    return answer


@transaction.atomic
def object_to(*, notice: Notice, text: str, by: Actor, at: datetime) -> Objection:
    """Writes that the organisation contradicts the notice, and tells the coordinators. It acknowledges nothing.

    The same words again are the same objection. Further words come to the alert of the first ones while a mission still owes
    an answer to that. Raises AnswerError.
    """
    text = text.strip()
    if not text:
        raise AnswerError("text", _("Write what is not right, in any language."))
    if len(text) > 2000:
        raise AnswerError("text", _("Write at most 2,000 characters; say the rest by phone."))
    Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    if (said := Objection.objects.filter(notice=notice, text=text).order_by("pk").first()) is not None:
        return said
    objection = Objection.objects.create(notice=notice, at=at, text=text, by=by)
    audit.record("objected", notice, by=by, at=at)
    tell_of_contradiction(objection=objection, by=by, at=at)
    return objection
