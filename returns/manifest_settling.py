"""Rows of a confirmed list become people: those who are new are registered, the others found, and all have a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from migrants.entries import PersonEntry
from migrants.models import Migrant, TravelGroup
from migrants.models.people import MigrantQuerySet
from migrants.proofs import record_listed
from migrants.registration import Match, match_known, register_many
from returns import board_counts, cases, readiness
from returns.enums import RowOutcome
from returns.manifest_comparing import compare_again
from returns.manifest_staging import Content, ManifestError, content_of, outcome_of
from returns.models import ManifestRow, ManifestUpload, ReturnCase

NEW, LATER = "new", "later"


def settle_rows(
    upload: ManifestUpload,
    rows: Sequence[ManifestRow],
    *,
    decisions: Mapping[int, str],
    within: MigrantQuerySet,
    by: Actor,
    at: datetime,
    judged: bool = True,
) -> None:
    """Store rows that were staged, compared with whoever is known by now but those whom this list has brought.

    With `judged` False the caller judges the cases. Two rows of one list that look like one person are left to
    `decisions`, whether they come together or not.
    """
    contents = [content_of(row) for row in rows]
    found = compare_again(
        upload,
        [_entry(content) for content in contents],
        met=[bool(content.candidates) for content in contents],
        within=within,
    )
    matches = [
        met if content.twin is None else replace(met, twin=content.twin)
        for content, met in zip(contents, found, strict=True)
    ]
    brought = _brought(upload, matches)
    if brought:
        matches = [met.without(brought) for met in matches]
    for row, met in zip(rows, matches, strict=True):
        row.outcome, row.person = outcome_of(met), met.known.person if met.known else None
    _settle(upload, rows, contents, matches, decisions=decisions, within=within, by=by, at=at, judged=judged)


def decide_rows(
    upload: ManifestUpload,
    rows: Sequence[ManifestRow],
    *,
    decisions: Mapping[int, str],
    within: MigrantQuerySet,
    by: Actor,
    at: datetime,
) -> None:
    """Store rows that were left in doubt, as far as there is a decision of them."""
    contents = [content_of(row) for row in rows]
    matches = match_known([_entry(content) for content in contents], within=within)
    _settle(upload, rows, contents, matches, decisions=decisions, within=within, by=by, at=at)


def _brought(upload: ManifestUpload, matches: Sequence[Match]) -> set[int]:
    """Give those of the candidates whom earlier rows of the same list have brought."""
    met = {candidate.person.pk for each in matches for candidate in each.candidates}
    if not met:
        return set()
    rows = ManifestRow.objects.filter(upload=upload, outcome=RowOutcome.CREATE, person__in=met)
    return {person for person in rows.values_list("person", flat=True) if person is not None}


def _settle(
    upload: ManifestUpload,
    rows: Sequence[ManifestRow],
    contents: Sequence[Content],
    matches: Sequence[Match],
    *,
    decisions: Mapping[int, str],
    within: MigrantQuerySet,
    by: Actor,
    at: datetime,
    judged: bool = True,
) -> None:
    """Register who is new, point the rows to their people, and open the cases; a constant number of statements."""
    named = _named_people(rows, matches, decisions, within=within)
    for row in rows:
        decision = decisions.get(row.row_number, LATER)
        if row.outcome == RowOutcome.DECIDE and decision == NEW:
            row.outcome = RowOutcome.CREATE
        elif row.outcome == RowOutcome.DECIDE and decision in named:
            row.outcome, row.person = RowOutcome.MATCH, named[decision]
    fresh = [place for place, row in enumerate(rows) if row.outcome == RowOutcome.CREATE]
    entries = [_entry(contents[place]) for place in fresh]
    people = register_many(group=upload.group, mission=upload.mission, entries=entries, by=by, at=at, through=upload)
    for place, person in zip(fresh, people, strict=True):
        rows[place].person = person
    _follow_rows(upload, rows, decisions)
    _keep_outcomes(rows)
    known = [row.person for row in rows if row.outcome == RowOutcome.MATCH and row.person is not None]
    _bring_in(upload.group, known, by=by, at=at)
    cases.open_cases(people=[*people, *known], by=by, at=at, through=upload, judged=judged)
    _prove_known(upload, rows, contents, by=by, at=at)


def _prove_known(
    upload: ManifestUpload, rows: Sequence[ManifestRow], contents: Sequence[Content], *, by: Actor, at: datetime
) -> None:
    """Record what the list says of people who were known before, and judge those of whom that is new."""
    shown = [
        (row.person, proof)
        for row, content in zip(rows, contents, strict=True)
        if row.outcome == RowOutcome.MATCH and row.person is not None
        for proof in _entry(content).proofs
    ]
    if shown and (stored := record_listed(proofs=shown, through=upload, by=by, at=at)):
        people = list({row.person_id for row in stored if row.person_id is not None})
        readiness.check(people=people, at=at, facts_only=True)


def _keep_outcomes(rows: Sequence[ManifestRow]) -> None:
    """Write what happened to each row in one statement, whatever their number."""
    told = [row.pk for row in rows], [str(row.outcome) for row in rows], [row.person_id for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "update returns_manifestrow r set outcome = told.outcome, person_id = told.person"
            " from unnest(%s::bigint[], %s::text[], %s::bigint[]) told (id, outcome, person) where r.id = told.id",
            told,
        )


def _named_people(
    rows: Sequence[ManifestRow], matches: Sequence[Match], decisions: Mapping[int, str], *, within: MigrantQuerySet
) -> dict[str, Migrant]:
    """Give the people whom decisions name, as far as they are in scope and were candidates of a row."""
    offered = {str(each.person.public_id) for met in matches for each in met.candidates}
    wanted = {decisions[row.row_number] for row in rows if decisions.get(row.row_number) in offered}
    return {str(person.public_id): person for person in within.filter(public_id__in=wanted)} if wanted else {}


def _follow_rows(upload: ManifestUpload, rows: Sequence[ManifestRow], decisions: Mapping[int, str]) -> None:
    """Rows that were found to be written twice point to the person of the row before."""
    named: dict[int, list[ManifestRow]] = {}
    for row in rows:
        _kind, _colon, number = decisions.get(row.row_number, "").partition("row:")
        if row.outcome == RowOutcome.DECIDE and number.isdecimal():
            named.setdefault(int(number), []).append(row)
    if not named:
        return
    people = dict(upload.rows.filter(person__isnull=False, row_number__in=named).values_list("row_number", "person"))
    people |= {row.row_number: row.person_id for row in rows if row.person_id}
    for place, followers in named.items():
        for row in followers if place in people else ():
            row.outcome, row.person_id = RowOutcome.MATCH, people[place]


def _bring_in(group: TravelGroup, people: Sequence[Migrant], *, by: Actor, at: datetime) -> None:
    """Known people whose own group is closed, or who have none, join the group of the list."""
    loose = Migrant.objects.filter(pk__in=[person.pk for person in people]).filter(
        Q(group__isnull=True) | Q(group__closed_at__isnull=False)
    )
    joining = list(loose.exclude(group=group))
    keys = [person.pk for person in joining]
    with board_counts.carried(people=keys):
        Migrant.objects.filter(pk__in=keys).update(group=group, family=None)
    audit.record_many((("person joined group", person) for person in joining), by=by, at=at)
    if keys and ReturnCase.objects.open().filter(person__in=keys).exists():
        readiness.check(people=keys, at=at, facts_only=True)  # whose case was open where nobody waits any more


def _entry(content: Content) -> PersonEntry:
    if content.entry is None:
        raise ManifestError(_("A row without a person cannot be stored."))
    return content.entry
