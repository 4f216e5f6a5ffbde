"""A way through several countries, country by country: one leg of a version for each."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.personal_data import classified
from corridors.models.places import BorderCrossing
from corridors.models.transit import CorridorVersion


@classified(public="version number from_country country to_country entry exit longest_transit")
class Leg(models.Model):
    """One country of a version: in by `entry` from `from_country`, out by `exit` into `to_country`, and for how long at most.

    Only a corridor through several countries has rows; of one country, corridor and version say it all (`legs.legs_of`).
    """

    version = models.ForeignKey(CorridorVersion, on_delete=models.CASCADE, related_name="legs")
    number = models.PositiveSmallIntegerField()
    from_country = models.CharField(max_length=3)
    country = models.CharField(max_length=3)
    to_country = models.CharField(max_length=3)
    entry = models.ForeignKey(BorderCrossing, on_delete=models.PROTECT, related_name="+")
    exit = models.ForeignKey(BorderCrossing, on_delete=models.PROTECT, related_name="+")
    longest_transit = models.DurationField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="legs_are_numbered"),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="leg_has_its_place",
                violation_error_message=_("Legs are numbered from one."),
            ),
            models.CheckConstraint(
                condition=~Q(from_country=F("country")) & ~Q(country=F("to_country")),
                name="leg_crosses_a_border_twice",
                violation_error_message=_("A leg comes from another country and leads into another one."),
            ),
        ]
