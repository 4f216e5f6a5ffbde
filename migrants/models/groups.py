"""Groups that wait, the families in them, and head counts: observations, never derived from persons (rule 23)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from migrants.enums import Confidence, Mood
from migrants.scope import within_missions
from partners.access import Viewer


class TravelGroupQuerySet(models.QuerySet["TravelGroup"]):
    def visible_to(self, viewer: Viewer) -> TravelGroupQuerySet:
        return within_missions(self, viewer, crossing="crossing__code", group="self")

    def waiting(self) -> TravelGroupQuerySet:
        return self.filter(closed_at__isnull=True)


@classified(
    public="code mission crossing from_country to_country waiting_since source confidence closed_at recorded_at by"
)
class TravelGroup(models.Model):
    """People who wait together at a crossing in one direction. It exists before anybody in it is registered."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=20, unique=True)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    crossing = models.ForeignKey("corridors.BorderCrossing", on_delete=models.PROTECT, related_name="groups")
    from_country = models.CharField(max_length=3)
    to_country = models.CharField(max_length=3)
    waiting_since = models.DateTimeField()
    source = models.CharField(_("who told us"), max_length=200, blank=True)
    confidence = models.CharField(_("how sure"), max_length=20, choices=Confidence, default=Confidence.SEEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()

    objects = TravelGroupQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["crossing"], condition=Q(closed_at__isnull=True), name="groups_waiting")]

    def __str__(self) -> str:
        return self.code


@classified(public="group code")
class Family(models.Model):
    """People who belong together, by link and never by surname (rule 18)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.CASCADE, related_name="families")
    code = models.CharField(max_length=20)

    class Meta:
        verbose_name_plural = "families"
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="one_family_of_a_code_in_a_group")]


@classified(
    public="group mission counted_at recorded_at exact total males females men women children_5_17 children_under_5"
    " children_alone needs mood by",
    personal="note",
)
class HeadCount(models.Model):
    """Who was counted, by whom, when, how. `public_id` comes from the device that counted, so each is stored once.

    Of `total`: `males + females` by sex and `men + women + children_5_17 + children_under_5` by age, each where it was
    noted; `children_alone` are among the children.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="head_counts")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    exact = models.BooleanField(default=True)
    total = models.PositiveIntegerField()
    males = models.PositiveIntegerField(null=True, blank=True)
    females = models.PositiveIntegerField(null=True, blank=True)
    men = models.PositiveIntegerField(null=True, blank=True)
    women = models.PositiveIntegerField(null=True, blank=True)
    children_5_17 = models.PositiveIntegerField(null=True, blank=True)
    children_under_5 = models.PositiveIntegerField(null=True, blank=True)
    children_alone = models.PositiveIntegerField(null=True, blank=True)
    needs = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    mood = models.CharField(max_length=10, choices=Mood, blank=True)
    note = models.TextField(blank=True, max_length=2000)
    by = ActorField()

    class Meta:
        ordering = ["-counted_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(males__isnull=True) | Q(females__isnull=True) | Q(total=F("males") + F("females")),
                name="count_adds_up_by_sex",
                violation_error_message=_("Males and females must add up to the total."),
            ),
            models.CheckConstraint(
                condition=Q(total__gt=0) & Q(total__lte=100_000),
                name="count_is_plausible",
                violation_error_message=_("A head count is at least 1 and at most 100,000."),
            ),
        ]
        indexes = [
            models.Index(fields=["group", "-counted_at"], name="counts_latest_first"),
            models.Index(fields=["-counted_at"], name="counts_of_the_last_hours"),
            models.Index(
                fields=["group", "-counted_at", "-id"], name="moods_of_counts_latest_first", condition=~Q(mood="")
            ),
        ]

    @property
    def children(self) -> int | None:
        """Children of both age bands; None where nobody noted them."""
        noted = [n for n in (self.children_5_17, self.children_under_5) if n is not None]
        return sum(noted) if noted else None
