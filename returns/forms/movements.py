"""Forms of a movement: buses, seats, freezing, heads on the way and why they differ."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridors.models import TransitCorridor
from migrants.models import Migrant
from returns.checkpoints import MOST_HEADS
from returns.enums import CheckpointKind
from returns.models import ManifestEntry, Seat, Vehicle
from returns.movements import MOST_SEATS, MOST_VEHICLES
from returns.way_points import counted_by_bus, point_in_words

NOT_TRAVELLING = "none"


class BusesForm(forms.Form):
    """So many buses of the same size; one alone may have a name and a plate."""

    how_many = forms.IntegerField(label=_("how many buses"), min_value=1, max_value=MOST_VEHICLES, initial=1)
    seats = forms.IntegerField(label=_("seats in each"), min_value=1, max_value=MOST_SEATS, initial=45)
    label = forms.CharField(
        label=_("name"),
        max_length=40,
        required=False,
        help_text=_("Only for one bus; otherwise they are called Bus 1, Bus 2, …"),
    )
    plate = forms.CharField(label=_("number plate"), max_length=20, required=False)


class SeatsForm(forms.Form):
    """For each person the bus, or not travelling; fields are named by the seat. `why` where a family is torn apart."""

    why = forms.CharField(
        label=_("why a family is seated apart"),
        max_length=200,
        required=False,
        help_text=_("Only where you part a family; children always sit with their own."),
    )

    def __init__(self, *args: Any, seats: Iterable[Seat], vehicles: Sequence[Vehicle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vehicles = {str(vehicle.public_id): vehicle for vehicle in vehicles}
        choices = [(ref, vehicle.label) for ref, vehicle in self.vehicles.items()]
        for seat in seats:
            self.fields[str(seat.public_id)] = forms.ChoiceField(
                label=seat.person.full_name,
                choices=[*choices, (NOT_TRAVELLING, _("not travelling"))],
                initial=str(seat.vehicle.public_id) if seat.vehicle else NOT_TRAVELLING,
            )

    def wanted(self) -> dict[uuid.UUID, Vehicle | None]:
        """The bus of each seat, by the seat's public id."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "why"}
        return {uuid.UUID(name): self.vehicles.get(value) for name, value in said.items()}


class CheckpointForm(forms.Form):
    """Heads counted in one bus at one point; the same fields come as JSON from the device (static/js/checkpoint.js)."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("where"), widget=forms.RadioSelect)
    vehicle = forms.ChoiceField(label=_("bus"), widget=forms.RadioSelect)
    heads = forms.IntegerField(label=_("heads"), min_value=0, max_value=MOST_HEADS)
    counted_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, vehicles: Sequence[Vehicle], corridor: TransitCorridor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vehicles = {str(vehicle.public_id): vehicle for vehicle in vehicles}
        points = [(point.value, point_in_words(point, corridor)) for point in counted_by_bus(corridor)]
        if any(vehicle.turned_back_at is not None for vehicle in vehicles):
            points.append((CheckpointKind.RETURNED.value, str(CheckpointKind.RETURNED.label)))
        self.fields["kind"].choices = points  # type: ignore[attr-defined]
        self.fields["vehicle"].choices = [(ref, bus.label) for ref, bus in self.vehicles.items()]  # type: ignore[attr-defined]

    @property
    def bus(self) -> Vehicle:
        return self.vehicles[self.cleaned_data["vehicle"]]

    @property
    def point(self) -> CheckpointKind:
        return CheckpointKind(self.cleaned_data["kind"])


class ExplanationForm(forms.Form):
    """Why so many heads are more or fewer than before."""

    kind = forms.ChoiceField(label=_("why"), widget=forms.RadioSelect)
    heads = forms.IntegerField(label=_("how many heads"), min_value=1, max_value=MOST_HEADS)
    note = forms.CharField(
        label=_("note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stays with us; partners see the bus and the number alone."),
    )

    people = forms.MultipleChoiceField(
        label=_("who it is"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where you know it; the name stays with us. It is needed before the movement is closed."),
    )

    def __init__(
        self, *args: Any, kinds: Sequence[tuple[str, str]], entries: Iterable[ManifestEntry] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.named = name_choices(self.fields["people"], entries)
        if not self.named:
            del self.fields["people"]

    def clean_people(self) -> list[Migrant]:
        return [self.named[ref] for ref in self.cleaned_data["people"]]


class AbsentForm(forms.Form):
    """Who it was that an explanation given before is about."""

    explanation = forms.UUIDField(widget=forms.HiddenInput)
    people = forms.MultipleChoiceField(label=_("who it is"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, entries: Iterable[ManifestEntry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named = name_choices(self.fields["people"], entries)

    def clean_people(self) -> list[Migrant]:
        return [self.named[ref] for ref in self.cleaned_data["people"]]


def name_choices(field: forms.Field, entries: Iterable[ManifestEntry]) -> dict[str, Migrant]:
    """Offer the people of these entries by name and number; give them by the public id that the form sends."""
    listed = list(entries)
    field.choices = [  # type: ignore[attr-defined]
        (str(entry.person.public_id), f"{entry.person.full_name} · {entry.person.number}") for entry in listed
    ]
    return {str(entry.person.public_id): entry.person for entry in listed}
