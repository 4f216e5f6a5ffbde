"""Erase people: what tells who they were is emptied on every floor, the figures stay, and a proof says that it was done.

Upper floors register their part (`register`) and what stands in the way (`register_obstacle`) from their `AppConfig`.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from common import audit, history
from common.actors import Actor
from common.audience import reaching_for
from common.refusals import RefusalError
from migrants.ages import age_range
from migrants.enums import KeptKind
from migrants.erasing_plan import PARTS, Part
from migrants.models import Disclosure, Erasure, ErasureRequest, LegalHold, Migrant

PERSONAL = (KeptKind.DOCUMENTS, KeptKind.HEALTH, KeptKind.PROTECTION, KeptKind.IDENTITY)
"""Kinds that hang on one person each, the identity last: whoever has none any longer has nothing."""
BANDS = ((5, "0–4"), (18, "5–17"), (60, "18–59"), (200, "60+"))
ON_REQUEST, BY_CLOCK, AFTER_RESTORE = "request", "clock", "restore"


class ErasureError(RefusalError):
    """An erasure that cannot be done, asked for or confirmed; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Under what one person may be mentioned in free text: names, numbers, phone, documents. Never stored."""

    person: Migrant
    words: frozenset[str]


Scrub = Callable[[Sequence[Traces]], Mapping[int, Counter[str]]]
"""Empties mentions of people in texts and sheets that are not their own; gives rows by person (key) and by name."""
Obstacle = Callable[[Collection[int]], Mapping[int, str]]
"""Gives for people (keys) who cannot be erased now a sentence each."""
Places = Callable[[Migrant], Mapping[str, Sequence[int]]]
"""Gives the tables, each with the keys of its rows, whose history may mention a person in a text that is not their own."""
_parts: list[Part] = list(PARTS)
_scrubs: list[Scrub] = []
_obstacles: list[Obstacle] = []
_places: list[Places] = []


def register(*parts: Part, scrub: Scrub, places: Places, obstacle: Obstacle) -> None:
    """Adds what an upper floor keeps of people; its rows come before those below, on which they may stand."""
    if scrub not in _scrubs:
        _parts[:0] = parts
        _scrubs.append(scrub)
        _places.append(places)
        _obstacles.append(obstacle)


def plan() -> Sequence[Part]:
    """Every part of every floor, in the order in which they are done."""
    return tuple(_parts)


def obstacles_for(people: Collection[int]) -> dict[int, str]:
    """Give a sentence for each of `people` (keys) who cannot be erased now: a legal hold, or what upper floors say."""
    found: dict[int, str] = {}
    for obstacle in _obstacles:
        found |= obstacle(people)
    standing = LegalHold.objects.standing()
    held = {*standing.filter(person__in=people).values_list("person", flat=True)}
    for path in ("group__people", "group__moves_out__people__person"):
        held |= {*standing.filter(**{f"{path}__in": people}).values_list(path, flat=True)}
    for person in held:
        found[person] = _("A legal hold stands. Nothing is erased before it is lifted.")
    return {key: sentence for key, sentence in found.items() if key in set(people)}


@transaction.atomic
def erase(
    *,
    people: Collection[Migrant],
    kinds: Collection[KeptKind] = PERSONAL,
    cause: str,
    why: str,
    by: Actor,
    at: datetime,
) -> list[Erasure]:
    """Empty `kinds` of each of `people`, with the records that were merged into theirs; give the proofs.

    Whoever has an open case or a legal hold is refused, and nobody is erased then: ErasureError. What was erased already
    is passed over: no new proof is written.
    """
    with reaching_for("erasure"):
        return _erase(people, kinds, cause=cause, why=why, by=by, at=at)


def _erase(
    people: Collection[Migrant], kinds: Collection[KeptKind], *, cause: str, why: str, by: Actor, at: datetime
) -> list[Erasure]:
    keys = list(_with_merged(people))
    locked = list(Migrant.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    for sentence in obstacles_for(keys).values():
        raise ErasureError("", sentence)
    statistics = _statistics(locked, at)
    known = _known_kinds(keys)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    traces = [_traces_of(person) for person in locked]
    if KeptKind.IDENTITY in kinds:
        for scrub in _scrubs:
            for key, emptied in scrub(traces).items():
                counts[key].update(emptied)
        Disclosure.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), person__in=keys).update(
            valid_until=at
        )
    for part in _parts:
        if part.kind in kinds:
            for key, rows in _apply(part, keys).items():
                counts[key][f"{part.model._meta.label}, {part.kind}"] += rows
    for each in traces:
        counts[each.person.pk]["history"] += _empty_history(
            each, mentions=KeptKind.IDENTITY in kinds, why=why, by=by, at=at
        )
    proofs = [
        _proof(person, kinds, counts[person.pk], statistics[person.pk], cause=cause, why=why, by=by, at=at)
        for person in locked
        if set(kinds) - known.get(person.pk, set())
    ]
    Erasure.objects.bulk_create(proofs)
    audit.record_many((("person erased", proof) for proof in proofs), by=by, at=at, why=why)
    return proofs


def canonical(proof: Erasure) -> str:
    """The form of a proof of which `digest` is the SHA-256: nothing of it tells who it was."""
    told = {
        "person": str(proof.person.public_id),
        "kinds": sorted(proof.kinds),
        "cause": proof.cause,
        "why": proof.why,
        "erased_at": proof.erased_at.isoformat(),
        "counts": proof.counts,
        "statistics": proof.statistics,
        "by": proof.by.ref,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """The SHA-256 of a canonical form."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def ask(*, person: Migrant, why: str, by: Actor, at: datetime) -> ErasureRequest:
    """Ask that a person be erased; somebody else must confirm. Raises ErasureError where it could not be done now."""
    if not why.strip():
        raise ErasureError("why", _("Say why, without naming the person."))
    person = Migrant.objects.select_for_update(of=("self",)).get(pk=person.pk)
    for sentence in obstacles_for(list(_with_merged([person]))).values():
        raise ErasureError("", sentence)
    if ErasureRequest.objects.open().filter(person=person).exists():
        raise ErasureError("", _("The erasure of this person is asked for already."))
    row = ErasureRequest.objects.create(person=person, why=why.strip()[:300], asked_at=at, asked_by=by)
    audit.record("erasure asked for", row, by=by, at=at)
    return row


