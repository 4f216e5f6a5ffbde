"""Who goes from a group to another one, and which group is joined into which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from migrants.group_moves import Going
from migrants.models import Migrant, TravelGroup
from migrants.models.people import MigrantQuerySet
from returns.forms.numbers import people_of_numbers
from returns.ways import way_of

NEW = "new"
"""Stands for a group that is split off."""


def _why(example: Any) -> forms.CharField:
    return forms.CharField(
        label=_("why"),
        max_length=200,
        help_text=example,
        error_messages={"required": _("Say why; both groups keep it.")},
    )


class MoveForm(forms.Form):
    """People by number, whole families, and heads that nobody has registered, into a group or split off into a new one."""

    families = forms.MultipleChoiceField(label=_("families"), required=False, widget=forms.CheckboxSelectMultiple)
    people = forms.CharField(
        label=_("numbers of the people"),
        max_length=4000,
        required=False,
        help_text=_("As called and printed, with blanks or commas between them: 301422, 558120."),
    )
    unregistered = forms.IntegerField(
        label=_("heads that nobody has registered"), min_value=0, max_value=100_000, required=False
    )
    to_group = forms.ChoiceField(label=_("into which group"))
    why = _why(_("Such as: two buses; or: the family goes with its cousins."))

    def __init__(
        self, *args: Any, group: TravelGroup, others: Iterable[TravelGroup], within: MigrantQuerySet, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.within = within
        self.members: dict[str, list[Migrant]] = {}
        codes: dict[str, str] = {}
        for person in within.filter(family__isnull=False).select_related("family").order_by("family__code", "pk"):
            family: Any = person.family
            codes[str(family.public_id)] = family.code
            self.members.setdefault(str(family.public_id), []).append(person)
        self.others = {str(other.public_id): other for other in others}
        self.fields["families"].choices = [  # type: ignore[attr-defined]
            (ref, f"{codes[ref]} · {len(people)}") for ref, people in self.members.items()
        ]
        new = [] if group.closed_at else [(NEW, _("a new group, split off from this one"))]
        waiting = [(ref, f"{other.code} · {way_of(other)}") for ref, other in self.others.items()]
        self.fields["to_group"].choices = [("", "—"), *new, *waiting]  # type: ignore[attr-defined]
        if not self.members:
            del self.fields["families"]

    def clean_people(self) -> list[Migrant]:
        """Give the people meant; a number that nobody in the group has is said."""
        return people_of_numbers(self.cleaned_data["people"], within=self.within)

    @property
    def going(self) -> Going:
        people = {person.pk: person for person in self.cleaned_data["people"]}
        for ref in self.cleaned_data.get("families", ()):
            people |= {person.pk: person for person in self.members[ref]}
        return Going(tuple(people.values()), self.cleaned_data["unregistered"] or 0)

    @property
    def is_a_split(self) -> bool:
        return bool(self.cleaned_data["to_group"] == NEW)

    @property
    def target(self) -> TravelGroup | None:
        """The group into which they go; None where they are split off."""
        return self.others.get(self.cleaned_data["to_group"])


class JoinForm(forms.Form):
    """Into which group a whole group goes."""

    to_group = forms.ChoiceField(label=_("into which group"))
    why = _why(_("Such as: they travel together from today."))

    def __init__(self, *args: Any, others: Iterable[TravelGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(other.public_id): other for other in others}
        waiting = [(ref, f"{other.code} · {way_of(other)}") for ref, other in self.others.items()]
        self.fields["to_group"].choices = [("", "—"), *waiting]  # type: ignore[attr-defined]

    @property
    def target(self) -> TravelGroup:
        return self.others[self.cleaned_data["to_group"]]
