"""Who there is to be told: organisations, their offices, the desks in them, their channels, rosters and interests."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from partners.enums import ChannelKind, CheckedBy, OrganisationKind


class Standing(models.Model):
    """What stands in the directory from an instant until before another; without one of them from ever, or for good."""

    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def stands(self, at: datetime) -> bool:
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_until is None or at < self.valid_until
        )


def standing(at: datetime, path: str = "") -> Q:
    """The same as a condition on rows, or on what they refer to by `path` (`office__`)."""
    begun = Q(**{f"{path}valid_from__isnull": True}) | Q(**{f"{path}valid_from__lte": at})
    return begun & (Q(**{f"{path}valid_until__isnull": True}) | Q(**{f"{path}valid_until__gt": at}))


@classified(public="code kind country name_en name_local name_ru seat task source valid_from valid_until")
class Organisation(Standing):
    """An institution, never a person. `country` is ISO alpha-3, blank for international organisations."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    country = models.CharField(max_length=3, blank=True)
    name_en = models.CharField(max_length=200)
    name_local = models.CharField(max_length=200, blank=True)
    name_ru = models.CharField(max_length=200, blank=True)
    seat = models.CharField(max_length=100, blank=True)
    task = models.TextField(blank=True)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["name_en"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, as far as it is known."""
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        """The name in `language`; English where no other is known."""
        if language == "ru" and self.name_ru:
            return self.name_ru
        return self.name_local if language in {"tg", "uz"} and self.name_local else self.name_en

    @property
    def is_iom(self) -> bool:
        return self.kind == OrganisationKind.IOM


@classified(public="organisation name city zone is_mission hours holidays valid_from valid_until")
class Office(Standing):
    """A place of work of an organisation. `zone` is an IANA time zone; a mission is the IOM office that owns case data.

    `hours` are written as `partners.hours` reads them, empty where nobody knows them; `holidays` are ISO dates.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="offices")
    name = models.CharField(max_length=200)
    city = models.CharField(max_length=100, blank=True)
    zone = models.CharField(max_length=64)
    is_mission = models.BooleanField(default=False)
    hours = models.CharField(max_length=200, blank=True)
    holidays = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_office_of_a_name")]

    def __str__(self) -> str:
        return self.name


@classified(public="office function language also_speaks rank is_duty_desk stands_in_for valid_from valid_until")
class Contact(Standing):
    """A desk, not a person: people change, the duty desk stays. Lower `rank` is asked first; the next one is the deputy.

    A duty desk answers at every hour; who `stands_in_for` another is asked behind it (`partners.duty`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="contacts")
    function = models.CharField(max_length=120)
    language = models.CharField(max_length=8)
    also_speaks = models.JSONField(default=list, blank=True)
    rank = models.PositiveSmallIntegerField(default=1)
    is_duty_desk = models.BooleanField(default=False)
    stands_in_for = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="stand_ins"
    )

    class Meta:
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["office", "rank"], name="one_contact_per_rank")]

    def __str__(self) -> str:
        return self.function


ADDRESSES = ("email", "phone", "telegram", "url")
"""The fields of which a channel fills in exactly one."""


def _only(filled: str, *kinds: str) -> Q:
    """A channel of one of `kinds` has this address and no other."""
    empty = Q(**{name: "" for name in ADDRESSES if name != filled})
    return Q(kind__in=kinds) & ~Q(**{filled: ""}) & empty


@classified(
    public="contact kind rank verified_at switched_off_at switched_off_why switched_off_told_at",
    personal="email phone telegram url",
    confidential="secret",
)
class Channel(models.Model):
    """One way to reach a contact. Exactly the address that its kind needs is filled in.

    `phone` serves calls, SMS and WhatsApp; `telegram` is the number of the chat that somebody of the desk opened with our
    bot; `url` takes signed webhooks, and `secret` signs them (Standard Webhooks, `whsec_…`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=10, choices=ChannelKind)
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    telegram = models.CharField(max_length=20, blank=True)
    url = models.URLField(max_length=250, blank=True)
    secret = SealedTextField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(default=1)
    verified_at = models.DateTimeField(null=True, blank=True)
    switched_off_at = models.DateTimeField(null=True, blank=True)
    switched_off_why = models.CharField(max_length=300, blank=True)
    switched_off_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.CheckConstraint(
                condition=_only("email", ChannelKind.EMAIL)
                | _only("phone", ChannelKind.PHONE, ChannelKind.SMS, ChannelKind.WHATSAPP)
                | _only("telegram", ChannelKind.TELEGRAM)
                | (_only("url", ChannelKind.WEBHOOK) & Q(secret__isnull=False)),
                name="channel_has_its_address",
                violation_error_message=_(
                    "Each channel needs its own address and no other: e-mail an address; phone, SMS and WhatsApp a phone "
                    "number; Telegram the number of the chat; a webhook an address that begins with https and a secret."
                ),
            ),
            models.UniqueConstraint(
                fields=["contact", "kind", *ADDRESSES],
                name="one_channel_of_an_address",
                violation_error_message=_("This desk has that address already."),
            ),
        ]

    @property
    def address(self) -> str:
        return self.email or self.telegram or self.url or str(self.phone)


@classified(public="contact starts_at ends_at")
class DutyShift(models.Model):
    """One line of a duty roster: this desk is on duty from an instant until before another."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")),
                name="shift_ends_after_it_begins",
                violation_error_message=_("A shift ends after it begins."),
            ),
            models.UniqueConstraint(fields=["contact", "starts_at"], name="one_shift_of_a_desk_at_once"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="shifts_by_end")]


@classified(
    public="channel how asked_at expires_at sent_at answered_at", personal="name function by", confidential="digest"
)
class ChannelCheck(models.Model):
    """Whether somebody answers behind a channel: a test message with a link, or a call that was written down.

    Only the link's digest is kept; `expires_at` and `sent_at` are wall time. `name` and `function` are who answered.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="checks")
    how = models.CharField(max_length=10, choices=CheckedBy)
    digest = models.CharField(max_length=64, unique=True, null=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(max_length=120, blank=True)
    function = models.CharField(max_length=120, blank=True)
    by = ActorField()

    class Meta:
        ordering = ["-asked_at", "-pk"]


@classified(public="organisation faults since_at looked_at")
class Unreached(models.Model):
    """An organisation that is to be told of something and could not be reached when the engine last looked.

    `faults` are values of `partners.enums.ReachFault`, the worst first; `since_at` the first look that found one.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="unreached")
    faults = models.JSONField()
    since_at = models.DateTimeField()
    looked_at = models.DateTimeField()


@classified(public="organisation subject alert_kind serves_halt")
class Interest(models.Model):
    """What an organisation wants to be told about. `subject` names an upper thing as text: `crossing:KZ-UZ-01`,
    `crossings:KAZ-UZB` (what is asked at every crossing of a border), `country:UZB`, `nationality:TJK`. `alert_kind`
    narrows it to one kind of alert; empty means all.

    `serves_halt` says that it feeds, guards, carries or receives the people there: only then do its notices hold a head count.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="interests")
    subject = models.CharField(max_length=80)
    alert_kind = models.CharField(max_length=40, blank=True)
    serves_halt = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "subject", "alert_kind"], name="one_interest_in_a_subject_and_kind"
            )
        ]
        indexes = [models.Index(fields=["subject"], name="interest_by_subject")]
