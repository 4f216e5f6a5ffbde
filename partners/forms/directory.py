"""What may be written into the directory; the domain functions judge it again, and say it beside the field."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.forms import FunctionField, NameField
from common.wall_time import WallTimeError, as_shown, as_typed, instant_of
from partners import interests
from partners.enums import ChannelKind
from partners.forms.accounts import DayField, end_of
from partners.models import Contact, Office

_TEXT = forms.TextInput(attrs={"autocomplete": "off"})


class OfficeForm(forms.Form):
    """When an office works, and where."""

    name = forms.CharField(label=_("name"), max_length=200, widget=_TEXT)
    city = forms.CharField(label=_("city"), max_length=100, required=False, widget=_TEXT)
    zone = forms.CharField(label=_("time zone"), max_length=64, help_text=_("Such as Asia/Almaty."), widget=_TEXT)
    hours = forms.CharField(
        label=_("working hours"),
        max_length=200,
        required=False,
        help_text=_("Such as Mo-Fr 09:00-13:00, 14:00-18:00; Sa 10:00-13:00, or 24/7. Empty means: nobody knows."),
        widget=_TEXT,
    )
    holidays = forms.CharField(
        label=_("holidays"),
        max_length=1000,
        required=False,
        help_text=_("Days on which nobody works, such as 2026-03-21, 2026-03-22."),
        widget=_TEXT,
    )

    use_required_attribute = False

    @classmethod
    def of(cls, office: Office) -> OfficeForm:
        """The form filled in with an office."""
        fields = {name: getattr(office, name) for name in ("name", "city", "zone", "hours")}
        return cls(initial=fields | {"holidays": ", ".join(office.holidays)})


class ContactForm(forms.Form):
    """A desk of an office."""

    function = forms.CharField(
        label=_("what the desk is for"),
        max_length=120,
        help_text=_("Such as “duty officer, Zhibek Zholy”. A desk stays when people change."),
        error_messages={"required": _("Write what the desk is for, such as “duty officer”.")},
        widget=_TEXT,
    )
    language = forms.ChoiceField(label=_("language of its messages"), choices=settings.LANGUAGES)
    also_speaks = forms.CharField(
        label=_("also speaks"), max_length=60, required=False, help_text=_("Such as en, kk. For calls."), widget=_TEXT
    )
    rank = forms.IntegerField(
        label=_("order within the office"),
        min_value=1,
        max_value=99,
        required=False,
        help_text=_("The lowest number is asked first. Empty means: after the others."),
    )
    is_duty_desk = forms.BooleanField(label=_("duty desk: somebody answers at every hour"), required=False)
    stands_in_for = forms.ModelChoiceField(
        label=_("stands in for"), queryset=Contact.objects.none(), to_field_name="public_id", required=False
    )
    valid_from = DayField(label=_("first day"), required=False)
    valid_until = DayField(label=_("last day"), required=False, help_text=_("Empty means until further notice."))

    use_required_attribute = False

    def __init__(self, *args: Any, office: Office, contact: Contact | None = None, **kwargs: Any) -> None:
        if contact is not None:
            kwargs.setdefault("initial", _shown(contact, ZoneInfo(office.zone)))
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(office.zone)
        others = Contact.objects.filter(office__organisation=office.organisation_id).order_by("office_id", "rank")
        field = self.fields["stands_in_for"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = others.exclude(pk=contact.pk) if contact else others

    def terms(self) -> dict[str, Any]:
        """What the domain function is told; days are those of the office's zone."""
        given = dict(self.cleaned_data)
        begins = given["valid_from"]
        given["valid_from"] = begins and datetime.combine(begins, datetime.min.time(), tzinfo=self.zone)
        given["valid_until"] = end_of(given["valid_until"], self.zone)
        given["also_speaks"] = given["also_speaks"].replace(",", " ").split()
        return given


class ChannelForm(forms.Form):
    """A way to reach a desk."""

    kind = forms.ChoiceField(label=_("kind"), choices=ChannelKind.choices)
    address = forms.CharField(
        label=_("address or number"),
        max_length=254,
        help_text=_("A number with its country code, such as +998 55 500 00 14."),
        error_messages={"required": _("Write the address or the number.")},
        widget=_TEXT,
    )

    use_required_attribute = False


class ShiftForm(forms.Form):
    """From when until when a desk is on duty, by the clock of its office."""

    starts_at = forms.DateTimeField(
        label=_("from"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        error_messages={"required": _("Write when the shift begins.")},
    )
    ends_at = forms.DateTimeField(
        label=_("until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        error_messages={"required": _("Write when the shift ends.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("starts_at", "ends_at"):
            if name in given:
                try:
                    given[name] = instant_of(as_typed(given[name]), self.zone)
                except WallTimeError as error:
                    self.add_error(name, ValidationError(str(error)))
        return given


class InterestForm(forms.Form):
    """What an organisation wants to be told of."""

    subject = forms.CharField(
        label=_("what it wants to be told of"),
        max_length=80,
        help_text=_(
            "crossing:KZ-UZ-01, crossings:KAZ-UZB (what is asked at the whole border), country:UZB or nationality:TJK."
        ),
        error_messages={"required": _("Write what it wants to be told of.")},
        widget=_TEXT,
    )
    alert_kind = forms.ChoiceField(label=_("kind of alert"), required=False)
    serves_halt = forms.BooleanField(
        label=_("it feeds, guards, carries or receives the people there, and gets head counts"), required=False
    )

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["alert_kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("all")), *interests.kinds_of_alerts().items()]

    def wish(self) -> interests.Wish:
        """The interest that is written."""
        given = self.cleaned_data
        return interests.Wish(given["subject"].strip(), given["alert_kind"], given["serves_halt"])


class AnsweredForm(forms.Form):
    """Who answered behind a channel."""

    name = NameField(label=_("your name"), missing=_("Write your name."))
    function = FunctionField(label=_("your function"), missing=_("Write your function, for example “duty officer”."))

    use_required_attribute = False


class CalledForm(AnsweredForm):
    """The same, written down by who called."""

    name = NameField(
        label=_("name of the person reached"),
        missing=_("Write the name of the person who answered."),
        of_another=True,
    )
    function = FunctionField(
        label=_("function of the person reached"),
        missing=_("Write the function of the person reached, for example “duty officer”."),
        of_another=True,
    )


def _shown(contact: Contact, zone: ZoneInfo) -> dict[str, Any]:
    fields = {name: getattr(contact, name) for name in ("function", "language", "rank", "is_duty_desk")}
    deputised = contact.stands_in_for
    last = contact.valid_until and as_shown(contact.valid_until - timedelta(microseconds=1), zone)
    return fields | {
        "also_speaks": ", ".join(contact.also_speaks),
        "stands_in_for": deputised.public_id if deputised else None,
        "valid_from": contact.valid_from and as_shown(contact.valid_from, zone).date(),
        "valid_until": last and last.date(),
    }
