"""Forms of the road: the crew with its papers, and what is decided about buses that something stops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui_times import city
from partners.models import Organisation
from returns.enums import CrewRole, IncidentKind, RoadAnswer
from returns.evidence import Asked
from returns.models import Vehicle


class ScanForm(forms.Form):
    """A slip at the door of a bus; the same fields come as JSON from the device (static/js/scan.js)."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    manifest = forms.IntegerField(widget=forms.HiddenInput)
    vehicle = forms.ChoiceField(label=_("at the door of"), required=False)
    scanned = forms.CharField(
        label=_("code or number of the slip"),
        max_length=40,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("Scan it with a reader or the camera, or write the number."),
    )
    counted_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, vehicles: Sequence[Vehicle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buses = {str(vehicle.public_id): vehicle for vehicle in vehicles}
        choices = [("", _("any bus")), *((ref, bus.label) for ref, bus in self.buses.items())]
        self.fields["vehicle"].choices = choices  # type: ignore[attr-defined]

    def clean_vehicle(self) -> Vehicle | None:
        return self.buses.get(self.cleaned_data["vehicle"])


class IncidentForm(forms.Form):
    """What happened on the way, when by the clock of the crossing, and whether it is about somebody."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("what happened"), choices=IncidentKind.choices)
    note = forms.CharField(label=_("in a sentence"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    happened_local = forms.DateTimeField(
        label=_("when"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Left empty, it is the present hour."),
    )
    vehicle = forms.ChoiceField(label=_("bus"), required=False)
    number = forms.CharField(
        label=_("number of the person, if it is about one"),
        max_length=20,
        required=False,
        help_text=_("The sentence is sealed then, and read by casework alone."),
    )
    is_confidential = forms.BooleanField(
        label=_("confidential"),
        required=False,
        help_text=_("Only whoever sends movements or protects people reads it; it leaves on no paper and over no API."),
    )

    def __init__(self, *args: Any, vehicles: Sequence[Vehicle], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        self.fields["happened_local"].label = _("when, in %(place)s") % {"place": city(zone)}
        self.buses = {str(vehicle.public_id): vehicle for vehicle in vehicles}
        choices = [("", _("none of them")), *((ref, bus.label) for ref, bus in self.buses.items())]
        self.fields["vehicle"].choices = choices  # type: ignore[attr-defined]

    def clean_vehicle(self) -> Vehicle | None:
        return self.buses.get(self.cleaned_data["vehicle"])

    def clean_happened_local(self) -> datetime | None:
        said: datetime | None = self.cleaned_data["happened_local"]
        return said.replace(tzinfo=self.zone) if said else None


class CrewForm(forms.Form):
    """One of the crew, with the paper that will be looked at."""

    role = forms.ChoiceField(label=_("does"), choices=CrewRole.choices)
    vehicle = forms.ChoiceField(label=_("bus"), required=False, help_text=_("A driver needs one."))
    name = forms.CharField(label=_("name"), max_length=120)
    phone = forms.CharField(label=_("telephone"), max_length=40, required=False)
    document_kind = forms.CharField(
        label=_("kind of paper"), max_length=60, required=False, help_text=_("Such as: driving licence, category D.")
    )
    document_number = forms.CharField(label=_("number of the paper"), max_length=60, required=False)
    document_until = forms.DateField(
        label=_("valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, vehicles: Sequence[Vehicle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vehicles = {str(vehicle.public_id): vehicle for vehicle in vehicles}
        choices = [("", _("no bus of their own")), *((ref, bus.label) for ref, bus in self.vehicles.items())]
        self.fields["vehicle"].choices = choices  # type: ignore[attr-defined]

    def clean_vehicle(self) -> Vehicle | None:
        return self.vehicles.get(self.cleaned_data["vehicle"])


class EvidenceForm(forms.Form):
    """Which paper for the barrier is at hand, and its number or date."""

    evidence = forms.ChoiceField(label=_("what is at hand"), choices=())
    reference = forms.CharField(
        label=_("number or date of the paper"),
        max_length=120,
        help_text=_("Such as: certificate 114 of 1 October; insurance of both buses until 31 December."),
    )

    def __init__(self, *args: Any, asked: Iterable[Asked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.evidence.value, each.evidence.label) for each in sorted(asked, key=lambda each: each.is_there)]
        self.fields["evidence"].choices = choices  # type: ignore[attr-defined]


class RoadDecisionForm(forms.Form):
    """Wait, go on because a party of the corridor has said so, or turn back with some of the buses."""

    answer = forms.ChoiceField(label=_("what is decided"), choices=RoadAnswer.choices, widget=forms.RadioSelect)
    why = forms.CharField(label=_("why"), max_length=300)
    authority = forms.ChoiceField(label=_("who said that they may go on"), required=False)
    reference = forms.CharField(label=_("reference of the call or letter"), max_length=120, required=False)
    vehicles = forms.MultipleChoiceField(
        label=_("buses that turn back"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, parties: Iterable[Organisation], vehicles: Iterable[Vehicle] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {party.code: party for party in parties}
        choices = [("", _("nobody: the buses wait")), *((code, party.name) for code, party in self.parties.items())]
        self.fields["authority"].choices = choices  # type: ignore[attr-defined]
        self.buses = {str(vehicle.public_id): vehicle for vehicle in vehicles}
        if self.buses:
            choices = [(ref, bus.label) for ref, bus in self.buses.items()]
            self.fields["vehicles"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["vehicles"]

    def clean_vehicles(self) -> list[Vehicle]:
        return [self.buses[ref] for ref in self.cleaned_data["vehicles"]]

    def clean_authority(self) -> Organisation | None:
        return self.parties.get(self.cleaned_data["authority"])
