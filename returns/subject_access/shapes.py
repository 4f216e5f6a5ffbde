"""What a report to a person is made of, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from migrants.models import Migrant

Value = str | int | date | datetime | None


@dataclass(frozen=True, slots=True)
class Section:
    """`columns` are (key, words in the reader's language); each row has a value for each of them."""

    key: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """The person with every record that was merged into theirs; `with_protection`: what the closed room holds is told too."""

    person: Migrant
    records: tuple[int, ...]
    with_protection: bool = False
