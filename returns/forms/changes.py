"""Write down a requirement that changed: one screen, at three in the morning, on the phone to a border post."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridors.enums import Certainty, Mode, RequirementSubject, SourceTier
from corridors.lines import every_crossing, zone_of_country
from corridors.models import BarrierReport, BorderCrossing, Requirement
from corridors.rules.kinds import DocumentKind, TestKind
from partners.models import Organisation
from returns.cases import instant_of
from returns.funding import CURRENCIES
from returns.ways import way

SUBJECTS = (
    RequirementSubject.HEALTH_TEST,
    RequirementSubject.TRAVEL_DOCUMENT,
    RequirementSubject.OPENING,
    RequirementSubject.CONSENT,
)
ENTERED, LEFT = "entered", "left"
EVERY = "*"
"""Stands for the crossing where every crossing is meant."""


class ChangeForm(forms.Form):
    """Asks where, what, since when, how sure, from whom. `content()` gives the rule as `corridors.rules` reads it."""

    way = forms.ChoiceField(label=_("crossing and direction"))
    mode = forms.ChoiceField(
        label=_("asked of whom who travels"), choices=[("", _("by any means")), *Mode.choices], required=False
    )
    subject = forms.ChoiceField(
        label=_("what it is about"),
        choices=[(subject.value, subject.label) for subject in SUBJECTS],
        widget=forms.RadioSelect,
        initial=RequirementSubject.HEALTH_TEST,
    )
    test_kinds = forms.MultipleChoiceField(
        label=_("accepted tests"),
        choices=TestKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=TestKind.values,
    )
    test_hours = forms.IntegerField(
        label=_("hours from sampling to the barrier, at most"), min_value=1, max_value=720, required=False, initial=72
    )
    exempt_under = forms.IntegerField(
        label=_("children under this age are exempt"), min_value=1, max_value=18, required=False
    )
    document_kinds = forms.MultipleChoiceField(
        label=_("accepted documents"),
        choices=DocumentKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=[DocumentKind.PASSPORT, DocumentKind.EMERGENCY],
    )
    remaining_days = forms.IntegerField(
        label=_("days it must still be valid"), min_value=0, max_value=3650, required=False, initial=0
    )
    price = forms.DecimalField(
        label=_("price for each person"), min_value=0, max_digits=9, decimal_places=2, required=False
    )
    currency = forms.ChoiceField(
        label=_("currency"), choices=[(code, code) for code in CURRENCIES], required=False, initial="USD"
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
    clock = forms.ChoiceField(
        label=_("on whose clock"),
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
    )

    def __init__(self, *args: Any, crossings: Iterable[BorderCrossing], first: Iterable[int] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.crossings = {crossing.code: crossing for crossing in crossings}
        self._field("way").choices = self._ways(set(first))
        authority = self.fields["authority"]
        if isinstance(authority, forms.ModelChoiceField):
            authority.queryset = Organisation.objects.exclude(kind__in=["iom", "ngo", "un", "donor"]).order_by(
                "name_en"
            )
        self.fields["applies_from"].localize = False

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
        if subject == RequirementSubject.HEALTH_TEST:
            self._require("test_kinds", _("Say which tests are accepted: choose at least one."))
            self._require("test_hours", _("Say how old a test may be at the barrier, in hours."))
        if subject == RequirementSubject.TRAVEL_DOCUMENT:
            self._require("document_kinds", _("Say which documents are accepted: choose at least one."))
        return given

    def _require(self, name: str, sentence: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def line(self) -> tuple[BorderCrossing | None, str, str, str]:
        """Give the line of requirements as `corridors.requirements.draft` takes it."""
        code, from_country, to_country = self.cleaned_data["way"].split(":")
        return self.crossings.get(code), from_country, to_country, self.cleaned_data["subject"]

    def since(self, *, at: datetime) -> datetime:
        """Give the instant from which it applies. Raises PlanError where the clocks of that side skip or repeat it."""
        written = self.cleaned_data["applies_from"]
        if written is None:
            return at
        crossing, from_country, to_country, _subject = self.line()
        country = to_country if self.cleaned_data["clock"] == ENTERED else from_country
        other = from_country if country == to_country else to_country
        zone = crossing.side(country).zone if crossing else zone_of_country(country) or zone_of_country(other) or "UTC"
        return instant_of(written.astimezone(UTC).replace(tzinfo=None), zone)

    def content(self, *, standing: dict[str, Any] | None) -> dict[str, Any]:
        """Give the rule; of a line that is withdrawn, what it asked (`standing`)."""
        given = self.cleaned_data
        if given["certainty"] == Certainty.WITHDRAWN and standing is not None:
            return standing
        price = given["price"]
        under = given["exempt_under"]
        return {
            "rule": self._rule(),
            "exempt": {"age": {"under": under}} if under else None,
            "price": {"amount": str(price), "currency": given["currency"] or "USD", "per": "person"} if price else None,
            "side_effect": given["side_effect"].strip(),
        }

    def _rule(self) -> dict[str, Any]:
        given = self.cleaned_data
        match given["subject"]:
            case RequirementSubject.HEALTH_TEST:
                hours = given["test_hours"]
                return {"test": {"kinds": given["test_kinds"], "result": "negative", "max_age_hours": hours}}
            case RequirementSubject.TRAVEL_DOCUMENT:
                days = given["remaining_days"] or 0
                return {"document": {"kinds": given["document_kinds"], "min_remaining_days": days}}
            case RequirementSubject.OPENING:
                return {"closed": {}}
            case _:
                return {"consent_form": {}}

    def fields_of_rule(self) -> dict[str, Any]:
        """Group the fields that only one subject needs, for the page."""
        return {
            "health_test": [self[name] for name in ("test_kinds", "test_hours", "exempt_under")],
            "travel_document": [self[name] for name in ("document_kinds", "remaining_days")],
        }


def initial_of_report(report: BarrierReport, said: str) -> dict[str, Any]:
    """Fill the form with what was reported from the barrier: where, about what, and the words, which are only reported."""
    given: dict[str, Any] = {
        "way": f"{report.crossing.code}:{report.from_country}:{report.to_country}",
        "certainty": Certainty.REPORTED,
        "source_tier": SourceTier.ORAL_POST,
        "source_text": said,
    }
    return given | ({"subject": report.subject} if report.subject in {subject.value for subject in SUBJECTS} else {})


def initial_of(line: Requirement, content: dict[str, Any]) -> dict[str, Any]:
    """Fill the form with what a line asks now, so that only what changed is typed."""
    rule = content.get("rule", {})
    given: dict[str, Any] = {
        "mode": line.mode,
        "way": f"{line.crossing.code if line.crossing else EVERY}:{line.from_country}:{line.to_country}",
        "subject": line.subject,
        "side_effect": content.get("side_effect", ""),
        "exempt_under": ((content.get("exempt") or {}).get("age") or {}).get("under"),
    }
    if "test" in rule:
        given |= {"test_kinds": rule["test"]["kinds"], "test_hours": rule["test"]["max_age_hours"]}
    if "document" in rule:
        given |= {
            "document_kinds": rule["document"]["kinds"],
            "remaining_days": rule["document"].get("min_remaining_days") or 0,
        }
    if content.get("price"):
        given |= {"price": content["price"]["amount"], "currency": content["price"]["currency"]}
    return given
