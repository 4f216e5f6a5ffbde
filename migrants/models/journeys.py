"""How people came to the halt, and in which mood they were seen there; both observations of somebody, at a time."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import countries
from common.actors import ActorField
from common.personal_data import classified
from migrants.enums import Mood, TravelMode
from migrants.models.groups import Family, TravelGroup
from migrants.models.people import Migrant


@classified(public="group mission rank place country mode left_on arrived_on recorded_at by", personal="family person")
class TravelledLeg(models.Model):
    """One leg of the way to the halt: from a place, by a means, left on a day, arrived at the next place on another.

    The first of a group is its origin. Legs of a `family` or a `person` stand beside those of the group where their way
    was another. Days and place may be unknown; the country is known at least. `rank` is the order on the way.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="legs")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.CASCADE, null=True, blank=True, related_name="legs")
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, null=True, blank=True, related_name="legs")
    rank = models.PositiveSmallIntegerField()
    place = models.CharField(_("place"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=3)
    mode = models.CharField(_("how they went on"), max_length=20, choices=TravelMode, default=TravelMode.UNKNOWN)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    arrived_on = models.DateField(_("arrived on"), null=True, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["rank", "pk"]
        indexes = [models.Index(fields=["group", "rank"], name="legs_of_a_group")]
        constraints = [
            models.CheckConstraint(
                condition=Q(family__isnull=True) | Q(person__isnull=True),
                name="a_leg_is_of_one",
                violation_error_message=_("A leg is of the group, of a family or of a person."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(arrived_on__isnull=True) | Q(arrived_on__gte=F("left_on")),
                name="nobody_arrives_before_leaving",
                violation_error_message=_("Nobody arrives before they left. Check the days."),
            ),
        ]

    @property
    def country_words(self) -> str:
        return countries.name(self.country)


@classified(public="group mission mood seen_at recorded_at by", personal="note")
class MoodSeen(models.Model):
    """The mood of a halt as somebody saw it; a new look is a new row. `public_id` comes from the page: stored once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="moods")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    mood = models.CharField(_("mood"), max_length=10, choices=Mood)
    note = models.CharField(_("what was seen"), max_length=500, blank=True)
    seen_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["-seen_at", "-pk"]
        verbose_name_plural = "moods seen"
        indexes = [models.Index(fields=["group", "-seen_at"], name="moods_latest_first")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(mood=""),
                name="a_mood_is_said",
                violation_error_message=_("Choose the mood from the list."),
            ),
        ]
