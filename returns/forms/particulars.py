"""Forms for what is learnt of a person later: a name, a nationality, a phone, the next of kin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from migrants.enums import NameKind, NationalityStatus
from migrants.particulars import TO_ADD
from returns.forms.kin import KinFields
from returns.forms.laid import LaidForm
from returns.forms.people import PhoneField, day_field, nationality_choices


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


class ContactForm(KinFields, LaidForm):
    """A number of the person, or the next of kin, or both."""

    rows = (("number",), ("kin_name", "kin_relation"), ("kin_phone", "kin_may_be_told"))
    field_order = ("number",)
    number = PhoneField(label=_("phone of the person"), required=False)

    def clean(self) -> dict[str, Any]:
        """Something must be said."""
        values = super().clean()
        if not self.errors and not values.get("number") and not values.get("kin_name"):
            self.add_error("number", _("Write a number, or who is nearest to the person."))
        return values
