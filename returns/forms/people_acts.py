"""Forms for what is recorded about a person who is registered: documents, tests, consent, and who may see."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PictureField
from common.wall_time import as_typed
from migrants.consents import CONSULAR
from migrants.documents import NEXT
from migrants.enums import Answer, ConsentHow, DataCategory, DocumentKind, Purpose, SignedWith, TestKind, TestResult
from migrants.models import Migrant
from migrants.models.people import MigrantQuerySet
from partners.enums import OrganisationKind
from partners.models import Organisation
from returns.forms.laid import LaidForm, Rows
from returns.forms.numbers import people_of_numbers
from returns.forms.people import LANGUAGES, STANDING, DocumentFields, day_field

WALL_TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"]
ANSWERED = [("", "—"), *LANGUAGES[1:]]


class NewDocumentForm(DocumentFields, LaidForm):
    """A document of a person known already, perhaps in the place of another."""

    rows = (
        ("document_kind", "document_state"),
        ("document_number", "document_issuer", "document_expires_on"),
    )
    document_kind = forms.ChoiceField(label=_("document"), choices=DocumentKind.choices)
    document_state = forms.ChoiceField(label=_("where it is"), choices=STANDING)
    replaces = forms.ChoiceField(label=_("in the place of"), required=False)

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.documents = {str(row.public_id): row for row in documents}
        choices = [(ref, f"{row.get_kind_display()}, {row.get_state_display()}") for ref, row in self.documents.items()]
        self.fields["replaces"].choices = [("", _("no other")), *choices]  # type: ignore[attr-defined]

    @property
    def replaced(self) -> Any:
        return self.documents.get(self.cleaned_data["replaces"])


class DocumentStateForm(LaidForm):
    """Where a document stands now: as until now, or where it can go from there."""

    state = forms.ChoiceField(label=_("where it is"), widget=forms.RadioSelect)

    def __init__(self, data: Any, *, state: str) -> None:
        super().__init__(data, initial={"state": state})
        possible = {state, *NEXT.get(state, ())}
        self.fields["state"].choices = [pair for pair in STANDING if pair[0] in possible]  # type: ignore[attr-defined]


class TestForm(LaidForm):
    """A health test; the hour is that of the clock where the person waits."""

    __test__ = False
    rows = (("kind", "laboratory"), ("sampled_at",), ("result", "result_at"))
    kind = forms.ChoiceField(label=_("test"), choices=TestKind.choices)
    result = forms.ChoiceField(label=_("result"), choices=TestResult.choices)
    sampled_at = forms.DateTimeField(
        label=_("sample taken"),
        help_text=_("Local time at the side where they wait; the clock of a test starts here."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=WALL_TIMES,
    )
    result_at = forms.DateTimeField(
        label=_("result known"),
        required=False,
        help_text=_("Leave empty where it is awaited, or known just now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=WALL_TIMES,
    )
    laboratory = forms.CharField(label=_("laboratory"), max_length=200, required=False)

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        """Read the wall times on the clock of the place."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("sampled_at", "result_at"):
            if isinstance(cleaned.get(name), datetime):
                cleaned[name] = as_typed(cleaned[name]).replace(tzinfo=self.zone)
        return cleaned


