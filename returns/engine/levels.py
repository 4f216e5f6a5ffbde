"""From bits to verdicts in SQL: the twin of `judging.judge`, whose order of precedence it repeats, and of `case_verdict`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString, cast

from psycopg.sql import SQL, Composable

from corridors.rules import Rule
from returns.engine.conditions import Numbering, is_set, known, waiver_of
from returns.enums import OWN_CONDITIONS, CaseVerdict, Verdict
from returns.judging import WORST_FIRST
from returns.ledgers import StandingRule

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

    `bits` has the words of bits and `is_planned`. With a `prefix` the new columns have other names, so that two sets of
    rules can be judged on the same bits. Each level is evaluated once a row.
    """
    packs = [rules[first : first + PACK] for first in range(0, len(rules), PACK)]
    coded = "".join(f", {_packed(pack, numbering)} as {prefix}pack_{place}" for place, pack in enumerate(packs))
    words = ", ".join(f"{_word(verdict, len(rules), prefix)} as {prefix}{verdict}" for verdict in VERDICTS)
    worst = " ".join(f"when {prefix}{verdict} <> 0 then '{verdict}'" for verdict in VERDICTS)
    ready = " ".join(f"when {prefix}{verdict.value} <> 0 then '{case.value}'" for verdict, case in _CASE.items())
    return SQL(
        "select worded.*, case {worst} else {met} end as {p}worst, case {case} else {ready} end as {p}verdict from ("
        " select coded.*, {words} from (select bits.*{coded} from ({bits} offset 0) bits offset 0) coded offset 0) worded"
    ).format(
        worst=_trusted(worst),
        met=Verdict.MET.value,
        case=_trusted(ready),
        ready=CaseVerdict.READY.value,
        words=_trusted(words),
        coded=_trusted(coded),
        bits=bits,
        p=_trusted(prefix),
    )


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

    now, late = (_ways(rule, numbering, late=late) for late in (False, True))
    carried = [
        f"({first}) and ({last}) then {bit}"
        for (first, _no), (last, _late_no), bit in zip(now, late, ("0", field("exempt"), field("waived")), strict=False)
        if first != "false"
    ]
    steps = (
        f"{_every(no for _yes, no in now)} then {field('missing')}",
        f"not ({_any(yes for yes, _no in now)}) then {field('unknown')}",
        f"not ({_any(yes for yes, _no in late)}) then {field('expiring')}",
        *carried,
    )
    return f"case {' '.join(f'when {step}' for step in steps)} else 0 end"


def _place(verdict: str) -> int:
    return VERDICTS.index(verdict) + 1


def _ways(rule: StandingRule, numbering: Numbering, *, late: bool) -> tuple[tuple[str, str], ...]:
    """Give for each way to be satisfied that it is known to hold and that it is known not to, in the order of `judge`."""

    def both(tree: Rule | None, *, turned: bool = False) -> tuple[str, str]:
        if tree is None:
            return "false", "true"
        yes, no = (known(tree, numbering, zone=rule.zone.key, true=true != turned, late=late) for true in (True, False))
        return yes, no

    waiver = waiver_of(rule)
    return (
        both(rule.content.applies, turned=True),
        both(rule.content.exempt),
        (is_set(waiver, numbering, true=True, late=late), is_set(waiver, numbering, true=False, late=late)),
        both(rule.content.rule),
    )


def _word(verdict: str, rules: int, prefix: str) -> str:
    own = {
        "missing": [f"false_low & {_OWN}"],
        "unknown": [f"(~(true_low | false_low)) & {_OWN}", f"case when is_planned then 0 else {_UNPLANNED} end"],
    }.get(verdict, [])
    given = [
        f"({prefix}pack_{first // PACK} >> {VERDICTS.index(verdict) * PACK} & {(1 << min(PACK, rules - first)) - 1})"
        f" << {FIRST_RULE + first}"
        for first in range(0, rules, PACK)
    ]
    return f"({' | '.join(f'({each})' for each in (*own, *given)) or '0'})::bigint"


def _every(conditions: Iterable[str]) -> str:
    return " and ".join(f"({each})" for each in conditions if each != "true") or "true"


def _any(conditions: Iterable[str]) -> str:
    return " or ".join(f"({each})" for each in conditions if each != "false") or "false"


def _trusted(text: Any) -> Composable:
    """Our own SQL, put together in this package from numbers and from names of columns."""
    return SQL(cast("LiteralString", text))
