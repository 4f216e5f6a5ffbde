"""What is known of people at a time, as plain values. The floor above judges them; nothing here knows of requirements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from migrants.ages import may_be_child
from migrants.enums import AloneStatus, Answer, DocumentState, Purpose
from migrants.models import (
    ChildArrangement,
    CompanyQuestion,
    Consent,
    HealthTest,
    Migrant,
    Nationality,
    Proof,
    ProtectionHold,
    TravelDocument,
)


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document: kind and state as in `migrants.enums`, the last day of validity if it was written down."""

    kind: str
    state: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class KnownTest:
    """A health test; its clock starts at `sampled_at` (rule 28)."""

    kind: str
    result: str
    sampled_at: datetime


@dataclass(frozen=True, slots=True)
class KnownProof:
    """What stands in a proof (`migrants.models.Proof`), of the person or of the whole group."""

    kind: str
    sort: str
    country: str
    title: str
    doses: int | None
    amount: Decimal | None
    currency: str
    begins_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The facts of one person.

    `documents` None: never asked; empty: asked, has none. `consent_form` None: consent to return never asked; True: yes,
    and the form of an international leg is signed. `hold_against`: countries that must not learn of the person.
    `child_alone`: may be under 18 and has no parent or guardian there; `child_arranged`: best interests, escort and
    receiver stand; `company_asked`: the guardian has left, and nobody has said with whom the child is.
    """

    person: int
    birth_year: int | None
    birth_month: int | None
    birth_day: int | None
    nationalities: frozenset[str]
    documents: tuple[KnownDocument, ...] | None
    tests: tuple[KnownTest, ...]
    consent_form: bool | None
    hold_against: frozenset[str]
    child_alone: bool
    child_arranged: bool
    company_asked: bool
    proofs: tuple[KnownProof, ...]


def facts_of(people: Iterable[int], *, at: datetime) -> dict[int, PersonFacts]:
    """Give what was known `at` of each of `people` (keys of `Migrant`); 9 queries however many there are.

    Keys that name nobody are left out.
    """
    keys = list(people)
    nationalities = _gathered(
        Nationality.objects.filter(person__in=keys, recorded_at__lte=at).values_list("person", "code")
    )
    documents = _documents(keys, at)
    tests = _tests(keys, at)
    consents = _consents(keys, at)
    holds = standing_holds(keys, at=at)
    arranged = set(
        ChildArrangement.objects.filter(person__in=keys, recorded_at__lte=at)
        .exclude(Q(escort="") | Q(receiver="") | Q(outcome=""))
        .values_list("person", flat=True)
    )
    columns = ("pk", "group", "birth_year", "birth_month", "birth_day", "alone", "documents_asked_at")
    asked_about = set(
        CompanyQuestion.objects.filter(person__in=keys, raised_at__lte=at)
        .filter(Q(answered_at__isnull=True) | Q(answered_at__gt=at))
        .values_list("person", flat=True)
    )
    people_known = list(Migrant.objects.filter(pk__in=keys).values_list(*columns))
    own, of_groups = _proofs(keys, {group for _pk, group, *_rest in people_known if group is not None}, at)
    found = {}
    for pk, group, year, month, day, alone, asked_at in people_known:
        held = tuple(documents.get(pk, ()))
        asked = bool(held) or (asked_at is not None and asked_at <= at)
        found[pk] = PersonFacts(
            person=pk,
            birth_year=year,
            birth_month=month,
            birth_day=day,
            nationalities=frozenset(nationalities.get(pk, ())),
            documents=held if asked else None,
            tests=tuple(tests.get(pk, ())),
            consent_form=consents.get(pk),
            hold_against=holds.get(pk, frozenset()),
            child_alone=alone != AloneStatus.NO and may_be_child((year, month, day), on=at.date()),
            child_arranged=pk in arranged,
            company_asked=pk in asked_about,
            proofs=(*own.get(pk, ()), *of_groups.get(group, ())),
        )
    return found


def standing_holds(people: Collection[int], *, at: datetime) -> dict[int, frozenset[str]]:
    """Give the countries against which a hold stands `at`, for each person who has one; one query."""
    rows = ProtectionHold.objects.filter(person__in=people, set_at__lte=at).filter(
        Q(cleared_at__isnull=True) | Q(cleared_at__gt=at)
    )
    found: dict[int, frozenset[str]] = {}
    for person, against in rows.values_list("person", "against"):
        found[person] = found.get(person, frozenset()) | frozenset(against)
    return found


def _documents(keys: list[int], at: datetime) -> dict[int, list[KnownDocument]]:
    rows = TravelDocument.objects.filter(person__in=keys, recorded_at__lte=at).exclude(state=DocumentState.REPLACED)
    columns = ("person", "kind", "state", "expires_on")
    return _gathered((pk, KnownDocument(*rest)) for pk, *rest in rows.order_by("pk").values_list(*columns))


def _tests(keys: list[int], at: datetime) -> dict[int, list[KnownTest]]:
    """Give the tests as known `at`: a result that had been replaced by then counts no longer."""
    rows = HealthTest.objects.filter(person__in=keys, recorded_at__lte=at).order_by("-sampled_at", "pk")
    rows = rows.exclude(replaced_by__isnull=False, replaced_by__recorded_at__lte=at)
    columns = ("person", "kind", "result", "sampled_at")
    return _gathered((pk, KnownTest(*rest)) for pk, *rest in rows.values_list(*columns))


def _proofs(
    keys: list[int], groups: set[int], at: datetime
) -> tuple[dict[int, list[KnownProof]], dict[int, list[KnownProof]]]:
    """Give the proofs that stood `at`, by person and by group; one query."""
    rows = Proof.objects.filter(Q(person__in=keys) | Q(group__in=groups), recorded_at__lte=at)
    rows = rows.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at)).order_by("pk")
    columns = ("kind", "sort", "country", "title", "doses", "amount", "currency", "begins_on", "last_on")
    own: dict[int, list[KnownProof]] = defaultdict(list)
    of_groups: dict[int, list[KnownProof]] = defaultdict(list)
    for person, group, *said in rows.values_list("person", "group", *columns):
        (of_groups[group] if person is None else own[person]).append(KnownProof(*said))
    return own, of_groups


def _consents(keys: list[int], at: datetime) -> dict[int, bool]:
    """Give for each person who was asked about the return whether the latest answer is a signed, standing yes."""
    rows = Consent.objects.filter(person__in=keys, purpose=Purpose.RETURN, recorded_at__lte=at)
    columns = ("person", "answer", "form_signed", "expires_at", "withdrawn_at")
    found: dict[int, bool] = {}
    for pk, answer, form_signed, expires_at, withdrawn_at in rows.order_by("answered_at", "pk").values_list(*columns):
        ended = any(moment is not None and moment <= at for moment in (expires_at, withdrawn_at))
        found[pk] = answer == Answer.YES and form_signed and not ended
    return found


def _gathered(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
