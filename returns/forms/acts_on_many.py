"""What is done to many cases at once: each kind has the fields of the same act on one, and how to say what was chosen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui_times import city
from common.wall_time import as_typed
from corridors.enums import Mode
from corridors.models import BorderCrossing, CorridorVersion
from corridors.standings import to_be_planned
from returns.colleagues import Colleague
from returns.enums import ManyKind
from returns.forms.casework import TaskForm
from returns.forms.ending import EndingForm
from returns.forms.laid import LaidForm, Rows
from returns.forms.plans import LOCAL, corridor_name
from returns.ways import both_sides


class ManyPlanForm(LaidForm):
    """Where, when, on whose clock and through which corridor the groups of the chosen cases cross."""

    rows: ClassVar[Rows] = (("crossing", "corridor_version"), ("local_time", "zone"), ("queue_minutes", "mode"))
    crossing = forms.ModelChoiceField(
        label=_("Crossing"), queryset=BorderCrossing.objects.none(), to_field_name="code", empty_label=None
    )
    corridor_version = forms.ModelChoiceField(
        label=_("Transit corridor"), queryset=CorridorVersion.objects.none(), to_field_name="public_id", required=False,
        empty_label=_("none"),
    )  # fmt: skip
    local_time = forms.DateTimeField(
        label=_("Hour at the barrier"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=LOCAL,
    )
    zone = forms.ChoiceField(label=_("on the clock of"))
    queue_minutes = forms.IntegerField(label=_("Longest queue in minutes"), min_value=0, max_value=1440, initial=120)
    mode = forms.ChoiceField(
        label=_("By what they cross"), choices=[("", _("not known yet")), *Mode.choices], required=False
    )

    def __init__(self, *args: Any, crossings: Iterable[BorderCrossing], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = list(crossings)
        keys = [place.pk for place in places]
        self.fields["crossing"].queryset = BorderCrossing.objects.filter(pk__in=keys).order_by("code")  # type: ignore[attr-defined]
        names = {place.pk: both_sides(place) for place in places}
        self.fields["crossing"].label_from_instance = lambda place: names[place.pk]  # type: ignore[attr-defined]
        ways = CorridorVersion.objects.filter(corridor__entry__in=keys).select_related("corridor")
        self.fields["corridor_version"].queryset = to_be_planned(ways, at=at)  # type: ignore[attr-defined]
        self.fields["corridor_version"].label_from_instance = corridor_name  # type: ignore[attr-defined]
        zones = dict.fromkeys(side.zone for place in places for side in place.sides.all())
        self.fields["zone"].choices = [(zone, city(zone)) for zone in zones]  # type: ignore[attr-defined]

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as `cases.set_plan` asks for it."""
        return {**self.cleaned_data, "local_time": as_typed(self.cleaned_data["local_time"])}


class ManyEndingForm(EndingForm):
    """How they ended."""

    @property
    def said(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def form_of(
    kind: str,
    sent: Any,
    *,
    colleagues: Iterable[Colleague],
    crossings: Iterable[BorderCrossing],
    zone: str,
    at: datetime,
) -> ManyPlanForm | TaskForm | ManyEndingForm:
    """Give the form of one kind of act; `sent` None: as nobody has filled it in yet."""
    if kind == ManyKind.TASK:
        return TaskForm(sent, colleagues=colleagues, zone=ZoneInfo(zone))
    return ManyPlanForm(sent, crossings=crossings, at=at) if kind == ManyKind.PLAN else ManyEndingForm(sent)
