"""What is asked before a file leaves, and after one that came back is looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from migrants.exports import LONGEST_PURPOSE
from partners.models import Organisation
from returns.forms.laid import LaidForm


class PaperForm(LaidForm):
    """For whom a paper is, in which language, and what for."""

    recipient = forms.ChoiceField(label=_("for whom"), required=False)
    language = forms.ChoiceField(
        label=_("language"), required=False, choices=[("", _("that of the recipient")), *settings.LANGUAGES]
    )
    purpose = forms.CharField(
        label=_("what for"), max_length=LONGEST_PURPOSE, help_text=_("Such as: boarding at the post on 2 October.")
    )

    def __init__(self, *args: Any, recipients: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [("", _("our own use: everybody on it"))]
        self.fields["recipient"].choices = own + [(each.code, each.name) for each in recipients]  # type: ignore[attr-defined]  # a choice field


class CheckFileForm(LaidForm):
    """A file, or its fingerprint, or the number that stands in it."""

    file = forms.FileField(label=_("the file"), required=False)
    written = forms.CharField(
        label=_("or its number or fingerprint"),
        required=False,
        max_length=100,
        help_text=_("Such as E-3F9A12C4, or the 64 letters of a SHA-256."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["written"] = re.sub(r"\s", "", cleaned.get("written", ""))
        if not cleaned.get("file") and not cleaned["written"]:
            raise forms.ValidationError(_("Choose the file, or write its number or fingerprint."))
        return cleaned
