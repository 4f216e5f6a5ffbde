"""Questions of an embassy to the mission, about a group that comes to it or about somebody who is shown to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from partners.models import Organisation
from returns import incoming
from returns.models import ConsularQuestion, Movement

LONGEST = 1000


class QuestionError(RefusalError):
    """A question or an answer that cannot be. `field` names what to mend, `sentence` says why and what to do."""


@transaction.atomic
def ask(
    *, movement: Movement, organisation: Organisation, about: UUID | None, words: str, by: Actor, at: datetime
) -> ConsularQuestion:
    """Ask the mission of a movement something; `about` is the public id of a row of `incoming.on_board`, or None.

    Raises QuestionError for no words, or where the person is not shown with this journey (any more).
    """
    disclosure = None
    if about is not None:
        disclosure = incoming.on_board(movement, [organisation], at=at).filter(public_id=about).first()
        if disclosure is None:
            raise QuestionError("about", _("Nobody of that name is shown to you on this journey. Open the page again."))
    row = ConsularQuestion.objects.create(
        mission_id=movement.mission_id,
        organisation=organisation,
        movement=movement,
        disclosure=disclosure,
        words=_written("words", words, _("Write what you would like to know.")),
        asked_at=at,
        by=by,
    )
    audit.record("mission asked", row, by=by, at=at)
    return row


@transaction.atomic
def answer(*, question: ConsularQuestion, words: str, by: Actor, at: datetime) -> ConsularQuestion:
    """Answer a question, once. Raises QuestionError for no words, or where somebody answered before."""
    said = _written("words", words, _("Write the answer."))
    question = ConsularQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if question.answered_at is not None:
        raise QuestionError("words", _("This was answered already. Nothing was changed."))
    question.answer, question.answered_at, question.answered_by = said, at, by
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record("embassy answered", question, by=by, at=at)
    return question


def asked_by(organisations: Collection[Organisation], *, at: datetime) -> QuerySet[ConsularQuestion]:
    """Give what these embassies asked, the newest first; about a person only while that person is shown to them."""
    shown = Q(disclosure__isnull=True) | Q(disclosure__in=incoming.shown_to(organisations, at=at).values("pk"))
    return ConsularQuestion.objects.filter(shown, organisation__in=[each.pk for each in organisations])


def of_embassies(organisations: Collection[Organisation], *, at: datetime) -> list[ConsularQuestion]:
    """Give the last 200 of `asked_by`, with whom they are about."""
    return list(asked_by(organisations, at=at).select_related("movement__group", "disclosure__person")[:200])


def _written(field: str, words: str, sentence: str) -> str:
    said = words.strip()
    if not said:
        raise QuestionError(field, sentence)
    if len(said) > LONGEST:
        raise QuestionError(field, _("This is too long. Write at most 1,000 characters."))
    return said
