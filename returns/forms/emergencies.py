"""What somebody writes to open a case beyond their reach."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class EmergencyForm(forms.Form):
    """Which case, and why it cannot wait."""

    case = forms.CharField(
        label=_("number of the person or code of the group"),
        max_length=40,
        error_messages={"required": _("Write the number, as it stands on the slip or was said to you.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("why it cannot wait"),
        max_length=1000,
        help_text=_("A coordinator of the mission reads this at once, and the data protection officer later."),
        error_messages={"required": _("Say in a sentence why this cannot wait; somebody will review it.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
