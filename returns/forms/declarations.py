"""Who read the declaration out, and whether it was understood."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.wall_time import as_typed
from migrants.declarations import LANGUAGES
from returns.forms.laboratory import hour_field
from returns.forms.laid import LaidForm


class LanguageForm(forms.Form):
    """In which of the languages in which the text is kept."""

    language = forms.ChoiceField(choices=[(code, code) for code in LANGUAGES])


class ReadOutForm(LaidForm):
    rows = (("reader", "read_out_at"), ("understood",))
    reader = forms.CharField(label=_("read out by"), max_length=120, help_text=_("Staff or interpreter, by name."))
    read_out_at = hour_field(_("when"), _("Local time at the side where they wait."))
    understood = forms.BooleanField(
        label=_("The person understood it and decides freely, without pressure."), required=False
    )

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_read_out_at(self) -> datetime:
        """Read the wall time on the clock of the place."""
        return as_typed(self.cleaned_data["read_out_at"]).replace(tzinfo=self.zone)