@transaction.atomic
def confirm(*, request: ErasureRequest, by: Actor, at: datetime) -> list[Erasure]:
    """Confirm what another person asked for: the person is erased in the same transaction. Raises ErasureError."""
    request = _open(request, by)
    request.is_confirmed, request.answered_at, request.answered_by = True, at, by
    request.save(update_fields=["is_confirmed", "answered_at", "answered_by"])
    audit.record("erasure confirmed", request, by=by, at=at)
    why = _("asked for on %(day)s") % {"day": request.asked_at.date().isoformat()}
    return erase(people=[request.person], cause=ON_REQUEST, why=why, by=by, at=at)


@transaction.atomic
def refuse(*, request: ErasureRequest, answer: str, by: Actor, at: datetime) -> ErasureRequest:
    """Refuse an erasure that another person asked for; the reason is kept. Raises ErasureError."""
    if not answer.strip():
        raise ErasureError("answer", _("Say why it is refused: the person has a right to know."))
    request = _open(request, by)
    request.answer, request.answered_at, request.answered_by = answer.strip()[:300], at, by
    request.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record("erasure refused", request, by=by, at=at)
    return request


def _open(request: ErasureRequest, by: Actor) -> ErasureRequest:
    request = ErasureRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)
    if request.answered_at is not None:
        raise ErasureError("", _("This was answered already."))
    if request.asked_by.ref == by.ref:
        raise ErasureError("", _("A second person must answer; whoever asked cannot."))
    return request


def _with_merged(people: Iterable[Migrant]) -> set[int]:
    """Keys of the people and of all records that were merged into theirs, or into which theirs were merged."""
    found = {person.pk for person in people}
    while True:
        more = set(
            Migrant.objects.filter(Q(merged_into__in=found) | Q(merged_from__in=found))
            .exclude(pk__in=found)
            .values_list("pk", flat=True)
        )
        if not more:
            return found
        found |= more


