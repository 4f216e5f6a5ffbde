"""The ledger: what a crossing asks, since when, and since when we knew. Two clocks, no overlap, nothing overwritten."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from corridors.enums import Certainty, ChangeKind, Mode, RequirementSubject, SourceTier
from corridors.models.places import BorderCrossing


@classified(public="crossing from_country to_country mode subject")
class Requirement(models.Model):
    """One line of requirements: crossing × direction × mode × subject. Its content is in the versions.

    Without `crossing` it is asked at every crossing of the direction, of which one country may be left open: everybody who
    enters Uzbekistan. Without `mode` it is asked of whoever crosses, by whatever means (`corridors.lines`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    crossing = models.ForeignKey(
        BorderCrossing, on_delete=models.PROTECT, null=True, blank=True, related_name="requirements"
    )
    from_country = models.CharField(max_length=3, blank=True)
    to_country = models.CharField(max_length=3, blank=True)
    mode = models.CharField(max_length=10, choices=Mode, blank=True, default="", db_default="")
    subject = models.CharField(max_length=20, choices=RequirementSubject)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["crossing", "from_country", "to_country", "mode", "subject"],
                name="one_line_per_crossing_direction_mode_subject",
                nulls_distinct=False,
                violation_error_message=_(
                    "This crossing has a line for that subject already; enter a new version of it."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(from_country=models.F("to_country")),
                name="requirement_crosses_a_border",
                violation_error_message=_("The direction must lead from one country to another."),
            ),
            models.CheckConstraint(
                condition=Q(crossing__isnull=True) | ~Q(from_country="") & ~Q(to_country=""),
                name="a_crossing_has_both_ends",
                violation_error_message=_("At one crossing both countries are known; name them."),
            ),
        ]


class Content(models.Model):
    """What a draft and a version say alike. `content` is the rule tree of `corridors.rules`.

    `correction` says what was entered wrongly before, where nothing changed but what we had written down.
    """

    content = models.JSONField()
    certainty = models.CharField(max_length=20, choices=Certainty)
    source_tier = models.CharField(max_length=20, choices=SourceTier)
    source_text = models.TextField()
    correction = models.TextField(blank=True, default="", db_default="")
    authority = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    zone = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    entered_by = ActorField()

    class Meta:
        abstract = True


@classified(
    public="requirement number content certainty source_tier source_text correction authority zone applies known"
    " entered_at entered_by"
)
class RequirementVersion(Content):
    """What was asked in `applies`, as it was known in `known` (both half-open). Only the upper end of `known` ever moves."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    applies = DateTimeRangeField()
    known = DateTimeRangeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["requirement", "number", "applies"], name="requirement_versions_are_numbered"
            ),
            ExclusionConstraint(
                name="one_rule_at_a_time_as_known",
                expressions=[
                    ("requirement", RangeOperators.EQUAL),
                    ("applies", RangeOperators.OVERLAPS),
                    ("known", RangeOperators.OVERLAPS),
                ],
            ),
        ]


@classified(
    public="requirement replaces content certainty source_tier source_text correction authority zone applies_from applies_until"
    " entered_at entered_by published_version told_fingerprint"
)
class RequirementDraft(Content):
    """A change that is written down but not yet published, so that its impact can be read before anybody is told."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="drafts")
    replaces = models.ForeignKey(RequirementVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    applies_from = models.DateTimeField()
    applies_until = models.DateTimeField(null=True, blank=True)
    published_version = models.OneToOneField(
        RequirementVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="draft"
    )
    told_fingerprint = models.CharField(max_length=64, blank=True)


@classified(public="version previous kind at by assessed_at")
class RequirementChange(models.Model):
    """A published change, waiting until the floor above has judged whom it stops (`assessed_at IS NULL`)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.OneToOneField(RequirementVersion, on_delete=models.PROTECT, related_name="change")
    previous = models.ForeignKey(RequirementVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20, choices=ChangeKind)
    at = models.DateTimeField()
    by = ActorField()
    assessed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], condition=Q(assessed_at__isnull=True), name="changes_not_yet_assessed"),
        ]
