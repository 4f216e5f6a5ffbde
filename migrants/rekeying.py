"""The look-up keys of names, computed anew for everybody after the rules of names have changed. Derived: no act, no history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from migrants.identity import name_keys
from migrants.models import Migrant

BATCH = 1000


def key_names_anew(*, within: Callable[[], AbstractContextManager[None]]) -> Iterator[tuple[int, int]]:
    """Bring the keys of everybody's names up to date; yield how many were looked at and changed so far, batch by batch.

    `within` opens a transaction with its audience: each batch has one of its own, so it may be stopped and run again. Keys of
    a record that was taken in by a merge stay with the record that took it in, where they are names of the person.
    """
    last = looked = changed = 0
    while True:
        with within():
            rows = Migrant.objects.filter(pk__gt=last).order_by("pk").select_for_update(of=("self",))
            people = list(rows.only("pk", "full_name", "latin_name", "name_keys").prefetch_related("names")[:BATCH])
            stale = [person for person in people if _keyed_anew(person)]
            Migrant.objects.bulk_update(stale, ["name_keys"])
        if not people:
            return
        last, looked, changed = people[-1].pk, looked + len(people), changed + len(stale)
        yield looked, changed


def _keyed_anew(person: Migrant) -> bool:
    """Set the keys of a person from every name that is known; True where that changes them. Emptied records stay empty."""
    if not person.name_keys:
        return False
    keys = sorted(name_keys(person.full_name, person.latin_name, *(name.full_name for name in person.names.all())))
    stale = keys != person.name_keys
    person.name_keys = keys
    return stale
