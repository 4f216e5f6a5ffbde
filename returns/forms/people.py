"""Parts of forms about people that several forms share: documents, birth, nationalities, languages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import countries
from migrants.entries import DocumentEntry, e164
from migrants.enums import BirthBasis, DocumentKind, DocumentState, Sex

NEARBY = ("TJK", "UZB", "KAZ", "KGZ", "TKM", "RUS", "AFG")
LANGUAGES = [("", "—"), ("tg", "Тоҷикӣ"), ("ru", "Русский"), ("uz", "O‘zbekcha"), ("ky", "Кыргызча"), ("kk", "Қазақша"),
             ("en", "English"), ("fa", "دری")]  # fmt: skip
NONE = "none"
STANDING = [(value, label) for value, label in DocumentState.choices if value != DocumentState.REPLACED]
"""Where a document can be said to be; it is replaced only by another."""


def nationality_choices() -> list[Any]:
    without = [countries.STATELESS, countries.REFUGEE, countries.OTHER_REFUGEE, countries.UNSPECIFIED]
    near = [(code, countries.name(code)) for code in NEARBY] + [(code, countries.name(code)) for code in without]
    rest = sorted((countries.name(code), code) for code in countries.alpha3_to_alpha2() if code not in NEARBY)
    return [("", "—"), (gettext("near, or without a country"), near), (gettext("all"), [(c, n) for n, c in rest])]


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"], **kwargs)


def whole_field(label: Any, **kwargs: Any) -> forms.IntegerField:
    """A number that may be left empty; a phone shows its number keys."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, required=False, widget=widget, **kwargs)


class PhoneField(forms.CharField):
    """A telephone number; gives it in E.164. One without its country is taken for one of `near` (alpha-2)."""

    near = ""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        written = super().clean(value)
        number = e164(written, near=self.near) if written else ""
        if written and not number:
            raise forms.ValidationError(_("Write the number with its country: +992 95 000 29 60."))
        return number


class DocumentFields(forms.Form):
    """A document; every part besides its kind may be unknown."""

    document_kind = forms.ChoiceField(
        label=_("document"),
        required=False,
        choices=[("", _("not asked yet")), (NONE, _("asked, has none")), *DocumentKind.choices],
    )
    document_state = forms.ChoiceField(label=_("where it is"), choices=STANDING, required=False)
    document_number = forms.CharField(label=_("number"), max_length=60, required=False)
    document_issuer = forms.ChoiceField(label=_("issued by"), choices=lazy(nationality_choices, list), required=False)
    document_expires_on = day_field(_("valid until"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kind = values.get("document_kind")
        told = any(values.get(f"document_{name}") for name in ("number", "expires_on"))
        if told and kind in ("", NONE):
            self.add_error("document_kind", _("Choose the kind of the document, or leave number and date empty."))
        return values

    def document(self) -> DocumentEntry | None:
        """What was entered; None where nobody asked or there is none."""
        values = self.cleaned_data
        if values["document_kind"] in ("", NONE):
            return None
        return DocumentEntry(
            kind=values["document_kind"],
            state=values["document_state"] or DocumentState.HELD,
            number=values["document_number"],
            issuer=values["document_issuer"],
            expires_on=values["document_expires_on"],
        )


class BirthFields(forms.Form):
    """Sex and birth date; each part may be unknown."""

    sex = forms.ChoiceField(label=_("sex"), choices=Sex.choices, required=False, initial=Sex.UNKNOWN)
    birth_day = whole_field(_("day of birth"), min_value=1, max_value=31)
    birth_month = whole_field(_("month of birth"), min_value=1, max_value=12)
    birth_year = whole_field(_("year of birth"))
    birth_basis = forms.ChoiceField(label=_("known from"), choices=BirthBasis.choices, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """A birth date must be one that exists and lies in the last 120 years; each part may be missing."""
        values = super().clean() or {}
        year, month, day = (values.get(f"birth_{part}") for part in ("year", "month", "day"))
        if year is not None and not self.today.year - 120 <= year <= self.today.year:
            self.add_error("birth_year", _("The year of birth lies more than 120 years back, or ahead. Check it."))
        elif year and month and day:
            self._check_day(year, month, day)
        return values

    def _check_day(self, year: int, month: int, day: int) -> None:
        try:
            born = date(year, month, day)
        except ValueError:
            self.add_error("birth_day", _("That month does not have so many days. Check day and month."))
            return
        if born > self.today:
            self.add_error("birth_day", _("The birth date is still to come. Check it."))
