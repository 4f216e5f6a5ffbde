"""Say from the barrier what is asked there now: three taps and a sentence, or a photograph of the notice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PictureField
from corridors.enums import AttachmentKind, RequirementSubject
from corridors.models import BorderCrossing
from returns.forms.laid import LaidForm
from returns.ways import ways_of


class BarrierReportForm(LaidForm):
    """Where, about what, and what was said; `client_id` comes with the page, so that two taps store one report."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    way = forms.ChoiceField(label=_("crossing and direction"))
    subject = forms.ChoiceField(
        label=_("what it is about"),
        choices=[*RequirementSubject.choices, ("", _("I do not know"))],
        required=False,
        widget=forms.RadioSelect,
    )
    sentence = forms.CharField(
        label=_("what they said"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence, in their words. No names of people."),
    )
    photograph = PictureField(
        label=_("or a photograph of the notice"),
        required=False,
        help_text=_("Place, hour and device are taken out of it. No faces."),
    )

    def __init__(
        self, *args: Any, crossings: Iterable[BorderCrossing], first: Iterable[int] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        every = sorted(ways_of(crossings), key=lambda each: (each[0].pk not in set(first), each[3]))
        self.ways = {f"{place.code}:{one}:{other}": (place, one, other) for place, one, other, _words in every}
        way = self.fields["way"]
        if isinstance(way, forms.ChoiceField):
            named = [(f"{place.code}:{one}:{other}", words) for place, one, other, words in every]
            way.choices = [("", _("choose a crossing")), *named]

    def place(self) -> tuple[BorderCrossing, str, str]:
        """Give the crossing and the direction that were chosen."""
        return self.ways[self.cleaned_data["way"]]


class SetAsideForm(forms.Form):
    """Why nothing follows from a report."""

    reason = forms.CharField(label=_("why nothing follows from it"), max_length=300)


class AttachmentForm(LaidForm):
    """A picture of the paper behind a version."""

    rows = (("kind",),)

    kind = forms.ChoiceField(label=_("what it shows"), choices=AttachmentKind.choices, widget=forms.RadioSelect)
    picture = PictureField(
        label=_("picture"),
        help_text=_("JPEG, PNG or WebP. It is made smaller, and place, hour and device are taken out of it."),
    )
    caption = forms.CharField(label=_("caption"), max_length=200, required=False)
    is_public = forms.BooleanField(
        label=_("show it on the public page too"),
        required=False,
        help_text=_("Look first: no face, no name, no telephone number of a person may stand on it."),
    )
