"""Which proof fits and on which days it counts, in SQL: the twin of `returns.atoms.proofs`.

Names of forms and fees are compared in Python alone, where capitals of every script are known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from psycopg.sql import SQL, Composable, Literal

from corridors.rules import (
    Escort,
    GuaranteeLetter,
    Permit,
    PurposeIn,
    Quarantine,
    Quota,
    ResidenceIn,
    Vaccination,
)
from returns.atoms.twins import Moment, Twin, among

_BEGINS = SQL("coalesce(proof.begins_on, '-infinity')")
_ENDS = SQL("coalesce(proof.last_on, 'infinity')")
_YES, _NO = SQL("true"), SQL("false")


class Counting(NamedTuple):
    """Conditions over a row `proof`: that it fits, that its days are not written down, and its first and last day."""

    fits: Composable
    undated: Composable = _NO
    first: Composable = _BEGINS
    last: Composable = _ENDS


def twin_of(kind: str, leaf: Any, moment: Moment, *, background: bool) -> Twin | None:
    """Give the twin of a condition on proofs of one kind; None where it can only be asked in Python."""
    make = COUNTING.get(type(leaf))
    if make is None:
        return None
    counting = make(leaf)
    fits = SQL("proof.kind = {} and {}").format(Literal(kind), counting.fits)
    parts = {
        "good": SQL("coalesce(bool_or({} and not ({}) and {} between {} and {}), false)").format(
            fits, counting.undated, moment.day, counting.first, counting.last
        ),
        "undated": SQL("coalesce(bool_or({} and {}), false)").format(fits, counting.undated),
        "asked": SQL("coalesce(bool_or(proof.kind = {}), false)").format(Literal(kind)),
    }
    good, undated, asked = (moment.part(name) for name in parts)
    known = asked if background else _YES
    return Twin(good, SQL("(not {} and not {} and {})").format(good, undated, known), "proofs", parts)


def _vaccination(leaf: Vaccination) -> Counting:
    is_counted = leaf.min_days is not None or leaf.max_days is not None
    most = SQL("'infinity'") if leaf.max_days is None else SQL("proof.begins_on + {}").format(Literal(leaf.max_days))
    return Counting(
        SQL("proof.sort = any ({}) and coalesce(nullif(proof.doses, 0), 1) >= {}").format(
            among(leaf.kinds), Literal(leaf.doses)
        ),
        undated=SQL("proof.begins_on is null") if is_counted else _NO,
        first=SQL("coalesce(proof.begins_on + {}, '-infinity')").format(Literal(leaf.min_days or 0)),
        last=SQL("least({}, {})").format(_ENDS, most),
    )


def _issued(leaf: Permit | GuaranteeLetter) -> Composable:
    return SQL("proof.country = any ({})").format(among(leaf.issued_by)) if leaf.issued_by else _YES


def _permit(leaf: Permit) -> Counting:
    fits = SQL("proof.sort = any ({}) and {}").format(among(leaf.kinds), _issued(leaf))
    return Counting(fits, undated=SQL("proof.last_on is null"))


def _quarantine(leaf: Quarantine) -> Counting:
    open_one = SQL("(proof.begins_on is null or proof.last_on is null)")
    return Counting(
        SQL("({} or proof.last_on - proof.begins_on + 1 >= {})").format(open_one, Literal(leaf.days)),
        undated=open_one,
        first=SQL("proof.begins_on - 1"),
        last=SQL("proof.last_on - {}").format(Literal(leaf.days - 1)),
    )


def _quota(leaf: Quota) -> Counting:
    day = SQL("proof.begins_on")
    return Counting(_YES, undated=SQL("proof.begins_on is null"), first=day, last=day)


def _always(fits: Composable) -> Counting:
    return Counting(fits, first=SQL("'-infinity'::date"), last=SQL("'infinity'::date"))


COUNTING: dict[type, Callable[[Any], Counting]] = {
    Vaccination: _vaccination,
    Permit: _permit,
    GuaranteeLetter: lambda leaf: Counting(_issued(leaf)),
    Quarantine: _quarantine,
    Quota: _quota,
    Escort: lambda leaf: Counting(SQL("proof.sort = any ({})").format(among(leaf.kinds))),
    ResidenceIn: lambda leaf: _always(SQL("proof.country = any ({})").format(among(leaf.countries))),
    PurposeIn: lambda leaf: _always(SQL("proof.sort = any ({})").format(among(leaf.purposes))),
}
