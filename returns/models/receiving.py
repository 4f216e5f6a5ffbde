"""Organisations beside the embassy that receive somebody: a migration service, a region, whoever was agreed with."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from migrants.models import Disclosure, Migrant
from returns.enums import ReceptionState
from returns.models.movements import Movement


@classified(
    public="movement mission receiver function received_at recorded_at shown_until by",
    personal="name",
)
class ReceiverWord(models.Model):
    """A named human of a receiver has said who of those shown to it was there; the heads are the embassy's to acknowledge."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="receiver_words")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=120)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    shown_until = models.DateTimeField()
    by = ActorField()

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
class ReceiverAnswer(models.Model):
    """Of one person who was shown to that receiver: present or absent."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    word = models.ForeignKey(ReceiverWord, on_delete=models.PROTECT, related_name="answers")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, related_name="receiver_answers")
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="receiver_answers")
    state = models.CharField(max_length=10, choices=ReceptionState)
    by = ActorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "person"], name="answered_once_by_a_receiver")]
