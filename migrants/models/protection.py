"""The closed room: protection holds, children who are alone, screening and referrals."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from migrants.enums import ScreeningStage, Service
from migrants.models.groups import TravelGroup
from migrants.models.helping import AskedToHelp
from migrants.models.people import Migrant


@classified(public="mission set_at cleared_at", confidential="person against reason set_by cleared_by clearing_reason")
class ProtectionHold(models.Model):
    """Stops every transfer of the person's data and the person `against` countries (default: every nationality held).

    It cannot be lifted by whoever set it (rule 3); the database holds that.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="holds")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    against = ArrayField(models.CharField(max_length=3))
    reason = SealedTextField()
    set_at = models.DateTimeField()
    set_by = ActorField()
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = ActorField(null=True, blank=True)
    clearing_reason = SealedTextField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | ~Q(cleared_by__ref=F("set_by__ref")),
                name="hold_cleared_by_a_second_person",
                violation_error_message=_("A second person must clear a hold; whoever set it cannot."),
            )
        ]
        indexes = [models.Index(fields=["person"], condition=Q(cleared_at__isnull=True), name="holds_standing")]


@classified(public="mission asked_at answered_at", confidential="hold person group also note answered_by")
class HoldQuestion(models.Model):
    """Does a hold concern others of the group too? A protection officer answers; nobody is held without a person's word.

    `also` are the numbers of whom the answer held as well, sealed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hold = models.OneToOneField(ProtectionHold, on_delete=models.CASCADE, related_name="question")
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(TravelGroup, on_delete=models.CASCADE, related_name="+")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = ActorField(null=True, blank=True)
    also = SealedTextField(null=True, blank=True)
    note = SealedTextField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["group"], condition=Q(answered_at__isnull=True), name="hold_questions_open")]


@classified(public="mission recorded_at", sensitive="person best_interests_on escort receiver outcome by")
class ChildArrangement(models.Model):
    """Best-interests outcome, escort and named receiver of a child who is alone: all three, or the child does not travel."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(Migrant, on_delete=models.CASCADE, related_name="child_arrangement")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("best-interests outcome"), max_length=300)
    best_interests_on = models.DateField(_("decided on"))
    escort = models.CharField(_("escort"), max_length=120)
    receiver = models.CharField(_("receiver"), max_length=120)
    recorded_at = models.DateTimeField()
    by = ActorField()


@classified(public="mission recorded_at", confidential="person stage screened_at needs note interpreter by")
class Screening(models.Model):
    """One conversation with one person about what they need; repeated, dated, never changed, no score (rule 16).

    `needs` are codes of `ProtectionNeed` with a blank between them. They are sealed: no list can be made of them.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="screenings")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(_("when"), max_length=20, choices=ScreeningStage)
    screened_at = models.DateTimeField(_("held"))
    needs = SealedTextField()
    note = SealedTextField(null=True, blank=True)
    interpreter = models.CharField(_("interpreter"), max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["-screened_at"]
        indexes = [models.Index(fields=["person", "-screened_at"], name="screenings_latest_first")]


@classified(
    public="mission recorded_at",
    confidential="screening person organisation service reason in_lists referred_at answer answered_at answered_by"
    " answer_note closed_at outcome by closed_by",
)
class Referral(AskedToHelp):
    """Somebody is asked to help a person. `in_lists` is false where even a count could tell: violence, trafficking.

    The organisation learns of it by word of mouth from the officer; its page shows how many are referred to it, at most.
    """

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="referrals")
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="referrals")
    service = models.CharField(_("for"), max_length=20, choices=Service)
    reason = SealedTextField()
    in_lists = models.BooleanField(default=True)

    class Meta:
        ordering = ["-referred_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="referral_answered_in_whole",
                violation_error_message=_("An answer to a referral has its hour."),
            )
        ]
        indexes = [models.Index(fields=["organisation"], condition=Q(closed_at__isnull=True), name="referrals_open")]
