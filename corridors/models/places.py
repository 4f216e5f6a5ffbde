"""Crossings and their sides. A crossing is keyed by code, never by name: names repeat (rule 32)."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import countries
from common.personal_data import classified

MODES = {
    "road": _("road"),
    "pedestrian": _("on foot"),
    "rail": _("rail"),
    "river": _("river"),
    "air": _("air"),
}


@classified(
    public="code modes is_airport aliases latitude longitude coordinate_kind coordinate_source unlocode customs_post"
    " name_source confidence note search_text"
)
class BorderCrossing(models.Model):
    """A place where people cross. Coordinates are blank where nobody has placed the pin; none is ever invented.

    `search_text` holds every name and code, folded by `corridors.places.folded`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=20, unique=True)
    modes = models.JSONField(default=list)
    is_airport = models.BooleanField(default=False)
    aliases = models.JSONField(default=list, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    coordinate_kind = models.CharField(max_length=100, blank=True)
    coordinate_source = models.CharField(max_length=200, blank=True)
    unlocode = models.CharField(max_length=20, blank=True)
    customs_post = models.CharField(max_length=10, blank=True)
    name_source = models.TextField(blank=True)
    confidence = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    search_text = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="coordinates_whole_or_none",
                violation_error_message=_("Give both latitude and longitude, in degrees, or neither."),
            )
        ]

    def __str__(self) -> str:
        return self.code

    def side(self, country: str) -> CrossingSide:
        """The side in `country` (alpha-3). Raises KeyError where the crossing has none; uses prefetched sides."""
        for side in self.sides.all():
            if side.country == country:
                return side
        raise KeyError(country)

    @property
    def title(self) -> str:
        """ "Zhibek Zholy – G‘ishtko‘prik": both sides; uses prefetched sides."""
        return " – ".join(side.name for side in self.sides.all())

    def title_in(self, language: str) -> str:
        """The same as a reader of this language knows both sides."""
        return " – ".join(side.name_in(language) for side in self.sides.all())

    @property
    def mode_words(self) -> str:
        """How people cross here: "road, pedestrian"."""
        return ", ".join(str(MODES.get(mode, mode)) for mode in self.modes)

    @property
    def place_facts(self) -> list[tuple[Any, str]]:
        """Where it lies and where our knowledge of it comes from, for a page."""
        pin = str(_("no pin yet; nobody invents one"))
        if self.latitude is not None:
            pin = f"{self.latitude.normalize()}, {self.longitude.normalize() if self.longitude else 0} · {self.coordinate_kind}"
        pairs = [
            (_("Coordinates"), pin),
            (_("Coordinates from"), self.coordinate_source),
            (_("UN/LOCODE"), self.unlocode),
            (_("Customs post"), self.customs_post),
            (_("Names from"), self.name_source),
            (_("How sure"), self.confidence),
            (_("Note"), self.note),
        ]
        return [(label, value) for label, value in pairs if value]

    def way(self, from_country: str, to_country: str) -> tuple[CrossingSide, ...]:
        """The sides in the order in which somebody crosses; an airport has only one."""
        asked = {from_country: 0, to_country: 1}
        return tuple(sorted(self.sides.all(), key=lambda side: asked.get(side.country, 2)))


@classified(public="crossing country name_latin name_local name_ru zone rank")
class CrossingSide(models.Model):
    """One country's side of a crossing, with its own names and IANA time zone. An airport has one."""

    crossing = models.ForeignKey(BorderCrossing, on_delete=models.CASCADE, related_name="sides")
    country = models.CharField(max_length=3)
    name_latin = models.CharField(max_length=120)
    name_local = models.CharField(max_length=120, blank=True)
    name_ru = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=64)
    rank = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["crossing", "country"], name="one_side_per_country")]

    def __str__(self) -> str:
        return self.name

    @property
    def country_name(self) -> str:
        return countries.name(self.country)

    @property
    def other_names(self) -> list[str]:
        """The names in other scripts."""
        return [name for name in dict.fromkeys([self.name_local, self.name_ru]) if name and name != self.name]

    @property
    def name(self) -> str:
        """The Latin name; the country where the name of this side is not known."""
        return self.name_latin or countries.name(self.country)

    def name_in(self, language: str) -> str:
        """The name as a reader of `language` knows it: Russian, Latin, or the country's own script."""
        if language == "ru":
            return self.name_ru or self.name_latin or countries.name(self.country, language)
        if language == "tg":
            return self.name_local or self.name_ru or self.name_latin or countries.name(self.country, language)
        return self.name_latin or countries.name(self.country, language)
