"""The directory as a file: read one in, or write it out."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import ListField
from common.sheets import MAX_BYTES


class DirectoryFileForm(forms.Form):
    """A list of organisations, desks and addresses."""

    file = ListField(
        label=_("the list"),
        help_text=_("XLSX, XLS, ODS or CSV, at most %(most)d MB, with the columns of a list that was written out here.")
        % {"most": MAX_BYTES // 1024 // 1024},
    )


class DirectoryExportForm(forms.Form):
    """What the file is for, and how it is written."""

    purpose = forms.CharField(
        label=_("what the file is for"),
        max_length=200,
        error_messages={"required": _("Say what the file is for.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("kind of file"), choices=[("xlsx", "XLSX"), ("csv", "CSV")])

    use_required_attribute = False
