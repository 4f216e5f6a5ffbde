"""Answers of organisations. *Sent* is not *informed*, and *acknowledged* is not *done*.

A named human has it for the organisation. The first answer stands; it ends the pending steps of its own organisation only.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.enums import ActorKind
from common.refusals import RefusalError
from notifications.alerts import end_waiting
from notifications.delivery_states import move
from notifications.enums import AnsweredBy, DeliveryState, NoticeState
from notifications.models import Acknowledgement, Notice, Objection


class AnswerError(RefusalError):
    """An answer cannot be taken; `field` names what to mend, `sentence` how."""


@transaction.atomic
def acknowledge(
    *,
    notice: Notice,
    name: str,
    function: str,
    answered_by: str,
    action_confirmed: bool = False,
    action_note: str = "",
    by: Actor,
    at: datetime,
) -> Acknowledgement:
    """Writes that `name`, as `function` of the organisation, has the notice. A second call returns the first unchanged.

    `action_confirmed` says as well that the organisation has acted ("our post has been told"); coming later it is added
    to the first answer, once. Raises AnswerError for a missing name or function, or a notice that is closed.
    """
    locked = Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    first = Acknowledgement.objects.filter(notice=locked).first()
    if first is None:
        first = _write(locked, name=name, function=function, answered_by=answered_by, by=by, at=at)
    if action_confirmed:
        first = confirm_action(notice=locked, note=action_note, by=by, at=at)
    notice.state, notice.answered_at = locked.state, locked.answered_at
    return first


def _write(notice: Notice, *, name: str, function: str, answered_by: str, by: Actor, at: datetime) -> Acknowledgement:
    name, function = " ".join(name.split()), " ".join(function.split())
    if not name:
        raise AnswerError("name", _("Write your name, so that we know whom to call back."))
    if not function:
        raise AnswerError("function", _("Write your function, for example “duty officer”."))
    if notice.state == NoticeState.SUPERSEDED:
        raise AnswerError("", _("A newer version has replaced this notice; answer that one."))
    if notice.state == NoticeState.EXPIRED:
        raise AnswerError("", _("This notice has ended and needs no answer any more."))
    answer = Acknowledgement.objects.create(
        notice=notice, at=at, name=name[:120], function=function[:120], answered_by=answered_by, by=by
    )
    notice.state, notice.answered_at = NoticeState.ACKNOWLEDGED, at
    notice.save(update_fields=["state", "answered_at"])
    if by.kind == ActorKind.LINK:
        # Mail gives no receipt; an answer through the link proves that the message arrived.
        move(notice.deliveries.filter(public_id=by.ref), to=DeliveryState.DELIVERED, delivered_at=at)
    end_waiting([notice.pk], reason="acknowledged", at=at)
    audit.record("acknowledged", notice, by=by, at=at, why=AnsweredBy(answered_by).value)
    return answer


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
    """Writes that the organisation contradicts the notice. It acknowledges nothing. Raises AnswerError."""
    text = text.strip()
    if not text:
        raise AnswerError("text", _("Write what is not right, in any language."))
    if len(text) > 2000:
        raise AnswerError("text", _("Write at most 2,000 characters; say the rest by phone."))
    objection = Objection.objects.create(notice=notice, at=at, text=text, by=by)
    audit.record("objected", notice, by=by, at=at)
    return objection
