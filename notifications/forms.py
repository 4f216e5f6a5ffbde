"""What people may write on the pages of notices; the domain functions judge it again."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.enums import AnsweredBy, CallOutcome
from notifications.messages import known_kinds
from partners.models import Organisation


class AnswerForm(forms.Form):
    """Who has the notice for the organisation."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name, so that we know whom to call back.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    function = forms.CharField(
        label=_("Your function"),
        max_length=120,
        error_messages={"required": _("Write your function, for example “duty officer”.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )


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
    action_confirmed = forms.BooleanField(label=_("Their post has been told"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the person who answered")
        self.fields["function"].label = _("Function of the person who answered")
        for name in ("name", "function"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


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

    def __init__(self, *args: Any, about_notice: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        cast("forms.MultipleChoiceField", self.fields["kinds"]).choices = [(kind, kind) for kind in known_kinds()]
