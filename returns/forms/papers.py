"""What is asked before a paper or a list of a movement or a person is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from migrants.exports import LONGEST_PURPOSE
from partners.models import Organisation
from returns.enums import JourneyPaper, PersonPaper
from returns.forms.laid import LaidForm


class _PaperForm(LaidForm):
    """For whom, in which language, what for."""

    recipient = forms.ChoiceField(label=_("for whom"), required=False)
    language = forms.ChoiceField(label=_("language"), required=False)
    purpose = forms.CharField(
        label=_("what for"), max_length=LONGEST_PURPOSE, help_text=_("Such as: boarding at the post on 2 October.")
    )
    own, usual = _("our own use"), _("that of the recipient")

    def __init__(self, *args: Any, recipients: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, Any]]] = {
            "recipient": [("", self.own), *((each.code, each.name) for each in recipients)],
            "language": [("", self.usual), *settings.LANGUAGES],
        }
        for name, each in choices.items():
            self.fields[name].choices = each  # type: ignore[attr-defined]  # a choice field


class JourneyPaperForm(_PaperForm):
    rows = (("kind",), ("recipient", "language"), ("purpose",))
    kind = forms.ChoiceField(label=_("what"), choices=JourneyPaper.choices)


class PersonPaperForm(_PaperForm):
    rows = (("kind",), ("recipient", "language"), ("purpose",), ("with_name",))
    own, usual = _("the person"), _("that of the person or recipient")
    kind = forms.ChoiceField(label=_("what"), choices=PersonPaper.choices)
    with_name = forms.BooleanField(
        label=_("Print the name on “who sees you”"),
        required=False,
        help_text=_("Leave it empty where a paper with a name could endanger the person; the number stands there."),
    )


class ListForm(forms.Form):
    """What a list is for; it is as the page shows it."""

    purpose = forms.CharField(label=_("what for"), max_length=LONGEST_PURPOSE)
