"""Papers that left, each known by a code that anybody may check, and the slips by which people are called."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from common.actors import ActorField
from common.personal_data import classified
from corridors.models import CorridorVersion
from migrants.models import Export, Migrant
from migrants.scope import within_missions
from partners.access import Viewer
from partners.models import Organisation
from returns.enums import PaperKind
from returns.models.movements import Manifest, Movement


class PaperIssueQuerySet(models.QuerySet["PaperIssue"]):
    def visible_to(self, viewer: Viewer) -> PaperIssueQuerySet:
        return within_missions(
            self, viewer, crossing="movement__group__crossing__code", group="movement__group", person=""
        )


@classified(
    public="code mission kind number fingerprint language movement manifest corridor_version recipient made_for export"
    " issued_at by"
)
class PaperIssue(models.Model):
    """One paper as it was given out. `code` leads anybody to its proof, which names nobody (`returns.paper_issues`).

    `number` is the version of what stands on it, `fingerprint` the SHA-256 of that alone; `made_for` are words where no
    organisation is the `recipient`. Never changed: whether it is in
    force follows from what came after it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=16, unique=True)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=PaperKind)
    number = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, null=True, blank=True, related_name="papers")
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, null=True, blank=True, related_name="papers")
    corridor_version = models.ForeignKey(
        CorridorVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_for = models.CharField(max_length=200, blank=True)
    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    by = ActorField()

    objects = PaperIssueQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


@classified(public="movement mission printed_at ended_at", personal="person token by")
class Slip(models.Model):
    """A slip of paper with the number of a person and a code to scan: no name, no nationality, no bus (rule 12).

    A person has one that is valid; printing another ends it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="slips")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, null=True, blank=True, related_name="slips")
    token = models.CharField(max_length=20, unique=True)
    printed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    by = ActorField()

    class Meta:
        ordering = ["-printed_at", "-pk"]
        indexes = [models.Index(fields=["person"], condition=Q(ended_at__isnull=True), name="slips_that_are_valid")]
