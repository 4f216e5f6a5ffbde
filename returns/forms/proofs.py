"""What can be shown at a barrier: one form for a person, for some of a group, or for all of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corridors.rules.kinds import EscortKind, PermitKind, PurposeKind, VaccineKind
from migrants.entries import ProofEntry
from migrants.enums import ProofKind
from migrants.models import Migrant
from migrants.models.people import MigrantQuerySet
from returns.forms.laid import LaidForm, Rows
from returns.forms.numbers import people_of_numbers
from returns.forms.people import day_field, nationality_choices, whole_field
from returns.funding import CURRENCIES

EVERYBODY, SOME = "group", "people"


def _sorts() -> list[Any]:
    """The words of each kind under its heading: without a script too it is clear which belong to what."""
    return [
        ("", gettext("nothing more to say")),
        (str(ProofKind.VACCINATION.label), VaccineKind.choices),
        (str(ProofKind.PERMIT.label), PermitKind.choices),
        (str(ProofKind.ESCORT.label), EscortKind.choices),
        (str(ProofKind.PURPOSE.label), PurposeKind.choices),
    ]


class ProofForm(LaidForm):
    """A proof; what its kind does not know is left empty."""

    rows: ClassVar[Rows] = (
        ("kind", "sort"),
        ("country", "authority"),
        ("title", "number"),
        ("begins_on", "last_on", "doses"),
        ("amount", "currency"),
    )
    kind = forms.ChoiceField(label=_("what it is"), choices=ProofKind.choices)
    sort = forms.ChoiceField(
        label=_("which one"), required=False, help_text=_("Of a vaccination, permit, escort or purpose.")
    )
    country = forms.ChoiceField(
        label=_("country"), required=False, help_text=_("That issued it, or in which the person lives.")
    )
    authority = forms.CharField(label=_("who issued it"), max_length=200, required=False)
    title = forms.CharField(
        label=_("name of the form, or paid for"),
        max_length=80,
        required=False,
        help_text=_("As the requirement names it."),
    )
    number = forms.CharField(
        label=_("number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept sealed."),
    )
    begins_on = day_field(
        _("first day"), required=False, help_text=_("Of a vaccination the day of the last dose, of a place its day.")
    )
    last_on = day_field(_("last day"), required=False, help_text=_("This day still counts."))
    doses = whole_field(_("doses"), min_value=1, max_value=9)
    amount = forms.DecimalField(label=_("amount paid"), min_value=0, max_digits=9, decimal_places=2, required=False)
    currency = forms.ChoiceField(
        label=_("currency"), choices=[("", "—"), *((code, code) for code in CURRENCIES)], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sort"].choices = lazy(_sorts, list)()  # type: ignore[attr-defined]
        self.fields["country"].choices = nationality_choices()  # type: ignore[attr-defined]

    def proof(self) -> ProofEntry:
        """Give what was written as the domain takes it."""
        names = ProofEntry.__dataclass_fields__
        return ProofEntry(**{name: value for name, value in self.cleaned_data.items() if name in names})


class GroupProofForm(ProofForm):
    """The same for everybody of a group, or for those whose numbers are written."""

    rows: ClassVar[Rows] = (("whom", "numbers"), *ProofForm.rows)
    whom = forms.ChoiceField(
        label=_("whose it is"),
        choices=[(EVERYBODY, _("the whole group’s, also of whoever joins it")), (SOME, _("of these people"))],
        widget=forms.RadioSelect,
        initial=EVERYBODY,
    )
    numbers = forms.CharField(
        label=_("their numbers"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("whom", "numbers")

    def __init__(self, *args: Any, within: MigrantQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.within = within

    def clean_numbers(self) -> list[Migrant] | None:
        """Give the people, each of whom is in the group; None where it is of the whole group."""
        if self.cleaned_data.get("whom") != SOME:
            return None
        people = people_of_numbers(self.cleaned_data["numbers"], within=self.within)
        if not people:
            raise forms.ValidationError(_("Write the numbers of the people whose it is."))
        return people
