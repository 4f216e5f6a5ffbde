"""Register one person with a case, and have cases judged anew when a fact about people has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction

from common.actors import Actor
from common.pictures import Drawn
from migrants import families, groups, pictures
from migrants.comparing import compare_again
from migrants.corrections import Identity, correct
from migrants.documents import record_document
from migrants.entries import DocumentEntry, PersonEntry
from migrants.enums import PictureKind, TestResult
from migrants.identity import offer_pairs
from migrants.merging import decide, unmerge
from migrants.models import (
    CompanyQuestion,
    DuplicatePair,
    Family,
    HealthTest,
    Merge,
    Migrant,
    Nationality,
    PersonName,
    Relation,
    TravelDocument,
    TravelGroup,
)
from migrants.models.people import MigrantQuerySet
from migrants.particulars import record_name, record_nationality
from migrants.registration import Match, match, register
from partners.models import Office
from returns import board_counts, cases, infections, readiness


def whom_it_may_be(entry: PersonEntry, *, within: MigrantQuerySet) -> Match:
    """Give the known people who may be the one entered, with reasons; nothing is stored."""
    return match([entry], within=within)[0]


@transaction.atomic
def register_with_case(
    *,
    group: TravelGroup,
    mission: Office,
    entry: PersonEntry,
    within: MigrantQuerySet,
    apart_from: Iterable[Migrant] = (),
    photograph: Drawn | None = None,
    by: Actor,
    at: datetime,
) -> Migrant:
    """Register a person, open the case, and put every likely pair into the queue. Raises RegistrationError.

    `apart_from` are people of whom the registrar said that this is another: their pairs are decided at once.
    """
    person = register(group=group, mission=mission, entry=entry, by=by, at=at)
    others = {other.pk for other in apart_from}
    for pair in offer_pairs(people=[person], within=within, by=by, at=at):
        if others & {pair.first_id, pair.second_id}:
            decide(pair=pair, same=False, by=by, at=at)
    if photograph is not None:
        pictures.keep(person=person, kind=PictureKind.PHOTOGRAPH, upload=photograph, by=by, at=at)
    cases.open_cases(people=[person], by=by, at=at)
    return person


@transaction.atomic
def add_document(
    *,
    person: Migrant,
    document: DocumentEntry,
    replaces: TravelDocument | None = None,
    within: MigrantQuerySet,
    by: Actor,
    at: datetime,
) -> TravelDocument:
    """Record a document, and compare the person anew with whoever of `within` has the same. Raises DocumentError."""
    row = record_document(person=person, document=document, replaces=replaces, by=by, at=at)
    compare_again(people=[person], within=within, by=by, at=at)
    facts_changed([person], at=at)
    return row


@transaction.atomic
def add_name(
    *,
    person: Migrant,
    full_name: str,
    kind: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    within: MigrantQuerySet,
    by: Actor,
    at: datetime,
) -> PersonName:
    """Record another name, and compare the person anew with whoever of `within` bears it. Raises ParticularError."""
    days = {"valid_from": valid_from, "valid_until": valid_until}
    row = record_name(person=person, full_name=full_name, kind=kind, by=by, at=at, **days)
    compare_again(people=[person], within=within, by=by, at=at)
    return row


@transaction.atomic
def add_nationality(
    *, person: Migrant, code: str, status: str, within: MigrantQuerySet, by: Actor, at: datetime
) -> Nationality:
    """Record a nationality, or how sure one is, and compare the person anew. Raises ParticularError."""
    row = record_nationality(person=person, code=code, status=status, by=by, at=at)
    compare_again(people=[person], within=within, by=by, at=at)
    return row


@transaction.atomic
def correct_person(
    *, person: Migrant, right: Identity, name_was: str, seen: str, within: MigrantQuerySet, by: Actor, at: datetime
) -> bool:
    """Correct who somebody is, and compare the person anew: pairs that no longer hold are closed, new ones are offered.

    Tells whether anything changed. Raises CorrectionError.
    """
    person, changed = correct(person=person, right=right, name_was=name_was, seen=seen, by=by, at=at)
    if changed:
        compare_again(people=[person], within=within, by=by, at=at)
        facts_changed([person], at=at)
    return changed


@transaction.atomic
def decide_pair(
    *, pair: DuplicatePair, same: bool, keep: Migrant | None, within: MigrantQuerySet, by: Actor, at: datetime
) -> Merge | None:
    """Decide about a pair as it was seen. After a merge the kept person is compared anew, and both are judged anew.

    Raises MergeError.
    """
    with board_counts.carried(people=[pair.first_id, pair.second_id]):
        made = decide(pair=pair, same=same, keep=keep, seen=pair.state, by=by, at=at)
    if made is not None:
        compare_again(people=[made.kept], within=within, by=by, at=at)
        readiness.check(people=[made.kept_id, made.absorbed_id], at=at, facts_only=True)
    return made


@transaction.atomic
def undo_merge(*, merge: Merge, why: str = "", by: Actor, at: datetime) -> Merge:
    """Make two records of one again; both are judged anew. Raises MergeError."""
    with board_counts.carried(people=[merge.kept_id, merge.absorbed_id]):
        made = unmerge(merge=merge, why=why, by=by, at=at)
    readiness.check(people=[made.kept_id, made.absorbed_id], at=at, facts_only=True)
    return made


@transaction.atomic
def put_in_family(*, group: TravelGroup, people: Collection[Migrant], code: str, by: Actor, at: datetime) -> int:
    """Link people as a family. Where one of them tested positive, the others are kept back too. Raises GroupError."""
    moved = groups.put_in_family(group=group, people=people, code=code, by=by, at=at)
    asked = _children_asked_about(at)
    tests = HealthTest.objects.filter(person__family__people__in=moved, result=TestResult.POSITIVE)
    concerned = infections.follow(tests=list(tests.filter(replaced_by__isnull=True).distinct()), by=by, at=at)
    readiness.check(people={person.pk for person in moved} | concerned | asked, at=at, facts_only=True)
    return len(moved)


@transaction.atomic
def leave_family(*, family: Family, people: Collection[Migrant], by: Actor, at: datetime) -> int:
    """Take people out of a family; children whom their guardian leaves are judged anew. Raises FamilyError."""
    n = families.leave_family(family=family, people=people, by=by, at=at)
    concerned = _children_asked_about(at) | {person.pk for person in people}
    readiness.check(people=concerned, at=at, facts_only=True)
    return n


@transaction.atomic
def end_relation(*, relation: Relation, why: str, by: Actor, at: datetime) -> Relation:
    """End a relation; a child who has no other guardian there is judged anew. Raises FamilyError."""
    row = families.end_relation(relation=relation, why=why, by=by, at=at)
    readiness.check(people=[row.other_id], at=at, facts_only=True)
    return row


def _children_asked_about(at: datetime) -> set[int]:
    """Children (keys) about whom a question was raised by this very act."""
    return set(CompanyQuestion.objects.open().filter(raised_at=at).values_list("person", flat=True))


def facts_changed(people: Iterable[Migrant], *, at: datetime) -> None:
    """Judge the open cases of people about whom something was written down."""
    keys = [person.pk for person in people]
    if keys:
        readiness.check(people=keys, at=at, facts_only=True)
