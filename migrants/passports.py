"""What the lines of a passport, card or visa say of a person, as an entry: nothing is stored, and nothing added. Pure."""

from __future__ import annotations

from common import countries
from migrants.entries import DocumentEntry, PersonEntry
from migrants.enums import DocumentKind, Sex
from migrants.mrz import MrzResult

_SEX = {"M": Sex.MALE, "F": Sex.FEMALE, "X": Sex.UNSPECIFIED}


def entry_of_passport(read: MrzResult) -> PersonEntry:
    """Give who the lines name, with the document that they stand in; a visa names the person, but is no document.

    One name alone is a whole name, and no surname (rule 17).
    """
    return PersonEntry(
        full_name=" ".join(filter(None, (read.surname, read.given_names))),
        surname=read.surname if read.given_names else "",
        given_names=read.given_names,
        sex=_SEX.get(read.sex, Sex.UNKNOWN),
        birth_year=read.birth.year,
        birth_month=read.birth.month,
        birth_day=read.birth.day,
        nationalities=(read.nationality_code,) if read.nationality_code else (),
        documents=() if (read.kind or "").startswith("MRV") else (_document(read),),
    )


def _document(read: MrzResult) -> DocumentEntry:
    return DocumentEntry(
        kind=_kind_of(read),
        number=read.document_number,
        issuer=countries.from_mrz(read.issuer) or "",
        expires_on=read.expires_on,
    )


def _kind_of(read: MrzResult) -> str:
    if not read.document_code.startswith("P"):
        return DocumentKind.IDENTITY_CARD
    return DocumentKind.STATELESS if read.nationality_code in countries.WITHOUT_COUNTRY else DocumentKind.PASSPORT
