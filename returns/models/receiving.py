"""Organisations beside the embassy that receive somebody: a migration service, a region, whoever was agreed with."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.personal_data import classified
from returns.models.handover import Answered, Signed
from returns.models.movements import Movement


@classified(
    public="movement mission receiver function received_at recorded_at shown_until by",
    personal="name",
)
class ReceiverWord(Signed):
    """A receiver has said who of those shown to it was there; the heads are the embassy's to acknowledge."""

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="receiver_words")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["movement", "receiver"],
                name="each_receiver_speaks_once",
                violation_error_message=_("This receiver has said already who was there."),
            ),
            models.CheckConstraint(
                condition=Q(shown_until__gte=F("received_at")), name="shown_until_after_the_word_of_a_receiver"
            ),
        ]


@classified(public="word mission state", personal="person disclosure by")
class ReceiverAnswer(Answered):
    """Of one person who was shown to that receiver."""

    word = models.ForeignKey(ReceiverWord, on_delete=models.PROTECT, related_name="answers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "person"], name="answered_once_by_a_receiver")]
