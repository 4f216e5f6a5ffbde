"""Which column holds what, as somebody chose it for the lists of one sender."""

from __future__ import annotations

import uuid

from django.db import models

from common.actors import ActorField
from common.personal_data import classified


@classified(public="mission sender headings columns chosen_at by")
class ColumnChoice(models.Model):
    """`sender` is the office that sends the lists, folded; `headings` is the digest of the set of their headings.

    `columns` maps a field to the folded heading of its column, so that the choice holds when columns change places.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    sender = models.CharField(max_length=120)
    headings = models.CharField(max_length=64)
    columns = models.JSONField()
    chosen_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mission", "sender", "headings"], name="one_choice_per_sender_and_headings")
        ]
