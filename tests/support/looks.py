"""Who is shown in an answer, and what the log of looks says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from common.models import AccessEntry
from migrants.models import Migrant
from returns.models import ManifestEntry, ReturnCase


def give_names_of_their_own() -> None:
    """So that a name says who it is: everybody is called by a word that nobody else has."""
    for place, person in enumerate(Migrant.objects.order_by("pk")):
        name = "Шахси" + "абвгдежзик"[place % 10] + "лмнопрстуф"[place // 10]
        Migrant.objects.filter(pk=person.pk).update(full_name=name, latin_name=f"Shakhs{place}x")
        ManifestEntry.objects.filter(person=person).update(full_name=name, latin_name=f"Shakhs{place}x")


def shown_in(text: str) -> set[UUID]:
    """The public ids of those whose name or number stands in a text."""
    words = set(re.findall(r"\w+", text))
    people = Migrant.objects.values_list("public_id", "number", "full_name", "latin_name")
    return {public_id for public_id, *names in people if words & set(names)}


def by_case_number_in(text: str, told: set[UUID]) -> set[UUID]:
    """Those of `told` whom a text shows by the number of a case alone, as lists of what is due do."""
    cases = ReturnCase.objects.filter(person__public_id__in=told).values_list("person__public_id", "number")
    words = set(re.findall(r"\w+", text))
    return {public_id for public_id, number in cases if number in words}


def entries_after(seen: Iterable[Any]) -> list[AccessEntry]:
    """The looks that are not among those already `seen` (their ids)."""
    return list(AccessEntry.objects.exclude(id__in=seen))
