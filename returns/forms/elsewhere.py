"""What somebody knows of a person whom another office may know, what they ask that office, and what it answers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from migrants.enquiries import Asked
from migrants.enums import ENQUIRY_ANSWERS

_OFF = {"autocomplete": "off"}
_SAID = tuple(Asked.__dataclass_fields__)


class LookForm(forms.Form):
    """Enough to mean one person: a document or telephone in full, or a whole name with the year of birth.

    `own` is the record of one's own from whose page one looks.
    """

    own = forms.UUIDField(required=False, widget=forms.HiddenInput)
    full_name = forms.CharField(
        label=_("full name"), max_length=200, required=False, widget=forms.TextInput(attrs=_OFF),
        help_text=_("In any letters. Surname and given name at least."),
    )  # fmt: skip
    birth_year = forms.IntegerField(
        label=_("year of birth"), min_value=1900, max_value=2100, required=False,
        error_messages={"min_value": _("Write the year in full: 1986."), "max_value": _("Write the year in full: 1986.")},
    )  # fmt: skip
    document = forms.CharField(
        label=_("number of a document"), max_length=60, required=False, widget=forms.TextInput(attrs=_OFF)
    )
    phone = forms.CharField(
        label=_("telephone"), max_length=40, required=False, widget=forms.TextInput(attrs=_OFF),
        help_text=_("With the country: +992 95 000 29 60"),
    )  # fmt: skip

    def asked(self) -> Asked:
        return Asked(**{name: self.cleaned_data[name] for name in _SAID})


class AskForm(LookForm):
    """The same once more, with the office that is asked and why."""

    mission = forms.UUIDField(widget=forms.HiddenInput)
    why = forms.CharField(label=_("why you ask"), max_length=500, required=False)

    def looked_for(self) -> list[str]:
        """What was looked for, as it is sent along unseen."""
        return [self[name].as_hidden() for name in _SAID]


class AnswerForm(forms.Form):
    """What the office says."""

    state = forms.ChoiceField(
        choices=ENQUIRY_ANSWERS,
        error_messages={"required": _("Choose an answer."), "invalid_choice": _("Choose an answer.")},
    )
    words = forms.CharField(
        label=_("a word to whoever asks"), max_length=500, required=False,
        help_text=_("Whom to call, for instance. Write nothing of the person."),
    )  # fmt: skip
