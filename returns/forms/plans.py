"""Forms for the hour at the barrier and for waivers by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui_times import city
from corridors.enums import Mode
from corridors.models import BorderCrossing, CorridorVersion, Requirement
from corridors.standings import to_be_planned
from migrants.models import TravelGroup
from partners.enums import WITHOUT_AUTHORITY
from partners.models import Organisation
from returns.headings import heading
from returns.ledgers import StandingRule
from returns.models import ReturnCase

LOCAL = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


class PlanForm(forms.Form):
    """When, on whose clock, with which queue and through which corridor the whole group crosses."""

    local_time = forms.DateTimeField(
        label=_("hour at the barrier"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=LOCAL,
    )
    zone = forms.ChoiceField(label=_("on the clock of"), widget=forms.RadioSelect)
    queue_minutes = forms.IntegerField(
        label=_("longest queue in minutes"),
        min_value=0,
        max_value=1440,
        initial=120,
        help_text=_("Everything must still be valid when it is over."),
    )
    mode = forms.ChoiceField(
        label=_("by what they cross"),
        choices=[("", _("not known yet")), *Mode.choices],
        required=False,
        help_text=_("What is asked of others alone is then not asked of them."),
    )
    corridor_version = forms.ModelChoiceField(
        label=_("transit corridor"),
        queryset=CorridorVersion.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("none"),
    )

    def __init__(self, *args: Any, group: TravelGroup, crossing: BorderCrossing, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sides = crossing.way(group.from_country, group.to_country)
        zone, corridor = self.fields["zone"], self.fields["corridor_version"]
        if isinstance(zone, forms.ChoiceField):
            zone.choices = [(side.zone, f"{side.name} ({city(side.zone)})") for side in sides]
            zone.initial = sides[0].zone
        if isinstance(corridor, forms.ModelChoiceField):
            ways = CorridorVersion.objects.filter(
                corridor__entry=crossing,
                corridor__from_country=group.from_country,
                corridor__transit_country=group.to_country,
            )
            corridor.queryset = to_be_planned(ways.select_related("corridor"), at=at)
            corridor.error_messages["invalid_choice"] = _(
                "That version does not stand any more, or nobody was asked about it. Choose from the list."
            )
            corridor.label_from_instance = corridor_name  # type: ignore[method-assign, assignment]


def corridor_name(version: CorridorVersion) -> str:
    """Give what a version is called in a list to choose from: its corridor and its number."""
    return f"{version.corridor.name}, {version.number}"


class WaiverForm(forms.Form):
    """Who are excused, from what, by whom, on which paper, until when (on the clock of the side that is entered)."""

    whole_group = forms.BooleanField(
        label=_("the whole group, with whoever joins it later"),
        required=False,
        help_text=_("Where the paper names the group or its movement, and not its people."),
    )
    everybody = forms.BooleanField(
        label=_("everybody who lacks it"),
        required=False,
        help_text=_("Where the paper excuses the whole group: all who are listed below and lack this requirement."),
    )
    case = forms.ModelMultipleChoiceField(
        label=_("people"),
        queryset=ReturnCase.objects.none(),
        to_field_name="number",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 10}),
    )
    requirement = forms.ModelChoiceField(
        label=_("requirement"), queryset=Requirement.objects.none(), to_field_name="public_id"
    )
    authority = forms.ModelChoiceField(
        label=_("authority that excuses"), queryset=Organisation.objects.none(), to_field_name="code"
    )
    reference = forms.CharField(label=_("document reference"), max_length=120)
    valid_until = forms.DateTimeField(
        label=_("valid until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=LOCAL,
        help_text=_("Local time of the side that is entered."),
    )

    def __init__(
        self, *args: Any, group: TravelGroup, rules: Iterable[StandingRule], lacking: Iterable[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cases = (
            ReturnCase.objects.open().filter(pk__in=list(lacking)).select_related("person").order_by("person__number")
        )
        names = {rule.requirement: heading(rule.content, rule.subject) for rule in rules}
        authorities = Organisation.objects.exclude(kind__in=WITHOUT_AUTHORITY).order_by("name_en")
        self._offer("case", cases, _case_name)
        self._offer("requirement", Requirement.objects.filter(pk__in=names), lambda row: names.get(row.pk, row.subject))
        self._offer("authority", authorities, str)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if (
            not (given.get("whole_group") or given.get("everybody"))
            and not given.get("case")
            and "case" not in self.errors
        ):
            self.add_error("case", _("Choose who is excused, or tick that it is everybody who lacks it."))
        return given

    def _offer(self, name: str, rows: Any, label: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows
            field.label_from_instance = label  # type: ignore[method-assign]


def _case_name(case: ReturnCase) -> str:
    return f"{case.person.number} {case.person.latin_name or case.person.full_name}"
