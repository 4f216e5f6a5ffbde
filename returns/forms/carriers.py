"""Who drives which bus of a movement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from partners.enums import OrganisationKind
from partners.models import Organisation
from returns.models import Vehicle


class CarriersForm(forms.Form):
    """One choice for each bus: its carrier, or nobody yet."""

    def __init__(self, *args: Any, buses: Iterable[Vehicle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buses = {f"bus-{bus.public_id}": bus for bus in buses}
        for name, bus in self.buses.items():
            self.fields[name] = forms.ModelChoiceField(
                label=bus.label,
                required=False,
                empty_label="—",
                to_field_name="code",
                initial=bus.carrier.code if bus.carrier else None,
                queryset=Organisation.objects.filter(kind=OrganisationKind.CARRIER).order_by("name_en"),
            )

    @property
    def chosen(self) -> dict[int, Organisation | None]:
        """The carrier of each bus, by the key of the bus."""
        return {bus.pk: self.cleaned_data[name] for name, bus in self.buses.items()}
