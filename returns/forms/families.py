"""What the members of a family are to each other, who speaks for it, and who is no longer of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from migrants.enums import RelationBasis, RelationKind
from migrants.models import Migrant
from returns.forms.laid import LaidForm


def _choices(members: Iterable[Migrant]) -> list[tuple[str, str]]:
    return [(str(person.public_id), f"{person.number} · {person.full_name}") for person in members]


class OfMembers(LaidForm):
    """A form whose people are members of one family, by public id."""

    people_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, members: Iterable[Migrant], empty: Any = "—", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(person.public_id): person for person in members}
        for name in self.people_fields:
            self.fields[name].choices = [("", empty), *_choices(self.members.values())]  # type: ignore[attr-defined]


class RelationForm(OfMembers):
    """One person is the parent, spouse, guardian … of another, and how that is known."""

    rows = (("person", "kind", "other", "basis"),)
    people_fields = ("person", "other")
    person = forms.ChoiceField(label=_("who"))
    kind = forms.ChoiceField(label=_("is"), choices=[("", "—"), *RelationKind.choices])
    other = forms.ChoiceField(label=_("whose"))
    basis = forms.ChoiceField(label=_("known from"), choices=[("", "—"), *RelationBasis.choices])

    @property
    def pair(self) -> tuple[Migrant, Migrant]:
        return self.members[self.cleaned_data["person"]], self.members[self.cleaned_data["other"]]


class LeadForm(OfMembers):
    """Who speaks for the family; nobody need."""

    people_fields = ("head",)
    head = forms.ChoiceField(label=_("who speaks for the family"), required=False)

    @property
    def speaker(self) -> Migrant | None:
        return self.members.get(self.cleaned_data["head"])


class LeaveForm(forms.Form):
    """Who is no longer of this family: alone from now on, or together a family of their own."""

    people = forms.MultipleChoiceField(label=_("who"), widget=forms.CheckboxSelectMultiple)
    code = forms.CharField(
        label=_("a family of their own"),
        max_length=20,
        required=False,
        help_text=_("A short code such as F2; empty: each stands alone."),
    )

    def __init__(self, *args: Any, members: Iterable[Migrant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(person.public_id): person for person in members}
        self.fields["people"].choices = _choices(self.members.values())  # type: ignore[attr-defined]

    @property
    def going(self) -> list[Migrant]:
        return [self.members[ref] for ref in self.cleaned_data["people"]]


class EndForm(forms.Form):
    why = forms.CharField(label=_("why it holds no longer"), max_length=200)
