"""Every file that left: who made it, for whom, what for, on what condition, about whom, and how to recognise it again."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from migrants.enums import ExportKind
from partners.access import Permission, Viewer


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, viewer: Viewer) -> ExportQuerySet:
        """Whoever answers for oversight sees all, everybody else the own ones."""
        if viewer.may(Permission.SEE_AUDIT):
            return self
        return self.filter(by__ref=str(viewer.user.public_id))


@classified(
    public="number kind title recipient condition fingerprint size made_at",
    personal="purpose recipient_name people by",
)
class Export(models.Model):
    """One file. `number` and the rest of the mark stand in the file itself; `fingerprint` is the SHA-256 of its bytes.

    `people` are the public ids of those whose rows it holds, none where it holds heads alone. Without a recipient it was
    made for IOM's own use; one that is no organisation of the directory has only its name.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=20, choices=ExportKind)
    title = models.CharField(max_length=120)
    purpose = models.CharField(_("what for"), max_length=200)
    recipient = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recipient_name = models.CharField(_("for whom"), max_length=200, blank=True)
    condition = models.CharField(max_length=200)
    people = ArrayField(models.UUIDField(), default=list, blank=True)
    fingerprint = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    by = ActorField()

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            GinIndex(fields=["people"], name="exports_about_a_person"),
            models.Index(fields=["fingerprint"], name="exports_by_fingerprint"),
            models.Index(fields=["-made_at"], name="exports_latest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(condition=""),
                name="export_says_what_for",
                violation_error_message=_("An export has a purpose and a condition."),
            )
        ]

    def __str__(self) -> str:
        return self.number
