"""One row of a list as an entry of a person, or what to mend in it: the column, what is wrong, and the remedy.

`read_row(row, heading, today=…, customs=customs_of(rows, heading))` is all that an import calls for each row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from common import countries
from common.sheets import Cell, Heading, Row, cell_text, fold, latin_digits
from common.sheets.writing import DANGEROUS
from migrants.birthdates import BirthDateError, parse_birth_date
from migrants.entries import DocumentEntry, PersonEntry, ProofEntry
from migrants.enums import AloneStatus, DocumentKind, DocumentState, NameKind, NationalityStatus, Sex
from migrants.groups import LONGEST_NOTE
from migrants.written_dates import DateCustoms
from migrants.written_names import without_stand_ins
from returns.manifest_cells import NOTHING, Reading, RowError, day_of, folded
from returns.manifest_columns import PROOF_LABELS
from returns.manifest_customs import ListCustoms
from returns.manifest_proofs import proof_readers

_SEXES = {
    Sex.MALE: "m male man mr м муж мужской мужчина мужск мард эркак erkak er ер еркек эр مرد مذکر",
    Sex.FEMALE: "f female woman ms mrs ж жен женский женщина женск зан аёл ayol əyol әйел аял زن مونث مؤنث",
    Sex.UNSPECIFIED: "x unspecified",
}
_SEX_OF = {fold(word): sex for sex, words in _SEXES.items() for word in words.split()}
_KINDS = tuple(
    (kind, tuple(f" {fold(word)}" for word in words))
    for kind, words in (
        # the first of which the beginning of a word fits
        (
            DocumentKind.EMERGENCY,
            ("emergency", "свидетельство на возвращение", "возвращен", "etd", "сертификат", "қайтып оралу", "кайтуу күбөлүк"),
        ),
        (DocumentKind.STATELESS, ("stateless", "лица без гражданства", "лбг", "travel document", "проездной")),
        (
            DocumentKind.IDENTITY_CARD,
            (
                "id", "identity", "удостоверение", "карта", "шаҳодатнома", "guvohnoma", "ID карта", "жеке куәлік", "күбөлүк",
                "гувоҳнома", "تذکره", "کارت ملی",
            ),
        ),
        (
            DocumentKind.PASSPORT,
            ("passport", "паспорт", "загран", "pasport", "шиноснома", "биометр", "төлқұжат", "گذرنامه", "پاسپورت"),
        ),
    )
)  # fmt: skip
_ALONE = (
    (AloneStatus.UNACCOMPANIED, ("unaccompanied", "без сопровождения", "несопровождаемый", "бе ҳамроҳ")),
    (AloneStatus.SEPARATED, ("separated", "разлучен", "разлученный", "с родственником")),
)
_EXPIRED = ("expired", "просроч", "истек")
LONGEST_PART = 100
_WHOLE_NUMBER = re.compile(r"^(\d+)\.0+$")


@dataclass(frozen=True, slots=True)
class Fault:
    """What to mend in a row: the letter of the column, its field, and a sentence with the remedy."""

    column: str
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as read: an entry, or faults. `remarks` say what was not taken as written."""

    number: int
    entry: PersonEntry | None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()
    name: str = ""
    """What stands where the name is looked for, so that a row that cannot be read is recognised."""


def read_row(row: Row, heading: Heading, *, today: date, customs: ListCustoms | None = None) -> ReadRow:
    """Read one row; all its faults at once, so that a list is mended in one go.

    `customs` are those of the whole list (`manifest_customs.customs_of`); without them the day stands before the month.
    """
    customs = customs or ListCustoms()
    cells = {name: heading.value(row, name) for name in heading.columns}
    text = {name: cell_text(cell) for name, cell in cells.items()}
    faults: list[Fault] = []
    remarks: list[str] = []
    values: dict[str, Any] = {}
    proofs: list[ProofEntry] = []
    readers: list[Callable[[], dict[str, Any]]] = [
        lambda: _names(text, heading, remarks),
        lambda: _sex(text),
        lambda: _birth(cells, today, customs.birth, remarks),
        lambda: _nationalities(text),
        lambda: _documents(text, heading, remarks),
        lambda: _expiry(cells.get("document_expires"), Reading(today, customs.expiry, remarks)),
    ]
    if not PROOF_LABELS.keys().isdisjoint(heading.columns):
        readers += proof_readers(cells, text, today=today, customs=customs, remarks=remarks)
    for reader in readers:
        try:
            read = reader()
        except RowError as error:
            faults.append(Fault(heading.column(error.field) or "", error.field, error.sentence))
        else:
            proofs += read.pop("proofs", ())
            values |= read
    remarks += _marked(text, heading)
    if faults:
        name = " ".join(text.get(part, "") for part in ("full_name", "surname", "given")).strip()
        return ReadRow(row.number, None, tuple(faults), tuple(remarks), name[:200])
    expires = values.pop("expires_on", None)
    values["documents"] = tuple(replace(each, expires_on=expires) for each in values.get("documents", ()))
    values["proofs"] = tuple(proofs)
    return ReadRow(row.number, PersonEntry(**values | _rest(text)), (), tuple(remarks))


