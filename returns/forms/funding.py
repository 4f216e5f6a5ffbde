"""Forms for needs and pledges."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import Organisation
from returns.enums import NeedKind
from returns.funding import CURRENCIES

MONEY = [(code, code) for code in CURRENCIES]


class NeedForm(forms.Form):
    """So many of something at a price each."""

    kind = forms.ChoiceField(label=_("what"), choices=NeedKind.choices, widget=forms.RadioSelect)
    quantity = forms.IntegerField(label=_("how many"), min_value=1, max_value=1_000_000)
    unit_price = forms.DecimalField(label=_("price each"), min_value=0, max_digits=12, decimal_places=2)
    currency = forms.ChoiceField(label=_("currency"), choices=MONEY, initial="USD")


class PledgeForm(forms.Form):
    """Who promised how much, in their own currency, and what one of it is worth in that of the need."""

    donor = forms.ModelChoiceField(label=_("who promised"), queryset=Organisation.objects.none(), to_field_name="code")
    amount = forms.DecimalField(label=_("amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    currency = forms.ChoiceField(label=_("currency"), choices=MONEY, initial="USD")
    rate = forms.DecimalField(
        label=_("rate"),
        min_value=Decimal("0.000001"),
        max_digits=14,
        decimal_places=6,
        initial=1,
        help_text=_("What one unit of the pledge is worth in the currency of the need; 1 where they are the same."),
    )
    pledged_on = forms.DateField(label=_("promised on"), widget=forms.DateInput(attrs={"type": "date"}))
    correspondence = forms.CharField(
        label=_("correspondence"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
        required=False,
        help_text=_("Kept sealed; only those who record pledges can read it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        donor = self.fields["donor"]
        if isinstance(donor, forms.ModelChoiceField):
            donor.queryset = Organisation.objects.order_by("name_en")
