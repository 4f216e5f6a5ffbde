"""One condition of a rule as fields of a form, so that nobody writes JSON; without a script all kinds stand there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from common import countries
from corridors.rules.kinds import WEEK, DocumentKind, EscortKind, PermitKind, TestKind, VaccineKind
from returns.forms.people import NEARBY, whole_field
from returns.funding import CURRENCIES

FIELDS: dict[str, tuple[str, ...]] = {
    "test": ("test_kinds", "test_hours"),
    "vaccination": ("vaccine_kinds", "doses", "dose_min_days", "dose_max_days"),
    "document": ("document_kinds", "remaining_days"),
    "permit": ("permit_kinds", "permit_issuers"),
    "guarantee_letter": ("letter_issuers",),
    "registration_form": ("form_name",),
    "payment": ("paid_for", "paid_amount", "paid_currency"),
    "quarantine": ("quarantine_days",),
    "quota": ("per_day",),
    "window": ("window_days", "window_opens", "window_closes"),
    "escort": ("escort_kinds",),
    "consent_form": (),
    "closed": (),
}
"""The fields of each kind of condition, in the order of the page."""
KINDS = [
    ("test", _("health test")),
    ("vaccination", _("vaccination")),
    ("document", _("travel document")),
    ("permit", _("visa or permit")),
    ("guarantee_letter", _("letter of guarantee")),
    ("registration_form", _("registration form")),
    ("payment", _("payment")),
    ("quarantine", _("quarantine booked")),
    ("quota", _("place of the day’s quota")),
    ("window", _("days and hours of passage")),
    ("escort", _("escort")),
    ("consent_form", _("consent form")),
]
DAYS = list(
    zip(WEEK, (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")), strict=True)
)  # fmt: skip
NEEDED: dict[str, dict[str, Any]] = {
    "test": {
        "test_kinds": _("Say which tests are accepted: choose at least one."),
        "test_hours": _("Say how old a test may be at the barrier, in hours."),
    },
    "vaccination": {"vaccine_kinds": _("Say against what people must be vaccinated: choose at least one.")},
    "document": {"document_kinds": _("Say which documents are accepted: choose at least one.")},
    "permit": {"permit_kinds": _("Say which visas or permits are accepted: choose at least one.")},
    "registration_form": {"form_name": _("Write the name of the form.")},
    "payment": {
        "paid_for": _("Write what must be paid for."),
        "paid_amount": _("Say how much must be paid."),
        "paid_currency": _("Say in which currency it is paid."),
    },
    "quarantine": {"quarantine_days": _("Say for how many days quarantine must be booked.")},
    "escort": {"escort_kinds": _("Say who must go along: choose at least one.")},
}
"""What a kind cannot do without, and the sentence for whoever left it out."""


def some(label: Any, choices: Any, **more: Any) -> forms.MultipleChoiceField:
    """Boxes to tick, none of them needed."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False, **more
    )


def near() -> list[tuple[str, str]]:
    """The countries around, by name."""
    return [(code, countries.name(code)) for code in NEARBY]


def hour(label: Any) -> forms.TimeField:
    """An hour of the day, as the clock of the crossing shows it."""
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Give an hour of the day, such as 08:00.")},
    )  # fmt: skip


class ConditionFields(forms.Form):
    """The fields of every kind of condition; `condition()` gives the chosen one as `corridors.rules` reads it."""

    test_kinds = some(_("accepted tests"), TestKind.choices, initial=TestKind.values)
    test_hours = forms.IntegerField(
        label=_("hours from sampling to the barrier, at most"), min_value=1, max_value=720, required=False, initial=72
    )
    vaccine_kinds = some(_("vaccinated against"), VaccineKind.choices)
    doses = whole_field(_("doses, at least"), min_value=1, max_value=9, initial=1)
    dose_min_days = whole_field(_("days since the last dose, at least"), min_value=0, max_value=3650)
    dose_max_days = whole_field(_("days since the last dose, at most"), min_value=0, max_value=3650)
    document_kinds = some(
        _("accepted documents"), DocumentKind.choices, initial=[DocumentKind.PASSPORT, DocumentKind.EMERGENCY]
    )
    remaining_days = forms.IntegerField(
        label=_("days it must still be valid"), min_value=0, max_value=3650, required=False, initial=0
    )
    permit_kinds = some(_("accepted visas and permits"), PermitKind.choices)
    permit_issuers = some(_("issued by"), near, help_text=_("None ticked: by any country."))
    letter_issuers = some(_("letter issued by"), near, help_text=_("None ticked: by any country."))
    form_name = forms.CharField(label=_("name of the form"), max_length=80, required=False)
    paid_for = forms.CharField(label=_("paid for"), max_length=80, required=False)
    paid_amount = forms.DecimalField(
        label=_("amount"), min_value=0, max_digits=9, decimal_places=2, required=False, localize=False
    )
    paid_currency = forms.ChoiceField(
        label=_("currency of the payment"), choices=[("", "—"), *((code, code) for code in CURRENCIES)], required=False
    )
    quarantine_days = whole_field(_("days of quarantine booked"), min_value=1, max_value=90)
    per_day = whole_field(
        _("people a day"), min_value=1, max_value=100_000, help_text=_("Leave empty where nobody said how many.")
    )
    window_days = some(_("days of passage"), DAYS, help_text=_("None ticked: every day."))
    window_opens = hour(_("from this hour"))
    window_closes = hour(_("until this hour"))
    escort_kinds = some(_("who goes along"), EscortKind.choices)

    def require(self, kind: str) -> None:
        """Put a sentence beside each field that a kind cannot do without."""
        for name, sentence in NEEDED.get(kind, {}).items():
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        given = self.cleaned_data
        if kind == "window":
            opens, closes = given.get("window_opens"), given.get("window_closes")
            if (opens is None) != (closes is None):
                self.add_error("window_closes", _("Give both hours, or none."))
            elif opens is not None and opens == closes:
                self.add_error("window_closes", _("The two hours are the same; leave them empty for the whole day."))
            elif opens is None and not 0 < len(given.get("window_days") or ()) < len(WEEK):
                self.add_error("window_days", _("Say on which days, or between which hours."))
        low, high = given.get("dose_min_days"), given.get("dose_max_days")
        if kind == "vaccination" and low is not None and high is not None and low > high:
            self.add_error("dose_max_days", _("This is less than the days that must have passed. Check both."))

    def condition(self, kind: str) -> dict[str, Any]:
        """Give the condition of this kind from what was written."""
        make = CONDITIONS.get(kind)
        said = {} if make is None else make(self.cleaned_data)
        return {kind: {name: value for name, value in said.items() if value not in (None, "", [])}}

    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """Give the fields of each kind, for the page."""
        return [(kind, [self[name] for name in names]) for kind, names in FIELDS.items() if names]


