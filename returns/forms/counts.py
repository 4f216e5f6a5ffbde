"""The head count of the phone page; the same fields come as a form and as JSON (see static/js/count.js)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridors.models import BorderCrossing
from migrants.enums import Mood, NeedOfGroup
from migrants.groups import Counted
from migrants.models import TravelGroup
from returns.ways import way_of, ways_of

BY_SEX, BY_AGE = ("males", "females"), ("men", "women")
CHILDREN = ("children_5_17", "children_under_5", "children_alone")


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=100_000)


class HeadCountForm(forms.Form):
    """What was counted, where. `group` is the public id of a waiting group, or empty for a new one."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    group = forms.ChoiceField(label=_("group"), required=False)
    crossing = forms.ChoiceField(label=_("crossing and direction"), required=False)
    males = _number(_("male"))
    females = _number(_("female"))
    men = _number(_("men"))
    women = _number(_("women"))
    children_5_17 = _number(_("children 5–17"))
    children_under_5 = _number(_("children under 5"))
    children_alone = _number(_("children alone"))
    exact = forms.ChoiceField(
        label=_("exact or about"), choices=[("true", _("exact")), ("false", _("about"))], widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label=_("they need"), choices=NeedOfGroup.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    mood = forms.ChoiceField(
        label=_("mood"), choices=[m for m in Mood.choices if m[0]], required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    counted_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    way = forms.ChoiceField(choices=[("sex", "sex"), ("age", "age")], required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, groups: Sequence[TravelGroup], crossings: Iterable[BorderCrossing], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {str(group.public_id): group for group in groups}
        self.crossings = {crossing.code: crossing for crossing in crossings}
        self.fields["group"].choices = [("", _("a new group")), *self._group_choices()]  # type: ignore[attr-defined]
        self.fields["crossing"].choices = self._crossing_choices()  # type: ignore[attr-defined]

    def _group_choices(self) -> list[tuple[str, str]]:
        return [(ref, f"{group.code} · {way_of(group)}") for ref, group in self.groups.items()]

    def _crossing_choices(self) -> list[tuple[str, str]]:
        """Both directions of every crossing; those where groups wait stand first."""
        waiting = {(g.crossing.code, g.from_country, g.to_country) for g in self.groups.values()}
        every = ways_of(self.crossings.values())
        every.sort(key=lambda entry: ((entry[0].code, entry[1], entry[2]) not in waiting, entry[3]))
        return [(f"{place.code}:{one}:{other}", words) for place, one, other, words in every]

    def clean(self) -> dict[str, Any]:
        """Leave out the lines of the way of counting that was not meant; a place is needed unless a group names it."""
        values = super().clean() or {}
        meant = values.get("way")
        for name in BY_AGE if meant == "sex" else BY_SEX if meant == "age" else ():
            values[name] = None
        if not values.get("group") and not values.get("crossing") and not {"group", "crossing"} & set(self.errors):
            self.add_error("crossing", _("Choose the crossing and the direction, or a group."))
        return values

    @property
    def chosen_group(self) -> TravelGroup | None:
        return self.groups.get(self.cleaned_data["group"])

    @property
    def chosen_way(self) -> tuple[BorderCrossing, str, str]:
        code, one, other = self.cleaned_data["crossing"].split(":")
        return self.crossings[code], one, other

    @property
    def client(self) -> uuid.UUID:
        client: uuid.UUID = self.cleaned_data["client_id"]
        return client

    def counted(self, *, at: datetime) -> Counted:
        """What the domain stores; `at` where the device gave no time."""
        values = self.cleaned_data
        numbers = {name: values[name] for name in (*BY_SEX, *BY_AGE, *CHILDREN)}
        return Counted(
            counted_at=values["counted_at"] or at,
            exact=values["exact"] == "true",
            needs=tuple(values["needs"]),
            mood=values["mood"],
            note=values["note"],
            **numbers,
        )


def as_form_values(body: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the JSON of a device into the values of the form."""
    values = {name: value for name, value in body.items() if value is not None}
    places = [str(body.get(name) or "") for name in ("crossing", "from_country", "to_country")]
    values["crossing"] = ":".join(places) if all(places) else ""
    if isinstance(body.get("exact"), bool):
        values["exact"] = "true" if body["exact"] else "false"
    return values
