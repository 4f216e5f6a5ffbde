"""What somebody at a barrier heard or saw of a rule, before anybody wrote it into the ledger, and pictures of the papers."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedBytesField
from corridors.enums import AttachmentKind, ReportState, RequirementSubject
from corridors.models.places import BorderCrossing
from corridors.models.requirements import RequirementDraft, RequirementVersion
from partners.access import Viewer


class BarrierReportQuerySet(models.QuerySet["BarrierReport"]):
    def visible_to(self, viewer: Viewer) -> BarrierReportQuerySet:
        """Reports of every crossing, or of those to which the viewer's memberships are narrowed."""
        return self if viewer.crossings is None else self.filter(crossing__code__in=viewer.crossings)

    def open(self) -> BarrierReportQuerySet:
        return self.filter(state=ReportState.OPEN)


@classified(
    public="mission crossing from_country to_country subject width height latitude longitude seen_at recorded_at by state"
    " draft settled_at settled_by",
    personal="sentence reason",
    confidential="photograph",
)
class BarrierReport(models.Model):
    """Three taps and a sentence, or a photograph. `public_id` comes from the device, so that each is stored once.

    `subject` is a guess and may be empty. It stays open until a coordinator takes it up as a draft, or sets it aside with a
    reason; it is never changed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    crossing = models.ForeignKey(BorderCrossing, on_delete=models.PROTECT, related_name="reports")
    from_country = models.CharField(max_length=3)
    to_country = models.CharField(max_length=3)
    subject = models.CharField(max_length=20, choices=RequirementSubject, blank=True)
    sentence = models.CharField(max_length=500, blank=True)
    photograph = SealedBytesField(null=True)
    width = models.PositiveSmallIntegerField(null=True)
    height = models.PositiveSmallIntegerField(null=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    seen_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = ActorField()
    state = models.CharField(max_length=12, choices=ReportState, default=ReportState.OPEN)
    draft = models.ForeignKey(RequirementDraft, on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    reason = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = ActorField(null=True)

    objects = BarrierReportQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at", "-pk"]
        indexes = [models.Index(fields=["-seen_at"], condition=Q(state="open"), name="reports_still_open")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_country=F("to_country")),
                name="report_crosses_a_border",
                violation_error_message=_("The direction must lead from one country to another."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", draft__isnull=True, settled_at__isnull=True)
                | Q(state="taken_up", draft__isnull=False, settled_at__isnull=False)
                | Q(state="set_aside", draft__isnull=True, settled_at__isnull=False) & ~Q(reason=""),
                name="report_is_settled_once",
                violation_error_message=_("A report is taken up as a draft, or set aside with a reason."),
            ),
        ]


@classified(public="report who at by")
class ReportVoice(models.Model):
    """Another officer saw or heard the same. `who` recognises the person, so that everybody counts once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(BarrierReport, on_delete=models.CASCADE, related_name="voices")
    who = models.CharField(max_length=80)
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "who"], name="one_voice_a_person")]


@classified(
    public="version kind caption width height is_public recorded_at by",
    confidential="content",
)
class Attachment(models.Model):
    """A picture of the paper behind a version: a letter, the notice on the wall. Drawn anew, sealed, seen by staff.

    With `is_public` it stands on the public page of the crossing too: whoever marks it has looked that nobody is on it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(RequirementVersion, on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(_("what it shows"), max_length=20, choices=AttachmentKind)
    caption = models.CharField(max_length=200, blank=True)
    content = SealedBytesField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    is_public = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["recorded_at", "pk"]
