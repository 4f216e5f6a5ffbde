"""The statements that keep `returns_casereadiness` true. Each judges many cases, writes those that differ, and counts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, LiteralString

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from corridors.models import Passage
from returns.barriers import Barrier
from returns.engine import prepared, slots
from returns.engine.bits import COLUMNS, bits_of, reads_person, waived
from returns.engine.conditions import Condition, Numbering, column, conditions_of, mask
from returns.engine.levels import VERDICTS, asks_late, verdicts_of
from returns.engine.wordings import Wording
from returns.judging import case_verdict
from returns.ledgers import LONGEST_QUEUE, Direction

PLACED: LiteralString = """
    select c.id as case_id, m.id as person_id, m.group_id, m.birth_year, m.birth_month, m.birth_day, m.alone,
        m.documents_asked_at, hour, late, is_planned, recheck_at, string_to_array(countries, ' ') as countries,
        %(at)s::timestamptz as known, %(today)s::date as today
    from unnest(%(groups)s::bigint[], %(hours)s::timestamptz[], %(lates)s::timestamptz[], %(planned)s::boolean[],
        %(rechecks)s::timestamptz[], %(countries)s::text[])
        place (group_id, hour, late, is_planned, recheck_at, countries)
    {people}"""
ALL_THERE: LiteralString = """
    join migrants_migrant m on m.group_id = place.group_id and m.merged_into_id is null
    join returns_returncase c on c.person_id = m.id and c.closed_at is null
    where not exists (
        select from returns_seat s join returns_movement way on way.id = s.movement_id
        join returns_vehicle bus on bus.id = s.vehicle_id
        where s.person_id = m.id and way.exited_at is not null and bus.returned_at is null)"""
"""Whoever has left with a movement is left out."""
SOME_THERE: LiteralString = """
    join (unnest(%(cases)s::bigint[], %(people)s::bigint[]) c (id, person_id)
        cross join lateral (select m.* from migrants_migrant m where m.id = c.person_id offset 0) m
    ) on m.group_id = place.group_id"""
"""Cases that were chosen in the same transaction, so nothing of them is asked again. Each person is looked up by their key:
left to itself, the planner read everybody for each where a long list had filled tables that it knew as empty: 30 s for 5,000
people instead of less than one."""
AT_PASSAGE: LiteralString = " where r.passage_id = %(passage)s and r.is_to_pass and r.recheck_at > %(at)s"
"""Of stored rows, those of whoever is still to pass there at an hour that has not come."""
IN_SLICES: LiteralString = """
    unnest(%(passages)s::bigint[], %(rule_sets)s::bigint[], %(begins)s::timestamptz[], %(ends)s::timestamptz[])
        slice (passage_id, rule_set_id, begins, ends)
    where {passage} = slice.passage_id and r.is_to_pass and r.recheck_at > %(at)s and r.judged_for > %(earliest)s {within}
        and (r.rule_set_id is distinct from slice.rule_set_id or %(anew)s)"""
"""Of those, whoever was judged by other rules, or by conditions that have no bits there yet; all other words follow from
these, and stand. None of them is planned before `earliest`."""
WITHIN: LiteralString = (
    "and r.judged_for >= coalesce(begins, '-infinity') and r.judged_for < coalesce(ends, 'infinity')"
)
"""Said only where a slice has an end: the planner believes that it leaves one row in nine."""
BY_INDEX: LiteralString = "r.passage_id"
READ_THROUGH: LiteralString = "(r.passage_id + 0)"
"""Where most passages are concerned: the planner, which takes the wall for dear, would look each of them up by its index."""
PERSON: LiteralString = "left join migrants_migrant m on m.id = r.person_id"
"""Whose facts are asked, where a condition reads more of the person than the key."""
OF_ROW: LiteralString = """
    r.person_id, coalesce(r.judged_for, %(at)s) as hour, coalesce(r.late_for, %(at)s) as late, %(at)s::timestamptz as known"""
OF_PERSON: LiteralString = "m.group_id, m.birth_year, m.birth_month, m.birth_day, m.alone, m.documents_asked_at"
MOVES: LiteralString = """
    select crossing_id, from_country, to_country, was, now, sum(people)::bigint as people
    from (select {group} as group_id, was, now, count(*) as people
        from (select * from {written} where was is distinct from now offset 0) other group by 1, 2, 3) moved
    cross join lateral (
        select g.* from migrants_travelgroup g where g.id = moved.group_id and g.closed_at is null offset 0) g
    group by 1, 2, 3, 4, 5"""
"""How many people who wait somewhere have another worst finding now; `was` is empty for whoever had none.

