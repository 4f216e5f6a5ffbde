"""Consent and disclosure: who may see whom, why, until when. Sharing code refuses without them (rule 6)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from migrants.enums import Answer, ConsentHow, Purpose
from migrants.models.people import Migrant


@classified(
    public="person mission purpose recipient recorded_at",
    personal="answer how language interpreter witness form_signed answered_at expires_at withdrawn_at by",
)
class Consent(models.Model):
    """One answer for one purpose and recipient (none = IOM's own help). `form_signed`: the paper of an international leg."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="consents")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose)
    recipient = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(max_length=10, choices=Answer)
    how = models.CharField(max_length=10, choices=ConsentHow)
    language = models.CharField(max_length=8)
    interpreter = models.CharField(_("interpreter"), max_length=120, blank=True)
    witness = models.CharField(_("witness"), max_length=120, blank=True)
    form_signed = models.BooleanField(default=False)
    answered_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["-answered_at"]
        indexes = [models.Index(fields=["person", "purpose"], name="consents_of_a_person")]


@classified(public="recipient mission purpose valid_from valid_until recorded_at", personal="person consent by")
class Disclosure(models.Model):
    """This organisation may see this person for this purpose in this period. Written only where consent exists."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="disclosures")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="disclosures")
    purpose = models.CharField(max_length=20, choices=Purpose)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="disclosures")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="disclosure_ends_after_it_begins",
            )
        ]
        indexes = [
            models.Index(fields=["recipient", "person"], name="disclosed_to"),
            models.Index(fields=["recipient", "valid_until"], name="disclosures_that_last"),
        ]
