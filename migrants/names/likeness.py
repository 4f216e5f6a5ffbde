"""How likely two descriptions are one person, and why. Pure: a score explains, a person decides.

The score is a sum of weights, one for each reason. The thresholds (settings DUPLICATE_OFFERED_FROM, DUPLICATE_SURE_FROM)
are set so that a name alone is never sure, that brothers and sisters (one name agrees, another does not) are not offered
even with one birth date (twins), and that namesakes of another birth date are not offered either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .birthday import Likeness, birth_likeness
from .keys import document_key
from .matching import NameMatch, match_names

CERTAIN = frozenset({"document_same", "name_same", "name_spelling", "name_ending"})
"""Without one of these no two people are surely one, whatever the threshold: a slip of the pen may be a brother's name."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a person for comparing; anything may be missing. `sex` is "M" or "F" (else unknown)."""

    full_name: str
    other_names: tuple[str, ...] = ()
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    sex: str = ""
    document_numbers: frozenset[str] = frozenset()
    nationality: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (weight above 0) or against two descriptions being one person."""

    code: str
    sentence: str
    weight: float


@dataclass(frozen=True, slots=True)
class Score:
    """`value` from 0 to 1, and the reasons, the weightiest first."""

    value: float
    reasons: tuple[Reason, ...]

    @property
    def is_offered(self) -> bool:
        """Tell whether a person should be asked."""
        return self.value >= settings.DUPLICATE_OFFERED_FROM

    @property
    def is_sure(self) -> bool:
        """Tell whether an import need not ask."""
        return self.value >= settings.DUPLICATE_SURE_FROM and any(reason.code in CERTAIN for reason in self.reasons)


WEIGHTS = {
    "name_same": 0.45,
    "name_spelling": 0.43,
    "name_ending": 0.40,
    "name_called": 0.33,
    "name_close": 0.33,
    "name_initial": 0.25,
    "name_single": 0.25,
    "name_part": 0.10,
    "name_one_differs": -0.50,
    "name_surname_differs": -0.25,
    "name_differs": -0.50,
    "patronymic_same": 0.10,
    "patronymic_differs": -0.40,
    "birth_same": 0.35,
    "birth_swapped": 0.25,
    "birth_month_same": 0.20,
    "birth_estimated": 0.18,
    "birth_year_same": 0.15,
    "birth_one_part_differs": 0.10,
    "birth_differs_in_year": 0.0,
    "birth_differs": -0.35,
    "document_same": 0.70,
    "document_differs": -0.10,
    "sex_same": 0.05,
    "sex_differs": -0.40,
    "nationality_same": 0.05,
    "nationality_differs": -0.10,
}
_BEST_NAMES = max(weight for code, weight in WEIGHTS.items() if code.startswith("name_")) + WEIGHTS["patronymic_same"]
_BESIDE_NAMES = (
    "birth_same", "birth_estimated", "birth_swapped", "birth_one_part_differs", "birth_differs_in_year", "sex_same",
    "sex_differs", "nationality_same", "nationality_differs", "document_differs",
)  # fmt: skip
"""In the order of `people_meeting`."""
_ROUNDED = 1e-4
"""By so much a score may be more than its weights."""

SENTENCES = {
    "name_same": _("The names are the same."),
    "name_spelling": _("The names are the same in another spelling."),
    "name_ending": _("The names differ only in the ending (-ov, -zoda)."),
    "name_called": _("One name has an addition of respect (-jon, -khon, -bek); else they agree."),
    "name_close": _("The names are nearly the same."),
    "name_initial": _("The names agree as far as initials tell."),
    "name_single": _("The one name is the same."),
    "name_part": _("One of the names agrees; of the other person no more is known."),
    "name_one_differs": _("One name agrees and another does not: perhaps of one family."),
    "name_surname_differs": _("The surname differs."),
    "name_differs": _("The names differ."),
    "patronymic_same": _("The patronymic is the same."),
    "patronymic_differs": _("The patronymics differ."),
    "birth_same": _("The birth date is the same."),
    "birth_swapped": _("Day and month of birth are swapped."),
    "birth_month_same": _("Year and month of birth agree; a day is not known."),
    "birth_estimated": _("The year of birth agrees; 1 January may be an estimate."),
    "birth_year_same": _("The year of birth agrees; no more is known."),
    "birth_one_part_differs": _("The birth dates differ in one part only."),
    "birth_differs_in_year": _("Born in the same year, on another day."),
    "birth_differs": _("The birth dates differ."),
    "document_same": _("A document has the same number."),
    "document_differs": _("The documents have other numbers."),
    "sex_same": _("The sex is the same."),
    "sex_differs": _("The sex differs."),
    "nationality_same": _("The nationality is the same."),
    "nationality_differs": _("The nationality differs."),
}


def compare(one: Described, other: Described) -> Score:
    """Compare two descriptions; the order does not matter. Sentences are in the active language."""
    language = get_language()
    reasons = [_reason(code, language) for code in _codes(one, other)]
    reasons.sort(key=lambda reason: -abs(reason.weight))
    value = min(1.0, max(0.0, sum(reason.weight for reason in reasons)))
    return Score(round(value, 4), tuple(reasons))


def could_be_offered(one: Described, other: Described) -> bool:
    """Tell, without looking at names, whether the best of names would make an offer of the two.

    Nearly all namesakes of a large archive fall here, at a tenth of what `compare` costs.
    """
    weight = _BEST_NAMES + sum(WEIGHTS[code] for code in _codes_beside_names(one, other))
    return weight >= settings.DUPLICATE_OFFERED_FROM - _ROUNDED


def weights_beside_names() -> list[float]:
    """Give what `could_be_offered` weighs, for the database to do the same: what must come together, then each weight."""
    return [settings.DUPLICATE_OFFERED_FROM - 2 * _ROUNDED - _BEST_NAMES, *(WEIGHTS[code] for code in _BESIDE_NAMES)]


@lru_cache(maxsize=512)
def _reason(code: str, _language: str | None) -> Reason:
    """Give a reason in the active language, which stands beside the code because the answer is kept."""
    return Reason(code, str(SENTENCES[code]), WEIGHTS[code])


def _codes(one: Described, other: Described) -> Iterator[str]:
    match = _best_names(one, other)
    yield f"name_{match.level}"
    if match.patronymic is not None:
        yield "patronymic_same" if match.patronymic else "patronymic_differs"
    yield from _codes_beside_names(one, other)


def _codes_beside_names(one: Described, other: Described) -> Iterator[str]:
    birth = birth_likeness(_birth(one), _birth(other))
    if birth is not Likeness.UNKNOWN:
        yield f"birth_{birth}"
    yield from _document_codes(one, other)
    if {one.sex, other.sex} <= {"M", "F"}:
        yield "sex_same" if one.sex == other.sex else "sex_differs"
    if one.nationality and other.nationality:
        yield "nationality_same" if one.nationality == other.nationality else "nationality_differs"


def _best_names(one: Described, other: Described) -> NameMatch:
    """Give the best level among all names of both (a passport name may meet a former one) and what patronymics say.

    Another name without a patronymic does not take away that two patronymics differ.
    """
    matches = [match_names(mine, theirs) for mine in _names(one) for theirs in _names(other)]
    best = max(matches, key=lambda match: (WEIGHTS[f"name_{match.level}"], match.level))
    patronymics = {match.patronymic for match in matches}
    return NameMatch(best.level, True if True in patronymics else False if False in patronymics else None)


def _names(described: Described) -> tuple[str, ...]:
    return (described.full_name, *described.other_names)


def _birth(described: Described) -> tuple[int | None, int | None, int | None]:
    return described.birth_year, described.birth_month, described.birth_day


def _document_codes(one: Described, other: Described) -> Iterator[str]:
    mine, theirs = _documents(one.document_numbers), _documents(other.document_numbers)
    if mine and theirs:
        yield "document_same" if mine & theirs else "document_differs"


def _documents(numbers: Iterable[str]) -> set[str]:
    return {key for key in map(document_key, numbers) if key}
