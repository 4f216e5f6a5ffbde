"""What people may write on the pages of this app; the domain functions judge it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.forms import FunctionField, NameField, PaperField
from common.templatetags.ui_times import city
from common.wall_time import WallTimeError, instant_of
from corridors.enums import ApprovalState, PartyWordKind, RequirementSubject
from corridors.forms.fields import WallTimeField
from corridors.terms import OwnTerms
from notifications.enums import AnsweredBy
from notifications.named import full_name
from partners.models import Organisation


class FilterForm(forms.Form):
    """Which lines of requirements to list."""

    q = forms.CharField(label=_("crossing, in any spelling"), required=False, max_length=100)
    subject = forms.ChoiceField(
        label=_("subject"), required=False, choices=[("", _("every subject")), *RequirementSubject.choices]
    )


class KnownForm(forms.Form):
    """Two clocks, on the wall of one side: what did we know at one moment of what is asked at another?

    Without the second the moment that we look back to is meant itself.
    """

    day = forms.DateField(label=_("as we knew it on the day"), widget=forms.DateInput(attrs={"type": "date"}))
    hour = forms.TimeField(label=_("at the hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    zone = forms.ChoiceField(label=_("clock of"))
    for_day = forms.DateField(
        label=_("what is asked on the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave both empty: what was asked at that very hour."),
    )
    for_hour = forms.TimeField(
        label=_("at the hour"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    use_required_attribute = False

    def __init__(self, asked: Any, *, zones: Sequence[str], at: datetime) -> None:
        local = at.astimezone(ZoneInfo(zones[0]))
        super().__init__(asked, initial={"day": local.date(), "hour": local.time(), "zone": zones[0]})
        for day, hour in (("day", "hour"), ("for_day", "for_hour")):
            self.fields[day].error_messages["invalid"] = _("Give a day that exists, such as 2020-10-01.")
            self.fields[hour].error_messages["invalid"] = _("Give an hour of the day, such as 14:00.")
        zone = self.fields["zone"]
        if isinstance(zone, forms.ChoiceField):
            zone.choices = [(name, city(name)) for name in dict.fromkeys(zones)]

    def known_at(self) -> datetime:
        """The instant to which we look back; an hour that a change of clocks repeats is its first."""
        given = self.cleaned_data
        return datetime.combine(given["day"], given["hour"], tzinfo=ZoneInfo(given["zone"]))

    def asked_at(self) -> datetime:
        """The instant of which it is asked; the same one where nothing else was said."""
        given = self.cleaned_data
        day, hour = given["for_day"] or given["day"], given["for_hour"] or given["hour"]
        return datetime.combine(day, hour, tzinfo=ZoneInfo(given["zone"]))


class AskForm(forms.Form):
    """Which parties are asked, until when they may decide, and, the first time, how many of them have to approve."""

    parties = forms.ModelMultipleChoiceField(
        label=_("parties"),
        queryset=Organisation.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"required": _("Choose at least one party.")},
    )
    answer_by = WallTimeField(label=_("decide by"))
    needed = forms.IntegerField(
        label=_("how many of them have to approve"),
        min_value=1,
        required=False,
        help_text=_("Leave it empty if every one has to."),
    )
    musts = forms.ModelMultipleChoiceField(
        label=_("without these it does not open"),
        queryset=Organisation.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Only where not every one has to approve."),
    )

    def __init__(self, *args: Any, parties: QuerySet[Organisation], zone: str, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, musts = self.fields["parties"], self.fields["musts"]
        if isinstance(musts, forms.ModelMultipleChoiceField):
            musts.queryset = parties
            musts.label_from_instance = full_name  # type: ignore[method-assign, assignment]
        if not is_first:
            del self.fields["needed"], self.fields["musts"]
        self.zone = zone
        self.fields["answer_by"].help_text = _("On the clock of %(city)s.") % {"city": city(zone)}
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = parties
            field.label_from_instance = full_name  # type: ignore[method-assign, assignment]


class ReasonForm(forms.Form):
    """Why something is stopped, or goes on."""

    reason = forms.CharField(label=_("why, and who asked for it"), max_length=300)


class DecisionForm(forms.Form):
    """What a party decides, on which conditions of its own, and who decides it. Its window is on the clock of `zone`."""

    answer = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[
            (ApprovalState.APPROVED, _("We approve")),
            (ApprovalState.CONDITIONAL, _("We approve with conditions")),
            (ApprovalState.REJECTED, _("We reject")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you decide: approve, approve with conditions, or reject.")},
    )
    note = forms.CharField(
        label=_("Conditions, or why you reject"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    opens_local = WallTimeField(label=_("May enter only from"), required=False)
    closes_local = WallTimeField(label=_("until"), required=False)
    head_count_cap = forms.IntegerField(label=_("At most how many people"), min_value=1, required=False)
    vehicle_cap = forms.IntegerField(label=_("At most how many vehicles"), min_value=1, required=False)
    route = forms.CharField(label=_("Only by this way"), max_length=300, required=False)
    name = NameField(label=_("Your name"), missing=_("Write the name of the person who decides."))
    function = FunctionField(
        label=_("Your function"),
        missing=_("Write the function of the person who decides, such as “head of department”."),
    )
    reference = forms.CharField(label=_("Number of your document, if there is one"), max_length=100, required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        for field in self.own_fields:
            field.field.widget.attrs["class"] = "form-control"
        self.fields["opens_local"].help_text = _("On the clock of %(city)s.") % {"city": city(zone)} if zone else ""

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields of conditions of its own, in the order of a page."""
        return [self[name] for name in ("opens_local", "closes_local", "head_count_cap", "vehicle_cap", "route")]

    @property
    def says_own(self) -> bool:
        """Whether one of them was filled in, or has to be mended."""
        return any(field.value() or field.errors for field in self.own_fields)

    def clean(self) -> dict[str, Any]:
        """Turns the wall times into instants."""
        given = super().clean() or self.cleaned_data
        hours: dict[str, datetime | None] = {"opens_local": None, "closes_local": None}
        for name in hours:
            try:
                hours[name] = instant_of(given[name], self.zone) if given.get(name) else None
            except WallTimeError as error:
                self.add_error(name, str(error))
        self.own = OwnTerms(
            opens_at=hours["opens_local"],
            closes_at=hours["closes_local"],
            head_count_cap=given.get("head_count_cap"),
            vehicle_cap=given.get("vehicle_cap"),
            route=given.get("route", ""),
        )
        return given

    def said(self) -> dict[str, Any]:
        """The decision as `corridors.approvals.decide` takes it."""
        names = ("answer", "note", "name", "function", "reference", "decided_how", "scan")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data} | {"own": self.own}


