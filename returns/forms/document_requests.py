"""Forms of travel documents that an embassy is asked for: the letter, and its answer about one of them."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from common.wall_time import as_typed
from migrants.enums import DocumentState
from partners.enums import OrganisationKind
from partners.models import Organisation
from returns.document_requests import ANSWERS, LONGEST_NOTE
from returns.forms.laid import LaidForm, Rows
from returns.forms.plans import LOCAL

WORDS = {
    DocumentState.INTERVIEWED: _("interviewed"),
    DocumentState.CONFIRMED: _("identity confirmed"),
    DocumentState.REFUSED: _("identity not confirmed"),
    DocumentState.ISSUED: _("issued, to be collected"),
    DocumentState.HELD: _("collected"),
}


class DocumentLetterForm(LaidForm):
    """Which embassy is asked, and by when it should answer."""

    rows: ClassVar[Rows] = (("recipient", "answer_by"),)
    recipient = forms.ModelChoiceField(
        label=_("consulate"),
        to_field_name="code",
        empty_label="—",
        queryset=Organisation.objects.filter(kind__in=[OrganisationKind.EMBASSY, OrganisationKind.CONSULATE]),
    )
    answer_by = forms.DateTimeField(
        label=_("answer by, local time"),
        help_text=_("On the clock of the crossing at which the group waits."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=LOCAL,
    )

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_answer_by(self) -> datetime:
        """Read the wall time on the clock of the crossing."""
        return as_typed(self.cleaned_data["answer_by"]).replace(tzinfo=self.zone)


class DocumentAnswerForm(LaidForm):
    """Where the document stands now, and who says so."""

    rows: ClassVar[Rows] = (("state", "expires_on"), ("name", "function"), ("note",))
    state = forms.ChoiceField(
        label=_("The document is now"), choices=[("", "—"), *((each.value, WORDS[each]) for each in ANSWERS)]
    )
    expires_on = forms.DateField(
        label=_("valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Of a document that is issued."),
    )
    name = forms.CharField(label=_("Your name"), max_length=120)
    function = forms.CharField(label=_("Your function"), max_length=120)
    note = forms.CharField(
        label=_("a word for the mission"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where and when to come for the interview, or what is missing."),
    )
