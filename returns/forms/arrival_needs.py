"""What has to stand ready where a movement arrives."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst

from returns.arrival_needs import MOST
from returns.enums import ArrivalNeed
from returns.models import Movement


class ArrivalNeedsForm(forms.Form):
    """A number for each need; an empty field is none."""

    def __init__(self, *args: Any, movement: Movement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for need in ArrivalNeed:
            self.fields[need.value] = forms.IntegerField(
                label=capfirst(need.label), required=False, min_value=0, max_value=MOST,
                initial=movement.arrival_needs.get(need.value),
            )  # fmt: skip

    @property
    def needs(self) -> dict[str, int]:
        """How many of each."""
        return {name: how_many or 0 for name, how_many in self.cleaned_data.items()}
