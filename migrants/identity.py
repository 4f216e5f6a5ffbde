"""Are these two one person? Candidates with reasons, found by key and never by going through everybody (rule 19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from common import audit
from common.actors import Actor
from migrants.entries import PersonEntry
from migrants.enums import NameKind, PairState
from migrants.looking_up import Clues, people_like
from migrants.models import DuplicatePair, Migrant, TravelDocument
from migrants.models.people import MigrantQuerySet
from migrants.names import Described, Score, compare, document_key, initial_keys, keys, slipped_keys
from migrants.names.birthday import Likeness, birth_likeness
from migrants.names.likeness import could_be_offered

MOST_CANDIDATES = 5
FEW = 3
"""So many at once are also looked for as if a letter were wrong: hundreds of keys each."""
_COMPARED = ["score", "reasons", "found_at", "state", "decided_at", "decided_by"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known person who may be the one described, and why. `same_document`: a document number is the same."""

    person: Migrant
    score: Score
    same_document: bool

    @property
    def is_sure(self) -> bool:
        """Tell whether an import need not ask."""
        return self.score.is_sure


@dataclass(frozen=True, slots=True)
class Sought:
    """Somebody to look for: a description, the keys of all names, and the digests of all document numbers."""

    described: Described
    name_keys: frozenset[str]
    digests: frozenset[bytes]


def name_keys(*names: str) -> frozenset[str]:
    """Give the look-up keys of all names of one person."""
    return frozenset(key[:60] for name in names if name for key in keys(name))


def digest_of(number: str) -> bytes | None:
    """Give the blind index of a document number; None for one without a letter or digit."""
    if not document_key(number):
        return None
    field = TravelDocument._meta.get_field("number_index")
    return field.digest(number)


def sought(entry: PersonEntry) -> Sought:
    """Describe what somebody wrote down, for looking it up."""
    others = [name for name, _kind in entry.other_names] + [entry.latin_name]
    digests = frozenset(filter(None, (digest_of(document.number) for document in entry.documents)))
    described = Described(
        full_name=entry.full_name,
        other_names=tuple(filter(None, others)),
        birth_year=entry.birth_year,
        birth_month=entry.birth_month,
        birth_day=entry.birth_day,
        sex=entry.sex,
        document_numbers=_shown(digests),
        nationality=entry.nationalities[0] if entry.nationalities else None,
    )
    return Sought(described, name_keys(entry.full_name, *others), digests)


def sought_person(person: Migrant) -> Sought:
    """Describe a known person; names, documents and nationalities should be prefetched.

    A name that was a mistake still finds the person, but does not say who it is.
    """
    others = [name.full_name for name in person.names.all() if name.kind != NameKind.MISTAKEN] + [person.latin_name]
    digests = frozenset(bytes(row.number_index) for row in person.documents.all() if row.number_index)
    nationalities = sorted(row.code for row in person.nationalities.all())
    described = Described(
        full_name=person.full_name,
        other_names=tuple(filter(None, others)),
        birth_year=person.birth_year,
        birth_month=person.birth_month,
        birth_day=person.birth_day,
        sex=person.sex,
        document_numbers=_shown(digests),
        nationality=nationalities[0] if nationalities else None,
    )
    return Sought(described, frozenset(person.name_keys), digests)


def candidates_for(
    wanted: Sequence[Sought],
    *,
    within: MigrantQuerySet,
    without: Collection[int] = (),
    among: Collection[int] | None = None,
) -> list[list[Candidate]]:
    """Give for each of `wanted` the people of `within` who may be the same, the likeliest first; `among` those (keys) alone.

    `within` is what the asker may see: a duplicate warning must tell nobody more (domain 19). Five queries in all.
    """
    wide = [each.name_keys for each in widened(wanted)]
    every_key = frozenset[str]().union(*wide)
    every_digest = {digest for each in wanted for digest in each.digests}
    if not wanted or not (every_key or every_digest):
        return [[] for _each in wanted]
    clues = Clues(documents=every_digest, keys=every_key)
    found = within.filter(pk__in=people_like(clues) if among is None else among).exclude(pk__in=without)
    rows = found.defer("note", "phone").select_related("group").prefetch_related("names", "documents", "nationalities")
    pool = {row.pk: (row, sought_person(row)) for row in rows}
    by_key, by_digest = defaultdict(set), defaultdict(set)
    for pk, (_row, known) in pool.items():
        for key in known.name_keys:
            by_key[key].add(pk)
        for digest in known.digests:
            by_digest[digest].add(pk)
    met = [_meeting(keys_of, each.digests, by_key, by_digest) for keys_of, each in zip(wide, wanted, strict=True)]
    return [_offered(each, [pool[pk] for pk in sorted(places)]) for each, places in zip(wanted, met, strict=True)]


