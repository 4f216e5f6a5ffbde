"""What people may write on the pages of notices; the domain functions judge it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.forms import FunctionField, NameField, PictureField
from common.templatetags.ui_times import city
from notifications.acknowledgements import WrittenDown
from notifications.choosing import Step
from notifications.enums import AnsweredBy, CallOutcome, Measure, StepKind
from notifications.messages import kinds
from partners.enums import ChannelKind
from partners.models import Office, Organisation


class AnswerForm(forms.Form):
    """Who has the notice for the organisation."""

    name = NameField(label=_("Your name"), missing=_("Write your name, so that we know whom to call back."))
    function = FunctionField(label=_("Your function"), missing=_("Write your function, for example “duty officer”."))


class ObjectionForm(forms.Form):
    """What is not right about a notice."""

    text = forms.CharField(
        label=_("What is not right?"),
        max_length=2000,
        error_messages={"required": _("Write what is not right, in any language.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OnBehalfForm(AnswerForm):
    """An answer that came by phone or letter, written down by a colleague."""

    answered_by = forms.ChoiceField(
        label=_("How did the answer come?"),
        choices=[(AnsweredBy.PHONE, _("by phone")), (AnsweredBy.LETTER, _("by letter"))],
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(
        label=_("Number called, or reference of the letter"),
        max_length=100,
        error_messages={"required": _("Write the number that was called, or the reference of the letter.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    said_at = forms.DateTimeField(
        label=_("When, if not just now"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        error_messages={"invalid": _("Give day and hour, such as 2026-10-01 09:30.")},
    )
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300})
    )
    scan = PictureField(label=_("Picture of the letter"), required=False)
    action_confirmed = forms.BooleanField(label=_("Their post has been told"), required=False)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["said_at"].help_text = _("As the clock shows it in %(city)s.") % {"city": city(zone)}
        self.fields["name"].label = _("Name of the person who answered")
        self.fields["function"].label = _("Function of the person who answered")
        for name in ("name", "function"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def written_down(self) -> WrittenDown:
        """What stands behind the answer, its hour meant in the zone of the form."""
        said = self.cleaned_data
        hour: datetime | None = said["said_at"]
        return WrittenDown(
            reference=said["reference"],
            said_at=hour.replace(tzinfo=ZoneInfo(self.zone)) if hour else None,
            note=said["note"],
            scan=said["scan"],
        )


class ActionForm(forms.Form):
    """What the organisation has done about it."""

    note = forms.CharField(label=_("What was done"), max_length=300, required=False)


WITHOUT_NOTICE = [choice for choice in CallOutcome.choices if choice[0] != CallOutcome.ACKNOWLEDGED]


class CallForm(forms.Form):
    """What came of a call."""

    number = forms.CharField(
        label=_("Number called"),
        max_length=30,
        error_messages={"required": _("Write the number with its country code, for example +998 55 500 00 14.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=CallOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of the call.")},
    )
    function = forms.CharField(
        label=_("Function of the person reached"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name of the person reached"),
        help_text=_("Needed where the person acknowledged."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    also = forms.MultipleChoiceField(
        label=_("The same call was also about"),
        help_text=_("Tick what you have read out. It is written down for each."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, about_notice: bool = True, others: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if others:
            cast("forms.MultipleChoiceField", self.fields["also"]).choices = others
        else:
            del self.fields["also"]
        if not about_notice:
            cast("forms.ChoiceField", self.fields["outcome"]).choices = WITHOUT_NOTICE
            self.fields["name"].help_text = ""


class SubscriptionForm(forms.Form):
    """A webhook for the system of an organisation."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.order_by("name_en"), to_field_name="code"
    )
    url = forms.CharField(
        label=_("Address of its system"),
        max_length=250,
        help_text=_("It begins with https:// and stands in the public network."),
        widget=forms.URLInput(),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of alerts"),
        required=False,
        help_text=_("None chosen means all of them."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["kinds"]).choices = [
            (row.kind, row.label or row.kind) for row in kinds()
        ]


STEP_ROWS = 8


class PolicyForm(forms.Form):
    """What follows when nobody answers: up to eight steps, the last one the call list; and for whom to foresee it."""

    name = forms.CharField(
        label=_("Name of the policy"),
        max_length=120,
        error_messages={"required": _("Give the policy a name of at most 120 letters.")},
    )
    mission = forms.ModelChoiceField(
        label=_("For notices of"),
        queryset=Office.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("all missions"),
    )
    kind = forms.ChoiceField(label=_("Kind of notice"), required=False)
    measure = forms.ChoiceField(label=_("The steps count"), choices=Measure.choices)
    organisation = forms.ModelChoiceField(
        label=_("Foresee it for"),
        queryset=Organisation.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("any organisation"),
    )
    hours = forms.DecimalField(
        label=_("Hours until somebody is hit"),
        required=False,
        min_value=Decimal("0.1"),
        max_value=1000,
        help_text=_("Where it is soon, the steps follow faster."),
    )
    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args: Any, missions: QuerySet[Office], for_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mission = cast("forms.ModelChoiceField[Office]", self.fields["mission"])
        mission.queryset = missions
        if not for_all:
            mission.required, mission.empty_label = True, None
            mission.error_messages["required"] = _("Choose the mission whose notices it is for.")
        cast(
            "forms.ModelChoiceField[Organisation]", self.fields["organisation"]
        ).queryset = Organisation.objects.order_by("name_en")
        named = [(kind.kind, kind.label or kind.kind) for kind in kinds()]
        cast("forms.ChoiceField", self.fields["kind"]).choices = [("", _("every kind but requests to decide")), *named]
        for number in range(1, STEP_ROWS + 1):
            self._add_row(number)

    def _add_row(self, number: int) -> None:
        row = {"number": number}
        self.fields[f"after_{number}"] = forms.IntegerField(
            label=_("Step %(number)d: after") % row, required=False, min_value=1, max_value=100_000
        )
        self.fields[f"what_{number}"] = forms.ChoiceField(
            label=_("Step %(number)d: who is asked") % row, required=False, choices=[("", "–"), *StepKind.choices]
        )
        self.fields[f"function_{number}"] = forms.CharField(
            label=_("Step %(number)d: function") % row, required=False, max_length=120
        )
        self.fields[f"channel_{number}"] = forms.ChoiceField(
            label=_("Step %(number)d: over") % row,
            required=False,
            choices=[("", _("any channel")), *ChannelKind.choices],
        )

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each step."""
        names = ("after", "what", "function", "channel")
        return [[self[f"{name}_{number}"] for name in names] for number in range(1, STEP_ROWS + 1)]

    def steps(self) -> list[Step]:
        """The steps that were filled in, in their order."""
        said, found = self.cleaned_data, []
        by_share = said["measure"] == Measure.PERCENT
        for number in range(1, STEP_ROWS + 1):
            if not said[f"what_{number}"]:
                continue
            after = said[f"after_{number}"] or 0
            found.append(
                Step(
                    said[f"what_{number}"],
                    seconds=0 if by_share else after * 60,
                    share=after / 100 if by_share else 0.0,
                    function=said[f"function_{number}"],
                    channel=said[f"channel_{number}"],
                )
            )
        return found


def filled_in(steps: Sequence[Step]) -> dict[str, Any]:
    """Steps as the form shows them at first."""
    initial: dict[str, Any] = {"measure": Measure.PERCENT if steps and steps[0].share else Measure.MINUTES}
    for number, step in enumerate(steps, start=1):
        initial[f"after_{number}"] = round(step.share * 100) or step.seconds // 60
        initial[f"what_{number}"], initial[f"function_{number}"] = step.kind, step.function
        initial[f"channel_{number}"] = step.channel
    return initial
