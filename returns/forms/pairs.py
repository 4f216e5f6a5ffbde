"""What narrows the queue of duplicates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridors.models import BorderCrossing
from returns.models import ManifestUpload
from returns.pair_queue import Wanted


class PairFilter(forms.Form):
    """Crossing, group, how sure, since when, of which list. What cannot be read narrows nothing."""

    crossing = forms.ChoiceField(label=_("crossing"), required=False)
    group = forms.CharField(label=_("code of the group"), required=False, max_length=20)
    sure = forms.ChoiceField(
        label=_("how sure"), required=False,
        choices=[("", _("any")), ("sure", _("nearly certain")), ("unsure", _("perhaps"))],
    )  # fmt: skip
    since = forms.DateField(label=_("found since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    upload = forms.ChoiceField(label=_("list"), required=False)

    def __init__(
        self, *args: Any, crossings: Iterable[BorderCrossing], uploads: Iterable[ManifestUpload], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        choices: dict[str, list[tuple[str, Any]]] = {
            "crossing": [(crossing.code, str(crossing)) for crossing in crossings],
            "upload": [(str(row.public_id), f"{row.group.code} · {row.file_name}") for row in uploads],
        }
        for name, given in choices.items():
            self.fields[name].choices = [("", _("any")), *given]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(**given)

    def query(self) -> dict[str, str]:
        """What was chosen, for addresses of further pages."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}
