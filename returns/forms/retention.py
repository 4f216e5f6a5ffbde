"""Periods, legal holds, erasures: what the data protection officer writes, and what a second person answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from migrants.models import Migrant, TravelGroup
from returns.case_numbers import person_numbered
from returns.forms.laid import LaidForm
from returns.retention import LONGEST

NOT_NAMED = _("Do not name the person: this is kept after the erasure.")


class PeriodForm(LaidForm):
    days = forms.IntegerField(label=_("days after the case is closed"), min_value=1, max_value=LONGEST)
    why = forms.CharField(label=_("why"), max_length=300, help_text=_("A law, an agreement, a decision and its date."))


class NumberedForm(LaidForm):
    """Somebody by number: `about` is the person (or group) found."""

    may_be_group = False
    number = forms.CharField(label=_("number of the person or case, or reference"), max_length=40)

    def clean_number(self) -> str:
        written = str(self.cleaned_data["number"])
        self.about: Migrant | TravelGroup | None = person_numbered(written)
        if self.about is None and self.may_be_group:
            self.about = TravelGroup.objects.filter(code__iexact=written.strip().replace("\0", "")).first()
        if self.about is None:
            raise forms.ValidationError(_("Nobody has this number. Compare it with the case, letter by letter."))
        return written


class LegalHoldForm(NumberedForm):
    may_be_group = True
    reason = forms.CharField(label=_("who asks for it, under which reference"), max_length=300, help_text=NOT_NAMED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].label = _("number of the person or case, or code of the group")


class LiftForm(LaidForm):
    reason = forms.CharField(label=_("why it is lifted"), max_length=300)


class AskForm(NumberedForm):
    why = forms.CharField(label=_("why"), max_length=300, help_text=NOT_NAMED)


class RefuseForm(LaidForm):
    answer = forms.CharField(
        label=_("why it is refused"), max_length=300, help_text=_("The person has a right to know.")
    )
