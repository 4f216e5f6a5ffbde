"""Forms that say how their fields stand on a page, so that one template serves every small form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django import forms
from django.forms.boundfield import BoundField

Rows = tuple[tuple[str, ...], ...]


class LaidForm(forms.Form):
    """`rows`: names of fields, those of one tuple beside each other; what is not named follows, each on its own."""

    rows: ClassVar[Rows] = ()

    def laid(self) -> Iterator[list[BoundField]]:
        """Give the fields row by row."""
        named = {name for row in self.rows for name in row}
        yield from ([self[name] for name in row] for row in self.rows)
        yield from ([self[name]] for name in self.fields if name not in named)
