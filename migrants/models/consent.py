"""Consent and disclosure: who may see whom, why, until when. Sharing code refuses without them (rule 6)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from migrants.enums import Answer, ConsentHow, DataCategory, Purpose, SignedWith
from migrants.models.people import Migrant
from migrants.models.pictures import Picture


def every_category() -> list[str]:
    """What was shown to a recipient before a person could choose."""
    return list(DataCategory.values)


@classified(
    public="person mission number recorded_at printed_at read_out_at", personal="language reader read_out_by by"
)
class Declaration(models.Model):
    """The declaration of voluntary return in one language: read out by whom and when, printed, and then signed (rule 7).

    The signature is a `Consent` that names it. `number` stands on the paper instead of a name.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="declarations")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=12, unique=True)
    language = models.CharField(max_length=8)
    recorded_at = models.DateTimeField()
    by = ActorField()
    printed_at = models.DateTimeField(null=True, blank=True)
    read_out_at = models.DateTimeField(_("read out"), null=True, blank=True)
    reader = models.CharField(_("read out by"), max_length=120, blank=True)
    read_out_by = ActorField(null=True, blank=True)

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(read_out_at__isnull=True) | ~Q(reader=""),
                name="declaration_read_out_by_somebody",
                violation_error_message=_("Somebody reads a declaration out: write who."),
            )
        ]

    def __str__(self) -> str:
        return self.number


@classified(
    public="person mission purpose recipient recorded_at",
    personal="answer how language categories given_by interpreter witness form_signed form_reference signed_with"
    " declaration form_picture answered_at expires_at withdrawn_at by",
)
class Consent(models.Model):
    """One answer for one purpose and recipient (none = IOM's own help). `form_signed`: the paper of an international leg.

    `categories` are what may be shown to the recipient (`DataCategory`). `given_by` is who answered for the person, where
    a parent or guardian did. `form_reference` says where the paper is: the number of the `declaration`, or a folder;
    `form_picture` is the signature or thumb print, photographed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="consents")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose)
    recipient = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    categories = ArrayField(models.CharField(max_length=20), default=every_category, blank=True)
    answer = models.CharField(max_length=10, choices=Answer)
    how = models.CharField(max_length=10, choices=ConsentHow)
    language = models.CharField(max_length=8)
    given_by = models.CharField(_("answered for the person by"), max_length=120, blank=True)
    interpreter = models.CharField(_("interpreter"), max_length=120, blank=True)
    witness = models.CharField(_("witness"), max_length=120, blank=True)
    form_signed = models.BooleanField(default=False)
    form_reference = models.CharField(_("where the paper is"), max_length=60, blank=True)
    signed_with = models.CharField(_("signed with"), max_length=12, choices=SignedWith, blank=True)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, blank=True, related_name="signatures"
    )
    form_picture = models.ForeignKey(Picture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["-answered_at"]
        indexes = [models.Index(fields=["person", "purpose"], name="consents_of_a_person")]


@classified(
    public="recipient mission purpose categories valid_from valid_until recorded_at", personal="person consent by"
)
class Disclosure(models.Model):
    """This organisation may see this person for this purpose in this period. Written only where consent exists.

    `categories` are those of the consent: the recipient is shown these and no more.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="disclosures")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="disclosures")
    purpose = models.CharField(max_length=20, choices=Purpose)
    categories = ArrayField(models.CharField(max_length=20), default=every_category)
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
