"""Forms of the closed room: holds, and children who are alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from common import countries
from migrants.models import Migrant
from migrants.models.people import MigrantQuerySet
from returns.forms.laid import LaidForm
from returns.forms.numbers import people_of_numbers
from returns.forms.people import NEARBY, day_field, nationality_choices


class HoldForm(LaidForm):
    """Against which countries, and why."""

    rows = (("against",), ("another",), ("reason",))
    against = forms.MultipleChoiceField(
        label=_("against"),
        required=False,
        choices=lambda: [(code, countries.name(code)) for code in NEARBY],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: every nationality of the person."),
    )
    another = forms.ChoiceField(label=_("and against another"), choices=lazy(nationality_choices, list), required=False)
    reason = forms.CharField(
        label=_("why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only protection officers can read it."),
    )

    @property
    def countries(self) -> list[str]:
        """The codes chosen; none stands for every nationality held."""
        return [*self.cleaned_data["against"], *filter(None, [self.cleaned_data["another"]])]


class ClearHoldForm(LaidForm):
    reason = forms.CharField(
        label=_("why it may be cleared"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only protection officers can read it."),
    )


class ChildForm(LaidForm):
    """Best interests, escort and named receiver: all three."""

    rows = (("outcome",), ("best_interests_on",), ("escort", "receiver"))
    outcome = forms.CharField(
        label=_("best-interests outcome"), max_length=300, help_text=_("Such as: returns to the mother in Khujand.")
    )
    best_interests_on = day_field(_("decided on"))
    escort = forms.CharField(label=_("escort"), max_length=120, help_text=_("Who travels with the child."))
    receiver = forms.CharField(label=_("receiver"), max_length=120, help_text=_("Who takes the child over, by name."))


class HoldQuestionForm(LaidForm):
    """Who else of the group is concerned: of the family by name, of the others by number."""

    family = forms.MultipleChoiceField(
        label=_("of the family"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    numbers = forms.CharField(
        label=_("others, by number"),
        max_length=1000,
        required=False,
        help_text=_("Such as: 301422, 558120. Leave empty where the hold concerns nobody else."),
    )
    note = forms.CharField(
        label=_("why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only protection officers can read it."),
    )

    def __init__(self, *args: Any, within: MigrantQuerySet, family: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.within = within
        self.relatives = {row.number: row for row in within.filter(family=family)} if family else {}
        if self.relatives:
            self.fields["family"].choices = [  # type: ignore[attr-defined]
                (number, f"{row.full_name} · {number}") for number, row in self.relatives.items()
            ]
        else:
            del self.fields["family"]

    def clean_numbers(self) -> list[Migrant]:
        """Give the people meant; a number that nobody in the group has is said."""
        return people_of_numbers(self.cleaned_data["numbers"], within=self.within)

    def clean(self) -> dict[str, Any]:
        """Give `also` and `note`, as the domain takes them."""
        cleaned = super().clean() or self.cleaned_data
        also = {person.pk: person for person in cleaned.pop("numbers", ())}
        also |= {row.pk: row for row in (self.relatives[number] for number in cleaned.pop("family", ()))}
        return cleaned | {"also": list(also.values())}
