"""Papers by which an authority waives a requirement, and those that are part of a version."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.personal_data import classified
from corridors.models.requirements import Requirement
from corridors.models.transit import CorridorVersion


class WaiverPaper(models.Model):
    """From which requirement an authority excuses, on which paper, until when (rule 33); whom, says the model."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(_("document reference"), max_length=120)
    valid_until = models.DateTimeField(_("valid until"))

    class Meta:
        abstract = True


@classified(public="version requirement authority reference valid_until")
class VersionWaiver(WaiverPaper):
    """Whoever travels by this version is excused, once it is open and the authority itself has approved it."""

    version = models.ForeignKey(CorridorVersion, on_delete=models.CASCADE, related_name="waivers")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "requirement"],
                name="waived_once_in_a_version",
                violation_error_message=_("One paper waives a requirement in a version."),
            )
        ]
