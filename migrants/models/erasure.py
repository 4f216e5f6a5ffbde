"""How long what is kept, what stops that clock, who asked for an erasure, and the proof that stays of each one."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from migrants.enums import KeptKind
from migrants.models.groups import TravelGroup
from migrants.models.people import Migrant


@classified(public="kind days why set_at by")
class RetentionPeriod(models.Model):
    """So many days is this kind kept, since `set_at`; the latest row of a kind counts, the earlier ones say what did."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=KeptKind)
    days = models.PositiveIntegerField(_("days"))
    why = models.CharField(_("why"), max_length=300)
    set_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["-set_at", "-pk"]


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self) -> LegalHoldQuerySet:
        return self.filter(lifted_at__isnull=True)


@classified(public="set_at lifted_at", personal="person group set_by lifted_by", confidential="reason lifting_reason")
class LegalHold(models.Model):
    """Nothing of this person, or of anybody in this group, is erased while it stands: a court or an inquiry needs it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, null=True, blank=True, related_name="legal_holds")
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="legal_holds")
    reason = models.CharField(_("reason"), max_length=300)
    set_at = models.DateTimeField()
    set_by = ActorField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = ActorField(null=True, blank=True)
    lifting_reason = models.CharField(_("why it is lifted"), max_length=300, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, group__isnull=False) | Q(person__isnull=False, group__isnull=True),
                name="legal_hold_is_of_one",
                violation_error_message=_("A legal hold is of one person or of one group."),
            )
        ]


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    def open(self) -> ErasureRequestQuerySet:
        return self.filter(answered_at__isnull=True)


@classified(
    public="asked_at answered_at is_confirmed", personal="person asked_by answered_by", confidential="why answer"
)
class ErasureRequest(models.Model):
    """The data protection officer asks that a person be erased; somebody else confirms or refuses: the database holds that."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, related_name="erasure_requests")
    why = models.CharField(_("why"), max_length=300)
    asked_at = models.DateTimeField()
    asked_by = ActorField()
    is_confirmed = models.BooleanField(default=False)
    answer = models.CharField(_("why it is refused"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = ActorField(null=True, blank=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(answered_at__isnull=True),
                name="one_open_erasure_request",
                violation_error_message=_("The erasure of this person is asked for already."),
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answered_by__ref=F("asked_by__ref")),
                name="erasure_confirmed_by_a_second_person",
                violation_error_message=_("A second person must confirm an erasure; whoever asked cannot."),
            ),
        ]


@classified(public="kinds cause erased_at counts statistics digest", personal="person by", confidential="why")
class Erasure(models.Model):
    """The proof: what of this record was emptied, why, when, by whom, how many rows, and what figures stay.

    It holds nothing of the person. `digest` is the SHA-256 of its canonical form (`migrants.erasure.canonical`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, related_name="erasures")
    kinds = ArrayField(models.CharField(max_length=20, choices=KeptKind))
    cause = models.CharField(max_length=10)
    why = models.CharField(max_length=300)
    erased_at = models.DateTimeField()
    counts = models.JSONField()
    statistics = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    by = ActorField()

    class Meta:
        ordering = ["-erased_at", "-pk"]
        indexes = [models.Index(fields=["person"], name="erasures_of_a_person")]


@classified(public="kind older_than rows at by")
class Forgetting(models.Model):
    """So many rows of a kind that is no person's own were emptied or dropped, because they were older than its period."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=KeptKind)
    older_than = models.DateTimeField()
    rows = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["-at", "-pk"]
