"""What is alike wherever an organisation is asked to help somebody."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.sealed import SealedTextField
from migrants.enums import ReferralAnswer


class AskedToHelp(models.Model):
    """An organisation is asked to help a person: it accepts or declines, and what it accepted is done one day.

    Who said so and when stands beside each step. Whom it is about, for what and why is said by the model itself.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    referred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = ActorField()
    answer = models.CharField(_("answer"), max_length=10, choices=ReferralAnswer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = ActorField(null=True, blank=True)
    answer_note = SealedTextField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = ActorField(null=True, blank=True)
    outcome = SealedTextField(null=True, blank=True)

    class Meta:
        abstract = True