def _marked(text: dict[str, str], heading: Heading) -> list[str]:
    """Say of which cells a program would make a formula; what stands there is kept as text."""
    return [
        _("Column %(column)s begins with “%(sign)s”; it is kept as text.")
        % {"column": heading.column(name), "sign": written[0]}
        for name, written in text.items()
        if written.startswith(DANGEROUS) and name != "phone" and any(map(str.isalpha, written))
    ]


def _rest(text: dict[str, str]) -> dict[str, Any]:
    remark = fold(text["remark"]) if text.get("remark") else ""
    phones = _phones(text.get("phone", ""))
    alone = next((status for status, words in _ALONE if any(word in remark for word in words)), AloneStatus.NO)
    return {
        "family_code": text.get("family", "")[:20],
        "phone": phones[0][:60],
        "other_phones": tuple(phone[:60] for phone in phones[1:]),
        "note": text.get("remark", "")[:LONGEST_NOTE],
        "alone": alone,
    }


def _phones(written: str) -> list[str]:
    """Cut several numbers in one cell, where each part has digits enough for one."""
    parts = [part.strip() for part in re.split(r"[,;/]|\s{2,}|\bи\b", latin_digits(written))]
    return parts if all(sum(map(str.isdigit, part)) >= 7 for part in parts) else [latin_digits(written)]


def _names(text: dict[str, str], heading: Heading, remarks: list[str]) -> dict[str, Any]:
    """One column holds the whole name: it is kept as written and never split. Parts are joined in the order of the list."""
    whole = text.get("full_name") or _joined(text, heading, "surname", "given", "patronymic")
    latin = text.get("latin_name") or _joined(text, heading, "latin_surname", "latin_given")
    other = _joined(text, heading, "other_surname", "other_given")
    whole, latin, other = (_without_stand_ins(each, remarks) for each in (whole, latin, other))
    name = whole or latin
    if not name:
        raise RowError(_name_field(text), _("There is no name. Write the name as the document or the person says it."))
    if not any(letter.isalpha() for letter in name):
        raise RowError(_name_field(text), _("“%(text)s” is no name. Write the name in letters.") % {"text": name[:40]})
    if len(name) > 200:
        raise RowError(_name_field(text), _("The name is longer than 200 letters. Check whether two people are meant."))
    others = ((other[:200], NameKind.OTHER_SCRIPT),) if other and other != name else ()
    parts = {
        "surname": text.get("surname", ""),
        "given_names": text.get("given", ""),
        "father_name": text.get("patronymic") or text.get("father_name", ""),
    }
    parts = {part: written and without_stand_ins(written)[0][:LONGEST_PART] for part, written in parts.items()}
    return {"full_name": name, "latin_name": latin[:200], "other_names": others} | parts


def _without_stand_ins(name: str, remarks: list[str]) -> str:
    """Nothing is invented to fill a column: "б/о" and "N/A" are left out, and it is said."""
    if not any(letter.isalpha() for letter in name):
        return name  # said as such, with what stands there
    real, word = without_stand_ins(name)
    if word:
        remarks.append(_("“%(word)s” is no name and was left out.") % {"word": word[:40]})
    return real


def _name_field(text: dict[str, str]) -> str:
    return next((name for name in ("full_name", "surname", "given", "latin_name") if name in text), "full_name")


def _joined(text: dict[str, str], heading: Heading, *names: str) -> str:
    in_order = sorted((name for name in names if name in text), key=heading.columns.__getitem__)
    return " ".join(filter(None, (text[name] for name in in_order)))


