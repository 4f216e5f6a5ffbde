"""The columns of a list as border offices, carriers and missions name them.

The names stand in `vocabulary/`, a file for each language: English, Russian, Tajik, Uzbek in both scripts, Kazakh, Kyrgyz
and Farsi. Whoever meets a new name adds it there, in its field.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.sheets import ORDINAL

LANGUAGES = ("en", "ru", "tg", "uz", "kk", "ky", "fa")


def names_in(language: str) -> dict[str, list[str]]:
    """Give the names of the columns in one language, by field."""
    path = Path(__file__).parent / "vocabulary" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _all_names() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        for field, names in names_in(language).items():
            found[field] = found.get(field, ()) + tuple(names)
    return found


VOCABULARY = _all_names()
"""Field → how it may be called, in any language."""

_OF_PEOPLE: dict[str, str | Promise] = {
    "full_name": _("Full name, as written"),
    "surname": _("Surname"),
    "given": _("Given name"),
    "patronymic": _("Patronymic"),
    "father_name": _("Father's name"),
    "latin_name": _("Full name in Latin letters"),
    "latin_surname": _("Surname in Latin letters"),
    "latin_given": _("Given name in Latin letters"),
    "other_surname": _("Surname in another spelling"),
    "other_given": _("Given name in another spelling"),
    "sex": _("Sex"),
    "birth_date": _("Birth date"),
    "birth_day": _("Birth day, in a column of its own"),
    "birth_month": _("Birth month, in a column of its own"),
    "birth_year": _("Birth year, in a column of its own"),
    "nationality": _("Nationality"),
    "document_kind": _("Kind of document"),
    "document_series": _("Series of the document"),
    "document_number": _("Document number"),
    "document_expires": _("Document valid until"),
    "phone": _("Phone"),
    "family": _("Family"),
    "remark": _("Remark"),
}
PROOF_LABELS: dict[str, str | Promise] = {
    "vaccination": _("Vaccination: against what"),
    "covid_vaccination": _("Vaccination against COVID-19"),
    "vaccinated_on": _("Day of the last dose"),
    "vaccine_doses": _("Number of doses"),
    "visa": _("Visa"),
    "permit": _("Permit: which one"),
    "permit_country": _("Visa or permit of which country"),
    "permit_number": _("Number of the visa or permit"),
    "permit_expires": _("Visa or permit valid until"),
    "guarantee_letter": _("Letter of guarantee"),
    "guarantee_country": _("Letter of which country"),
    "guarantee_expires": _("Letter valid until"),
    "registration_form": _("Registration form"),
    "paid_for": _("What was paid for"),
    "paid_amount": _("Amount paid, with its currency"),
    "quarantine_from": _("Quarantine booked from"),
    "quarantine_until": _("Quarantine booked until"),
    "quota_on": _("Day of the place in the quota"),
    "escort": _("Escort"),
    "residence_country": _("Country of residence"),
    "purpose_of_travel": _("Purpose of travel"),
}
"""What can be shown at a barrier (`returns/manifest_proofs.py`)."""
LABELS = _OF_PEOPLE | PROOF_LABELS
"""What a person may choose when a column was not recognised."""

KNOWN_BUT_NOT_READ = frozenset(VOCABULARY) - frozenset(LABELS) - {ORDINAL}
"""Columns that are known so that nobody takes them for something else; a person's record has no place for them."""


WANTED = ("sex", "birth_date", "nationality", "document_number")
"""What a crossing asks of nearly everybody; a list without such a column is read, and that it is missing is said."""
NAMING = ("full_name", "surname", "given", "latin_name", "latin_surname")


def names_somebody(columns: Mapping[str, int]) -> bool:
    """Tell whether the columns hold a name: a list without one cannot be read."""
    return bool(set(NAMING) & set(columns))
