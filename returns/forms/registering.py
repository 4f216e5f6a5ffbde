"""Forms that register a person: typed, or filled in from the lines of a passport."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from common.forms import PictureField
from migrants import pictures
from migrants.entries import NamePeriod, PersonEntry, e164
from migrants.enums import (
    AloneStatus,
    BirthBasis,
    NameKind,
    NationalityStatus,
    Script,
    Sex,
)
from returns.forms.kin import YES_OR_NO, KinFields, truth_of
from returns.forms.laid import Rows
from returns.forms.people import LANGUAGES, BirthFields, DocumentFields, PhoneField, day_field, nationality_choices

OTHER_NAMES = [(kind.value, kind.label) for kind in (NameKind.IN_PASSPORT, NameKind.OTHER_SCRIPT, NameKind.FORMER)]
STATUSES = [("", _("as the document says")), *NationalityStatus.choices]


@dataclass(frozen=True, slots=True)
class Fold:
    """A part of the form that is folded until it is needed: its words, its rows, and whether it stands open."""

    title: str | Promise
    rows: list[list[BoundField]]
    is_open: bool


class NameFields(forms.Form):
    """The one name that is needed, and what else may be known of it."""

    full_name = forms.CharField(
        label=_("full name, as written"),
        max_length=200,
        help_text=_("In its own letters, as the document or the person says it. One word alone is a whole name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}),
    )
    script = forms.ChoiceField(label=_("letters"), choices=[("", _("as they are")), *Script.choices], required=False)
    surname = forms.CharField(label=_("surname"), max_length=100, required=False)
    given_names = forms.CharField(label=_("given names"), max_length=100, required=False)
    father_name = forms.CharField(label=_("father’s name"), max_length=100, required=False)
    latin_name = forms.CharField(label=_("name in Latin letters"), max_length=200, required=False)
    other_name = forms.CharField(label=_("another name"), max_length=200, required=False)
    other_name_kind = forms.ChoiceField(label=_("which is the one"), choices=OTHER_NAMES, required=False)
    other_name_from = day_field(_("borne since"), required=False)
    other_name_until = day_field(_("borne until"), required=False)

    def names(self) -> dict[str, Any]:
        """What `PersonEntry` takes of it."""
        values = self.cleaned_data
        parts = {name: values[name] for name in ("full_name", "latin_name", "script", "surname", "given_names")}
        other = " ".join(values["other_name"].split())
        if other:
            parts["other_names"] = ((other, values["other_name_kind"] or NameKind.OTHER_SCRIPT),)
            parts["name_periods"] = (NamePeriod(other, values["other_name_from"], values["other_name_until"]),)
        return parts | {"father_name": values["father_name"]}


class NearFields(KinFields):
    """How the person and the next of kin are reached."""

    phone = PhoneField(label=_("phone"), required=False)
    other_phones = forms.CharField(
        label=_("more numbers"),
        max_length=400,
        required=False,
        help_text=_("One in each line."),
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_other_phones(self) -> tuple[str, ...]:
        """Each line a number of its own, in E.164."""
        lines = [line.strip() for line in self.cleaned_data["other_phones"].splitlines() if line.strip()]
        wrong = next((line for line in lines if not e164(line, near=self.near)), None)
        if wrong is not None:
            sentence = _("“%(number)s” is no number with its country: +992 95 000 29 60.")
            raise forms.ValidationError(sentence % {"number": wrong[:40]})
        return tuple(e164(line, near=self.near) for line in lines)


class PersonForm(NameFields, NearFields, BirthFields, DocumentFields):
    """One person. Only the full name is needed; what is not known stays empty.

    What an officer asks first stands open (`first`), all else is folded until somebody needs it (`folds`).
    """

    first: ClassVar[Rows] = (
        ("full_name",),
        ("birth_day", "birth_month", "birth_year"),
        ("sex", "nationality"),
        ("document_kind", "document_number"),
        ("family_code", "language"),
        ("phone",),
    )
    folded: ClassVar[tuple[tuple[str | Promise, Rows], ...]] = (
        (_("More of the name"), (("surname", "given_names", "father_name"), ("latin_name", "script"),
                                 ("other_name", "other_name_kind"), ("other_name_from", "other_name_until"))),
        (_("More of birth and family"), (("birth_basis", "alone"),)),
        (_("More of the document"), (("document_state", "document_issuer", "document_expires_on"),)),
        (_("More nationalities"), (("nationality_status",), ("second_nationality", "second_status"))),
        (_("More languages"), (("needs_interpreter",), ("other_languages",))),
        (_("Phones and next of kin"), (("other_phones",), ("kin_name", "kin_relation"),
                                       ("kin_phone", "kin_may_be_told"))),
        (_("Photograph and note"), (("photograph",), ("note",))),
    )  # fmt: skip

    birth_basis = forms.ChoiceField(
        label=_("known from"),
        choices=[("", _("the document, else the person’s own word")), *BirthBasis.choices],
        required=False,
    )
    nationality = forms.ChoiceField(label=_("nationality"), choices=lazy(nationality_choices, list), required=False)
    nationality_status = forms.ChoiceField(label=_("how sure it is"), choices=STATUSES, required=False)
    second_nationality = forms.ChoiceField(
        label=_("another nationality"), choices=lazy(nationality_choices, list), required=False
    )
    second_status = forms.ChoiceField(
        label=_("how sure the other is"), choices=NationalityStatus.choices, required=False
    )
    family_code = forms.CharField(
        label=_("family"),
        max_length=20,
        required=False,
        help_text=_("The same code for people who belong together: F1."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    alone = forms.ChoiceField(label=_("child with or without family"), choices=AloneStatus.choices, required=False)
    language = forms.ChoiceField(label=_("language"), choices=LANGUAGES, required=False)
    other_languages = forms.MultipleChoiceField(
        label=_("also speaks"), choices=LANGUAGES[1:], required=False, widget=forms.CheckboxSelectMultiple
    )
    needs_interpreter = forms.ChoiceField(label=_("needs an interpreter"), choices=YES_OR_NO, required=False)
    photograph = PictureField(
        label=_("photograph"),
        required=False,
        help_text=_("Ask first. It is made smaller, and place, hour and device are taken out of it."),
    )
    held = forms.CharField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(label=_("note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, account: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean(self) -> dict[str, Any]:
        """The photograph that came with the form before stays, unless another was taken."""
        values = super().clean() or {}
        text = values.get("held")
        if text and values.get("photograph") is None and "photograph" not in self.errors:
            values["photograph"] = pictures.held(text, account=self.account)
            if values["photograph"] is None:
                self.add_error("photograph", _("The photograph was kept for an hour. Take it again, or go on without."))
        return values

    @property
    def kept_photograph(self) -> tuple[str, str] | None:
        """What must go back into the form, and the address of the picture itself, where one was taken."""
        drawn = self.cleaned_data.get("photograph") if self.is_bound and hasattr(self, "cleaned_data") else None
        if drawn is None:
            return None
        shown = f"data:image/jpeg;base64,{b64encode(drawn.content).decode()}"
        return pictures.hold(drawn, account=self.account), shown

    def begin_at(self, name: str = "") -> None:
        """Put the cursor into the field `name`, or into the first that is wrong, in the order of the page."""
        rows = (*self.first, *(row for _title, folded in self.folded for row in folded))
        wrong = next((field for row in rows for field in row if self.is_bound and field in self.errors), "")
        if wrong or name:
            self.fields[wrong or name].widget.attrs["autofocus"] = True

    def laid(self) -> Iterator[list[BoundField]]:
        """Give the rows that stand open."""
        yield from ([self[name] for name in row] for row in self.first)

    def folds(self) -> Iterator[Fold]:
        """Give the folded parts; one with an answer or an error in it stands open."""
        for title, rows in self.folded:
            names = [name for row in rows for name in row]
            is_open = any(name in self.errors or self._says(name) for name in names)
            yield Fold(title, [[self[name] for name in row] for row in rows], is_open)

    def _says(self, name: str) -> bool:
        unsaid = self.fields[name].initial or (AloneStatus.NO if name == "alone" else "")
        first = next(iter(getattr(self.fields[name], "choices", ())), ("",))[0]
        return self[name].value() not in (None, "", [], unsaid, first)

    def entry(self) -> PersonEntry:
        """What the domain stores."""
        values = self.cleaned_data
        document = self.document()
        status = NationalityStatus.DOCUMENTED if document else NationalityStatus.CLAIMED
        said = {
            values["nationality"]: values["nationality_status"] or status,
            values["second_nationality"]: values["second_status"] or NationalityStatus.CLAIMED,
        }
        said.pop("", None)
        return PersonEntry(
            **self.names(),
            sex=values["sex"] or Sex.UNKNOWN,
            birth_year=values["birth_year"],
            birth_month=values["birth_month"],
            birth_day=values["birth_day"],
            birth_basis=values["birth_basis"] or (BirthBasis.DOCUMENT if document else BirthBasis.SELF),
            nationalities=tuple(said),
            nationality_statuses=tuple(said.items()),
            documents=(document,) if document else (),
            documents_asked=bool(values["document_kind"]),
            family_code=values["family_code"],
            alone=values["alone"] or AloneStatus.NO,
            language=values["language"],
            other_languages=tuple(values["other_languages"]),
            needs_interpreter=truth_of(values["needs_interpreter"]),
            phone=values["phone"],
            other_phones=values["other_phones"],
            kin=tuple(filter(None, [self.kin()])),
            note=values["note"],
        )


class PassportForm(forms.Form):
    """The two or three machine-readable lines: typed, pasted, or sent by a reader that types and presses Enter."""

    lines = forms.CharField(
        label=_("the lines at the foot of the passport"),
        max_length=400,
        help_text=_("Two lines of a passport, three of a card. Type < as it is printed; spaces do not matter."),
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "class": "mono",
                "autocapitalize": "characters",
                "autocomplete": "off",
                "spellcheck": "false",
                "data-reader": "",
            }
        ),
    )

    def begin(self) -> None:
        """Put the cursor here: a reader may type at once."""
        self.fields["lines"].widget.attrs["autofocus"] = True


def values_of_entry(entry: PersonEntry) -> dict[str, Any]:
    """Give the initial values of the person form for what the lines of a passport say."""
    values: dict[str, Any] = {
        "full_name": entry.full_name,
        "surname": entry.surname,
        "given_names": entry.given_names,
        "sex": entry.sex,
        "birth_year": entry.birth_year,
        "birth_month": entry.birth_month,
        "birth_day": entry.birth_day,
        "nationality": next(iter(entry.nationalities), ""),
    }
    for document in entry.documents:
        values |= {
            "document_kind": document.kind,
            "document_state": document.state,
            "document_number": document.number,
            "document_issuer": document.issuer,
            "document_expires_on": document.expires_on,
        }
    return values
