"""How a person, and whoever is nearest to the person, can be reached. All of it is sealed."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import BlindIndexField, SealedTextField
from migrants.enums import Kinship
from migrants.models.people import Migrant


@classified(public="person mission recorded_at", personal="by", sensitive="number number_index")
class PersonPhone(models.Model):
    """One more number under which the person is reached, E.164 inside where it can be."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="phones")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    number = SealedTextField()
    number_index = BlindIndexField(of="number")
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["number_index"], name="people_by_other_phone")]


@classified(public="person mission recorded_at", personal="relation may_be_told by", sensitive="name phone")
class NextOfKin(models.Model):
    """Who is nearest to the person, and whether they may be told where the person is. None: nobody asked."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="kin")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    name = SealedTextField()
    relation = models.CharField(_("who it is"), max_length=20, choices=Kinship, blank=True)
    phone = SealedTextField(null=True, blank=True)
    may_be_told = models.BooleanField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "next of kin"
