"""The bits of many cases from the facts of their people, in one statement: a look at each table of facts a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import LiteralString

from psycopg.sql import SQL, Composable, Identifier, Literal, Placeholder

from returns import atoms
from returns.atoms.twins import BY_KEY, FACTS, Moment, Twin
from returns.engine.conditions import WORDS, Condition, Numbering, Waived, column, mask
from returns.engine.own import OWN

COLUMNS = tuple(f"{late}{truth}_{word}" for late in ("", "late_") for truth in ("true", "false") for word in WORDS)
"""The words of `CaseReadiness`: what holds and what does not, at the planned hour and when the queue is over."""
_FACTS = {
    **FACTS,
    "waivers": """
        (select own.requirement_id, own.valid_until from returns_waiver own where own.case_id = placed.case_id
         union all select shared.requirement_id, shared.valid_until from returns_groupwaiver shared
         where shared.group_id = placed.group_id) waiver""",
}
HAND: LiteralString = """
left join unnest(%(hand_cases)s::bigint[], {arrays}) hand (case_id, {columns}) on hand.case_id = placed.case_id"""
"""What was found in Python, for conditions without a twin (`by_hand`)."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One condition in SQL at one moment, with its bit."""

    bit: int
    late: bool
    prefix: str
    twin: Twin


@lru_cache(maxsize=10_000)
def has_twin(condition: Condition) -> bool:
    """Tell whether a condition can be asked in SQL."""
    return _twin(condition, 0, Moment(condition.zone or "UTC", False, "")) is not None


def waived(conditions: Iterable[Condition], numbering: Numbering) -> dict[str, int]:
    """Give the parameters of `bits_of` for waivers: the requirement by its bit, so that the words stay the same."""
    return {
        f"waived_{numbering.bit(each)}": each.atom.requirement for each in conditions if isinstance(each.atom, Waived)
    }


def reads_person(conditions: Iterable[Condition]) -> bool:
    """Tell whether any of some conditions that have a twin reads more of the person than the key."""
    twins = (_twin(condition, 0, Moment(condition.zone or "UTC", False, "")) for condition in conditions)
    return any(twin.facts not in BY_KEY for twin in twins if twin is not None)


def bits_of(conditions: Iterable[Condition], numbering: Numbering, *, own: bool, by_hand: bool) -> Composable:
    """Give a select of `placed.*` and the words of its bits, from a relation `placed` (`placing`).

    Conditions without a twin are left out, and taken from the parameters of `by_hand` where that is asked for. `own` are
    our own conditions. The statement wants the parameters of `waived`.
    """
    asked = [*_asked(conditions, numbering), *(_asked_of_own() if own else ())]
    words = SQL(", ").join(
        SQL("{} as {}").format(_word(name, asked, by_hand=by_hand), Identifier(name)) for name in COLUMNS
    )
    return SQL("select placed.*, {} from placed {}{}").format(words, _facts(asked), _hand() if by_hand else SQL(""))


def _asked(conditions: Iterable[Condition], numbering: Numbering) -> Iterator[_Asked]:
    for condition in conditions:
        bit = numbering.bit(condition)
        for late in (False, True):
            prefix = f"a{bit}{'l' if late else 'n'}_"
            twin = _twin(condition, bit, Moment(condition.zone, late, prefix))
            if twin is not None:
                yield _Asked(bit, late, prefix, twin)


def _asked_of_own() -> Iterator[_Asked]:
    for bit, make in enumerate(OWN):
        prefix = f"own{bit}_"
        yield _Asked(bit, False, prefix, make(Moment("UTC", False, prefix)))


def _twin(condition: Condition, bit: int, moment: Moment) -> Twin | None:
    if not isinstance(condition.atom, Waived):
        return atoms.twin(condition.atom, moment)
    stands = SQL("coalesce(bool_or(waiver.requirement_id = {} and waiver.valid_until > {}), false)").format(
        Placeholder(f"waived_{bit}"), moment.hour
    )
    part = moment.part("stands")
    return Twin(part, SQL("not {}").format(part), "waivers", {"stands": stands})


def _facts(asked: list[_Asked]) -> Composable:
    """Give one look at each table of facts that is needed, with the parts of every condition over it.

    A part that several conditions need, or one now and when the queue is over, is worked out once and has several names.
    """
    looks: dict[str, dict[str, tuple[Composable, list[str]]]] = {}
    for each in asked:
        for name, part in each.twin.parts.items():
            same = looks.setdefault(each.twin.facts, {}).setdefault(part.as_string(None), (part, []))
            same[1].append(f"{each.prefix}{name}")
    return SQL("").join(_look(name, list(parts.values())) for name, parts in looks.items())


def _look(facts: str, parts: Sequence[tuple[Composable, Sequence[str]]]) -> Composable:
    worked_out, named = [], []
    for part, names in parts:
        first = Identifier(names[0])
        worked_out.append(SQL("{} as {}").format(part, first))
        named += [SQL("part.{} as {}").format(first, Identifier(name)) for name in names]
    return SQL(" cross join lateral (select {} from (select {} from {}) as part) as {}").format(
        SQL(", ").join(named), SQL(", ").join(worked_out), SQL(_FACTS[facts]), Identifier(f"of_{facts}")
    )


def _word(name: str, asked: list[_Asked], *, by_hand: bool) -> Composable:
    pieces = [
        SQL("case when {} then {} else 0 end").format(condition, Literal(mask(each.bit)))
        for each in asked
        for true, condition in ((True, each.twin.true), (False, each.twin.false))
        if column(each.bit, true=true, late=each.late) == name
    ]
    if by_hand:
        pieces.append(SQL("coalesce(hand.{}, 0)").format(Identifier(name)))
    return SQL("({})::bigint").format(SQL(" | ").join(pieces)) if pieces else SQL("0::bigint")


def _hand() -> Composable:
    arrays = SQL(", ").join(SQL("{}::bigint[]").format(Placeholder(f"hand_{name}")) for name in COLUMNS)
    return SQL(HAND).format(arrays=arrays, columns=SQL(", ").join(map(Identifier, COLUMNS)))