Each is looked up by itself, each group once: the planner takes everybody for changed, and would read the archive for few."""
GROUP_OF_PERSON: LiteralString = "(select m.group_id from migrants_migrant m where m.id = other.person_id)"
TOLD: LiteralString = """
    select {worst}, count(*), {changed},
        (select jsonb_agg(jsonb_build_array(crossing_id, from_country, to_country, was, now, people)) from moves)
    from {judged} group by 1"""
"""How many have each worst finding, of which the verdict of a case follows: what is carried of each row is written down."""
_SETTING: LiteralString = """
    select set_config('enable_seqscan', %s, true), set_config('join_collapse_limit', %s, true),
        set_config('plan_cache_mode', %s, true)"""
_FOUND = (*VERDICTS, "verdict", "worst")
_KEPT = ("person_id", "passage_id", "rule_set_id", "judged_for", "late_for", "is_to_pass", *COLUMNS, *_FOUND)
_WRITTEN = (*_KEPT, "judged_at", "recheck_at")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many cases were judged to what, how many rows said something else before, and how the board's counts move.

    `came` is where somebody was judged for the first time, who was a head among others there before.
    """

    verdicts: Counter[str]
    changed: int
    moved: Counter[tuple[int, str, str, str]]
    came: set[Direction]


def names(columns: Sequence[str], *, of: str = "") -> Composable:
    """Give a list of columns, each of one relation."""
    dotted = SQL("{}.{}")
    return SQL(", ").join(
        dotted.format(Identifier(of), Identifier(name)) if of else Identifier(name) for name in columns
    )


def placed(*, some: bool) -> Composable:
    """Give the relation `placed`, the open cases of some groups at their barriers; with `some` only `cases` of `people`.

    It wants the parameters of `placing`.
    """
    return SQL(PLACED).format(people=SQL(SOME_THERE if some else ALL_THERE))


def placing(barriers: Mapping[int, Barrier], *, at: datetime) -> dict[str, Any]:
    """Give the parameters of `placed`: groups, by key, at their barriers."""
    rows = list(barriers.values())
    return {
        "at": at,
        "today": at.date(),
        "groups": list(barriers),
        "hours": [row.hour for row in rows],
        "lates": [row.late for row in rows],
        "planned": [row.planned is not None for row in rows],
        "rechecks": [row.recheck_at for row in rows],
        "countries": [None if row.countries is None else " ".join(sorted(row.countries)) for row in rows],
    }


def judge_from_facts(
    worded: Wording,
    barriers: Mapping[int, Barrier],
    *,
    at: datetime,
    cases: Mapping[int, int],
    hand: Mapping[str, list[int]] | None,
) -> Outcome:
    """Look at every fact of some open cases (with whose they are) anew, judge them by one slice, store what differs.

    None of them may be somebody who has left with a movement.
    """
    place, rules = worded.place, worded.slice_.rules
    (rule_set,) = slots.rule_sets([(place.passage, rules)])
    asked = {"passage": place.passage, "rule_set": rule_set, "cases": list(cases), "people": list(cases.values())}
    waivers = waived(worded.asked, place.numbering)
    parameters = {**placing(barriers, at=at), **asked, **waivers, **(hand or {})}
    with _by_indexes(), connection.cursor() as cursor:
        prepared.run(cursor, _from_facts(worded), parameters)
        return _outcome(cursor.fetchall())


