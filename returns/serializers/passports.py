"""The machine readable lines of a passport, card or visa, as the API takes and reads them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from common.serializers import Entry, Text
from migrants import entries
from returns.serializers.people import PersonEntry

_SAID = frozenset(
    {"full_name", "surname", "given_names", "sex", "birth_year", "birth_month", "birth_day", "nationalities"}
)


class PassportEntry(Entry):
    """The two or three lines as they are printed, each on a line of its own, or all in one."""

    lines = Text(max_length=400)


class SaidOfLines(serializers.Serializer[Any]):
    """What is wrong with a field, or worth a look, and what to do."""

    field = serializers.CharField()
    sentence = serializers.CharField()


class PassportPerson(PersonEntry):
    """A body for `migrants`; the group is still to be named."""

    group = None  # type: ignore[assignment]  # takes the field away


def body_of(entry: entries.PersonEntry) -> dict[str, Any]:
    """Give what is known as it is sent to `migrants`; what is not known is left out."""
    said = {name: value for name, value in _known(entry).items() if name in _SAID}
    return said | {"documents": [_known(document) for document in entry.documents]}


def _known(part: entries.PersonEntry | entries.DocumentEntry) -> dict[str, Any]:
    return {name: value for name, value in asdict(part).items() if value not in (None, "", ())}


class PassportShape(serializers.Serializer[Any]):
    """What the lines say: `person` is a body for `migrants`, null while `problems` must be mended first."""

    kind = serializers.CharField(allow_null=True, help_text="TD1, TD2, TD3, MRV-A or MRV-B; null: fits none")
    person = PassportPerson(allow_null=True)
    problems = SaidOfLines(many=True)
    remarks = SaidOfLines(many=True)
