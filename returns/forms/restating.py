"""Say that a rule which was only reported is surer now: how sure, and from whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridors.enums import Certainty, SourceTier
from partners.enums import WITHOUT_AUTHORITY
from partners.models import Organisation

SURER = (Certainty.CORROBORATED, Certainty.CONFIRMED)


class RestateForm(forms.Form):
    """The rule itself stays as it is; whoever reported it needs a second person, or a paper."""

    certainty = forms.ChoiceField(
        label=_("how sure"),
        choices=[(degree.value, degree.label) for degree in SURER],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how sure this is: choose one of the degrees of certainty.")},
    )
    source_tier = forms.ChoiceField(label=_("how we know"), choices=SourceTier.choices, widget=forms.RadioSelect)
    source_text = forms.CharField(
        label=_("who said it, or which paper says it"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In the words that were used."),
        error_messages={"required": _("Say who said it, or which paper it stands in, in the words that were used.")},
    )
    authority = forms.ModelChoiceField(
        label=_("which authority asks for it"),
        queryset=Organisation.objects.none(),
        to_field_name="code",
        error_messages={
            "required": _("Say which authority asks for this; enter it in the directory first if it is not there.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authority = self.fields["authority"]
        if isinstance(authority, forms.ModelChoiceField):
            authority.queryset = Organisation.objects.exclude(kind__in=WITHOUT_AUTHORITY).order_by("name_en")
