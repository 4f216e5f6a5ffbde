"""What a corridor and its versions are described by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui_times import city
from corridors.enums import WITH_DETAIL, CorridorCondition, RequiredEvidence
from corridors.forms.fields import WallTimeField
from corridors.windows import Window
from notifications.named import full_name
from partners.models import Organisation


class CorridorForm(forms.Form):
    """Where a corridor leads: in by one crossing, out by another, of one country in between."""

    code = forms.CharField(
        label=_("code"), max_length=20, help_text=_("Capital letters, figures and dashes, such as ZZ-OYBEK.")
    )
    name = forms.CharField(label=_("name"), max_length=200, help_text=_("As people will say it."))
    entry = forms.ChoiceField(label=_("in by"))
    exit = forms.ChoiceField(label=_("out by"))

    def __init__(self, *args: Any, ways: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("entry", "exit"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("choose a crossing and its direction")), *ways]

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()


class VersionForm(forms.Form):
    """What a version says: who asks on which paper, when people may enter, for how many, for how long, on what conditions."""

    requested_by = forms.ModelChoiceField(
        label=_("requested by"), queryset=Organisation.objects.none(), to_field_name="code"
    )
    document_reference = forms.CharField(
        label=_("document reference"), max_length=100, help_text=_("Of the note or letter that asks for the passage.")
    )
    opens_local = WallTimeField(label=_("may enter from"))
    closes_local = WallTimeField(label=_("until"))
    zone = forms.ChoiceField(label=_("on the clock of"), widget=forms.RadioSelect)
    head_count_cap = forms.IntegerField(label=_("at most how many people"), min_value=1, max_value=100_000)
    vehicle_cap = forms.IntegerField(label=_("at most how many vehicles"), min_value=1, max_value=1000, required=False)
    transit_hours = forms.DecimalField(
        label=_("longest transit in hours"), min_value=Decimal("0.25"), max_value=168, max_digits=5, decimal_places=2
    )
    listed = forms.MultipleChoiceField(
        label=_("conditions"),
        choices=CorridorCondition.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    detail_fuel_only = forms.CharField(label=_("fuel only at"), max_length=200, required=False)
    detail_escort = forms.CharField(label=_("escort by whom"), max_length=200, required=False)
    detail_disinfection = forms.CharField(label=_("disinfected where, and by whom"), max_length=200, required=False)
    evidence = forms.MultipleChoiceField(
        label=_("to be shown at the barrier"),
        choices=RequiredEvidence.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    conditions = forms.CharField(
        label=_("further conditions in words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
        help_text=_("One on each line, as the parties will read it."),
    )

    def __init__(self, *args: Any, zones: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        requested_by, zone = self.fields["requested_by"], self.fields["zone"]
        if isinstance(requested_by, forms.ModelChoiceField):
            requested_by.queryset = Organisation.objects.order_by("name_en")
            requested_by.label_from_instance = full_name  # type: ignore[method-assign, assignment]
        if isinstance(zone, forms.ChoiceField):
            zone.choices = [(name, city(name)) for name in zones]

    def said(self) -> dict[str, Any]:
        """The wording as `corridors.transit` takes it."""
        given = self.cleaned_data
        return {
            "requested_by": given["requested_by"],
            "document_reference": given["document_reference"],
            "head_count_cap": given["head_count_cap"],
            "vehicle_cap": given["vehicle_cap"],
            "longest_transit": timedelta(hours=float(given["transit_hours"])),
            "conditions": given["conditions"].splitlines(),
            "listed": {code: given.get(f"detail_{code}", "") for code in given["listed"]},
            "evidence": given["evidence"],
            "window": Window(given["opens_local"], given["closes_local"], given["zone"]),
        }


def as_typed_in(wording: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions and limits of a wording (`longest_transit`, caps, `listed` and so on) as the form begins with them."""
    hours = Decimal(int(wording["longest_transit"].total_seconds())) / 3600
    return {
        "head_count_cap": wording["head_count_cap"],
        "vehicle_cap": wording["vehicle_cap"],
        "transit_hours": hours.quantize(Decimal("0.01")).normalize().__format__("f"),
        "conditions": "\n".join(wording["conditions"]),
        "listed": list(wording["listed"]),
        "evidence": list(wording["evidence"]),
        **{f"detail_{code}": wording["listed"].get(code, "") for code in WITH_DETAIL},
    }
