"""What somebody wrote down of a person, before it is a row: from a form, a passport's lines or a list. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import phonenumbers

from migrants.enums import AloneStatus, BirthBasis, DocumentState, NationalityStatus, Sex


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document as it was told: `number` may be empty where it was not seen."""

    kind: str
    state: str = DocumentState.HELD
    number: str = ""
    issuer: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """One person as written. Only the full name is needed; what is not known stays empty and nothing is invented.

    `documents_asked` False: nobody asked for a document; True with no `documents`: asked, has none.
    `nationalities` are codes of `common.countries`. `other_names` are (name, kind of `NameKind`).
    """

    full_name: str
    latin_name: str = ""
    other_names: tuple[tuple[str, str], ...] = ()
    sex: str = Sex.UNKNOWN
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    birth_basis: str = BirthBasis.DOCUMENT
    nationalities: tuple[str, ...] = ()
    nationality_status: str = NationalityStatus.CLAIMED
    documents: tuple[DocumentEntry, ...] = ()
    documents_asked: bool = False
    family_code: str = ""
    alone: str = AloneStatus.NO
    language: str = ""
    phone: str = ""
    note: str = ""


def normalised_phone(written: str) -> str:
    """Give a telephone number in E.164 where it is one with its country, else as it was written."""
    try:
        number = phonenumbers.parse(written, None)
    except phonenumbers.NumberParseException:
        return written.strip()
    if not phonenumbers.is_possible_number(number):
        return written.strip()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
