"""Forms of the end of the way: showing a group to an embassy, and acknowledging that it has arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from common.wall_time import as_typed
from partners.enums import OrganisationKind
from partners.models import Organisation
from returns.enums import ReceptionState
from returns.forms.laid import LaidForm, Rows
from returns.forms.plans import LOCAL

EVERYBODY = "everybody"


class ShareForm(LaidForm):
    """To whom whoever agreed is shown from now on: an embassy, or another organisation that receives."""

    recipient = forms.ModelChoiceField(
        label=_("embassy, or who else receives"),
        to_field_name="code",
        empty_label="—",
        queryset=Organisation.objects.exclude(kind=OrganisationKind.IOM).order_by("name_en"),
    )


class ReceiverForm(LaidForm):
    """When people came and who says so; and for each person shown whether they are here."""

    rows: ClassVar[Rows] = (("received_at",), ("name", "function"))
    received_at = forms.DateTimeField(
        label=_("received at, local time"),
        help_text=_("On the clock of the place of arrival."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=LOCAL,
    )
    name = forms.CharField(label=_("Your name"), max_length=120)
    function = forms.CharField(label=_("Your function"), max_length=120)

    def __init__(self, *args: Any, shown: Sequence[UUID], zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown, self.zone = shown, zone

    def clean_received_at(self) -> datetime:
        """Read the wall time on the clock of the place of arrival."""
        return as_typed(self.cleaned_data["received_at"]).replace(tzinfo=self.zone)

    @property
    def answers(self) -> Mapping[UUID, str]:
        """What was ticked for each person; nothing for whom nothing was."""
        given = {reference: self.data.get(f"here-{reference}", "") for reference in self.shown}
        return {reference: answer for reference, answer in given.items() if answer in ReceptionState.values}


class ReceptionForm(ReceiverForm):
    """The same of an embassy, which acknowledges the heads too."""

    rows: ClassVar[Rows] = (("heads", "received_at"), ("name", "function"))
    heads = forms.IntegerField(
        label=_("heads received"),
        min_value=0,
        max_value=1000,
        help_text=_("Everybody who came, also those who are not on your list."),
    )
