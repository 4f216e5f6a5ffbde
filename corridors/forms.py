"""What a reader may ask the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui_times import city
from corridors.enums import RequirementSubject


class FilterForm(forms.Form):
    """Which lines of requirements to list."""

    q = forms.CharField(label=_("crossing, in any spelling"), required=False, max_length=100)
    subject = forms.ChoiceField(
        label=_("subject"), required=False, choices=[("", _("every subject")), *RequirementSubject.choices]
    )


class KnownForm(forms.Form):
    """The moment for which "what did we know?" is asked, in the local time of one side."""

    day = forms.DateField(label=_("day"), widget=forms.DateInput(attrs={"type": "date"}))
    hour = forms.TimeField(label=_("hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    zone = forms.ChoiceField(label=_("clock of"))

    use_required_attribute = False

    def __init__(self, asked: Any, *, zones: Sequence[str], at: datetime) -> None:
        local = at.astimezone(ZoneInfo(zones[0]))
        super().__init__(asked, initial={"day": local.date(), "hour": local.time(), "zone": zones[0]})
        self.fields["day"].error_messages["invalid"] = _("Give a day that exists, such as 2020-10-01.")
        self.fields["hour"].error_messages["invalid"] = _("Give an hour of the day, such as 14:00.")
        zone = self.fields["zone"]
        if isinstance(zone, forms.ChoiceField):
            zone.choices = [(name, city(name)) for name in dict.fromkeys(zones)]

    def moment(self) -> datetime:
        """The instant that was asked for; an hour that a change of clocks repeats is its first."""
        given = self.cleaned_data
        return datetime.combine(given["day"], given["hour"], tzinfo=ZoneInfo(given["zone"]))
