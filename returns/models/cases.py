"""A case is one person's plan to return; a plan says where and when a group crosses; a waiver excuses one by name."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from corridors.enums import Mode
from corridors.models import BorderCrossing, CorridorVersion, VersionWaiver, WaiverPaper
from migrants.models import Migrant, TravelGroup
from migrants.scope import within_missions
from partners.access import Viewer
from returns.enums import CaseOutcome


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, viewer: Viewer) -> PlanQuerySet:
        return within_missions(self, viewer, crossing="crossing__code")


@classified(
    public="group mission crossing from_country to_country corridor_version cross_at local_time zone queue_minutes"
    " mode set_at by laboratory tests_an_hour result_minutes laboratory_opens laboratory_closes"
)
class Plan(models.Model):
    """The hour at the barrier that a group shares. `local_time` and `zone` are what people agreed; `cross_at` follows.

    `queue_minutes` is the upper bound of the queue: readiness must still hold at its end. The laboratory that serves the
    group, where somebody has said it, does `tests_an_hour` within its hours (none: day and night), and its results are known
    after `result_minutes`.
    `mode` is by what they cross; while nobody has said it, what is asked of any mode is asked of them.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.OneToOneField(TravelGroup, on_delete=models.PROTECT, related_name="plan")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    crossing = models.ForeignKey(BorderCrossing, on_delete=models.PROTECT, related_name="plans")
    from_country = models.CharField(max_length=3)
    to_country = models.CharField(max_length=3)
    corridor_version = models.ForeignKey(
        CorridorVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="plans"
    )
    cross_at = models.DateTimeField()
    local_time = models.DateTimeField()
    zone = models.CharField(max_length=64)
    queue_minutes = models.PositiveSmallIntegerField(default=120)
    mode = models.CharField(max_length=10, choices=Mode, blank=True, default="", db_default="")
    laboratory = models.CharField(_("laboratory"), max_length=200, blank=True)
    tests_an_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    result_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    laboratory_opens = models.TimeField(null=True, blank=True)
    laboratory_closes = models.TimeField(null=True, blank=True)
    set_at = models.DateTimeField()
    by = ActorField()

    objects = PlanQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["crossing", "from_country", "to_country", "cross_at"], name="plans_at_a_crossing")
        ]

    @property
    def queue_over_at(self) -> datetime:
        """When the longest queue is over."""
        return self.cross_at + timedelta(minutes=self.queue_minutes)


class ReturnCaseQuerySet(models.QuerySet["ReturnCase"]):
    def visible_to(self, viewer: Viewer) -> ReturnCaseQuerySet:
        return within_missions(
            self, viewer, crossing="person__group__crossing__code", group="person__group", person="person"
        )

    def open(self) -> ReturnCaseQuerySet:
        return self.filter(closed_at__isnull=True)

    def living(self) -> ReturnCaseQuerySet:
        """Without the cases that a merge left with the record that was taken in."""
        return self.filter(person__merged_into__isnull=True)


@classified(public="mission number opened_at closed_at caseload", personal="person outcome by")
class ReturnCase(models.Model):
    """One person's plan to return; at most one is open. `number` stands on lists for laboratories: no name, no order."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, related_name="cases")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=12, unique=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=CaseOutcome, blank=True)
    by = ActorField()
    caseload = models.BigIntegerField(null=True, editable=False)
    """That of the person; the database keeps it (`migrants.models.Migrant.caseload`)."""

    objects = ReturnCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(closed_at__isnull=True),
                name="one_open_case_per_person",
                violation_error_message=_("This person has an open case already."),
            )
        ]

    def __str__(self) -> str:
        return self.number


class RecordedWaiver(WaiverPaper):
    """A waiver that was written down for a case or a group."""

    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        abstract = True


@classified(public="requirement mission authority reference valid_until recorded_at", personal="case by")
class Waiver(RecordedWaiver):
    """An authority excuses one case from one requirement until a time (rule 33)."""

    case = models.ForeignKey(ReturnCase, on_delete=models.CASCADE, related_name="waivers")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requirement", "case"], name="one_waiver_per_case_and_requirement")
        ]


@classified(public="group requirement mission authority reference valid_until recorded_at by through")
class GroupWaiver(RecordedWaiver):
    """An authority excuses a group as a whole from one requirement until a time: whoever is in it then, registered or not.

    Whoever joins later is excused too, and whoever leaves is no longer: the paper names the movement, not its people.
    `through` is the waiver of the corridor that the group is planned by, where that excuses it (`corridor_waivers`).
    """

    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="waivers")
    through = models.ForeignKey(VersionWaiver, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "requirement", "through"],
                name="one_waiver_per_group_and_requirement",
                nulls_distinct=False,
            )
        ]
