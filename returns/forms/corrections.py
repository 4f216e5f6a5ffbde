"""Forms that correct who somebody is, and with whom a child is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from migrants.corrections import STAYING_NAMES, Identity
from migrants.enums import AloneStatus, BirthBasis, NameKind, Sex
from returns.forms.laid import LaidForm
from returns.forms.people import BirthFields


class CorrectionForm(BirthFields, LaidForm):
    """Name, sex and birth date as they are right; what is left alone stays as it is."""

    rows = (
        ("full_name",),
        ("latin_name",),
        ("name_was",),
        ("sex",),
        ("birth_day", "birth_month", "birth_year"),
        ("birth_basis",),
    )
    full_name = forms.CharField(
        label=_("full name, as written"),
        max_length=200,
        help_text=_("In its own letters, as the document or the person says it."),
    )
    latin_name = forms.CharField(
        label=_("name in Latin letters"),
        max_length=200,
        required=False,
        help_text=_("Left empty, it is derived from the name as written."),
    )
    name_was = forms.ChoiceField(
        label=_("where the name changes: what it was until now"),
        choices=[(kind.value, kind.label) for kind in STAYING_NAMES],
        initial=NameKind.MISTAKEN,
        required=False,
        help_text=_("It stays on record, and the person is still found by it."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def right(self) -> Identity:
        """What is to stand from now on."""
        values = self.cleaned_data
        return Identity(
            full_name=values["full_name"],
            latin_name=values["latin_name"],
            sex=values["sex"] or Sex.UNKNOWN,
            birth_year=values["birth_year"],
            birth_month=values["birth_month"],
            birth_day=values["birth_day"],
            birth_basis=values["birth_basis"] or BirthBasis.DOCUMENT,
        )

    def clean(self) -> dict[str, Any]:
        """Of a name that changes, the Latin one is derived anew where it was left, and the former is taken for a slip."""
        values = super().clean()
        values["name_was"] = values.get("name_was") or NameKind.MISTAKEN
        if "full_name" in self.changed_data and "latin_name" not in self.changed_data:
            values["latin_name"] = ""
        return values


class CompanyForm(LaidForm):
    """With whom a child is. Separated is not unaccompanied."""

    alone = forms.ChoiceField(label=_("the child is"), choices=AloneStatus.choices, widget=forms.RadioSelect)
