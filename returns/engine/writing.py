"""The statements that keep `returns_casereadiness` true. Each judges many cases, writes those that differ, and counts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from returns.barriers import Barrier
from returns.engine import slots
from returns.engine.bits import COLUMNS, bits_of
from returns.engine.conditions import Condition, column, mask
from returns.engine.levels import VERDICTS, verdicts_of

DEPARTED: LiteralString = """exists (
    select from returns_seat s join returns_movement way on way.id = s.movement_id
    where s.person_id = m.id and s.vehicle_id is not null and way.exited_at is not null)"""
PLACED: LiteralString = """placed as (
    select c.id as case_id, m.id as person_id, m.group_id, m.birth_year, m.birth_month, m.birth_day, m.alone,
        m.documents_asked_at, hour, late, is_planned, recheck_at, string_to_array(countries, ' ') as countries,
        %(at)s::timestamptz as known, %(today)s::date as today
    from unnest(%(groups)s::bigint[], %(hours)s::timestamptz[], %(lates)s::timestamptz[], %(planned)s::boolean[],
        %(rechecks)s::timestamptz[], %(countries)s::text[])
        place (group_id, hour, late, is_planned, recheck_at, countries)
    join migrants_migrant m on m.group_id = place.group_id and m.merged_into_id is null
    join returns_returncase c on c.person_id = m.id and c.closed_at is null
    where {wanted} and not {departed})"""
STANDING: LiteralString = """
    join returns_returncase c on c.id = r.case_id and c.closed_at is null
    join migrants_migrant m on m.id = c.person_id and m.merged_into_id is null
    where r.passage_id = %(passage)s and r.recheck_at > %(at)s and not {departed}"""
"""The stored rows of whoever is still to pass there at an hour that has not come."""
_KEPT = ("passage_id", "rule_set_id", "judged_for", "late_for", *COLUMNS, *VERDICTS, "verdict", "worst")
_WRITTEN = (*_KEPT, "judged_at", "recheck_at")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many cases were judged to what, how many rows said something else before, and how the board's counts move."""

    verdicts: Counter[str]
    changed: int
    moved: Counter[tuple[int, str, str, str]]


def names(columns: Sequence[str], *, of: str = "") -> Composable:
    """Give a list of columns, each of one relation."""
    dotted = SQL("{}.{}")
    return SQL(", ").join(
        dotted.format(Identifier(of), Identifier(name)) if of else Identifier(name) for name in columns
    )


def placing(
    barriers: Mapping[int, Barrier], *, at: datetime, cases: Sequence[int] | None
) -> tuple[Composable, dict[str, Any]]:
    """Give the relation `placed`, the open cases of some groups at their barriers, with its parameters.

    `cases` narrows it to some (by key). Whoever has left with a movement is left out.
    """
    rows = list(barriers.values())
    wanted = SQL("true") if cases is None else SQL("c.id = any (%(cases)s)")
    countries = [None if row.countries is None else " ".join(sorted(row.countries)) for row in rows]
    return SQL(PLACED).format(wanted=wanted, departed=SQL(DEPARTED)), {
        "at": at,
        "today": at.date(),
        "groups": list(barriers),
        "hours": [row.hour for row in rows],
        "lates": [row.late for row in rows],
        "planned": [row.planned is not None for row in rows],
        "rechecks": [row.recheck_at for row in rows],
        "countries": countries,
        "cases": None if cases is None else list(cases),
    }


def judge_from_facts(
    place: slots.Place,
    slice_: slots.Slice,
    barriers: Mapping[int, Barrier],
    *,
    at: datetime,
    cases: Sequence[int],
    hand: Mapping[str, list[int]] | None,
) -> Outcome:
    """Look at every fact of some cases anew, judge them by one slice, and store what differs."""  # fmt: skip
    placed, parameters = placing(barriers, at=at, cases=cases)
    bits = bits_of(place.conditions, place.numbering, own=True, by_hand=hand is not None)
    statement = SQL(
        "with {placed}, judged as materialized ("
        " select {passage}::bigint as passage_id, {rules}::bigint as rule_set_id, {at}::timestamptz as judged_at,"
        " case when is_planned then hour end as judged_for, case when is_planned then late end as late_for, worded.*"
        " from ({verdicts}) worded),"
        " written as (insert into returns_casereadiness as r (case_id, {written})"
        " select j.case_id, {values} from judged j left join returns_casereadiness s on s.case_id = j.case_id"
        " where s.recheck_at is null or s.recheck_at <= {at} or ({new}) is distinct from ({old})"
        " on conflict (case_id) do update set ({written}) = row ({excluded}) returning 1)"
        " select verdict, count(*), (select count(*) from written) from judged group by verdict"
    ).format(
        placed=placed,
        passage=Literal(place.passage),
        rules=Literal(slots.rule_set(place.passage, slice_.rules)),
        at=SQL("%(at)s"),
        verdicts=verdicts_of(bits, slice_.rules, place.numbering),
        written=names(_WRITTEN),
        values=names(_WRITTEN, of="j"),
        new=names(_KEPT, of="j"),
        old=names(_KEPT, of="s"),
        excluded=names(_WRITTEN, of="excluded"),
    )
    return _told(statement, {**parameters, **(hand or {})})


