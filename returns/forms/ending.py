"""How a case ended, and how somebody knows."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from returns.ending import LONGEST
from returns.enums import CaseOutcome
from returns.forms.laid import LaidForm, Rows


class EndingForm(LaidForm):
    """The outcome, and a word."""

    rows: ClassVar[Rows] = (("outcome",), ("why",))
    outcome = forms.ChoiceField(label=_("how it ended"), choices=CaseOutcome.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("how you know"), max_length=LONGEST, help_text=_("It stands in the audit. Write nobody’s name here.")
    )
