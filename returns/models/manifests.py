"""Uploaded lists: staged row by row until somebody confirms, then stored in one transaction."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedBytesField, SealedTextField
from migrants.models import Migrant, TravelGroup
from migrants.scope import within_missions
from partners.access import Viewer
from returns.enums import PieceKind, RowOutcome, UploadState

MOST_TRIES = 5
"""So often a list is taken in hand without coming on, before it is given up."""


class ManifestUploadQuerySet(models.QuerySet["ManifestUpload"]):
    def visible_to(self, viewer: Viewer) -> ManifestUploadQuerySet:
        return within_missions(self, viewer, crossing="group__crossing__code")


@classified(
    public="group mission sender file_name digest heading_row columns state uploaded_at settled_at by"
    " asked_by rows_total rows_done reached_row claimed_until problem judged_row tries",
    personal="decisions compared",
    sensitive="sheet",
)
class ManifestUpload(models.Model):
    """`sheet` is the whole file as read (sealed JSON of numbered rows) so that columns can be corrected before confirming;
    of a long list, whose rows lie in pieces, it is the top of it. `digest` recognises the same file; `columns` maps a field
    to its column's index; `sender` is the office that sent the list.

    A long list is worked off by a task, for whoever is `asked_by`, of `rows_total` rows `rows_done` so far and up to
    `reached_row`; `claimed_until` is its lease (wall time). `problem` says why a list was refused; `decisions` are those
    that came with the confirmation; `compared` what its comparison with everybody saw (`returns/manifest_comparing.py`);
    `judged_row` how far its cases were judged; `tries` how often it was taken in hand since it last came on.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="uploads")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    sender = models.CharField(max_length=120, blank=True, default="")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    sheet = SealedTextField(null=True)
    heading_row = models.PositiveIntegerField()
    columns = models.JSONField()
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.STAGED)
    uploaded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    by = ActorField()
    asked_by = ActorField(null=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    reached_row = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    decisions = models.JSONField(default=dict, blank=True)
    compared = models.JSONField(null=True, blank=True)
    judged_row = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = ManifestUploadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                condition=Q(state__in=[UploadState.READING, UploadState.STORING]),
                name="lists_to_work_off",
            )
        ]

    @property
    def is_given_up(self) -> bool:
        """Tell whether it could not be read although it was taken in hand so often: no fault of the list is known."""
        return self.state == UploadState.REFUSED and self.tries >= MOST_TRIES

    @property
    def is_worked_off(self) -> bool:
        """Tell whether a task has it in hand, or will."""
        return self.state in (UploadState.READING, UploadState.STORING)


@classified(public="upload mission kind number", sensitive="content")
class ManifestPiece(models.Model):
    """A part of a long list: of the file as it came, or of its rows as read (JSON as in `sheet`).

    In pieces, so that a task goes on where another ended, and nobody ever holds the whole in hand.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    upload = models.ForeignKey(ManifestUpload, on_delete=models.CASCADE, related_name="pieces")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=PieceKind)
    number = models.PositiveIntegerField()
    content = SealedBytesField()

    class Meta:
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "kind", "number"], name="one_piece_of_a_kind_and_number")
        ]


@classified(public="upload mission row_number outcome", personal="person", sensitive="entry")
class ManifestRow(models.Model):
    """What will happen, or happened, to one row: `entry` is the sealed JSON of what was read, errors included."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    upload = models.ForeignKey(ManifestUpload, on_delete=models.CASCADE, related_name="rows", db_index=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    row_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    entry = SealedTextField()
    person = models.ForeignKey(
        Migrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        # Each row is written twice, so it has no index that another one begins with or that nothing asks.
        ordering = ["row_number"]
        indexes = [models.Index(fields=["person"], name="rows_of_a_person", condition=models.Q(person__isnull=False))]
        constraints = [models.UniqueConstraint(fields=["upload", "row_number"], name="one_entry_per_row")]
