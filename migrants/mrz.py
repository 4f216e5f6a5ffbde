"""Read the machine readable zone of a passport, card or visa: TD1, TD2, TD3, MRV-A, MRV-B (ICAO Doc 9303). Pure.

A check digit is the sum of values × 7, 3, 1, 7, … modulo 10. All three weights share no factor with 10, so one changed
character is noticed unless its value moves by a multiple of ten: 0, <, A, K and U are one to it, and so are 1, B, L
and V. Digits for digits are always noticed; names, sex, nationality and issuer have no check digit at all.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from common.countries import WITHOUT_COUNTRY, from_mrz
from migrants.birthdates import BirthDate
from migrants.mrz_fields import CONFUSED, LAYOUTS, LOOKS_LIKE, Layout, check_digit, layout_of

_NAMED = {
    "document_number": lambda: _("document number"),
    "birth_date": lambda: _("birth date"),
    "expiry_date": lambda: _("date of expiry"),
    "personal_number": lambda: _("personal number"),
    "composite": lambda: _("whole zone"),
}
_EXPIRY_YEARS_AHEAD = 49
"""A year of expiry of two digits lies at most so far ahead; an earlier one is of the last century."""


@dataclass(frozen=True, slots=True)
class MrzProblem:
    """What is wrong or worth a look, with the field that it is about ("line_2", "birth_date", "composite", …)."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class MrzResult:
    """What the zone says. `problems` must be mended before it is believed; `remarks` are for a person to see.

    `nationality` and `issuer` are as printed; `nationality_code` is our code, None for one that nobody knows.
    `kind` is "TD1", "TD2", "TD3", "MRV-A" or "MRV-B", None where the lines fit none.
    """

    kind: str | None = None
    document_code: str = ""
    issuer: str = ""
    surname: str = ""
    given_names: str = ""
    name_is_cut: bool = False
    document_number: str = ""
    nationality: str = ""
    nationality_code: str | None = None
    birth: BirthDate = field(default_factory=BirthDate)
    sex: str = ""
    expires_on: date | None = None
    personal_number: str = ""
    problems: tuple[MrzProblem, ...] = ()
    remarks: tuple[MrzProblem, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.problems


def parse(text: str, *, today: date) -> MrzResult:
    """Read two or three lines, typed or scanned; case, spaces and the look of the filler do not matter.

    Lines of a wrong length are refused without guessing. `today` decides the century of years of two digits.
    """
    lines = _lines(text)
    layout, problems = layout_of(lines)
    if layout is None or problems:
        kind = None if layout is None else layout.kind
        return MrzResult(kind, problems=tuple(MrzProblem(name, words) for name, words in problems))
    return _Reading(layout, lines, today).result()


class _Reading:
    """One reading of well-formed lines: collects what is wrong on the way."""

    def __init__(self, layout: Layout, lines: list[str], today: date) -> None:
        self.layout = layout
        self.lines = lines
        self.today = today
        self.problems: list[MrzProblem] = []
        self.remarks: list[MrzProblem] = []

    def result(self) -> MrzResult:
        number, number_digit, rest = self._number()
        self._check("document_number", number, number_digit)
        surname, given_names, is_cut = self._names()
        birth = self._birth()
        expires_on = self._expiry()
        nationality, code = self._country("nationality")
        issuer, _code = self._country("issuer")
        personal = rest if rest is not None else self._personal()
        self._check_composite()
        return MrzResult(
            kind=self.layout.kind,
            document_code=self._part("document_code").rstrip("<"),
            issuer=issuer,
            surname=surname,
            given_names=given_names,
            name_is_cut=is_cut,
            document_number=number.replace("<", ""),
            nationality=nationality,
            nationality_code=code,
            birth=birth,
            sex=self._sex(),
            expires_on=expires_on,
            personal_number=personal.replace("<", " ").strip(),
            problems=tuple(self.problems),
            remarks=tuple(self.remarks),
        )

    def _part(self, name: str) -> str:
        line, start, end = self.layout.places[name]
        return self.lines[line][start:end]

    def _digit(self, name: str) -> str | None:
        """Give the check digit printed for a field, or None where the layout has none."""
        place = self.layout.digits.get(name)
        return None if place is None else self.lines[place[0]][place[1]]

    def _number(self) -> tuple[str, str | None, str | None]:
        """Give document number, its digit, and what is left of the optional part if a long number ran into it.

        Cards put a number of more than nine places into the optional part, and a filler where its digit would be.
        """
        number, digit = self._part("document_number"), self._digit("document_number")
        if not self.layout.has_long_numbers or digit != "<" or number.endswith("<"):
            return number, digit, None
        overflow, _filler, rest = self._part("personal_number").partition("<")
        return number + overflow[:-1], overflow[-1:], rest

    def _check(self, name: str, checked: str, digit: str | None) -> None:
        if digit is None or digit == check_digit(checked):
            return
        if digit == "<" and not checked.strip("<") and name == "personal_number":
            return
        sentence = _("The check digit of the %(field)s does not fit. Compare it sign by sign with the document.")
        words = sentence % {"field": _NAMED[name]()}
        self.problems.append(MrzProblem(name, f"{words}{self._suggestion(checked, digit)}"))

    def _suggestion(self, checked: str, digit: str) -> str:
        """Name the one letter that would make the digit fit as the digit it looks like, if there is exactly one."""
        found = [
            (place, sign, other)
            for place, sign in enumerate(checked)
            if (other := CONFUSED.get(sign)) is not None
            and check_digit(checked[:place] + other + checked[place + 1 :]) == digit
        ]
        if len(found) != 1:
            return ""
        return _perhaps(*found[0])

    def _check_composite(self) -> None:
        digit = self._digit("composite")
        checked = "".join(self.lines[line][start:end] for line, start, end in self.layout.composite)
        self._check("composite", checked, digit)

    def _personal(self) -> str:
        personal = self._part("personal_number")
        self._check("personal_number", personal, self._digit("personal_number"))
        second = self._part("more") if "more" in self.layout.places else ""
        return f"{personal}<{second}" if second.strip("<") else personal

    def _names(self) -> tuple[str, str, bool]:
        """Split the name line: surname before the first double filler, given names behind it."""
        names = self._part("names")
        if not re.fullmatch(r"[A-Z<]*[A-Z][A-Z<]*", names):
            sentence = _("A name has only letters and <. Compare it sign by sign with the document.")
            self._wrong("names", f"{sentence}{_letter_for(names)}")
        surname, _filler, given = names.partition("<<")
        is_cut = not names.endswith("<")
        if is_cut:
            self._remark("names", _("The name fills its line and may be cut off. Write it in full as it stands above."))
        return _words(surname), _words(given), is_cut

    def _birth(self) -> BirthDate:
        written = self._part("birth_date")
        self._check("birth_date", written, self._digit("birth_date"))
        parts = self._date_parts("birth_date", written)
        if parts is None or parts[0] is None:
            return BirthDate()
        short, month, day = parts[0], parts[1], parts[2]
        century = self.today.year - self.today.year % 100
        is_to_come = (century + short, month or 1, day or 1) > (self.today.year, self.today.month, self.today.day)
        return BirthDate(century + short - (100 if is_to_come else 0), month, day)

    def _expiry(self) -> date | None:
        written = self._part("expiry_date")
        self._check("expiry_date", written, self._digit("expiry_date"))
        parts = self._date_parts("expiry_date", written)
        if parts is None or None in parts:
            return None
        short, month, day = (part or 0 for part in parts)
        century = self.today.year - self.today.year % 100
        year = century + short if short <= self.today.year % 100 + _EXPIRY_YEARS_AHEAD else century - 100 + short
        if not _exists(year, month, day):
            self._wrong("expiry_date", _no_such_day(_NAMED["expiry_date"](), written))
            return None
        expires_on = date(year, month, day)
        if expires_on < self.today:
            self._remark("expiry_date", _("The document has expired."))
        return expires_on

    def _date_parts(self, name: str, written: str) -> tuple[int | None, int | None, int | None] | None:
        """Give year of two digits, month and day; fillers or 00 are unknown. None and a problem if it is no date."""
        if not re.fullmatch(r"(?:\d\d|<<){3}", written, re.ASCII):
            self._wrong(
                name, _("The %(field)s has only digits, or << for what is not known.") % {"field": _NAMED[name]()}
            )
            return None
        year = None if written[:2] == "<<" else int(written[:2])
        month, day = (None if part in ("<<", "00") else int(part) for part in (written[2:4], written[4:]))
        if (month is not None and month > 12) or not _exists(2000, month or 1, day or 1):
            self._wrong(name, _no_such_day(_NAMED[name](), written))
            return None
        if year is not None and month == 2 and day == 29 and year % 4:
            self._wrong(name, _no_such_day(_NAMED[name](), written))
            return None
        return year, month, day

    def _sex(self) -> str:
        printed = self._part("sex")
        if printed not in ("M", "F", "X", "<"):
            self._wrong("sex", _("The sex is M, F, X or <."))
        return printed if printed in ("M", "F", "X") else ""

    def _country(self, name: str) -> tuple[str, str | None]:
        printed = self._part(name).rstrip("<")
        code = from_mrz(printed)
        if not re.fullmatch(r"[A-Z]{1,3}", printed):
            sentence = _("A country has one to three letters. Compare it with the document.")
            self._wrong(name, f"{sentence}{_letter_for(printed)}")
        elif code is None:
            self._remark(name, _("The country code %(code)s is not known.") % {"code": printed})
        elif name == "nationality" and code in WITHOUT_COUNTRY:
            self._remark(
                name, _("No country protects this person: ask the protection officer before anything is shared.")
            )
        return printed, code

    def _wrong(self, name: str, sentence: str) -> None:
        self.problems.append(MrzProblem(name, sentence))

    def _remark(self, name: str, sentence: str) -> None:
        self.remarks.append(MrzProblem(name, sentence))


def _lines(text: str) -> list[str]:
    """Give the lines as printed: capitals without spaces, every look of the filler as <; one long line is cut."""
    plain = re.sub(r"[«‹＜〈]", lambda mark: "<<" if mark[0] == "«" else "<", text.upper())
    lines = [line for line in ("".join(line.split()) for line in plain.splitlines()) if line]
    if len(lines) == 1:
        for layout in LAYOUTS:
            if len(lines[0]) == layout.height * layout.width:
                return [lines[0][at : at + layout.width] for at in range(0, len(lines[0]), layout.width)]
    return lines


def _letter_for(part: str) -> str:
    """Name the one digit that stands where only letters do, with the letter it looks like, if there is exactly one."""
    digits = [(place, sign) for place, sign in enumerate(part) if sign.isdigit()]
    if len(digits) != 1 or digits[0][1] not in LOOKS_LIKE:
        return ""
    place, sign = digits[0]
    return _perhaps(place, sign, LOOKS_LIKE[sign])


def _perhaps(place: int, sign: str, other: str) -> str:
    sentence = _("Perhaps sign %(place)d is “%(other)s”, not “%(sign)s”.")
    return " " + sentence % {"place": place + 1, "other": other, "sign": sign}


def _words(part: str) -> str:
    return " ".join(part.replace("<", " ").split())


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _no_such_day(named: str, written: str) -> str:
    return _("The %(field)s %(written)s does not exist (year, month, day).") % {"field": named, "written": written}