@transaction.atomic
def offer_pairs(*, people: Iterable[Migrant], within: MigrantQuerySet, by: Actor, at: datetime) -> list[DuplicatePair]:
    """Put every likely pair of `people` with somebody of `within` into the queue; known pairs stay as decided.

    A pair that was closed because it was no longer likely is offered again.
    """
    rows = list(
        Migrant.objects.filter(pk__in=[person.pk for person in people]).prefetch_related(
            "names", "documents", "nationalities"
        )
    )
    found: dict[tuple[int, int], DuplicatePair] = {}
    for person, candidates in zip(
        rows, candidates_for([sought_person(row) for row in rows], within=within), strict=True
    ):
        for candidate in candidates:
            if candidate.person.pk != person.pk:
                pair = pair_of(person, candidate, at=at)
                found[(pair.first_id, pair.second_id)] = pair
    known = {
        (pair.first_id, pair.second_id): pair
        for pair in DuplicatePair.objects.filter(
            first__in=[first for first, _second in found], second__in=[second for _first, second in found]
        )
    }
    fresh = [pair for places, pair in found.items() if places not in known]
    DuplicatePair.objects.bulk_create(fresh, ignore_conflicts=True)
    fresh = list(DuplicatePair.objects.filter(public_id__in=[pair.public_id for pair in fresh]))
    again = [pair for places, pair in known.items() if places in found and pair.state == PairState.UNLIKELY]
    for pair in again:
        likely = found[(pair.first_id, pair.second_id)]
        pair.score, pair.reasons, pair.found_at = likely.score, likely.reasons, at
        pair.state, pair.decided_at, pair.decided_by = PairState.OPEN, None, None
    DuplicatePair.objects.bulk_update(again, _COMPARED)
    audit.record_many((("pair offered", pair) for pair in [*fresh, *again]), by=by, at=at)
    return [*fresh, *again]


@transaction.atomic
def offer_pair(*, one: Migrant, other: Migrant, by: Actor, at: datetime) -> DuplicatePair:
    """Put two records into the queue because somebody holds them for one person, however alike they are written.

    A pair that stands or was decided stays as it is; one that was closed as unlikely is offered again.
    """
    first, second = sorted((one, other), key=lambda person: person.pk)
    known = DuplicatePair.objects.select_for_update().filter(first=first, second=second).first()
    if known is not None and known.state != PairState.UNLIKELY:
        return known
    described, against = sought_person(first), sought_person(second)
    score = compare(described.described, against.described)
    pair = pair_of(first, Candidate(second, score, bool(described.digests & against.digests)), at=at)
    if known is not None:
        pair.pk, pair.public_id = known.pk, known.public_id
    pair.save()
    audit.record("pair offered", pair, by=by, at=at)
    return pair


def pair_of(person: Migrant, candidate: Candidate, *, at: datetime) -> DuplicatePair:
    """Give the unsaved row of a pair, in the order of the keys, with its reasons as codes and weights."""
    first, second = sorted((person.pk, candidate.person.pk))
    return DuplicatePair(
        mission_id=person.mission_id,
        first_id=first,
        second_id=second,
        score=candidate.score.value,
        reasons=reasons_of(candidate.score),
        state=PairState.OPEN,
        found_at=at,
    )


def reasons_of(score: Score) -> list[dict[str, Any]]:
    """Give the reasons of a score as a pair keeps them: codes and weights, no sentence of one language."""
    return [{"code": reason.code, "weight": reason.weight} for reason in score.reasons]


def likely(one: Sought, other: Sought) -> Score | None:
    """Compare two descriptions; give the score where they are to be shown as possibly one, else None.

    Whoever shares a document is shown, whatever else differs: children stand in a parent's passport.
    """
    if not may_be_one(one, other):
        return None
    score = compare(one.described, other.described)
    return score if score.is_offered or one.digests & other.digests else None


def other_names_of(entry: PersonEntry) -> tuple[tuple[str, str], ...]:
    """Give the names to store beside the one as written; a name in other letters is told by its kind."""
    return tuple((name, kind or NameKind.OTHER_SCRIPT) for name, kind in entry.other_names if name)


def widened(wanted: Sequence[Sought]) -> list[Sought]:
    """Give the same with the keys under which somebody stands who was written with initials and, where only few are
    wanted, with a letter wrong.
    """
    slips = len(wanted) <= FEW
    return [replace(each, name_keys=each.name_keys | _wide_keys(each.described, slips=slips)) for each in wanted]


def _wide_keys(described: Described, *, slips: bool) -> frozenset[str]:
    found = frozenset[str]().union(*map(initial_keys, (described.full_name, *described.other_names)))
    return found | slipped_keys(described.full_name) if slips else found


def _meeting(
    keys_of: Iterable[str], digests: Iterable[bytes], by_key: dict[str, set[int]], by_digest: dict[bytes, set[int]]
) -> set[int]:
    """Give the places that share a key or a document."""
    places: set[int] = set()
    for key in keys_of:
        places |= by_key.get(key, set())
    for digest in digests:
        places |= by_digest.get(digest, set())
    return places


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Give the likeliest first, and no more than a person can look at."""
    return sorted(candidates, key=lambda candidate: (-candidate.score.value, candidate.person.pk))[:MOST_CANDIDATES]


def _offered(each: Sought, known: Iterable[tuple[Migrant, Sought]]) -> list[Candidate]:
    return ranked(
        Candidate(person, score, bool(each.digests & other.digests))
        for person, other in known
        if (score := likely(each, other)) is not None
    )


def may_be_one(one: Sought, other: Sought) -> bool:
    """Tell, cheaply and without their names, of whom `likely` may say something: whoever shares a document, and else nobody
    of another birth date, nor whom the same names would not make alike enough.
    """
    if not one.digests.isdisjoint(other.digests):
        return True
    births = [
        (each.described.birth_year, each.described.birth_month, each.described.birth_day) for each in (one, other)
    ]
    return birth_likeness(*births) is not Likeness.DIFFERS and could_be_offered(one.described, other.described)


def _shown(digests: Iterable[bytes]) -> frozenset[str]:
    """Digests stand for the numbers when two people are compared: equality is all that counts."""
    return frozenset(digest.hex() for digest in digests)
