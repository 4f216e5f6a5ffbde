"""Forms for what a halt needs by its head count, and for aid that was given."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.wall_time import as_typed
from partners.models import Organisation
from returns.enums import Unit
from returns.forms.laboratory import hour_field
from returns.forms.laid import LaidForm
from returns.models import Need
from returns.standards import Proposal


class CountNeedsForm(forms.Form):
    """One quantity for each kind that is proposed; empty where it is not needed."""

    def __init__(
        self, *args: Any, proposed: Iterable[Proposal], noted: Iterable[str], asked: Mapping[str, Need], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.proposed, wanted = list(proposed), set(noted)
        for each in self.proposed:
            standing = asked.get(each.kind)
            self.fields[each.kind.value] = forms.IntegerField(
                label=each.kind.label,
                min_value=1,
                max_value=1_000_000,
                required=False,
                initial=standing.quantity if standing else each.quantity if each.kind.value in wanted else None,
                help_text=_help(each, standing),
            )

    @property
    def quantities(self) -> dict[str, int]:
        """What was typed, by kind."""
        return {kind: quantity for kind, quantity in self.cleaned_data.items() if quantity}


def _help(each: Proposal, standing: Need | None) -> str:
    said = {"n": f"{each.quantity:,}", "unit": Unit(each.unit).label}
    words = str(_("proposed: %(n)s %(unit)s") % said)
    if standing is not None:
        words += " · " + str(_("asked for already: %(n)s") % {"n": f"{standing.quantity:,}"})
    return words


class AidForm(LaidForm):
    """Who gave how much, and when."""

    rows = (("giver",), ("quantity", "given_at"), ("note",))
    giver = forms.ModelChoiceField(label=_("who gave"), queryset=Organisation.objects.none(), to_field_name="code")
    quantity = forms.IntegerField(label=_("how many"), min_value=1, max_value=1_000_000)
    given_at = hour_field(_("given"), _("Local time at the side where they wait."))
    note = forms.CharField(
        label=_("note"), max_length=200, required=False, help_text=_("Such as: four tents of 90 m².")
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, need: Need, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.need = zone, need
        giver, quantity = self.fields["giver"], self.fields["quantity"]
        if isinstance(giver, forms.ModelChoiceField):
            giver.queryset = Organisation.objects.order_by("name_en")
        quantity.label = _("how many %(unit)s") % {"unit": need.get_unit_display()}
        self.fields["client_id"].initial = uuid.uuid4

    def clean_given_at(self) -> datetime:
        """Read the wall time on the clock of the place."""
        return as_typed(self.cleaned_data["given_at"]).replace(tzinfo=self.zone)
