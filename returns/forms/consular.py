"""Forms of an embassy before a group arrives: a question to the mission, and that the reception is ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from common.wall_time import as_typed
from returns.consular_questions import LONGEST
from returns.forms.laid import LaidForm, Rows
from returns.forms.plans import LOCAL


class QuestionForm(LaidForm):
    """What an embassy would like to know, of the group or of somebody who is shown to it."""

    rows: ClassVar[Rows] = (("about",), ("words",))
    about = forms.TypedChoiceField(label=_("About"), coerce=UUID, empty_value=None, required=False)
    words = forms.CharField(label=_("Your question"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, people: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("the whole group")), *((str(key), name) for key, name in people)]
        self.fields["about"].choices = choices  # type: ignore[attr-defined]


class AnswerForm(LaidForm):
    """What the mission answers."""

    rows: ClassVar[Rows] = (("words",),)
    words = forms.CharField(label=_("Your answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


class ReadyForm(LaidForm):
    """Where and from when a group is received, and for how many there is room."""

    rows: ClassVar[Rows] = (("places", "ready_from"), ("place", "transport"), ("name", "function"))
    places = forms.IntegerField(label=_("places"), min_value=1, max_value=10_000)
    ready_from = forms.DateTimeField(
        label=_("ready from, local time"),
        help_text=_("On the clock of the place of arrival."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=LOCAL,
    )
    place = forms.CharField(label=_("where"), max_length=200)
    transport = forms.CharField(
        label=_("transport onwards"), max_length=200, required=False, help_text=_("Buses, trains, or nothing yet.")
    )
    name = forms.CharField(label=_("Your name"), max_length=120)
    function = forms.CharField(label=_("Your function"), max_length=120)

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_ready_from(self) -> datetime:
        """Read the wall time on the clock of the place of arrival."""
        return as_typed(self.cleaned_data["ready_from"]).replace(tzinfo=self.zone)
