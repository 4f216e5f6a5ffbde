"""Travel documents that an embassy is asked for: the request, and what the embassy answered step by step."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from migrants.enums import DocumentState
from migrants.models import Migrant, TravelDocument


@classified(public="number mission recipient asked_at answer_by", personal="person document by")
class DocumentRequest(models.Model):
    """An embassy is asked for a document for one national who is shown to it. `number` is that of the whole letter.

    How far it is stands on the document alone, so that both can never say two things.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=12, db_index=True)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="document_requests")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(TravelDocument, on_delete=models.CASCADE, related_name="requests")
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField(_("answer by"))
    by = ActorField()

    class Meta:
        ordering = ["answer_by", "pk"]

    def __str__(self) -> str:
        return self.number


@classified(public="request mission state said_at", personal="name function by", sensitive="note")
class DocumentStep(models.Model):
    """What the embassy said about one document: where it stands now, who says so, and a word for whoever asked."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(DocumentRequest, on_delete=models.CASCADE, related_name="steps")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=DocumentState)
    said_at = models.DateTimeField()
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=120)
    note = SealedTextField(null=True, blank=True)
    by = ActorField()

    class Meta:
        ordering = ["said_at", "pk"]
