"""In which language and form a person is given what is held about them, and on what occasion."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from migrants.exports import LONGEST_PURPOSE
from returns.forms.laid import LaidForm
from returns.forms.retention import NumberedForm


class SubjectAccessForm(LaidForm):
    rows = (("language", "kind"), ("purpose",))
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    kind = forms.ChoiceField(label=_("form"), choices=[("pdf", _("PDF, to read")), ("json", _("JSON, to carry away"))])
    purpose = forms.CharField(
        label=_("on what occasion"),
        max_length=LONGEST_PURPOSE,
        help_text=_("Such as: asked for it at the desk on 2 October, identity checked."),
    )


class FindForm(NumberedForm):
    """Whose report is wanted."""
