"""What the list of cases is narrowed by, and a name under which that is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.forms import LongSelect
from returns.case_lists import ME, ROLE
from returns.enums import CaseStage, OwnerRole, Verdict
from returns.forms.laid import LaidForm, Rows
from returns.saved_filters import LONGEST

ANY = ("", pgettext_lazy("filter", "any"))
BY_FINDING = (("stopped", _("cannot cross as planned")), *Verdict.choices, ("all", _("whatever it is")))
"""By what is in their way, with the words for it."""


class CaseFilterForm(LaidForm):
    """Each field is one narrowing; what is left empty narrows nothing."""

    rows: ClassVar[Rows] = (("show", "stage", "crossing"), ("task", "owner", "day"))
    show = forms.ChoiceField(
        label=_("Worst finding"),
        required=False,
        widget=LongSelect,
        choices=BY_FINDING,
    )
    stage = forms.ChoiceField(label=_("Stage"), required=False, widget=LongSelect, choices=[ANY, *CaseStage.choices])
    crossing = forms.ChoiceField(label=_("Crossing"), required=False, widget=LongSelect)
    task = forms.ChoiceField(
        label=_("Tasks"),
        required=False,
        widget=LongSelect,
        choices=[
            ANY,
            ("open", _("to be done")),
            ("overdue", _("overdue")),
            ("none", _("nothing to do")),
        ],
    )
    owner = forms.ChoiceField(label=_("Whose task"), required=False, widget=LongSelect)
    day = forms.DateField(label=_("Planned for"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self, *args: Any, crossings: Iterable[tuple[str, str]], owners: Iterable[tuple[Any, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        roles = [(f"{ROLE}{value}", label) for value, label in OwnerRole.choices]
        people = [(str(account), name) for account, name in owners]
        self.fields["crossing"].choices = [ANY, *crossings]  # type: ignore[attr-defined]
        self.fields["owner"].choices = [ANY, (ME, _("mine")), *roles, *people]  # type: ignore[attr-defined]


class SavedFilterForm(LaidForm):
    """What a filter is called, and whether the colleagues of the mission have it too."""

    rows: ClassVar[Rows] = (("name",),)
    name = forms.CharField(
        label=_("Name of the filter"),
        max_length=LONGEST,
        help_text=_("Such as “Monday, nothing planned”. No name of anybody."),
    )
    is_shared = forms.BooleanField(label=_("colleagues of the mission have it too"), required=False)