def is_erased(person: str) -> Exists:
    """A condition of a query: nobody knows any more who it was whom the look-up path `person` names."""
    return Exists(Erasure.objects.filter(person=OuterRef(person), kinds__contains=[KeptKind.IDENTITY]))


def _known_kinds(keys: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for person, kinds in Erasure.objects.filter(person__in=keys).values_list("person", "kinds"):
        found[person] |= set(kinds)
    return found


def _statistics(people: Sequence[Migrant], at: datetime) -> dict[int, dict[str, Any]]:
    """What stays of each person: sex, age band, nationalities, way. Two queries."""
    places = {
        pk: [code, from_country, to_country]
        for pk, code, from_country, to_country in Migrant.objects.filter(
            pk__in=[person.pk for person in people], group__isnull=False
        ).values_list("pk", "group__crossing__code", "group__from_country", "group__to_country")
    }
    nationalities: dict[int, list[str]] = defaultdict(list)
    rows = Migrant.objects.filter(pk__in=[person.pk for person in people], nationalities__isnull=False)
    for pk, code in rows.order_by("nationalities__code").values_list("pk", "nationalities__code"):
        nationalities[pk].append(code)
    return {
        person.pk: {
            "sex": person.sex,
            "age_band": age_band(person, at=person.registered_at),
            "nationalities": nationalities[person.pk],
            "way": places.get(person.pk, []),
        }
        for person in people
    }


def age_band(person: Migrant, *, at: datetime) -> str:
    """The age band in which a person was `at`, by the youngest age that is possible; empty where no year is known."""
    span = age_range((person.birth_year, person.birth_month, person.birth_day), on=at.date())
    return "" if span is None else next(band for below, band in BANDS if span[0] < below)


def _traces_of(person: Migrant) -> Traces:
    written = [person.full_name, person.latin_name, person.number, person.phone or ""]
    written += person.names.values_list("full_name", flat=True)
    written += [document.number or "" for document in person.documents.all()]
    return Traces(person, frozenset(word for word in written if len(word) > 3))  # shorter ones stand in other words


def _apply(part: Part, keys: Collection[int]) -> dict[int, int]:
    """Do one part for all people at once; give how many rows of each person it was."""
    rows = part.model._base_manager.filter(**{f"{part.person}__in": keys})
    found: dict[int, int] = dict(rows.order_by().values_list(part.person).annotate(Count("pk")))
    if found:
        if part.empties:
            rows.update(**part.empties)
        if part.deletes:
            rows.delete()
    return found


def _empty_history(traces: Traces, *, mentions: bool, why: str, by: Actor, at: datetime) -> int:
    """Empty what history says of the person's rows, and where other rows mention the person; give how many rows.

    It holds no kinds apart, so the first of them that is erased takes the content of all: who, when and which stay.
    """
    rows = history.empty_content(person=traces.person, by=by, at=at, why=why).rows
    if mentions and traces.words:
        told = json.dumps({key: text for key, text in asdict(by).items() if text})
        with connection.cursor() as cursor:
            for table, keys in (each for places in _places for each in places(traces.person).items()):
                cursor.execute(
                    "select homeward_empty_mentions(%s, %s, %s, %s, %s, %s::jsonb, %s)",
                    (traces.person.public_id, sorted(traces.words), table, list(keys), at, told, why),
                )
                rows += cursor.fetchone()[0]
    return rows


def _proof(
    person: Migrant,
    kinds: Collection[KeptKind],
    counts: Counter[str],
    statistics: dict[str, Any],
    *,
    cause: str,
    why: str,
    by: Actor,
    at: datetime,
) -> Erasure:
    proof = Erasure(
        person=person,
        kinds=sorted(str(kind) for kind in kinds),
        cause=cause,
        why=why.strip()[:300],
        erased_at=at,
        counts=dict(sorted(counts.items())),
        statistics=statistics,
        by=by,
    )
    proof.digest = digest_of(canonical(proof))
    return proof
