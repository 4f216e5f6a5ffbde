"""Pictures of a person and of what the person signed: sealed in the database, shown by signed addresses alone."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedBytesField
from migrants.enums import PictureKind
from migrants.models.people import Migrant


@classified(public="person mission recorded_at", personal="kind width height taken_at by", confidential="content")
class Picture(models.Model):
    """One picture as it was drawn anew: JPEG, upright, at most 1,000 pixels a side, without what a phone writes into it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="pictures")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what it shows"), max_length=20, choices=PictureKind)
    content = SealedBytesField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["-taken_at", "-pk"]
