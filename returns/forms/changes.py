"""Write down a requirement that changed: one screen, at three in the morning, on the phone to a border post."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from corridors.enums import Certainty, Mode, RequirementSubject, SourceTier
from corridors.lines import every_crossing, zone_of_country
from corridors.models import BorderCrossing
from corridors.rules.kinds import PassageWay, PricePer, PurposeKind
from corridors.rules.leaf_parsing import OLDEST_AGE
from partners.enums import WITHOUT_AUTHORITY
from partners.models import Organisation
from returns.cases import instant_of
from returns.forms.conditions import ConditionFields, MoreForm, near, some
from returns.forms.people import whole_field
from returns.funding import CURRENCIES
from returns.ways import way

KIND_OF: dict[str, str] = {
    RequirementSubject.HEALTH_TEST: "test",
    RequirementSubject.TRAVEL_DOCUMENT: "document",
    RequirementSubject.OPENING: "closed",
    RequirementSubject.CONSENT: "consent_form",
    RequirementSubject.VACCINATION: "vaccination",
    RequirementSubject.PERMIT: "permit",
    RequirementSubject.GUARANTEE: "guarantee_letter",
    RequirementSubject.FORM: "registration_form",
    RequirementSubject.PAYMENT: "payment",
    RequirementSubject.QUARANTINE: "quarantine",
    RequirementSubject.QUOTA: "quota",
    RequirementSubject.HOURS: "window",
    RequirementSubject.ESCORT: "escort",
}
"""The condition with which a line of each subject begins."""
MORE = ("second", "third")
ENTERED, LEFT = "entered", "left"
EVERY = "*"
"""Stands for the crossing where every crossing is meant."""


class ChangeForm(ConditionFields):
    """Asks where, what, since when, how sure, from whom. `content()` gives the rule as `corridors.rules` reads it."""

    way = forms.ChoiceField(
        label=_("crossing and direction"), error_messages={"required": _("Choose the crossing and the direction.")}
    )
    mode = forms.ChoiceField(
        label=_("asked of whom who travels"), choices=[("", _("by any means")), *Mode.choices], required=False
    )
    subject = forms.ChoiceField(
        label=_("what it is about"),
        choices=[(subject, RequirementSubject(subject).label) for subject in KIND_OF],
        widget=forms.RadioSelect,
        initial=RequirementSubject.HEALTH_TEST,
    )
    exempt_under = forms.IntegerField(
        label=_("children under this age are exempt"), min_value=1, max_value=18, required=False
    )
    spared_of = some(_("nationals of these countries are exempt"), near)
    spared_residents = some(_("people who live in these countries are exempt"), near)
    spared_from_age = whole_field(_("people from this age are exempt"), min_value=1, max_value=120)
    spared_groups = forms.CharField(
        label=_("these groups are exempt"),
        max_length=200,
        required=False,
        help_text=_("Codes, with commas between them."),
    )
    asked_of = some(_("only of nationals of"), near, help_text=_("None ticked: whatever the nationality."))
    not_asked_of = some(_("of any nationals but those of"), near)
    asked_from_age = whole_field(_("only of people from this age"), min_value=1, max_value=99)
    asked_under_age = whole_field(_("only of people under this age"), min_value=1, max_value=120)
    asked_passage = forms.ChoiceField(
        label=_("only of people"), choices=[("", _("in transit or to stay")), *PassageWay.choices], required=False
    )
    asked_residents = some(_("only of people who live in"), near)
    not_asked_residents = some(_("of anybody but those who live in"), near)
    asked_purposes = some(_("only of people who travel for"), PurposeKind.choices)
    asked_groups = forms.CharField(
        label=_("only of these groups"), max_length=200, required=False, help_text=_("Codes, with commas between them.")
    )
    price = forms.DecimalField(label=_("price"), min_value=0, max_digits=9, decimal_places=2, required=False)
    currency = forms.ChoiceField(
        label=_("currency"), choices=[(code, code) for code in CURRENCIES], required=False, initial="USD"
    )
    price_per = forms.ChoiceField(
        label=_("to be paid"), choices=PricePer.choices, required=False, initial=PricePer.PERSON
    )
    side_effect = forms.CharField(
        label=_("what follows for people"), max_length=300, required=False, help_text=_("“14 days of quarantine”")
    )
    applies_from = forms.DateTimeField(
        label=_("since when"),
        required=False,
        help_text=_("Local time of the crossing. Leave empty for: from now on."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    applies_until = forms.DateTimeField(
        label=_("until when"),
        required=False,
        help_text=_("The first hour at which it is no longer asked. Leave empty where nobody said an end."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    clock = forms.ChoiceField(
        label=_("on whose clock these hours are"),
        choices=[(ENTERED, _("of the side that people enter")), (LEFT, _("of the side that people leave"))],
        widget=forms.RadioSelect,
        initial=ENTERED,
    )
    certainty = forms.ChoiceField(
        label=_("how sure"), choices=Certainty.choices, widget=forms.RadioSelect, initial=Certainty.REPORTED
    )
    source_tier = forms.ChoiceField(
        label=_("how we know"), choices=SourceTier.choices, widget=forms.RadioSelect, initial=SourceTier.ORAL_POST
    )
    source_text = forms.CharField(
        label=_("who said it, or which paper says it"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In the words that were used."),
        error_messages={"required": _("Say who said it, or which paper it stands in, in the words that were used.")},
    )
    correction = forms.CharField(
        label=_("what we entered wrongly before"),
        max_length=300,
        required=False,
        help_text=_("Only where the crossing asks what it always asked and our entry was wrong. Everybody is told so."),
    )
    authority = forms.ModelChoiceField(
        label=_("which authority asks for it"),
        queryset=Organisation.objects.none(),
        to_field_name="code",
        help_text=_("It is not told: it knows."),
        error_messages={
            "required": _("Say which authority asks for this; enter it in the directory first if it is not there.")
        },
    )

    def __init__(self, *args: Any, crossings: Iterable[BorderCrossing], first: Iterable[int] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        given = self.initial.get("more") or {}
        self.more = [MoreForm(self.data or None, prefix=name, initial=given.get(name)) for name in MORE]
        self.crossings = {crossing.code: crossing for crossing in crossings}
        self._field("way").choices = self._ways(set(first))
        authority = self.fields["authority"]
        if isinstance(authority, forms.ModelChoiceField):
            authority.queryset = Organisation.objects.exclude(kind__in=WITHOUT_AUTHORITY).order_by("name_en")
        for name in ("applies_from", "applies_until"):
            self.fields[name].localize = False

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def _ways(self, first: set[int]) -> list[Any]:
        """Every direction of every land crossing; those where people wait stand first."""
        waiting: list[tuple[str, str]] = []
        others: list[tuple[str, str]] = []
        for crossing in self.crossings.values():
            countries = [side.country for side in crossing.sides.all()]
            for pair in (countries, countries[::-1]):
                if len(pair) == 2:
                    choice = (f"{crossing.code}:{pair[0]}:{pair[1]}", f"{way(crossing, *pair)} ({crossing.code})")
                    (waiting if crossing.pk in first else others).append(choice)
        groups: list[Any] = [("", _("choose a crossing"))]
        groups += [(_("where people wait"), waiting)] if waiting else []
        groups.append((_("all crossings"), sorted(others, key=lambda choice: choice[1])))
        return [*groups, (_("every crossing of a border or a country"), self._borders())]

    def _borders(self) -> list[tuple[str, str]]:
        """Every direction between two countries that meet at a crossing, and into and out of each of them."""
        pairs = {tuple(side.country for side in crossing.sides.all()) for crossing in self.crossings.values()}
        ends = {way for pair in pairs if len(pair) == 2 for way in (pair, pair[::-1])}
        ends |= {way for pair in pairs for country in pair for way in (("", country), (country, ""))}
        return sorted(
            ((f"{EVERY}:{one}:{other}", every_crossing(one, other)) for one, other in ends),
            key=lambda choice: choice[1],
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        subject = given.get("subject")
        if given.get("certainty") == Certainty.WITHDRAWN:
            return given
        self.require(KIND_OF.get(str(subject), ""))
        if given.get("asked_of") and given.get("not_asked_of"):
            self.add_error("not_asked_of", _("Tick either whose nationals it is asked of, or whose it is not."))
        if given.get("asked_residents") and given.get("not_asked_residents"):
            self.add_error(
                "not_asked_residents", _("Tick either where those live whom it asks, or where the others do.")
            )
        if (given.get("asked_from_age") or 0) >= (given.get("asked_under_age") or OLDEST_AGE + 1):
            self.add_error("asked_under_age", _("Give a higher age than that from which it is asked."))
        for form in self.more:
            if not form.is_valid():
                self.add_error(None, _("Look at the other conditions: something there cannot be read."))
        return given

    def line(self) -> tuple[BorderCrossing | None, str, str, str]:
        """Give the line of requirements as `corridors.requirements.draft` takes it."""
        code, from_country, to_country = self.cleaned_data["way"].split(":")
        return self.crossings.get(code), from_country, to_country, self.cleaned_data["subject"]

    def instant(self, name: str) -> datetime | None:
        """Give the instant of an hour that was written; None for none. Raises PlanError where clocks skip or repeat it."""
        hour = self.cleaned_data[name]
        if hour is None:
            return None
        crossing, from_country, to_country, _subject = self.line()
        country = to_country if self.cleaned_data["clock"] == ENTERED else from_country
        other = from_country if country == to_country else to_country
        zone = crossing.side(country).zone if crossing else zone_of_country(country) or zone_of_country(other) or "UTC"
        return instant_of(hour.astimezone(UTC).replace(tzinfo=None), zone)

    def content(self, *, standing: dict[str, Any] | None) -> dict[str, Any]:
        """Give the rule; of a line that is withdrawn, what it asked (`standing`)."""
        given = self.cleaned_data
        if given["certainty"] == Certainty.WITHDRAWN and standing is not None:
            return standing
        return {
            "applies": self._applies(),
            "rule": self._rule(),
            "exempt": self._exempt(),
            "price": self._price(),
            "side_effect": given["side_effect"].strip(),
        }

    def _price(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        if not given["price"]:
            return None
        per = given["price_per"] or PricePer.PERSON.value
        return {"amount": str(given["price"]), "currency": given["currency"] or "USD", "per": per}

    def _rule(self) -> dict[str, Any]:
        rule = self.condition(KIND_OF[self.cleaned_data["subject"]])
        for form in self.more:
            rule = form.joined(rule)
        return rule

    def _applies(self) -> dict[str, Any] | None:
        """Give of whom it is asked; None: of everybody."""
        given = self.cleaned_data
        groups = _codes(given["asked_groups"])
        bounds = {"from": given["asked_from_age"], "under": given["asked_under_age"]}
        ages = {bound: years for bound, years in bounds.items() if years is not None}
        asked: list[tuple[Any, dict[str, Any]]] = [
            (given["asked_of"], {"nationality": {"in": given["asked_of"]}}),
            (given["not_asked_of"], {"nationality": {"not_in": given["not_asked_of"]}}),
            (ages, {"age": ages}),
            (given["asked_passage"], {"passage": {"as": given["asked_passage"]}}),
            (given["asked_residents"], {"residence": {"in": given["asked_residents"]}}),
            (given["not_asked_residents"], {"residence": {"not_in": given["not_asked_residents"]}}),
            (given["asked_purposes"], {"purpose": {"in": given["asked_purposes"]}}),
            (groups, {"group": {"in": groups}}),
        ]
        return _joined("all", asked)

    def _exempt(self) -> dict[str, Any] | None:
        """Give who is spared; None: nobody."""
        given = self.cleaned_data
        groups = _codes(given["spared_groups"])
        spared: list[tuple[Any, dict[str, Any]]] = [
            (given["exempt_under"], {"age": {"under": given["exempt_under"]}}),
            (given["spared_from_age"], {"age": {"from": given["spared_from_age"]}}),
            (given["spared_of"], {"nationality": {"in": given["spared_of"]}}),
            (given["spared_residents"], {"residence": {"in": given["spared_residents"]}}),
            (groups, {"group": {"in": groups}}),
        ]
        return _joined("any", spared)

    def fields_of_rule(self) -> list[tuple[str, list[BoundField]]]:
        """Give the fields that only one subject needs, under its name, for the page."""
        subjects = {kind: subject for subject, kind in KIND_OF.items()}
        return [(str(subjects[kind]), fields) for kind, fields in self.groups()]

    def more_to_mend(self) -> list[dict[str, Any]]:
        """Give what is wrong in the other conditions, for the summary above the form."""
        return [
            {"where": form[name].label, "url": f"#{form[name].id_for_label}", "message": sentence}
            for form in self.more
            for name, sentences in form.errors.items()
            for sentence in sentences
        ]

    def fields_of_whom(self) -> list[BoundField]:
        """Give the fields that say of whom it is asked."""
        return [self[name] for name in self.fields if name.startswith(("asked_", "not_asked_"))]

    def fields_of_spared(self) -> list[BoundField]:
        """Give the fields that say who else than children is spared."""
        return [self[name] for name in self.fields if name.startswith("spared_")]


def _codes(written: str) -> list[str]:
    return [code.strip() for code in written.split(",") if code.strip()]


def _joined(join: str, conditions: list[tuple[Any, dict[str, Any]]]) -> dict[str, Any] | None:
    """Give the conditions of which something was said, joined by `join`; None for none."""
    parts = [condition for is_said, condition in conditions if is_said]
    return None if not parts else parts[0] if len(parts) == 1 else {join: parts}
