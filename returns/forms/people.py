"""Forms about people: registration, passport lines, documents, tests, consent, and the closed room."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import countries
from migrants.entries import DocumentEntry, PersonEntry
from migrants.enums import (
    AloneStatus,
    Answer,
    BirthBasis,
    ConsentHow,
    DocumentKind,
    DocumentState,
    NationalityStatus,
    Purpose,
    Sex,
    TestKind,
    TestResult,
)
from migrants.mrz import MrzResult
from migrants.names import scripts
from partners.enums import OrganisationKind
from partners.models import Organisation

NEARBY = ("TJK", "UZB", "KAZ", "KGZ", "TKM", "RUS", "AFG")
LANGUAGES = [("", "—"), ("tg", "Тоҷикӣ"), ("ru", "Русский"), ("uz", "O‘zbekcha"), ("ky", "Кыргызча"), ("kk", "Қазақша"),
             ("en", "English"), ("fa", "دری")]  # fmt: skip
NONE = "none"


def _nationalities() -> list[Any]:
    without = [countries.STATELESS, countries.REFUGEE, countries.OTHER_REFUGEE, countries.UNSPECIFIED]
    near = [(code, countries.name(code)) for code in NEARBY] + [(code, countries.name(code)) for code in without]
    rest = sorted((countries.name(code), code) for code in countries.alpha3_to_alpha2() if code not in NEARBY)
    return [("", "—"), (gettext("near, or without a country"), near), (gettext("all"), [(c, n) for n, c in rest])]


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"], **kwargs)


class DocumentFields(forms.Form):
    """A document; every part besides its kind may be unknown."""

    document_kind = forms.ChoiceField(
        label=_("document"),
        required=False,
        choices=[("", _("not asked yet")), (NONE, _("asked, has none")), *DocumentKind.choices],
    )
    document_state = forms.ChoiceField(label=_("where it is"), choices=DocumentState.choices, required=False)
    document_number = forms.CharField(label=_("number"), max_length=60, required=False)
    document_issuer = forms.ChoiceField(label=_("issued by"), choices=lazy(_nationalities, list), required=False)
    document_expires_on = _day(_("valid until"), required=False)

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


class PersonForm(DocumentFields):
    """One person. Only the full name as written is needed; what is not known stays empty."""

    full_name = forms.CharField(
        label=_("full name, as written"),
        max_length=200,
        help_text=_("In its own letters, as the document or the person says it."),
    )
    latin_name = forms.CharField(label=_("name in Latin letters"), max_length=200, required=False)
    sex = forms.ChoiceField(label=_("sex"), choices=Sex.choices, required=False, initial=Sex.UNKNOWN)
    birth_day = forms.IntegerField(label=_("day of birth"), min_value=1, max_value=31, required=False)
    birth_month = forms.IntegerField(label=_("month of birth"), min_value=1, max_value=12, required=False)
    birth_year = forms.IntegerField(label=_("year of birth"), required=False)
    birth_basis = forms.ChoiceField(label=_("known from"), choices=BirthBasis.choices, required=False)
    nationality = forms.ChoiceField(label=_("nationality"), choices=lazy(_nationalities, list), required=False)
    second_nationality = forms.ChoiceField(
        label=_("another nationality"), choices=lazy(_nationalities, list), required=False
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

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """A birth date must be one that exists and lies in the last 120 years; each part may be missing."""
        values = super().clean()
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
    """Give the initial values of the person form for what a passport's lines say."""
    return {
        "full_name": " ".join(filter(None, (read.surname, read.given_names))),
        "sex": {"M": Sex.MALE, "F": Sex.FEMALE, "X": Sex.UNSPECIFIED}.get(read.sex, Sex.UNKNOWN),
        "birth_year": read.birth.year,
        "birth_month": read.birth.month,
        "birth_day": read.birth.day,
        "birth_basis": BirthBasis.DOCUMENT,
        "nationality": read.nationality_code or "",
        "document_kind": DocumentKind.PASSPORT if read.kind == "TD3" else DocumentKind.IDENTITY_CARD,
        "document_state": DocumentState.HELD,
        "document_number": read.document_number,
        "document_issuer": countries.from_mrz(read.issuer) or "",
        "document_expires_on": read.expires_on,
    }


class NewDocumentForm(DocumentFields):
    """A document of a person known already, perhaps in the place of another."""

    document_kind = forms.ChoiceField(label=_("document"), choices=DocumentKind.choices)
    replaces = forms.ChoiceField(label=_("in the place of"), required=False)

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.documents = {str(row.public_id): row for row in documents}
        choices = [(ref, f"{row.get_kind_display()}, {row.get_state_display()}") for ref, row in self.documents.items()]
        self.fields["replaces"].choices = [("", _("no other")), *choices]  # type: ignore[attr-defined]

    @property
    def replaced(self) -> Any:
        return self.documents.get(self.cleaned_data["replaces"])


class TestForm(forms.Form):
    __test__ = False
    kind = forms.ChoiceField(label=_("test"), choices=TestKind.choices)
    result = forms.ChoiceField(label=_("result"), choices=TestResult.choices)
    sampled_at = forms.DateTimeField(
        label=_("sample taken"),
        help_text=_("Local time at the side where they wait; the clock of a test starts here."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"],
    )
    laboratory = forms.CharField(label=_("laboratory"), max_length=200, required=False)


class ConsentForm(forms.Form):
    """What was asked, of which recipient, and what was answered, how, in which language, with whose help."""

    purpose = forms.ChoiceField(label=_("asked about"), choices=Purpose.choices, widget=forms.RadioSelect)
    recipient = forms.ModelChoiceField(
        label=_("consulate"),
        required=False,
        to_field_name="code",
        empty_label="—",
        queryset=Organisation.objects.filter(kind__in=[OrganisationKind.EMBASSY, OrganisationKind.CONSULATE]),
        help_text=_("Only for being shown to a consulate."),
    )
    answer = forms.ChoiceField(label=_("answer"), choices=Answer.choices, widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("how"), choices=ConsentHow.choices)
    language = forms.ChoiceField(label=_("explained in"), choices=LANGUAGES)
    interpreter = forms.CharField(label=_("interpreter"), max_length=120, required=False)
    witness = forms.CharField(label=_("witness"), max_length=120, required=False)
    form_signed = forms.BooleanField(label=_("The form is signed or thumb-printed."), required=False)


class GroupConsentForm(ConsentForm):
    only_open = forms.BooleanField(
        label=_("Only those who were not asked about this yet."), required=False, initial=True
    )
    show_now = forms.BooleanField(label=_("Show those who agreed to the consulate from now on."), required=False)


class DisclosureForm(forms.Form):
    recipient = forms.ModelChoiceField(
        label=_("show to"),
        to_field_name="code",
        empty_label="—",
        queryset=ConsentForm.base_fields["recipient"].queryset,  # type: ignore[attr-defined]
    )


class HoldForm(forms.Form):
    reason = forms.CharField(
        label=_("why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only protection officers can read it."),
    )
    against = forms.MultipleChoiceField(
        label=_("against"),
        required=False,
        choices=lambda: [(code, countries.name(code)) for code in (*NEARBY, countries.STATELESS)],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: every nationality of the person."),
    )


class ClearHoldForm(forms.Form):
    reason = forms.CharField(
        label=_("why it may be cleared"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ChildForm(forms.Form):
    outcome = forms.CharField(label=_("best-interests outcome"), max_length=300)
    best_interests_on = _day(_("decided on"))
    escort = forms.CharField(label=_("escort"), max_length=120)
    receiver = forms.CharField(label=_("receiver"), max_length=120)
