"""Which account serves which office in which role, how it was invited, and what lies open to it beyond its reach."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from partners.enums import Role, Verdict
from partners.models.directory import Office


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
