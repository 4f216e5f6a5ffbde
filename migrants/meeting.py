"""Whom the people of a list meet: everybody known who may be one of them, and the rows of the list that mean one person.

Set-based: the database pairs by key and birth (`people_meeting`), and what no likeness could offer never leaves it; only
the pairs that are left are scored. It offers what `identity.candidates_for` offers, for thousands at once.
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.db import connection

from migrants.identity import Candidate, Sought, likely, may_be_one, ranked
from migrants.models.people import MigrantQuerySet
from migrants.names import Described, Score, words
from migrants.names.likeness import weights_beside_names

_BETWEEN = "\x1f"
"""Stands between the keys of one name on the way to the database; no key holds it."""
_LONGEST = 0x7FFFFFFF


class Twins:
    """The people of one list so far, to find the row that was written twice. Half a kilobyte a person.

    A row is named by its label. It is compared with those whose names share a key and whose births may agree. What is
    known of all of them stands in one text, for objects of their own would take three times the room.
    """

    def __init__(self) -> None:
        self._labels, self._ends = array("i"), array("q", [0])
        self._known = bytearray()
        self._places = _Places()

    def meet(self, each: Sought, *, label: int) -> tuple[int, Score] | None:
        """Give the label of the first earlier row that looks like one person with this, and why; then know this one."""
        found = None
        for place in sorted(self._places.under(_sought_as(each))):
            score = likely(each, _sought_again(bytes(self._known[self._ends[place] : self._ends[place + 1]])))
            if score is not None:
                found = (self._labels[place], score)
                break
        self.know(each, label=label)
        return found

    def know(self, each: Sought, *, label: int) -> None:
        """Remember a row."""
        who = each.described
        birth = who.birth_year, who.birth_month, who.birth_day
        numbers = [digest.hex() for digest in each.digests]
        self._places.add(len(self._labels), _known_as(each))
        self._labels.append(label)
        known = [who.full_name, who.other_names, *birth, who.sex, who.nationality, numbers]
        self._known += json.dumps(known, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")
        self._ends.append(len(self._known))


def _sought_again(kept: bytes) -> Sought:
    """Describe a row that is remembered, but for its keys: they have done their work."""
    full_name, other_names, year, month, day, sex, nationality, numbers = json.loads(
        kept.decode(errors="surrogatepass")
    )
    described = Described(full_name, tuple(other_names), year, month, day, sex, frozenset(numbers), nationality)
    return Sought(described, frozenset(), frozenset(map(bytes.fromhex, numbers)))


class _Places:
    """Places in a list by key: a table of chains in arrays, because a list of 200,000 has some million keys.

    Keys are hashes; the entries of one chain lie under the same last bits and are told apart by the whole hash.
    """

    def __init__(self) -> None:
        self._hashes, self._at, self._next = array("i"), array("i"), array("i")
        self._heads = array("i", [-1]) * 1024

    def under(self, keys: Iterable[int]) -> set[int]:
        """Give the places that were added under any of the keys."""
        found: set[int] = set()
        last = len(self._heads) - 1
        for key in keys:
            entry = self._heads[key & last]
            while entry >= 0:
                if self._hashes[entry] == key:
                    found.add(self._at[entry])
                entry = self._next[entry]
        return found

    def add(self, place: int, keys: Iterable[int]) -> None:
        """Put a place under its keys."""
        for key in keys:
            if len(self._hashes) == len(self._heads):
                self._grow()
            bucket = key & (len(self._heads) - 1)
            self._hashes.append(key)
            self._at.append(place)
            self._next.append(self._heads[bucket])
            self._heads[bucket] = len(self._hashes) - 1

    def _grow(self) -> None:
        self._heads = array("i", [-1]) * (2 * len(self._heads))
        last = len(self._heads) - 1
        for entry, key in enumerate(self._hashes):
            self._next[entry] = self._heads[key & last]
            self._heads[key & last] = entry


def candidates_of_all(wanted: Sequence[Sought], *, within: MigrantQuerySet) -> list[list[Candidate]]:
    """Give for each of `wanted` the people of `within` who may be the same, the likeliest first; a few queries in all.

    `within` is what the asker may see: a duplicate warning must tell nobody more (domain 19).
    """
    if within.query.is_empty():
        return [[] for _each in wanted]
    offered: dict[int, list[tuple[int, Score, bool]]] = defaultdict(list)
    for place, person, other in _met(wanted):
        each = wanted[place]
        score = likely(each, other)
        if score is not None:
            offered[place].append((person, score, bool(each.digests & other.digests)))
    chosen = {person for those in offered.values() for person, _score, _same in those}
    people = within.defer("note", "phone").select_related("group").in_bulk(chosen) if chosen else {}
    return [
        ranked(
            Candidate(people[person], score, same) for person, score, same in offered.get(place, ()) if person in people
        )
        for place in range(len(wanted))
    ]


def _met(wanted: Sequence[Sought]) -> Iterator[tuple[int, int, Sought]]:
    """Yield place, key and description of everybody reached who shares a key and a possible birth, or a document, and may
    be the one wanted.
    """
    named = [(place, each) for place, each in enumerate(wanted) if each.name_keys]
    papers = [(place, digest) for place, each in enumerate(wanted) for digest in each.digests]
    if not named and not papers:
        return
    births = [each.described for _place, each in named]
    columns = (
        [place for place, _each in named],
        [_BETWEEN.join(each.name_keys) for _place, each in named],
        [each.birth_year for each in births],
        [each.birth_month for each in births],
        [each.birth_day for each in births],
        [each.sex for each in births],
        [each.nationality or "" for each in births],
        [bool(each.digests) for _place, each in named],
        [place for place, _digest in papers],
        [digest for _place, digest in papers],
        weights_beside_names(),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from people_meeting(%s::int[], %s::text[], %s::int[], %s::int[], %s::int[], %s::text[],"
            " %s::text[], %s::boolean[], %s::int[], %s::bytea[], %s::float8[])",
            columns,
        )
        for place, person, full_name, latin_name, year, month, day, sex, names, digests, country in cursor:
            described = Described(
                full_name=full_name,
                birth_year=year,
                birth_month=month,
                birth_day=day,
                sex=sex,
                document_numbers=frozenset(digest.hex() for digest in digests),
                nationality=country,
            )
            other = Sought(described, frozenset(), frozenset(digests))
            if may_be_one(wanted[place], other):
                others = _others(full_name, (*names, latin_name))
                yield place, person, replace(other, described=replace(described, other_names=others))


def _others(full_name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Leave out names that read like one before: the same in Latin letters compares in the same way, at a cost."""
    seen, others = {words(full_name)}, []
    for name in names:
        if name and (read := words(name)) not in seen:
            seen.add(read)
            others.append(name)
    return tuple(others)


def _known_as(each: Sought) -> set[int]:
    """Give the keys under which a row is found: name and year, name and day in the year, its documents."""
    who, tails = each.described, ["?"]
    if who.birth_year is not None:
        tails = [str(who.birth_year)]
        if who.birth_month is not None and who.birth_day is not None:
            tails.append(f"{who.birth_month}-{who.birth_day}")
    return _hashes(each, ["", *tails])


def _sought_as(each: Sought) -> set[int]:
    """Give the keys under which those stand who may be one with a row; without a year, everybody of the name."""
    who, tails = each.described, [""]
    if who.birth_year is not None:
        tails = ["?", str(who.birth_year)]
        if who.birth_month is not None and who.birth_day is not None:
            tails.append(f"{who.birth_month}-{who.birth_day}")
    return _hashes(each, tails)


def _hashes(each: Sought, tails: Iterable[str]) -> set[int]:
    """Give each name with each tail, and the documents, as numbers instead of words: a list of a hundred thousand has a
    million of them.
    """
    names, births = list(map(hash, each.name_keys)), list(map(hash, tails))
    return {(name ^ birth) & _LONGEST for name in names for birth in births} | {
        hash(digest) & _LONGEST for digest in each.digests
    }
