"""A picture of a person, or of what the person signed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PictureField
from migrants.enums import PictureKind
from returns.forms.laid import LaidForm


class PictureForm(LaidForm):
    """The file is drawn anew; nothing that a phone wrote into it is kept."""

    kind = forms.ChoiceField(label=_("what it shows"), choices=PictureKind.choices, initial=PictureKind.PHOTOGRAPH)
    picture = PictureField(
        label=_("picture"),
        help_text=_("JPEG, PNG or WebP. It is made smaller, and place, hour and device are taken out of it."),
    )
