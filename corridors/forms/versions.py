"""What a corridor and its versions are described by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from common import countries
from common.templatetags.ui_times import city
from common.wall_time import WallTimeError, as_shown, instant_of
from corridors import opening_hours, waiving
from corridors.approvals import NOT_PARTIES
from corridors.enums import WITH_DETAIL, CorridorCondition, RequiredEvidence
from corridors.forms.fields import WallTimeField
from corridors.legs import LegWording
from corridors.models import BorderCrossing, Leg, TransitCorridor, VersionWaiver
from corridors.opening_hours import Hours
from corridors.rules.kinds import WEEK
from corridors.rules.leaf_wording import days_of_week
from corridors.waiving import WaiverWording, line_in_words, lines_on_the_way
from corridors.windows import Window
from notifications.named import full_name
from partners.models import Organisation

ROWS = 3
"""So many rows of days and hours, and of waivers, the page begins with, and so many it adds when somebody asks."""
MOST_ROWS = {"from": opening_hours.MOST, "waived": waiving.MOST}
FURTHER = 3
"""So many countries beyond the first that is crossed may be named on the page; the API takes more."""


class CorridorForm(forms.Form):
    """Where a corridor leads: in by one crossing, out by another, through one country or several in between."""

    code = forms.CharField(
        label=_("code"), max_length=20, help_text=_("Capital letters, figures and dashes, such as ZZ-OYBEK.")
    )
    name = forms.CharField(label=_("name"), max_length=200, help_text=_("As people will say it."))
    entry = forms.ChoiceField(label=_("in by"))
    exit = forms.ChoiceField(label=_("out by"))

    def __init__(
        self, *args: Any, ways: Sequence[tuple[str, str]], through: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, FURTHER + 1):
            self.fields[f"then_{number}"] = forms.ChoiceField(
                label=_("and on through"), required=False, choices=[("", _("no further country")), *through]
            )
        for name in ("entry", "exit"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("choose a crossing and its direction")), *ways]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """The fields for countries beyond the first."""
        return [self[f"then_{number}"] for number in range(1, FURTHER + 1)]

    @property
    def says_further(self) -> bool:
        """Whether one of them is filled in, has to be mended, or was asked for."""
        return any(field.value() or field.errors for field in self.further_fields)

    def further(self) -> list[str]:
        """The countries that are crossed after the first, in order."""
        return [code for number in range(1, FURTHER + 1) if (code := self.cleaned_data[f"then_{number}"])]

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()


HOURS: dict[str, Any] = {"min_value": Decimal("0.25"), "max_value": 168, "max_digits": 5, "decimal_places": 2}


class VersionForm(forms.Form):
    """What a version says: who asks on which paper, when people may enter, for how many, for how long, on what conditions."""

    requested_by = forms.ModelChoiceField(
        label=_("requested by"), queryset=Organisation.objects.none(), to_field_name="code"
    )
    document_reference = forms.CharField(
        label=_("document reference"), max_length=100, help_text=_("Of the note or letter that asks for the passage.")
    )
    opens_local = WallTimeField(label=_("may enter from"))
    closes_local = WallTimeField(label=_("until"))
    zone = forms.ChoiceField(label=_("on the clock of"), widget=forms.RadioSelect)
    head_count_cap = forms.IntegerField(label=_("at most how many people"), min_value=1, max_value=100_000)
    vehicle_cap = forms.IntegerField(label=_("at most how many vehicles"), min_value=1, max_value=1000, required=False)
    transit_hours = forms.DecimalField(label=_("longest transit in hours"), **HOURS)
    listed = forms.MultipleChoiceField(
        label=_("conditions"),
        choices=CorridorCondition.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    detail_fuel_only = forms.CharField(label=_("fuel only at"), max_length=200, required=False)
    detail_escort = forms.CharField(label=_("escort by whom"), max_length=200, required=False)
    detail_disinfection = forms.CharField(label=_("disinfected where, and by whom"), max_length=200, required=False)
    evidence = forms.MultipleChoiceField(
        label=_("to be shown at the barrier"),
        choices=RequiredEvidence.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    conditions = forms.CharField(
        label=_("further conditions in words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
        help_text=_("One on each line, as the parties will read it."),
    )

    def __init__(
        self,
        *args: Any,
        zones: Sequence[str],
        way: TransitCorridor,
        between: Sequence[Sequence[BorderCrossing]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.way, self.between = way, between
        if way.is_chain:
            self._ask_of_legs()
        self.rows = {first: self._rows(first) for first in MOST_ROWS}
        for number in self._numbers("from"):
            self._ask_of_hours(number)
        for number in self._numbers("waived"):
            self._ask_of_waiver(number)
        requested_by, zone = self.fields["requested_by"], self.fields["zone"]
        if isinstance(requested_by, forms.ModelChoiceField):
            requested_by.queryset = Organisation.objects.order_by("name_en")
            requested_by.label_from_instance = full_name  # type: ignore[method-assign, assignment]
        if isinstance(zone, forms.ChoiceField):
            zone.choices = [(name, city(name)) for name in zones]

    def _rows(self, first: str) -> int:
        """How many rows there are of what begins with the field `first`: as many as were sent, or stand in the version."""
        known = {*self.data, *self.initial}
        named = [number for number in range(1, MOST_ROWS[first] + 1) if f"{first}_{number}" in known]
        return max(ROWS, *named) if named else ROWS

    def _numbers(self, first: str) -> range:
        return range(1, self.rows[first] + 1)

    def with_more(self, first: str) -> dict[str, Any]:
        """Give what was typed so far, as a form begins with it, and more rows of what begins with the field `first`."""
        typed = {
            name: field.widget.value_from_datadict(self.data, self.files, name) for name, field in self.fields.items()
        }
        last = min(self.rows[first] + ROWS, MOST_ROWS[first])
        return typed | {f"{first}_{number}": None for number in range(self.rows[first] + 1, last + 1)}

    @property
    def may_have_more(self) -> dict[str, bool]:
        """Whether there is room for more rows of days and hours (`from`), and of waivers (`waived`)."""
        return {first: self.rows[first] < most for first, most in MOST_ROWS.items()}

    def _ask_of_legs(self) -> None:
        """Asks for the longest transit of each country instead of one, and by which crossing it is left."""
        del self.fields["transit_hours"]
        for number, country in enumerate(self.way.through, start=1):
            words = {"country": countries.name(country)}
            self.fields[f"leg_{number}_hours"] = forms.DecimalField(
                label=_("longest transit of %(country)s in hours") % words, **HOURS
            )
        for number, places in enumerate(self.between, start=1):
            ends = [countries.name(code) for code in self.way.through[number - 1 : number + 1]]
            self.fields[f"leg_{number}_exit"] = forms.ChoiceField(
                label=_("over the border %(one)s – %(other)s by") % {"one": ends[0], "other": ends[1]},
                choices=[("", _("choose a crossing")), *((place.code, place.title) for place in places)],
                initial=places[0].code if len(places) == 1 else "",
            )

    def _ask_of_hours(self, number: int) -> None:
        """One row of days and hours; empty it asks nothing."""
        chosen = [(day, days_of_week([day])[0]) for day in WEEK]
        self.fields[f"days_{number}"] = forms.MultipleChoiceField(
            label=_("on these days"), choices=chosen, widget=forms.CheckboxSelectMultiple, required=False
        )
        for name, label in ((f"from_{number}", _("from")), (f"until_{number}", _("until"))):
            field = forms.TimeField(
                label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            )
            field.error_messages["invalid"] = _("Give an hour of the day, such as 14:00.")
            self.fields[name] = field

    def _ask_of_waiver(self, number: int) -> None:
        """One requirement that an authority waives; without a requirement the row asks nothing."""
        name = f"waived_{number}"
        what = forms.ModelChoiceField(
            lines_on_the_way(self.way), to_field_name="public_id", label=_("waived requirement"), required=False
        )
        what.label_from_instance = line_in_words  # type: ignore[method-assign, assignment]
        who = forms.ModelChoiceField(
            Organisation.objects.exclude(kind__in=NOT_PARTIES).order_by("name_en"),
            to_field_name="code",
            label=_("waived by"),
            required=False,
        )
        who.label_from_instance = full_name  # type: ignore[method-assign, assignment]
        self.fields[name], self.fields[f"{name}_by"] = what, who
        self.fields[f"{name}_reference"] = forms.CharField(
            label=_("document reference"), max_length=120, required=False
        )
        until = WallTimeField(label=_("valid until"), required=False)
        until.help_text = _("Empty: until the window closes.")
        self.fields[f"{name}_until"] = until

    @property
    def rows_of_waivers(self) -> list[list[forms.BoundField]]:
        """The fields of each waiver."""
        ends = ("", "_by", "_reference", "_until")
        return [[self[f"waived_{number}{end}"] for end in ends] for number in self._numbers("waived")]

    @property
    def says_waivers(self) -> bool:
        """Whether one of them is filled in, has to be mended, or was asked for."""
        filled = any(field.value() or field.errors for row in self.rows_of_waivers for field in row)
        return filled or self.rows["waived"] > ROWS

    def waivers(self) -> list[WaiverWording]:
        """The waivers that are filled in."""
        given, rows = self.cleaned_data, []
        for name in (f"waived_{number}" for number in self._numbers("waived")):
            if given[name] is not None:
                until = given[f"{name}_until"]
                rows.append(
                    WaiverWording(
                        given[name],
                        given[f"{name}_by"],
                        given[f"{name}_reference"],
                        instant_of(until, given["zone"]) if until else None,
                    )
                )
        return rows

    def _clean_waivers(self, given: dict[str, Any]) -> None:
        for name in (f"waived_{number}" for number in self._numbers("waived")):
            if given.get(name) is not None and given.get(f"{name}_by") is None and f"{name}_by" not in self.errors:
                self.add_error(f"{name}_by", _("Say which authority waives it."))
            until = given.get(f"{name}_until")
            if until and given.get("zone"):
                try:
                    instant_of(until, given["zone"])
                except WallTimeError as error:
                    self.add_error(f"{name}_until", str(error))

    @property
    def rows_of_hours(self) -> list[list[forms.BoundField]]:
        """The fields of each row of days and hours."""
        return [[self[f"{what}_{number}"] for what in ("days", "from", "until")] for number in self._numbers("from")]

    @property
    def says_hours(self) -> bool:
        """Whether one of them is filled in, has to be mended, or was asked for."""
        filled = any(field.value() or field.errors for row in self.rows_of_hours for field in row)
        return filled or self.rows["from"] > ROWS

    def clean(self) -> dict[str, Any]:
        """Refuses a row that has one hour alone, and a waiver of nobody."""
        given = super().clean() or self.cleaned_data
        self._clean_waivers(given)
        for number in self._numbers("from"):
            ends = [f"from_{number}", f"until_{number}"]
            if all(name in given for name in ends) and sum(given[name] is None for name in ends) == 1:
                empty = next(name for name in ends if given[name] is None)
                self.add_error(empty, _("Give both hours, or none for the whole day."))
        return given

    def hours(self) -> tuple[Hours, ...]:
        """The rows of days and hours that are filled in."""
        given = self.cleaned_data
        rows = [[given[f"{what}_{number}"] for what in ("days", "from", "until")] for number in self._numbers("from")]
        return tuple(
            Hours(tuple(days), opens or time.min, closes or time.min)
            for days, opens, closes in rows
            if days or opens is not None
        )

    @property
    def leg_fields(self) -> list[forms.BoundField]:
        """The fields of the legs in the order of the way; none of a way through one country."""
        if not self.way.is_chain:
            return []
        names = [f"leg_{number}_{what}" for number in range(1, len(self.way.through) + 1) for what in ("hours", "exit")]
        return [self[name] for name in names if name in self.fields]

    def legs(self) -> list[LegWording]:
        """What was said of each country that is crossed."""
        given, entry, legs = self.cleaned_data, self.way.entry, []
        for number, country in enumerate(self.way.through if self.way.is_chain else [], start=1):
            code = given.get(f"leg_{number}_exit")
            leave = self.way.exit if code is None else self._crossing(number, code)
            longest = timedelta(hours=float(given[f"leg_{number}_hours"]))
            legs.append(LegWording(country, entry, leave, longest))
            entry = leave
        return legs

    def _crossing(self, number: int, code: str) -> BorderCrossing:
        return next(place for place in self.between[number - 1] if place.code == code)

    def said(self) -> dict[str, Any]:
        """The wording as `corridors.transit` takes it."""
        given = self.cleaned_data
        return {
            "requested_by": given["requested_by"],
            "document_reference": given["document_reference"],
            "head_count_cap": given["head_count_cap"],
            "vehicle_cap": given["vehicle_cap"],
            "longest_transit": timedelta(hours=float(given.get("transit_hours", 0))),
            "legs": self.legs(),
            "waivers": self.waivers(),
            "conditions": given["conditions"].splitlines(),
            "listed": {code: given.get(f"detail_{code}", "") for code in given["listed"]},
            "evidence": given["evidence"],
            "window": Window(given["opens_local"], given["closes_local"], given["zone"], self.hours()),
        }


def hours_figure(time: timedelta) -> str:
    """ "4" or "1.5", as a field of hours begins."""
    hours = Decimal(int(time.total_seconds())) / 3600
    return hours.quantize(Decimal("0.01")).normalize().__format__("f")


def waivers_typed(waivers: Iterable[VersionWaiver], zone: str) -> dict[str, Any]:
    """The waivers of a version as the form begins with them, on the clock of `zone`."""
    typed: dict[str, Any] = {}
    for number, row in enumerate(waivers, start=1):
        name = f"waived_{number}"
        typed |= {name: row.requirement, f"{name}_by": row.authority, f"{name}_reference": row.reference}
        typed[f"{name}_until"] = as_shown(row.valid_until, ZoneInfo(zone))
    return typed


def hours_typed(hours: Sequence[Hours]) -> dict[str, Any]:
    """The days and hours of a version as the form begins with them."""
    typed: dict[str, Any] = {}
    for number, row in enumerate(hours, start=1):
        typed |= {f"days_{number}": list(row.days), f"from_{number}": row.opens, f"until_{number}": row.closes}
    return typed


def legs_typed(legs: Sequence[Leg]) -> dict[str, str]:
    """The legs of a version as the form begins with them."""
    typed = {f"leg_{leg.number}_hours": hours_figure(leg.longest_transit) for leg in legs}
    return typed | {f"leg_{leg.number}_exit": leg.exit.code for leg in legs[:-1]}


def as_typed_in(wording: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions and limits of a wording (`longest_transit`, caps, `listed` and so on) as the form begins with them."""
    return {
        "head_count_cap": wording["head_count_cap"],
        "vehicle_cap": wording["vehicle_cap"],
        "transit_hours": hours_figure(wording["longest_transit"]),
        "conditions": "\n".join(wording["conditions"]),
        "listed": list(wording["listed"]),
        "evidence": list(wording["evidence"]),
        **{f"detail_{code}": wording["listed"].get(code, "") for code in WITH_DETAIL},
    }