class OnBehalfForm(DecisionForm):
    """A decision that came by phone or letter, written down by a colleague."""

    decided_how = forms.ChoiceField(
        label=_("How did the answer come?"),
        choices=[(AnsweredBy.PHONE, _("by phone")), (AnsweredBy.LETTER, _("by letter"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how the answer came: by phone or by letter.")},
    )
    scan = PaperField(label=_("Scan of the letter, if there is one"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer = self.fields["answer"]
        answer.label = _("What did they decide?")
        if isinstance(answer, forms.ChoiceField):
            answer.choices = [
                (ApprovalState.APPROVED, _("They approve")),
                (ApprovalState.CONDITIONAL, _("They approve with conditions")),
                (ApprovalState.REJECTED, _("They reject")),
            ]
        self.fields["note"].label = _("Conditions, or why they reject")
        _ask_of_another(self)


def _ask_of_another(form: forms.Form) -> None:
    """Lets a form that a party fills in itself ask a colleague who the person was, and on which paper or call."""
    form.fields["name"].label = _("Name of the person who decided")
    form.fields["function"].label = _("Function of the person who decided")
    reference = form.fields["reference"]
    reference.label, reference.required = _("Reference"), True
    reference.help_text = _("The number that was called and the hour, or the number of the letter.")
    reference.error_messages["required"] = _(
        "Give a reference: the number that was called and the hour, or of the letter."
    )
    form.fields["scan"].help_text = _("A PDF or a picture; only this office sees it.")
    for name in ("name", "function"):
        form.fields[name].widget.attrs["autocomplete"] = "off"


class WordForm(forms.Form):
    """What a party says after its decision, and who says it; `words` are the kinds that it has now."""

    kind = forms.ChoiceField(
        label=_("What do you want?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you want: suspend, let it go on, or withdraw.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in a few words: those who are on the road have to know.")},
    )
    name = NameField(label=_("Your name"), missing=_("Write the name of the person who decides."))
    function = FunctionField(
        label=_("Your function"),
        missing=_("Write the function of the person who decides, such as “head of department”."),
    )
    reference = forms.CharField(label=_("Number of your document, if there is one"), max_length=100, required=False)

    use_required_attribute = False
    kinds = {
        PartyWordKind.SUSPENDED: _("Suspend it: nobody may enter until we say so"),
        PartyWordKind.RESUMED: _("Let it go on: it may be used again"),
        PartyWordKind.WITHDRAWN: _("Withdraw our approval, for good"),
    }

    def __init__(self, *args: Any, words: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [(word, self.kinds[PartyWordKind(word)]) for word in words]

    def said(self) -> dict[str, Any]:
        """The word as `corridors.party_words.say` takes it."""
        return dict(self.cleaned_data)


class WordOnBehalfForm(WordForm):
    """A word that came by phone or letter, written down by a colleague."""

    said_how = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[(AnsweredBy.PHONE, _("by phone")), (AnsweredBy.LETTER, _("by letter"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how the answer came: by phone or by letter.")},
    )
    scan = PaperField(label=_("Scan of the letter, if there is one"), required=False)

    kinds = {
        PartyWordKind.SUSPENDED: _("They suspend it: nobody may enter until they say so"),
        PartyWordKind.RESUMED: _("They let it go on: it may be used again"),
        PartyWordKind.WITHDRAWN: _("They withdraw their approval, for good"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].label = _("What do they want?")
        _ask_of_another(self)