def _days(given: dict[str, Any]) -> list[str] | None:
    days = given["window_days"]
    return None if len(days) == len(WEEK) else days


CONDITIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "test": lambda given: {
        "kinds": given["test_kinds"], "result": "negative", "max_age_hours": given["test_hours"],
    },
    "vaccination": lambda given: {
        "kinds": given["vaccine_kinds"], "doses": given["doses"] or 1,
        "min_days": given["dose_min_days"], "max_days": given["dose_max_days"],
    },
    "document": lambda given: {
        "kinds": given["document_kinds"], "min_remaining_days": given["remaining_days"] or 0,
    },
    "permit": lambda given: {"kinds": given["permit_kinds"], "issued_by": given["permit_issuers"]},
    "guarantee_letter": lambda given: {"issued_by": given["letter_issuers"]},
    "registration_form": lambda given: {"name": given["form_name"]},
    "payment": lambda given: {
        "for": given["paid_for"], "amount": str(given["paid_amount"]), "currency": given["paid_currency"],
    },
    "quarantine": lambda given: {"days": given["quarantine_days"]},
    "quota": lambda given: {"per_day": given["per_day"]},
    "window": lambda given: {
        "days": _days(given),
        "from": given["window_opens"] and f"{given['window_opens']:%H:%M}",
        "until": given["window_closes"] and f"{given['window_closes']:%H:%M}",
    },
    "escort": lambda given: {"kinds": given["escort_kinds"]},
}  # fmt: skip
"""What stands in the JSON of each kind; what was left empty is left out."""


def written(condition: dict[str, Any]) -> dict[str, Any]:
    """Give the fields of one condition as it stands, the other way round; nothing for one that no field can show."""
    ((kind, said),) = condition.items() if len(condition) == 1 else (("", {}),)
    names = {
        "test": {"test_kinds": "kinds", "test_hours": "max_age_hours"},
        "vaccination": {
            "vaccine_kinds": "kinds", "doses": "doses", "dose_min_days": "min_days", "dose_max_days": "max_days",
        },
        "document": {"document_kinds": "kinds", "remaining_days": "min_remaining_days"},
        "permit": {"permit_kinds": "kinds", "permit_issuers": "issued_by"},
        "guarantee_letter": {"letter_issuers": "issued_by"},
        "registration_form": {"form_name": "name"},
        "payment": {"paid_for": "for", "paid_amount": "amount", "paid_currency": "currency"},
        "quarantine": {"quarantine_days": "days"},
        "quota": {"per_day": "per_day"},
        "window": {"window_days": "days", "window_opens": "from", "window_closes": "until"},
        "escort": {"escort_kinds": "kinds"},
    }.get(kind, {})  # fmt: skip
    given = {field: said.get(key) for field, key in names.items()}
    return given | ({"remaining_days": given["remaining_days"] or 0} if kind == "document" else {})


class MoreForm(ConditionFields):
    """A condition beside the first: asked too, or accepted instead; some people may be spared."""

    join = forms.ChoiceField(
        label=_("how it belongs to what stands above"),
        choices=[("", _("nothing more")), ("all", _("also required")), ("any", _("accepted instead"))],
        required=False,
    )
    kind = forms.ChoiceField(label=_("what it is"), choices=KINDS, required=False)
    spared_under = whole_field(_("this is not asked of children under"), min_value=1, max_value=18)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("join"):
            if not given.get("kind"):
                self.add_error("kind", _("Choose what it is."))
            self.require(given.get("kind", ""))
        return given

    def joined(self, rule: dict[str, Any]) -> dict[str, Any]:
        """Give a rule with this condition; the rule itself where there is none."""
        given = self.cleaned_data
        if not given["join"]:
            return rule
        condition = self.condition(given["kind"])
        if under := given["spared_under"]:
            condition = {"unless": {"rule": condition, "exempt": {"age": {"under": under}}}}
        return {given["join"]: [rule, condition]}
