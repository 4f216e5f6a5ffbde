"""Who drives which bus of a movement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from partners.enums import OrganisationKind
from partners.models import Organisation
from returns.models import Vehicle


class CarriersForm(forms.Form):
    """One choice for each bus: its carrier, or nobody yet."""

    def __init__(self, *args: Any, buses: Iterable[Vehicle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buses = {f"bus-{bus.public_id}": bus for bus in buses}
        carriers = Organisation.objects.filter(kind=OrganisationKind.CARRIER).order_by("name_en")
        by_code = {carrier.code: carrier for carrier in carriers}
        self.has_carriers = bool(by_code)
        choices = [("", _("nobody yet")), *((code, str(carrier)) for code, carrier in by_code.items())]
        for name, bus in self.buses.items():
            self.fields[name] = forms.TypedChoiceField(
                label=bus.label,
                required=False,
                choices=choices,
                coerce=by_code.__getitem__,
                empty_value=None,
                initial=bus.carrier.code if bus.carrier else "",
            )

    @property
    def chosen(self) -> dict[int, Organisation | None]:
        """The carrier of each bus, by the key of the bus."""
        return {bus.pk: self.cleaned_data[name] for name, bus in self.buses.items()}
