"""Open a group before anybody in it is registered."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from corridors.models import BorderCrossing
from migrants.enums import Confidence
from migrants.models import Migrant
from migrants.models.people import MigrantQuerySet
from returns.forms.numbers import people_of_numbers
from returns.ways import ways_of


class GroupForm(forms.Form):
    """Where people wait, since when, who told us and how sure that is; the estimate is a head count of its own."""

    group_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    crossing = forms.ChoiceField(label=_("crossing and direction"))
    waiting_since = forms.DateTimeField(
        label=_("waiting since"),
        help_text=_("Local time at the side where they wait."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"],
    )
    source = forms.CharField(
        label=_("who told us"),
        max_length=200,
        help_text=_("An office or a function, such as “embassy, consular desk”."),
    )
    confidence = forms.ChoiceField(label=_("how sure"), choices=Confidence.choices, widget=forms.RadioSelect)
    estimate = forms.IntegerField(
        label=_("how many, about"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Leave empty if nobody knows."),
    )
    exact = forms.BooleanField(label=_("They were counted; the number is exact."), required=False)

    def __init__(self, *args: Any, crossings: Iterable[BorderCrossing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.crossings = {crossing.code: crossing for crossing in crossings}
        self.fields["crossing"].choices = [("", "—"), *self._choices()]  # type: ignore[attr-defined]
        self.initial.setdefault("group_id", uuid.uuid4())

    def _choices(self) -> list[tuple[str, str]]:
        ways = sorted(ways_of(self.crossings.values()), key=lambda entry: entry[3])
        return [(f"{place.code}:{one}:{other}", words) for place, one, other, words in ways]

    def clean(self) -> dict[str, Any]:
        """Read the wall time where it was meant: at the side where the group waits."""
        values = super().clean() or {}
        if values.get("crossing") and values.get("waiting_since"):
            values["waiting_since"] = self._instant(values["waiting_since"])
        return values

    def _instant(self, moment: datetime) -> datetime:
        code, country, _other = self.cleaned_data["crossing"].split(":")
        return moment.replace(tzinfo=ZoneInfo(self.crossings[code].side(country).zone))

    @property
    def chosen_way(self) -> tuple[BorderCrossing, str, str]:
        code, one, other = self.cleaned_data["crossing"].split(":")
        return self.crossings[code], one, other


class FamilyForm(forms.Form):
    """Who belongs together: a short code, and the numbers of the people."""

    code = forms.CharField(label=_("family"), max_length=20, help_text=_("A short code of your own, such as F1."))
    numbers = forms.CharField(
        label=_("numbers of the people"),
        max_length=1000,
        help_text=_("As called and printed, with blanks or commas between them: 301422, 558120."),
    )

    def __init__(self, *args: Any, within: MigrantQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.within = within

    def clean_numbers(self) -> list[Migrant]:
        """Give the people meant; a number that nobody in the group has is said."""
        return people_of_numbers(self.cleaned_data["numbers"], within=self.within)


class CloseForm(forms.Form):
    why = forms.CharField(
        label=_("why the group is closed"),
        max_length=200,
        help_text=_("Such as: all handed over at Fotehobod; or: went on by themselves on 29 September."),
        error_messages={"required": _("Write why the group is closed.")},
    )
