"""Say from the barrier what is asked there now: three taps and a sentence, or a photograph of the notice."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _

from common.forms import PaperField, PictureField
from corridors.enums import AttachmentKind, RequirementSubject
from corridors.models import BorderCrossing
from returns.forms.laid import LaidForm
from returns.ways import ways_of


class BarrierReportForm(LaidForm):
    """Where, about what, and what was said; `client_id` comes with the page, so that two taps store one report.

    A device that had no network says `seen_at` too: the hour at which it was said, not that at which it is sent.
    """

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

    seen_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

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


def from_device(body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Turn the JSON of a device (static/js/barrier.js) into values and files of the form.

    A photograph comes in base64 and is looked at like any other upload; one that is not even that is an empty file.
    """
    values = {name: body[name] for name in ("client_id", "way", "subject", "sentence") if body.get(name) is not None}
    values["seen_at"] = body.get("counted_at")
    if not body.get("photograph"):
        return values, {}
    try:
        content = base64.b64decode(str(body["photograph"]), validate=True)
    except ValueError:
        content = b""
    return values, {"photograph": SimpleUploadedFile("photograph.jpg", content, "image/jpeg")}


class SetAsideForm(forms.Form):
    """Why nothing follows from a report."""

    reason = forms.CharField(label=_("why nothing follows from it"), max_length=300)


class AttachmentForm(LaidForm):
    """The paper behind a version, as a picture or a PDF."""

    rows = (("kind",),)

    kind = forms.ChoiceField(label=_("what it shows"), choices=AttachmentKind.choices, widget=forms.RadioSelect)
    picture = PaperField(
        label=_("letter or picture"),
        help_text=_("PDF, JPEG, PNG or WebP. Each page is drawn anew as a picture; nothing else of the file is kept."),
    )
    caption = forms.CharField(label=_("caption"), max_length=190, required=False)
    is_public = forms.BooleanField(
        label=_("show it on the public page too"),
        required=False,
        help_text=_("Look first: no face, no name, no telephone number of a person may stand on it."),
    )
