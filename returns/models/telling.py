"""The group itself is told: what changed and what happens next, in its languages (accountability to affected people)."""

from __future__ import annotations

import uuid

from django.db import models

from common.actors import ActorField
from common.personal_data import classified
from corridors.models import RequirementVersion
from migrants.models import TravelGroup


@classified(public="group mission version languages people_told told_at by")
class GroupTold(models.Model):
    """A read-out text was read to the group: which version, in which languages, to how many."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="tellings")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(RequirementVersion, on_delete=models.PROTECT, related_name="+")
    languages = models.JSONField()
    people_told = models.PositiveIntegerField()
    told_at = models.DateTimeField()
    by = ActorField()
