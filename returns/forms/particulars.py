"""Forms for what is learnt of a person later: a name, a nationality, a phone, the next of kin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from migrants.entries import KinEntry
from migrants.enums import Kinship, NameKind, NationalityStatus
from migrants.particulars import TO_ADD
from returns.forms.laid import LaidForm
from returns.forms.people import PhoneField, day_field, nationality_choices
from returns.forms.registering import YES_OR_NO, truth_of


class NameForm(LaidForm):
    """Another name, with the days on which it was borne, where they are known."""

    rows = (("full_name", "kind"), ("valid_from", "valid_until"))
    full_name = forms.CharField(label=_("name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("which is the one"),
        choices=[(kind.value, kind.label) for kind in TO_ADD],
        initial=NameKind.IN_PASSPORT,
    )
    valid_from = day_field(_("borne since"), required=False)
    valid_until = day_field(_("borne until"), required=False)


class NationalityForm(LaidForm):
    """A nationality and how sure it is; one that stands already changes only that."""

    rows = (("code", "status"),)
    code = forms.ChoiceField(label=_("nationality"), choices=lazy(nationality_choices, list))
    status = forms.ChoiceField(label=_("how sure it is"), choices=NationalityStatus.choices)


class ContactForm(LaidForm):
    """A number of the person, or the next of kin, or both."""

    rows = (("number",), ("kin_name", "kin_relation"), ("kin_phone", "kin_may_be_told"))
    number = PhoneField(label=_("phone of the person"), required=False)
    kin_name = forms.CharField(label=_("next of kin"), max_length=200, required=False)
    kin_relation = forms.ChoiceField(label=_("who it is"), choices=Kinship.choices, required=False)
    kin_phone = PhoneField(label=_("phone of the next of kin"), required=False)
    kin_may_be_told = forms.ChoiceField(
        label=_("may they be told where the person is?"), choices=YES_OR_NO, required=False
    )

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "kin_phone"):
            self.fields[name].near = near  # type: ignore[attr-defined]  # both are PhoneField

    def clean(self) -> dict[str, Any]:
        """Something must be said, and whoever can be called has a name."""
        values = super().clean() or {}
        told = any(values.get(f"kin_{name}") for name in ("relation", "phone", "may_be_told"))
        if told and not values.get("kin_name"):
            self.add_error("kin_name", _("Write the name of the next of kin, or leave all of it empty."))
        elif not self.errors and not values.get("number") and not values.get("kin_name"):
            self.add_error("number", _("Write a number, or who is nearest to the person."))
        return values

    def kin(self) -> KinEntry | None:
        """The next of kin, if somebody was named."""
        values = self.cleaned_data
        if not values["kin_name"]:
            return None
        told = truth_of(values["kin_may_be_told"])
        return KinEntry(values["kin_name"], values["kin_relation"], values["kin_phone"], told)