def _sex(text: dict[str, str]) -> dict[str, Any]:
    written = folded(text.get("sex", ""))
    if not written or written in {"u", "unknown"}:
        return {}
    if written not in _SEX_OF:
        sentence = _("“%(text)s” is no sex that is known here. Write m or f, or leave the cell empty.")
        raise RowError("sex", sentence % {"text": text["sex"][:20]})
    return {"sex": _SEX_OF[written]}


def _birth(cells: dict[str, Cell], today: date, customs: DateCustoms, remarks: list[str]) -> dict[str, Any]:
    """One column holds the date, or three its parts."""
    cell, field = cells.get("birth_date"), "birth_date"
    if cell is None:
        parts = [cell_text(cells.get(name)) for name in ("birth_day", "birth_month", "birth_year")]
        cell, field = ".".join(part or "0" for part in parts) if any(parts) else None, "birth_year"
    try:
        birth = parse_birth_date(cell, today=today, customs=customs)
    except BirthDateError as error:
        raise RowError(field, error.sentence) from error
    if birth.remark:
        remarks.append(birth.remark)
    return {"birth_year": birth.year, "birth_month": birth.month, "birth_day": birth.day}


def _nationalities(text: dict[str, str]) -> dict[str, Any]:
    written = text.get("nationality", "")
    if not written:
        return {}
    codes = []
    whole = countries.find(written)
    for part in [written] if whole else re.split(r"\s*[/;,]\s*", written):
        code = countries.find(part)
        if code is None:
            sentence = _(
                "“%(text)s” is no country that is known here. Write its name in full or its code, such as TJK."
            )
            raise RowError("nationality", sentence % {"text": part[:40]})
        codes.append(code)
    return {"nationalities": tuple(dict.fromkeys(codes)), "nationality_status": NationalityStatus.CLAIMED}


def _documents(text: dict[str, str], heading: Heading, remarks: list[str]) -> dict[str, Any]:
    """A document, "asked and has none", or nothing where the list does not speak of documents."""
    kind, number = folded(text.get("document_kind", "")), _number(text)
    if not {"document_kind", "document_number"} & set(heading.columns):
        return {}
    if kind in NOTHING or (not kind and fold(number) in NOTHING):
        if number and fold(number) not in NOTHING:
            sentence = _("The list says that there is no document and gives a number. Correct one of the two.")
            raise RowError("document_kind", sentence)
        return {"documents_asked": True}
    if not kind and not number:
        return {}
    if len(number) > 60:
        raise RowError("document_number", _("The number is longer than 60 letters. Write the number only."))
    if number and not any(letter.isdigit() for letter in number):
        sentence = _("“%(text)s” has no digit, so it is no document number. Write the number as printed.")
        raise RowError("document_number", sentence % {"text": number[:40]})
    if not kind:
        remarks.append(str(_("The kind of the document is not written; it is taken for a passport.")))
    remark = fold(text["remark"]) if text.get("remark") else ""
    state = DocumentState.EXPIRED if any(word in remark for word in _EXPIRED) else DocumentState.HELD
    document = DocumentEntry(
        kind=_kind(kind, text) if kind else DocumentKind.PASSPORT,
        state=state,
        number=number,
    )
    return {"documents": (document,), "documents_asked": True}


def _number(text: dict[str, str]) -> str:
    """Series and number as printed, in digits that every reader types; a number that a program wrote as 5966803.0 is mended."""
    number = _WHOLE_NUMBER.sub(r"\1", latin_digits(text.get("document_number", "")))
    series = latin_digits(text.get("document_series", ""))
    return f"{series} {number}".strip() if not series or fold(series) not in NOTHING else number


def _kind(written: str, text: dict[str, str]) -> str:
    if found := _kind_of(written):
        return found
    sentence = _("“%(text)s” is no kind of document that is known here. Write passport, identity card, or none.")
    raise RowError("document_kind", sentence % {"text": text["document_kind"][:40]})


@lru_cache(maxsize=1024)
def _kind_of(written: str) -> str:
    return next((kind for kind, words in _KINDS if any(word in f" {written}" for word in words)), "")


def _expiry(cell: Cell, reading: Reading) -> dict[str, Any]:
    said = _("The day until which the document is valid is not whole, so it stays unknown.")
    expires = day_of(cell, "document_expires", reading, not_whole=said)
    return {} if expires is None else {"expires_on": expires}
