"""Forms that register a person: typed, or filled in from the lines of a passport. Others share their parts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import countries
from migrants.entries import DocumentEntry, PersonEntry
from migrants.enums import AloneStatus, BirthBasis, DocumentKind, DocumentState, NationalityStatus, Sex
from migrants.mrz import MrzResult
from migrants.names import scripts

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
    birth_day = forms.IntegerField(label=_("day of birth"), min_value=1, max_value=31, required=False)
    birth_month = forms.IntegerField(label=_("month of birth"), min_value=1, max_value=12, required=False)
    birth_year = forms.IntegerField(label=_("year of birth"), required=False)
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


class PersonForm(BirthFields, DocumentFields):
    """One person. Only the full name as written is needed; what is not known stays empty."""

    full_name = forms.CharField(
        label=_("full name, as written"),
        max_length=200,
        help_text=_("In its own letters, as the document or the person says it."),
    )
    latin_name = forms.CharField(label=_("name in Latin letters"), max_length=200, required=False)
    nationality = forms.ChoiceField(label=_("nationality"), choices=lazy(nationality_choices, list), required=False)
    second_nationality = forms.ChoiceField(
        label=_("another nationality"), choices=lazy(nationality_choices, list), required=False
    )
    family_code = forms.CharField(
        label=_("family"),
        max_length=20,
        required=False,
        help_text=_("The same code for people who belong together: F1."),
    )
    alone = forms.ChoiceField(label=_("child with or without family"), choices=AloneStatus.choices, required=False)
    language = forms.ChoiceField(label=_("language"), choices=LANGUAGES, required=False)
    phone = forms.CharField(label=_("phone"), max_length=60, required=False)
    note = forms.CharField(label=_("note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def entry(self) -> PersonEntry:
        """What the domain stores."""
        values = self.cleaned_data
        document = self.document()
        nationalities = tuple(filter(None, (values["nationality"], values["second_nationality"])))
        return PersonEntry(
            full_name=values["full_name"],
            latin_name=values["latin_name"],
            sex=values["sex"] or Sex.UNKNOWN,
            birth_year=values["birth_year"],
            birth_month=values["birth_month"],
            birth_day=values["birth_day"],
            birth_basis=values["birth_basis"] or BirthBasis.DOCUMENT,
            nationalities=nationalities,
            nationality_status=NationalityStatus.DOCUMENTED if document else NationalityStatus.CLAIMED,
            documents=(document,) if document else (),
            documents_asked=bool(values["document_kind"]),
            family_code=values["family_code"],
            alone=values["alone"] or AloneStatus.NO,
            language=values["language"],
            phone=values["phone"],
            note=values["note"],
        )

    @property
    def script_words(self) -> str:
        """In which letters the name is written, for the page."""
        return ", ".join(sorted(scripts(str(self["full_name"].value() or ""))))


class PassportForm(forms.Form):
    """The two or three machine-readable lines, typed or pasted."""

    lines = forms.CharField(
        label=_("the lines at the foot of the passport"),
        max_length=400,
        help_text=_("Two lines of a passport, three of a card. Type < as it is printed; spaces do not matter."),
        widget=forms.Textarea(
            attrs={"rows": 3, "class": "mono", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


def values_of_passport(read: MrzResult) -> dict[str, Any]:
    """Give the initial values of the person form for what the lines say; a visa names the person, but is no document."""
    values = {
        "full_name": " ".join(filter(None, (read.surname, read.given_names))),
        "sex": {"M": Sex.MALE, "F": Sex.FEMALE, "X": Sex.UNSPECIFIED}.get(read.sex, Sex.UNKNOWN),
        "birth_year": read.birth.year,
        "birth_month": read.birth.month,
        "birth_day": read.birth.day,
        "birth_basis": BirthBasis.DOCUMENT,
        "nationality": read.nationality_code or "",
    }
    if (read.kind or "").startswith("MRV"):
        return values
    return values | {
        "document_kind": _kind_of(read),
        "document_state": DocumentState.HELD,
        "document_number": read.document_number,
        "document_issuer": countries.from_mrz(read.issuer) or "",
        "document_expires_on": read.expires_on,
    }


def _kind_of(read: MrzResult) -> str:
    if not read.document_code.startswith("P"):
        return DocumentKind.IDENTITY_CARD
    return DocumentKind.STATELESS if read.nationality_code in countries.WITHOUT_COUNTRY else DocumentKind.PASSPORT
