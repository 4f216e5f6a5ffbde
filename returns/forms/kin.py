"""The next of kin, as every form asks for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from migrants.entries import KinEntry
from migrants.enums import Kinship
from returns.forms.people import PhoneField

YES_OR_NO = [("", _("not asked")), ("yes", _("yes")), ("no", _("no"))]


def truth_of(said: str) -> bool | None:
    """Give yes and no as truth, and None where nobody asked."""
    return {"yes": True, "no": False}.get(said)


class KinFields(forms.Form):
    """Who is nearest to the person. `near` is the country (alpha-2) of numbers that are said without one."""

    kin_name = forms.CharField(label=_("next of kin"), max_length=200, required=False)
    kin_relation = forms.ChoiceField(label=_("who it is"), choices=Kinship.choices, required=False)
    kin_phone = PhoneField(label=_("phone of the next of kin"), required=False)
    kin_may_be_told = forms.ChoiceField(
        label=_("may they be told where the person is?"), choices=YES_OR_NO, required=False
    )

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = near
        for field in self.fields.values():
            if isinstance(field, PhoneField):
                field.near = near

    def clean(self) -> dict[str, Any]:
        """Whoever can be called has a name."""
        values = super().clean() or {}
        told = any(values.get(f"kin_{name}") for name in ("relation", "phone", "may_be_told"))
        if told and not (values.get("kin_name") or "").strip() and "kin_name" not in self.errors:
            self.add_error("kin_name", _("Write the name of the next of kin, or leave all of it empty."))
        return values

    def kin(self) -> KinEntry | None:
        """The next of kin, if somebody was named."""
        values = self.cleaned_data
        if not values["kin_name"].strip():
            return None
        told = truth_of(values["kin_may_be_told"])
        return KinEntry(values["kin_name"], values["kin_relation"], values["kin_phone"], told)
