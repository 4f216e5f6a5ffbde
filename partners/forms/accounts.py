"""What an administrator may write about accounts; the domain functions judge it again."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.tokens import LONGEST_DAYS, SCOPES
from partners import places
from partners.enums import Role, Verdict
from partners.models import Office


class DayField(forms.DateField):
    """A day, the last on which something holds; `end_of` gives the instant after it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}),
            error_messages={"invalid": _("Give a day that exists, such as 2026-10-01.")},
            **options,
        )


class RoleForm(forms.Form):
    """An office, a role there, and how far it reaches."""

    office = forms.ModelChoiceField(
        label=_("office"),
        queryset=Office.objects.none(),
        to_field_name="public_id",
        error_messages={"required": _("Choose the office served.")},
    )
    role = forms.ChoiceField(
        label=_("role"), choices=[("", "–"), *Role.choices], error_messages={"required": _("Choose a role.")}
    )
    own_mission_only = forms.BooleanField(
        label=_("only the caseload of this mission"),
        required=False,
        help_text=_("Otherwise the role reaches the caseload of all missions."),
    )
    crossings = forms.MultipleChoiceField(
        label=_("only these crossings"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
        help_text=_("None chosen means all."),
    )
    valid_until = DayField(label=_("last day"), required=False, help_text=_("Empty means until further notice."))

    use_required_attribute = False

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        office = self.fields["office"]
        if isinstance(office, forms.ModelChoiceField):
            office.queryset = Office.objects.select_related("organisation").order_by("organisation__name_en", "name")
            office.label_from_instance = _office_words  # type: ignore[assignment,method-assign]  # as its documentation says
        crossings = self.fields["crossings"]
        if isinstance(crossings, forms.MultipleChoiceField):
            crossings.choices = places.crossings()

    def end(self) -> datetime | None:
        """The instant after the last day, in the zone of whoever writes it; None where it is open."""
        return end_of(self.cleaned_data["valid_until"], self.zone)

    def terms(self) -> dict[str, Any]:
        """What the domain function is told."""
        given = self.cleaned_data
        return {name: given[name] for name in ("office", "role", "own_mission_only", "crossings")}


class InvitationForm(RoleForm):
    """Who is invited, into which office and role. The last day is that of the account."""

    email = forms.EmailField(
        label=_("e-mail"),
        max_length=254,
        error_messages={"required": _("Write the address of the person, not that of a desk.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    printed_name = forms.CharField(
        label=_("name as others read it"),
        max_length=120,
        error_messages={"required": _("Write a name, like “Coordinator on duty, Tashkent”.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    field_order = ["email", "printed_name", "language"]


class EndForm(forms.Form):
    """The last day of an account."""

    ends_on = DayField(label=_("last day of the account"), required=False, help_text=_("Empty means no end."))


class ReasonForm(forms.Form):
    """Why something is done to an account."""

    why = forms.CharField(
        label=_("Why?"),
        max_length=300,
        error_messages={"required": _("Say why: the data protection officer will read it.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PasswordForm(forms.Form):
    """The password that the owner of an invited account chooses."""

    password = forms.CharField(
        label=_("password"),
        strip=False,
        max_length=200,
        help_text=_("At least 12 characters. Four unlikely words are good and easy to keep in mind."),
        error_messages={"required": _("Choose a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("the same once more"),
        strip=False,
        max_length=200,
        error_messages={"required": _("Write the password a second time.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if {"password", "again"} <= set(given) and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ. Write them again."))
        return given


class ReviewForm(forms.Form):
    """What the review of an emergency says."""

    verdict = forms.ChoiceField(
        label=_("was it justified?"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it was justified.")},
    )
    words = forms.CharField(
        label=_("what you found"),
        max_length=2000,
        error_messages={"required": _("Say in a sentence what you found.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ExplainForm(forms.Form):
    """Whose access is in question, and to what."""

    email = forms.CharField(
        label=_("e-mail of the account"),
        max_length=254,
        error_messages={"required": _("Write the address with which the person signs in.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    what = forms.CharField(
        label=_("address of a page, or reference of a row"),
        max_length=300,
        help_text=_("Like /people/ or the long reference at the end of an address."),
        error_messages={"required": _("Write the address of the page, or the reference of the row.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TokenForm(forms.Form):
    """What a token is for, how long it lives and what it may touch."""

    name = forms.CharField(
        label=_("what it is for"),
        max_length=80,
        error_messages={"required": _("Write what uses it, like “Flow monitoring, Almaty”.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.IntegerField(label=_("days"), min_value=1, max_value=LONGEST_DAYS, initial=90)
    scopes = forms.MultipleChoiceField(
        label=_("what it may touch"),
        choices=[(scope, scope) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("A token without a scope opens nothing. Choose at least one.")},
    )


def end_of(day: Any, zone: ZoneInfo) -> datetime | None:
    """The first instant after `day` in `zone`."""
    return None if day is None else datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def _office_words(office: Office) -> str:
    return f"{office.organisation.name} · {office.name}"
