"""Who there is to be told: organisations, their offices, the desks in them, and which account serves which."""

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
from partners.enums import ChannelKind, OrganisationKind, Role, Verdict


@classified(public="code kind country name_en name_local name_ru seat task source")
class Organisation(models.Model):
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


@classified(public="organisation name city zone is_mission")
class Office(models.Model):
    """A place of work of an organisation. `zone` is an IANA time zone; a mission is the IOM office that owns case data."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="offices")
    name = models.CharField(max_length=200)
    city = models.CharField(max_length=100, blank=True)
    zone = models.CharField(max_length=64)
    is_mission = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_office_of_a_name")]

    def __str__(self) -> str:
        return self.name


@classified(public="office function language rank")
class Contact(models.Model):
    """A desk, not a person: people change, the duty desk stays. Lower `rank` is asked first; the next one is the deputy."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="contacts")
    function = models.CharField(max_length=120)
    language = models.CharField(max_length=8)
    rank = models.PositiveSmallIntegerField(default=1)

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
            )
        ]

    @property
    def address(self) -> str:
        return self.email or self.telegram or self.url or str(self.phone)


@classified(public="organisation subject serves_halt")
class Interest(models.Model):
    """What an organisation wants to be told about. `subject` names an upper thing as text: `crossing:KZ-UZ-01`.

    `serves_halt` says that it feeds, guards, carries or receives the people there: only then do its notices hold a head count.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="interests")
    subject = models.CharField(max_length=80)
    serves_halt = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "subject"], name="one_interest_in_a_subject")]
        indexes = [models.Index(fields=["subject"], name="interest_by_subject")]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def valid(self, at: datetime) -> MembershipQuerySet:
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), valid_from__lte=at)


@classified(public="user office role own_mission_only crossings valid_from valid_until")
class Membership(models.Model):
    """This account serves this office in this role. It reaches the caseload of all missions, or with `own_mission_only`
    that of its own; `crossings` (codes) narrows it further, empty means all.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="memberships")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    own_mission_only = models.BooleanField(default=False)
    crossings = models.JSONField(default=list, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="membership_ends_after_it_begins",
            )
        ]


@classified(public="invited_at expires_at sent_at accepted_at withdrawn_at", personal="user by", confidential="digest")
class Invitation(models.Model):
    """An account that waits until its owner chooses a password, by a link that works once. Only the link's digest is kept.

    `expires_at` and `sent_at` are wall time: a link ages by the clock on the wall.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="invitation")
    digest = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    by = ActorField()


class EmergencyAccessQuerySet(models.QuerySet["EmergencyAccess"]):
    def open(self, at: datetime) -> EmergencyAccessQuerySet:
        return self.filter(opened_at__lte=at, until__gt=at, ended_at__isnull=True)


class LentAccessQuerySet(models.QuerySet["LentAccess"]):
    def open(self, at: datetime) -> LentAccessQuerySet:
        return self.filter(lent_at__lte=at, until__gt=at, ended_at__isnull=True)


@classified(
    public="mission opened_at until ended_at reviewed_at verdict",
    personal="user subject label by reviewed_by",
    confidential="reason review",
)
class EmergencyAccess(models.Model):
    """One person's or group's case, opened beyond an account's reach for a short time, for a written reason.

    `subject` names what was opened, as text: `group:<public id>` or `person:<public id>`; `label` is its code or number.
    `mission` is the one that answers for it and whose people were told. It is closed by a review, never by the opener.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    mission = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=50)
    label = models.CharField(max_length=20)
    reason = SealedTextField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    by = ActorField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = ActorField(null=True, blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict, blank=True)
    review = SealedTextField(null=True, blank=True)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True) | ~Q(reviewed_by__ref=models.F("by__ref")),
                name="emergency_reviewed_by_a_second_person",
                violation_error_message=_("A second person must review it; whoever opened it cannot."),
            )
        ]
        indexes = [
            models.Index(fields=["user", "until"], condition=Q(ended_at__isnull=True), name="emergencies_open"),
            models.Index(fields=["opened_at"], condition=Q(reviewed_at__isnull=True), name="emergencies_unreviewed"),
        ]


@classified(public="mission lent_at until ended_at", personal="user subject by")
class LentAccess(models.Model):
    """One person's case, lent for some days to an account beyond whose reach it lies, by the office that answers for it.

    `subject` names it as text, `person:<public id>`; it lies open beside what is opened in an emergency, and as far.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    mission = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=50)
    lent_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    by = ActorField()

    objects = LentAccessQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "until"], condition=Q(ended_at__isnull=True), name="lent_open"),
            models.Index(fields=["subject"], condition=Q(ended_at__isnull=True), name="lent_by_subject"),
        ]


@classified(public="signature digest size found_at told_at destroyed_at", personal="by", sensitive="file_name content")
class QuarantinedUpload(models.Model):
    """A file in which the virus scanner found something: locked away, sealed, until somebody looks into it and destroys it.

    `signature` is the scanner's name for it, `digest` its SHA-256; `told_at` when those who answer for it were told.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    signature = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    file_name = SealedTextField()
    content = SealedTextField(null=True)
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    by = ActorField()

    class Meta:
        ordering = ["-found_at"]
        indexes = [models.Index(fields=["found_at"], name="quarantine_not_yet_told", condition=Q(told_at__isnull=True))]