class ConsentForm(LaidForm):
    """What was asked, of which recipient, and what was answered, how, in which language, with whose help."""

    rows: ClassVar[Rows] = (
        ("purpose",),
        ("recipient",),
        ("categories",),
        ("answer",),
        ("how", "language"),
        ("given_by",),
        ("interpreter", "witness"),
        ("expires_at",),
        ("form_signed",),
        ("form_reference", "signed_with"),
    )
    purpose = forms.ChoiceField(label=_("asked about"), choices=Purpose.choices, widget=forms.RadioSelect)
    recipient = forms.ModelChoiceField(
        label=_("to whom"),
        required=False,
        to_field_name="code",
        empty_label="—",
        queryset=Organisation.objects.exclude(kind=OrganisationKind.IOM).order_by("name_en"),
        help_text=_("The consulate, or the organisation that receives or helps. Empty where IOM asks for itself."),
    )
    categories = forms.MultipleChoiceField(
        label=_("what may be shown"),
        required=False,
        choices=DataCategory.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=DataCategory.values,
        help_text=_("Only for being shown to somebody, who sees these and no more."),
    )
    answer = forms.ChoiceField(label=_("answer"), choices=Answer.choices, widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("how"), choices=ConsentHow.choices)
    language = forms.ChoiceField(label=_("explained in"), choices=ANSWERED)
    given_by = forms.CharField(
        label=_("answered for the person by"),
        max_length=120,
        required=False,
        help_text=_("Parent or guardian, by name. Leave empty where the person answered."),
    )
    interpreter = forms.CharField(label=_("interpreter"), max_length=120, required=False)
    witness = forms.CharField(
        label=_("witness"), max_length=120, required=False, help_text=_("Needed where the answer was oral.")
    )
    expires_at = day_field(
        _("holds until"), required=False, help_text=_("The last day. Leave empty where no end was agreed.")
    )
    form_signed = forms.BooleanField(label=_("The form is signed or thumb-printed."), required=False)
    form_reference = forms.CharField(
        label=_("where the paper is"),
        max_length=60,
        required=False,
        help_text=_("The number of the declaration, such as D-7F3A9C21, or the folder in which it lies."),
    )
    signed_with = forms.ChoiceField(label=_("signed with"), choices=[("", "—"), *SignedWith.choices], required=False)

    def __init__(self, *args: Any, zone: tzinfo = UTC, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_recipient(self) -> Organisation | None:
        """A consulate where it is about being shown to one; the rest is refused where it is stored."""
        chosen: Organisation | None = self.cleaned_data["recipient"]
        shows = self.cleaned_data.get("purpose") == Purpose.SHOW_TO_CONSULATE
        if shows and chosen is not None and chosen.kind not in CONSULAR:
            raise forms.ValidationError(_("Choose an embassy or a consulate."))
        return chosen

    def clean_expires_at(self) -> datetime | None:
        """Give the end of the last day on the clock of the place."""
        day = self.cleaned_data["expires_at"]
        return None if day is None else datetime.combine(day + timedelta(days=1), time(), tzinfo=self.zone)


class SignedConsentForm(ConsentForm):
    """The same of one person, with a photograph of what was signed."""

    photograph = PictureField(
        label=_("photograph of the signature or thumb print"),
        required=False,
        help_text=_("JPEG, PNG or WebP. It is kept sealed; only the signature should be on it."),
    )


class GroupConsentForm(ConsentForm):
    """One explanation to many: who answered otherwise is left out by number and recorded alone."""

    rows: ClassVar[Rows] = (
        ("purpose",),
        ("answer",),
        ("how", "language"),
        ("given_by",),
        ("interpreter", "witness"),
        ("form_signed",),
        ("form_reference", "signed_with"),
        ("recipient",),
        ("categories",),
        ("expires_at",),
        ("show_now",),
        ("without",),
        ("only_open",),
    )
    without = forms.CharField(
        label=_("all but these numbers"),
        max_length=1000,
        required=False,
        help_text=_("Of those who answered otherwise, or were not there: 301422, 558120."),
    )
    only_open = forms.BooleanField(
        label=_("Only those who were not asked about this yet."), required=False, initial=True
    )
    show_now = forms.BooleanField(label=_("Show those who agreed to it from now on."), required=False)

    def __init__(self, *args: Any, within: MigrantQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.within = within
        self.fields["purpose"].initial = Purpose.RETURN
        self.fields["answer"].initial = Answer.YES
        self.fields["recipient"].help_text = _(
            "A consulate is asked about of its own nationals only. Leave empty where nobody was asked."
        )

    def clean_without(self) -> list[Migrant]:
        """Give the people meant; a number that nobody in the group has is said, so that nobody is asked by mistake."""
        return people_of_numbers(self.cleaned_data["without"], within=self.within)


class DisclosureForm(forms.Form):
    """To whom a person is to be shown: a consulate, or an organisation that receives."""

    recipient = forms.ModelChoiceField(
        label=_("show to"),
        to_field_name="code",
        empty_label="—",
        queryset=Organisation.objects.exclude(kind=OrganisationKind.IOM).order_by("name_en"),
    )
