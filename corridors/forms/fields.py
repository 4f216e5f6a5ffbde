"""Fields that several forms of this app have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.wall_time import as_typed


class WallTimeField(forms.DateTimeField):
    """Day and hour as a clock on the wall shows them; the zone stands beside it. Gives a naive datetime."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **options)
        self.error_messages["invalid"] = _("Give day and hour as the clock there shows them, such as 2020-10-02 06:00.")

    def clean(self, value: Any) -> datetime | None:
        given = super().clean(value)
        return None if given is None else as_typed(given)