def judge_from_bits(
    place: slots.Place, slice_: slots.Slice, *, at: datetime, hand: Mapping[str, list[int]] | None
) -> Outcome:
    """Judge whoever is to pass in one slice from the bits that are stored and those that are new there; store what differs."""
    changed = _cleared(place, place.new)
    changing = ("rule_set_id", *changed, *VERDICTS, "verdict", "worst")
    there = SQL("{} {}").format(
        SQL(STANDING).format(departed=SQL(DEPARTED)),
        SQL(
            " and r.judged_for is not null and (%(begins)s::timestamptz is null or r.judged_for >= %(begins)s)"
            " and (%(ends)s::timestamptz is null or r.judged_for < %(ends)s)"
        ),
    )
    statement = SQL(
        "with {placed}, judged as materialized (select {rules}::bigint as rule_set_id, worded.* from ({verdicts}) worded),"
        " written as (update returns_casereadiness r set ({changing}) = row ({values}), judged_at = %(at)s from judged j"
        " where r.case_id = j.case_id and ({old}) is distinct from ({values})"
        " returning j.group_id, old.worst as was, new.worst as now),"
        " moves as (select g.crossing_id, g.from_country, g.to_country, was, now, count(*) as people"
        " from written join migrants_travelgroup g on g.id = group_id and g.closed_at is null where was <> now"
        " group by 1, 2, 3, 4, 5)"
        " select verdict, count(*), (select count(*) from written),"
        " (select jsonb_agg(jsonb_build_array(crossing_id, from_country, to_country, was, now, people)) from moves)"
        " from judged group by verdict"
    ).format(
        placed=_stored(there),
        rules=Literal(slots.rule_set(place.passage, slice_.rules)),
        verdicts=verdicts_of(_renewed(place, place.new, hand), slice_.rules, place.numbering),
        changing=names(changing),
        values=names(changing, of="j"),
        old=names(changing, of="r"),
    )
    parameters = {"passage": place.passage, "at": at, "begins": slice_.begins, "ends": slice_.ends}
    return _told(statement, {**parameters, **(hand or {})})


def fill(place: slots.Place, *, at: datetime, hand: Mapping[str, list[int]] | None) -> None:
    """Give the stored rows of a passage the bits of conditions that are new there."""
    changed = _cleared(place, place.new)
    statement = SQL(
        "with {placed} update returns_casereadiness r set ({changed}) = row ({values}) from ({bits} offset 0) b"
        " where r.case_id = b.case_id"
    ).format(
        placed=_stored(SQL(STANDING).format(departed=SQL(DEPARTED))),
        changed=names(tuple(changed)),
        values=names(tuple(changed), of="b"),
        bits=_renewed(place, place.new, hand),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"passage": place.passage, "at": at, **(hand or {})})


def _stored(there: Composable) -> Composable:
    """Give the relation `placed` of stored rows, with their words as `was_…`."""
    words = SQL(", ").join(SQL("r.{} as {}").format(Identifier(name), Identifier(f"was_{name}")) for name in COLUMNS)
    return SQL(
        "placed as (select r.case_id, m.id as person_id, m.group_id, m.birth_year, m.birth_month, m.birth_day, m.alone,"
        " m.documents_asked_at, coalesce(r.judged_for, %(at)s) as hour, coalesce(r.late_for, %(at)s) as late,"
        " r.judged_for is not null as is_planned, %(at)s::timestamptz as known, {} from returns_casereadiness r {})"
    ).format(words, there)


def _renewed(place: slots.Place, conditions: Sequence[Condition], hand: Mapping[str, list[int]] | None) -> Composable:
    """Give the words of `_stored` rows, those bits that belong to `conditions` asked anew."""
    cleared = _cleared(place, conditions)
    words = SQL(", ").join(
        SQL("(was_{name} & ~{bits}::bigint | {name}) as {name}").format(name=SQL(name), bits=Literal(cleared[name]))
        if name in cleared
        else SQL("was_{name} as {name}").format(name=SQL(name))
        for name in COLUMNS
    )
    asked = bits_of(conditions, place.numbering, own=False, by_hand=hand is not None)
    return SQL("select case_id, group_id, is_planned, {} from ({}) asked").format(words, asked)


def _cleared(place: slots.Place, conditions: Sequence[Condition]) -> dict[str, int]:
    """Give the bits of `conditions` in each word that has any."""
    cleared: dict[str, int] = {}
    for condition in conditions:
        bit = place.numbering.bit(condition)
        for true in (True, False):
            for late in (True, False):
                name = column(bit, true=true, late=late)
                cleared[name] = cleared.get(name, 0) | mask(bit)
    return cleared


def _told(statement: Composable, parameters: Mapping[str, Any]) -> Outcome:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    moved: Counter[tuple[int, str, str, str]] = Counter()
    for crossing, start, end, was, now, people in json.loads(rows[0][3] or "[]") if rows and len(rows[0]) > 3 else ():
        moved[crossing, start, end, was] -= people
        moved[crossing, start, end, now] += people
    verdicts = Counter({row[0]: row[1] for row in rows})
    return Outcome(verdicts, max((row[2] for row in rows), default=0), moved)
