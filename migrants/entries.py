"""What somebody wrote down of a person, before it is a row: from a form, a passport's lines or a list. Plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import phonenumbers

from migrants.enums import AloneStatus, BirthBasis, DocumentState, Kinship, NationalityStatus, Sex


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document as it was told: `number` may be empty where it was not seen."""

    kind: str
    state: str = DocumentState.HELD
    number: str = ""
    issuer: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class KinEntry:
    """Who is nearest to the person; `may_be_told` None: nobody asked."""

    name: str
    relation: str = Kinship.UNKNOWN
    phone: str = ""
    may_be_told: bool | None = None


@dataclass(frozen=True, slots=True)
class NamePeriod:
    """Since and until which day a name of `other_names` was borne, as far as it is known; the end is exclusive."""

    name: str
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class ProofEntry:
    """What somebody writes down of a proof, as `migrants.models.Proof` keeps it; `amount` in `currency`."""

    kind: str
    sort: str = ""
    country: str = ""
    title: str = ""
    number: str = ""
    authority: str = ""
    begins_on: date | None = None
    last_on: date | None = None
    doses: int | None = None
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """One person as written. Only the full name is needed; what is not known stays empty and nothing is invented.

    `documents_asked` False: nobody asked for a document; True with no `documents`: asked, has none.
    `nationalities` are codes of `common.countries`; `nationality_statuses` says of each how sure it is, where it is not
    `nationality_status`. `other_names` are (name, kind of `NameKind`), `name_periods` the days of those that have some.
    `script` "": as the letters are. `phone` is the first to call, `other_phones` come after it.
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
    script: str = ""
    surname: str = ""
    given_names: str = ""
    father_name: str = ""
    name_periods: tuple[NamePeriod, ...] = ()
    nationality_statuses: tuple[tuple[str, str], ...] = ()
    other_languages: tuple[str, ...] = ()
    needs_interpreter: bool | None = None
    other_phones: tuple[str, ...] = ()
    kin: tuple[KinEntry, ...] = ()
    proofs: tuple[ProofEntry, ...] = ()


_WHOLE_NUMBER = re.compile(r"\+(?:99[268][1-9]\d{8}|7[3-9]\d{9})", re.ASCII)
"""What most lists hold, read at once: E.164 of Tajikistan, Kyrgyzstan, Uzbekistan, Russia and Kazakhstan."""


def normalised_phone(written: str) -> str:
    """Give a telephone number in E.164 where it is one with its country, else as it was written."""
    return e164(written) or written.strip()


def e164(written: str, *, near: str = "") -> str:
    """Give a telephone number in E.164, or "" where it is none; without its country it is one of `near` (alpha-2)."""
    if _WHOLE_NUMBER.fullmatch(written):
        return written
    try:
        number = phonenumbers.parse(written, near or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
