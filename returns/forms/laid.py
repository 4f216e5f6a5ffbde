"""Forms that say how their fields stand on a page, so that one template serves every small form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField

from common.wall_time import as_typed

Rows = tuple[tuple[str, ...], ...]


class LaidForm(forms.Form):
    """`rows`: names of fields, those of one tuple beside each other; what is not named follows, each on its own."""

    rows: ClassVar[Rows] = ()

    def laid(self) -> Iterator[list[BoundField]]:
        """Give the fields row by row."""
        named = {name for row in self.rows for name in row}
        yield from ([self[name] for name in row] for row in self.rows)
        yield from ([self[name]] for name in self.fields if name not in named)


class HourForm(LaidForm):
    """A form with one wall time on the clock of `zone`, in the field that `hour` names."""

    hour = ""

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if isinstance(cleaned.get(self.hour), datetime):
            cleaned[self.hour] = as_typed(cleaned[self.hour]).replace(tzinfo=self.zone)
        return cleaned