@contextmanager
def _by_indexes() -> Iterator[None]:
    """Looks each fact of some cases up, whatever the planner believes of tables that a long list has filled a moment ago.

    So there is one way to do it, in the order in which it is written, which a session keeps.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SETTING, ["off", "1", "force_generic_plan"])
        yield
        cursor.execute(_SETTING, ["on", "8", "auto"])


@contextmanager
def _in_memory() -> Iterator[None]:
    """Keeps what is told of each row out of files: some 50 bytes of each, and more than this room goes to a file after all."""
    with connection.cursor() as cursor:
        cursor.execute("set local work_mem to '64MB'")
        yield
        cursor.execute("set local work_mem to default")


@lru_cache(maxsize=128)
def _from_facts(worded: Wording) -> str:
    place = worded.place
    bits = bits_of(worded.asked, place.numbering, own=True, by_hand=worded.by_hand)
    return _text(
        SQL(
            "with placed as ({placed}), judged as materialized ("
            " select case_id, person_id, group_id, %(passage)s::bigint as passage_id, %(rule_set)s::bigint as rule_set_id,"
            " %(at)s::timestamptz as judged_at, recheck_at, case when is_planned then hour end as judged_for,"
            " case when is_planned then late end as late_for, true as is_to_pass, {found} from ({verdicts}) worded),"
            " written as (insert into returns_casereadiness as r (case_id, {written})"
            " select j.case_id, {values} from judged j left join lateral ("
            " select s.* from returns_casereadiness s where s.case_id = j.case_id offset 0) s on true"
            " where s.recheck_at is null or s.recheck_at <= %(at)s or ({new}) is distinct from ({old})"
            " on conflict (case_id) do update set ({written}) = row ({excluded})"
            " returning r.person_id, old.worst as was, new.worst as now),"
            " moves as ({moves}) {told}"
        ).format(
            placed=placed(some=True),
            found=names((*COLUMNS, *_FOUND)),
            verdicts=verdicts_of(bits, worded.slice_.rules, place.numbering),
            written=names(_WRITTEN),
            values=names(_WRITTEN, of="j"),
            new=names(_KEPT, of="j"),
            old=names(_KEPT, of="s"),
            excluded=names(_WRITTEN, of="excluded"),
            moves=SQL(MOVES).format(written=SQL("written"), group=SQL(GROUP_OF_PERSON)),
            told=SQL(TOLD).format(
                judged=SQL("judged"), worst=SQL("worst"), changed=SQL("(select count(*) from written)")
            ),
        )
    )


def judge_from_bits(alike: Sequence[Wording], *, at: datetime) -> Outcome:
    """Judge whoever is to pass in slices of the same wording from the bits that are stored and those that are new there.

    Who was judged by the same rules is left alone, unless a condition is new. All slices ask the same of the facts, waivers
    among them.
    """
    first = alike[0]
    parameters: dict[str, Any] = {
        "at": at,
        "earliest": at - LONGEST_QUEUE,
        "anew": any(each.place.new for each in alike),
        "passages": [each.place.passage for each in alike],
        "rule_sets": slots.rule_sets([(each.place.passage, each.slice_.rules) for each in alike]),
        "begins": [each.slice_.begins for each in alike],
        "ends": [each.slice_.ends for each in alike],
    }
    with _in_memory():
        return _told(_from_bits(first, _whom(alike)), {**parameters, **waived(first.asked, first.place.numbering)})


def _whom(alike: Sequence[Wording]) -> LiteralString:
    """Give who is to pass in some slices, worded so that the planner reads no more than it must."""
    most = 2 * len({each.place.passage for each in alike}) > Passage.objects.count()
    bounded = any(each.slice_.begins or each.slice_.ends for each in alike)
    return IN_SLICES.format(passage=READ_THROUGH if most else BY_INDEX, within=WITHIN if bounded else "")


@lru_cache(maxsize=128)
def _from_bits(worded: Wording, whom: LiteralString) -> str:
    """Judge each row where it stands, without finding it a second time: what it says then is a question within the update."""
    numbering, rules = worded.place.numbering, worded.slice_.rules
    changing = (*_cleared(worded.asked, numbering), *_FOUND)
    words = _words([*conditions_of(rules), *worded.asked], numbering)
    person = SQL("(select) nobody " + PERSON) if reads_person(worded.asked) else None
    return _text(
        SQL(
            "with written as (update returns_casereadiness r set ({changing}) = ("
            " with placed as ({placed}) select {changing} from ({verdicts}) worded),"
            " rule_set_id = slice.rule_set_id, judged_at = %(at)s from {whom}"
            " returning r.person_id, old.worst as was, new.worst as now),"
            " moves as ({moves}) {told}"
        ).format(
            placed=_stored(words, person),
            verdicts=verdicts_of(_renewed(worded.asked, numbering, words, late=asks_late(rules)), rules, numbering),
            changing=names(changing),
            whom=SQL(whom),
            moves=SQL(MOVES).format(written=SQL("written"), group=SQL(GROUP_OF_PERSON)),
            told=SQL(TOLD).format(
                judged=SQL("written"), worst=SQL("now"), changed=SQL("(sum(count(*)) over ())::bigint")
            ),
        )
    )


def fill(place: slots.Place, *, at: datetime, hand: Mapping[str, list[int]] | None) -> None:
    """Give the stored rows of a passage the bits of conditions that are new there."""
    changed = tuple(_cleared(place.new, place.numbering))
    there = SQL("returns_casereadiness r " + PERSON + AT_PASSAGE)
    statement = SQL(
        "with placed as ({placed}) update returns_casereadiness r set ({changed}) = row ({values}) from ({bits} offset 0) b"
        " where r.case_id = b.case_id"
    ).format(
        placed=_stored(changed, there),
        changed=names(changed),
        values=names(changed, of="b"),
        bits=_renewed(place.new, place.numbering, changed, by_hand=hand is not None),
    )
    parameters: dict[str, Any] = {
        "passage": place.passage,
        "at": at,
        **waived(place.new, place.numbering),
        **(hand or {}),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _stored(words: Sequence[str], there: Composable | None) -> Composable:
    """Give the relation `placed` of stored rows `r`, with some of their words as `was_…`.

    `there` finds the person `m`; without it, only what stands with their key can be asked.
    """
    was = SQL(", ").join(SQL("r.{} as {}").format(Identifier(name), Identifier(f"was_{name}")) for name in words)
    row = SQL("select r.case_id, r.judged_for is not null as is_planned, {}, {}").format(SQL(OF_ROW), was)
    return row if there is None else SQL("{}, {} from {}").format(row, SQL(OF_PERSON), there)


def _renewed(
    conditions: Sequence[Condition],
    numbering: Numbering,
    words: Sequence[str],
    *,
    by_hand: bool = False,
    late: bool = False,
) -> Composable:
    """Give some words of `_stored` rows, those bits that belong to `conditions` asked anew; with `late` also that hour."""
    cleared = _cleared(conditions, numbering)
    carried = SQL("late, ") if late else SQL("")
    renewed = SQL(", ").join(
        SQL("(was_{name} & ~{bits}::bigint | {name}) as {name}").format(name=SQL(name), bits=Literal(cleared[name]))
        if name in cleared
        else SQL("was_{name} as {name}").format(name=SQL(name))
        for name in words
    )
    asked = bits_of(conditions, numbering, own=False, by_hand=by_hand)
    return SQL("select case_id, is_planned, {}{} from ({}) asked").format(carried, renewed, asked)


def _words(conditions: Sequence[Condition], numbering: Numbering) -> tuple[str, ...]:
    """Give the words in which bits of `conditions` stand, and those of our own conditions."""
    used = {"true_low", "false_low", *_cleared(conditions, numbering)}
    return tuple(name for name in COLUMNS if name in used)


def _cleared(conditions: Sequence[Condition], numbering: Numbering) -> dict[str, int]:
    """Give the bits of `conditions` in each word that has any."""
    cleared: dict[str, int] = {}
    for condition in conditions:
        bit = numbering.bit(condition)
        for true in (True, False):
            for late in (True, False):
                name = column(bit, true=true, late=late)
                cleared[name] = cleared.get(name, 0) | mask(bit)
    return cleared


def _text(statement: Composable) -> str:
    return statement.as_string(connection.connection)


def _told(statement: str, parameters: Mapping[str, Any]) -> Outcome:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return _outcome(cursor.fetchall())


def _outcome(rows: Sequence[tuple[Any, ...]]) -> Outcome:
    moved: Counter[tuple[int, str, str, str]] = Counter()
    came: set[Direction] = set()
    for crossing, start, end, was, now, people in json.loads(rows[0][3] or "[]") if rows else ():
        moved[crossing, start, end, now] += people
        if was is None:
            came.add((crossing, start, end))
        else:
            moved[crossing, start, end, was] -= people
    verdicts: Counter[str] = Counter()
    for worst, people, *_rest in rows:
        verdicts[case_verdict([worst])] += people
    return Outcome(verdicts, max((row[2] for row in rows), default=0), moved, came)
