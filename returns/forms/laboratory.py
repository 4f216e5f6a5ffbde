"""Forms for sample lists, samples, results, and who travels after a positive test."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import ListField
from common.sheets import MAX_BYTES
from common.wall_time import as_typed
from migrants.enums import TestKind
from returns.enums import TravelAnswer
from returns.forms.laid import LaidForm
from returns.forms.people_acts import WALL_TIMES


def hour_field(label: Any, help_text: Any = "") -> forms.DateTimeField:
    """A wall time at the side where people wait."""
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=WALL_TIMES,
    )


class DrawForm(LaidForm):
    """Which test, by which laboratory, and whether those who have what is asked are left out."""

    rows = (("kind", "laboratory"), ("only_lacking",))
    kind = forms.ChoiceField(label=_("test"), choices=TestKind.choices)
    laboratory = forms.CharField(label=_("laboratory"), max_length=200)
    only_lacking = forms.BooleanField(
        label=_("Only those who still lack a test that counts at the barrier."), required=False
    )


class TakeForm(LaidForm):
    """How many of the list in its order, or which, and when on the clock where they wait."""

    rows = (("how_many", "sampled_at"), ("numbers",))
    how_many = forms.IntegerField(
        label=_("how many, in the order of the list"), min_value=1, max_value=100_000, required=False
    )
    sampled_at = hour_field(
        _("sample taken"), _("Local time at the side where they wait; the clock of a test starts here.")
    )
    numbers = forms.CharField(
        label=_("or these case numbers"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "numeric"}),
        help_text=_("With blanks or commas between them. Leave empty where the list was followed in order."),
    )

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_sampled_at(self) -> datetime:
        """Read the wall time on the clock of the place."""
        return as_typed(self.cleaned_data["sampled_at"]).replace(tzinfo=self.zone)

    def clean_numbers(self) -> list[str]:
        """Give the numbers that were typed."""
        return re.findall(r"\w+", self.cleaned_data["numbers"])


class ResultsForm(forms.Form):
    """One case a line: its number and the result."""

    lines = forms.CharField(
        label=_("results"),
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("One case a line: its number, then negative, positive or not valid."),
    )


class ResultsFileForm(forms.Form):
    """The file of the laboratory."""

    file = ListField(
        label=_("file of the laboratory"),
        help_text=_("XLSX, XLS, ODS or CSV, at most %(most)d MB, with a column of case numbers and one of results.")
        % {"most": MAX_BYTES // 1024 // 1024},
    )


class TravelForm(forms.Form):
    """Whether one person travels, and why."""

    answer = forms.ChoiceField(label=_("decision"), choices=TravelAnswer.choices)
    why = forms.CharField(label=_("why"), max_length=300)


class LateResultForm(LaidForm):
    """What was done about a result that came too late."""

    note = forms.CharField(
        label=_("what you did"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whom you told, and what they will do. Only protection officers can read it."),
    )
