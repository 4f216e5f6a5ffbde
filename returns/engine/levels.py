"""From bits to verdicts in SQL: the twin of `judging.judge`, whose order of precedence it repeats, and of `case_verdict`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString, cast

from psycopg.sql import SQL, Composable

from returns.engine.conditions import Numbering, Part, Tree, known, waiver_of
from returns.enums import OWN_CONDITIONS, CaseVerdict, Verdict
from returns.judging import WORST_FIRST
from returns.ledgers import StandingRule
from returns.models import CaseReadiness

VERDICTS = tuple(verdict.value for verdict in WORST_FIRST if verdict != Verdict.MET)
"""The columns of `CaseReadiness` that have a bit a rule; in none of them a rule is met."""
FIRST_RULE = len(OWN_CONDITIONS)
MOST_RULES = 63 - FIRST_RULE
PACK = 63 // len(VERDICTS)
"""Rules whose verdicts stand in one word, a field of so many bits for each verdict."""
_OWN = (1 << FIRST_RULE - 1) - 1
_UNPLANNED = 1 << FIRST_RULE - 1
_CASE = {
    Verdict.MISSING: CaseVerdict.NOT_READY,
    Verdict.UNKNOWN: CaseVerdict.UNKNOWN,
    Verdict.EXPIRING: CaseVerdict.NOT_READY,
}


def verdicts_of(
    bits: Composable, rules: Sequence[StandingRule], numbering: Numbering, *, prefix: str = ""
) -> Composable:
    """Give a select of what `bits` selects with the verdicts of some rules: a word each, `worst` and `verdict`.

    `bits` has the words of bits and `is_planned`, and where `asks_late` says so `late`. With a `prefix` the new columns have
    other names, so that two sets of rules can be judged on the same bits. Each level is evaluated once a row.
    """
    packs = [rules[first : first + PACK] for first in range(0, len(rules), PACK)]
    coded = "".join(f", {_packed(pack, numbering)} as {prefix}pack_{place}" for place, pack in enumerate(packs))
    words = ", ".join(f"{_word(verdict, len(rules), prefix)} as {prefix}{verdict}" for verdict in VERDICTS)
    has = {verdict: _some(verdict, len(rules), prefix) for verdict in VERDICTS}
    return SQL(
        "select coded.*, {words}, {worst} as {p}worst, {case} as {p}verdict"
        " from (select bits.*{coded} from ({bits} offset 0) bits offset 0) coded"
    ).format(
        words=_trusted(words),
        worst=_first({has[verdict]: verdict for verdict in VERDICTS}, Verdict.MET),
        case=_first({has[verdict]: case for verdict, case in _CASE.items()}, CaseVerdict.READY),
        coded=_trusted(coded),
        bits=bits,
        p=_trusted(prefix),
    )


def asks_late(rules: Sequence[StandingRule]) -> bool:
    """Tell whether it depends on the end of somebody's queue which of some rules (`Ledger.through`) are asked of them."""
    return any(rule.begins_in_queue for rule in rules)


def code_of(place: int) -> Composable:
    """Give the place in `VERDICTS`, from 1, of the verdict of one rule (0: met), as an expression over their words."""
    steps = (f"when {verdict} & {1 << FIRST_RULE + place} <> 0 then {_place(verdict)}" for verdict in VERDICTS)
    return _trusted(f"case {' '.join(steps)} else 0 end")


def _packed(rules: Sequence[StandingRule], numbering: Numbering) -> str:
    """Give one word with a bit of each rule, in the field of `PACK` bits that is its verdict's; none where it is met.

    So a rule is asked once a row for its verdict, and not once more for each verdict that there may be.
    """
    return f"({' | '.join(_bit(rule, place, numbering) for place, rule in enumerate(rules))})"


