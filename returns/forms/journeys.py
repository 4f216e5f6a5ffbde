"""How people came to the halt, leg by leg, and in which mood the halt was seen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from common import countries
from migrants.enums import Mood, TravelMode
from migrants.models import Family, Migrant, TravelledLeg
from migrants.models.people import MigrantQuerySet
from migrants.travelled import Leg
from returns.forms.laid import LaidForm
from returns.forms.numbers import people_of_numbers
from returns.forms.people import day_field

FIRST = ("RUS", "KAZ", "UZB", "KGZ", "TJK", "TKM", "BLR", "TUR")
"""Where most who return through Central Asia have been; the other countries follow by name."""


def _countries() -> list[tuple[str, str]]:
    near = [(code, countries.name(code)) for code in FIRST]
    rest = sorted((countries.name(code), code) for code in countries.alpha3_to_alpha2() if code not in FIRST)
    return [("", "—"), *near, *((code, name) for name, code in rest)]


class LegForm(LaidForm):
    """One leg: from where, how they went on, left and arrived; of the group, or of a family or person apart."""

    rows = (("country", "place"), ("mode", "left_on", "arrived_on"), ("before", "of", "number"))

    country = forms.ChoiceField(label=_("country"), choices=_countries)
    place = forms.CharField(label=_("place"), max_length=120, required=False, help_text=_("Leave empty if not known."))
    mode = forms.ChoiceField(label=_("how they went on"), choices=TravelMode.choices, initial=TravelMode.UNKNOWN)
    left_on = day_field(_("left on"), required=False)
    arrived_on = day_field(_("arrived at the next place on"), required=False)
    before = forms.ChoiceField(label=_("where on the way"), required=False)
    of = forms.ChoiceField(label=_("whose way"), required=False)
    number = forms.CharField(
        label=_("or of one person, by number"), max_length=12, required=False, help_text=_("As called and printed.")
    )

    def __init__(
        self,
        *args: Any,
        legs: Iterable[TravelledLeg],
        families: Iterable[Family],
        within: MigrantQuerySet,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.within = within
        self.legs = {str(leg.public_id): leg for leg in legs}
        self.families = {str(family.public_id): family for family in families}
        before = [
            (ref, _("before %(place)s") % {"place": leg.place or countries.name(leg.country)})
            for ref, leg in self.legs.items()
        ]
        self.fields["before"].choices = [("", _("the last leg")), *before]  # type: ignore[attr-defined]
        apart = [(ref, _("family %(code)s") % {"code": family.code}) for ref, family in self.families.items()]
        self.fields["of"].choices = [("", _("the whole group")), *apart]  # type: ignore[attr-defined]

    def clean_number(self) -> Migrant | None:
        """Give the one person meant, if any."""
        if not self.cleaned_data["number"].strip():
            return None
        found = people_of_numbers(self.cleaned_data["number"], within=self.within)
        if len(found) != 1:
            raise forms.ValidationError(_("Give the number of one person."))
        return found[0]

    @property
    def whose(self) -> Family | Migrant | None:
        return self.cleaned_data["number"] or self.families.get(self.cleaned_data["of"])

    @property
    def next_leg(self) -> TravelledLeg | None:
        return self.legs.get(self.cleaned_data["before"])

    @property
    def leg(self) -> Leg:
        return Leg(**{name: self.cleaned_data[name] for name in ("country", "place", "mode", "left_on", "arrived_on")})


class MoodForm(forms.Form):
    """The mood now, or at an hour that has passed, and what was seen."""

    mood_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    mood = forms.ChoiceField(
        label=_("mood"), choices=[mood for mood in Mood.choices if mood[0]], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("what was seen"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Of the halt, not of a person: no names."),
    )
    seen_at = forms.DateTimeField(
        label=_("when"),
        required=False,
        help_text=_("Local time at the side where they wait; empty: now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"],
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.initial.setdefault("mood_id", uuid.uuid4())

    def clean_seen_at(self) -> datetime | None:
        """Read the wall time where it was meant."""
        moment: datetime | None = self.cleaned_data["seen_at"]
        return moment.replace(tzinfo=ZoneInfo(self.zone)) if moment else None
