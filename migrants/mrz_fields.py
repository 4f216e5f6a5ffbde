"""Where each field stands in the five machine readable zones, and the check digit (ICAO Doc 9303 parts 3 to 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Span: TypeAlias = tuple[int, int, int]
"""Line, first place and place behind the last, all counted from 0."""

CONFUSED = {"O": "0", "Q": "0", "I": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}
"""Letters that people and scanners write for a digit."""
LOOKS_LIKE = {"0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}
"""Digits that they write for a letter."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of zone: its size, its fields, the places of their check digits, and what the last digit covers."""

    kind: str
    height: int
    width: int
    places: Mapping[str, Span]
    digits: Mapping[str, tuple[int, int]]
    composite: tuple[Span, ...] = ()
    has_long_numbers: bool = False


_SECOND_LINE: dict[str, Span] = {
    "document_number": (1, 0, 9),
    "nationality": (1, 10, 13),
    "birth_date": (1, 13, 19),
    "sex": (1, 20, 21),
    "expiry_date": (1, 21, 27),
}
_FIRST_LINE: dict[str, Span] = {"document_code": (0, 0, 2), "issuer": (0, 2, 5)}
_DIGITS = {"document_number": (1, 9), "birth_date": (1, 19), "expiry_date": (1, 27)}


def _two_lines(kind: str, width: int, personal_until: int, digits: Mapping[str, tuple[int, int]]) -> Layout:
    """Give a layout of two lines; they differ in width and in what follows the date of expiry."""
    places = {**_FIRST_LINE, **_SECOND_LINE, "names": (0, 5, width), "personal_number": (1, 28, personal_until)}
    covered = ((1, 0, 10), (1, 13, 20), (1, 21, width - 1)) if "composite" in digits else ()
    return Layout(kind, 2, width, places, {**_DIGITS, **digits}, covered, has_long_numbers=kind == "TD2")


_TD1 = Layout(
    "TD1",
    3,
    30,
    places={
        **_FIRST_LINE,
        "document_number": (0, 5, 14),
        "personal_number": (0, 15, 30),
        "birth_date": (1, 0, 6),
        "sex": (1, 7, 8),
        "expiry_date": (1, 8, 14),
        "nationality": (1, 15, 18),
        "more": (1, 18, 29),
        "names": (2, 0, 30),
    },
    digits={"document_number": (0, 14), "birth_date": (1, 6), "expiry_date": (1, 14), "composite": (1, 29)},
    composite=((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
    has_long_numbers=True,
)
_TD2 = _two_lines("TD2", 36, 35, {"composite": (1, 35)})
_TD3 = _two_lines("TD3", 44, 42, {"personal_number": (1, 42), "composite": (1, 43)})
_MRV_A = _two_lines("MRV-A", 44, 44, {})
_MRV_B = _two_lines("MRV-B", 36, 36, {})
LAYOUTS = (_TD1, _TD2, _TD3, _MRV_A, _MRV_B)


def check_digit(text: str) -> str:
    """Give the digit over signs 0–9, A–Z (10–35) and < (0), weighted 7, 3, 1; other signs count as 0."""
    return str(sum(value(sign) * (7, 3, 1)[place % 3] for place, sign in enumerate(text)) % 10)


def value(sign: str) -> int:
    """Give what a sign counts for in a check digit."""
    if "A" <= sign <= "Z":
        return ord(sign) - ord("A") + 10
    return int(sign) if sign in "0123456789" else 0


def layout_of(lines: list[str]) -> tuple[Layout | None, list[tuple[str, str]]]:
    """Give the layout that the lines have, or the nearest one with what is wrong: (field, sentence)."""
    if not 2 <= len(lines) <= 3:
        return None, [("lines", _("The zone has two or three lines; here are %(count)d.") % {"count": len(lines)})]
    is_visa = lines[0].startswith("V")
    fitting = [
        layout
        for layout in LAYOUTS
        if layout.height == len(lines) and layout.kind.startswith("MRV") == (is_visa and len(lines) == 2)
    ]
    nearest = min(fitting, key=lambda layout: sum(abs(len(line) - layout.width) for line in lines))
    problems = [
        problem for number, line in enumerate(lines, 1) for problem in _line_problems(number, line, nearest.width)
    ]
    return nearest, problems


def _line_problems(number: int, line: str, width: int) -> list[tuple[str, str]]:
    problems = []
    if len(line) != width:
        sentence = ngettext(
            "Line %(line)d has %(found)d sign; it must have %(width)d.",
            "Line %(line)d has %(found)d signs; it must have %(width)d.",
            len(line),
        )
        problems.append((f"line_{number}", sentence % {"line": number, "found": len(line), "width": width}))
    stray = re.search(r"[^A-Z0-9<]", line)
    if stray is not None:
        sentence = _("Line %(line)d, sign %(place)d: only A–Z, 0–9 and < stand there.")
        problems.append((f"line_{number}", sentence % {"line": number, "place": stray.start() + 1}))
    return problems