def _bit(rule: StandingRule, place: int, numbering: Numbering) -> str:
    def field(verdict: str) -> str:
        return f"{1 << VERDICTS.index(verdict) * PACK + place}::bigint"

    def satisfied(ways: Sequence[Part], *, true: bool, late: bool) -> str:
        return known(ways, numbering, zone=rule.zone.key, true=true, late=late)

    def carried(way: Part) -> str:
        return f"({satisfied([way], true=True, late=False)}) and ({satisfied([way], true=True, late=True)})"

    ways, asked_late = _ways(rule), _asked_late(rule)
    every = list(ways.values())
    spared = [ways.pop(Verdict.MET)] if Verdict.MET in ways else []
    at_first = (
        f"{satisfied(every, true=False, late=False)} then {field('missing')}",
        f"not ({satisfied(every, true=True, late=False)}) then {field('unknown')}",
    )
    not_asked = "true" if rule.begins_in_queue else satisfied(spared, true=True, late=False)
    steps = (
        *(() if rule.begins_in_queue else at_first),
        f"{asked_late} and not ({satisfied(every, true=True, late=True)}) then {field('expiring')}",
        f"({not_asked}) and (not ({asked_late}) or {satisfied(spared, true=True, late=True)}) then 0",
        *(f"{carried(way)} then {field(verdict)}" for verdict, way in ways.items() if verdict),
    )
    return f"case {' '.join(f'when {step}' for step in steps)} else 0 end"


def _asked_late(rule: StandingRule) -> str:
    """Give the condition that a rule is asked when somebody's queue is over; most are, whenever that is."""
    begins = rule.applies_from if rule.begins_in_queue else None
    return "true" if begins is None else f"late >= '{begins.isoformat()}'::timestamptz"


def _place(verdict: str) -> int:
    return VERDICTS.index(verdict) + 1


def _ways(rule: StandingRule) -> dict[Verdict | None, Part]:
    """Give the ways to be satisfied in the order of `judge`, by the verdict of whom they carry (None: what is asked itself)."""
    content = rule.content
    ways: tuple[tuple[Verdict | None, Tree | None, bool], ...] = (
        (Verdict.MET, content.applies, False),
        (Verdict.EXEMPT, content.exempt, True),
        (Verdict.WAIVED, waiver_of(rule).atom, True),
        (None, content.rule, True),
    )
    return {verdict: (tree, wanted) for verdict, tree, wanted in ways if tree is not None}


def _word(verdict: str, rules: int, prefix: str) -> str:
    given = [
        f"({prefix}pack_{first // PACK} >> {VERDICTS.index(verdict) * PACK} & {(1 << min(PACK, rules - first)) - 1})"
        f" << {FIRST_RULE + first}"
        for first in range(0, rules, PACK)
    ]
    return f"({' | '.join(f'({each})' for each in (*_own(verdict), *given)) or '0'})::bigint"


def _some(verdict: str, rules: int, prefix: str) -> str:
    """Give whether a verdict is found at all: what `_word` has any bit for, asked without making the word."""
    given = [
        f"{prefix}pack_{first // PACK} & {(1 << min(PACK, rules - first)) - 1 << VERDICTS.index(verdict) * PACK}"
        for first in range(0, rules, PACK)
    ]
    return " or ".join(f"({each}) <> 0" for each in (*_own(verdict), *given)) or "false"


def _own(verdict: str) -> list[str]:
    """Give the words of our own conditions that have this verdict."""
    return {
        Verdict.MISSING: [f"false_low & {_OWN}"],
        Verdict.UNKNOWN: [f"(~(true_low | false_low)) & {_OWN}", f"case when is_planned then 0 else {_UNPLANNED} end"],
    }.get(Verdict(verdict), [])


def _first(named: Mapping[str, str], otherwise: str) -> Composable:
    """Give the name of the first that is so, of the type of the columns that keep it, so that nothing is made of it again."""
    steps = " ".join(f"when {so} then {_named(name)}" for so, name in named.items())
    return _trusted(f"case {steps} else {_named(otherwise)} end")


def _named(name: str) -> str:
    return f"'{name}'::varchar({CaseReadiness._meta.get_field('worst').max_length})"


def _trusted(text: Any) -> Composable:
    """Our own SQL, put together in this package from numbers and from names of columns."""
    return SQL(cast("LiteralString", text))
