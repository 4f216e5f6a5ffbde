"""Which laboratory serves a group, and how fast it is."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PaceForm(forms.Form):
    """Name, tests an hour, minutes to a result, and the hours of work on the clock of the side where the group waits."""

    laboratory = forms.CharField(label=_("laboratory"), max_length=200)
    an_hour = forms.IntegerField(label=_("tests an hour"), min_value=1, max_value=10_000)
    result_minutes = forms.IntegerField(
        label=_("minutes until a result"), min_value=0, max_value=7 * 24 * 60, help_text=_("240 are four hours.")
    )
    opens = forms.TimeField(
        label=_("opens at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Leave both empty where it works day and night."),
    )
    closes = forms.TimeField(
        label=_("closes at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
