"""After the return: asking people who agreed how things are, and asking organisations at home to help them settle in."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from migrants.models import Consent, Migrant
from migrants.models.helping import AskedToHelp
from migrants.scope import within_missions
from partners.access import Viewer
from returns.enums import FollowUpHow, FollowUpStage, FollowUpState, ReintegrationService
from returns.models.movements import Movement


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, viewer: Viewer) -> FollowUpQuerySet:
        rows = within_missions(
            self, viewer, crossing="person__group__crossing__code", group="person__group", person="person"
        )
        return rows.filter(person__merged_into__isnull=True)


@classified(
    public="mission movement planned_at",
    personal="person stage due_on state tries how last_tried_at done_by by",
    sensitive="needs note",
)
class FollowUp(models.Model):
    """One time that a person is asked how things are, by a call or a visit. `tries` counts those that reached nobody.

    `needs` are codes of `ProtectionNeed` with a blank between them, never those of the closed room. Nobody is scored.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, related_name="follow_ups")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="follow_ups")
    stage = models.CharField(max_length=10, choices=FollowUpStage)
    due_on = models.DateField(_("due on"))
    state = models.CharField(max_length=10, choices=FollowUpState, default=FollowUpState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    how = models.CharField(_("how"), max_length=10, choices=FollowUpHow, blank=True)
    last_tried_at = models.DateTimeField(null=True, blank=True)
    done_by = ActorField(null=True, blank=True)
    needs = SealedTextField(null=True, blank=True)
    note = SealedTextField(null=True, blank=True)
    planned_at = models.DateTimeField()
    by = ActorField()

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "movement", "stage"],
                name="followed_up_once_at_each_stage",
                violation_error_message=_("This follow-up is planned already."),
            ),
            models.CheckConstraint(
                condition=Q(state=FollowUpState.WAITING) | Q(last_tried_at__isnull=False),
                name="follow_up_that_ended_was_tried",
                violation_error_message=_("A follow-up that is done was tried at some hour."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state=FollowUpState.WAITING), name="follow_ups_to_be_done")
        ]


class ReintegrationQuerySet(models.QuerySet["Reintegration"]):
    def visible_to(self, viewer: Viewer) -> ReintegrationQuerySet:
        rows = within_missions(
            self, viewer, crossing="person__group__crossing__code", group="person__group", person="person"
        )
        return rows.filter(person__merged_into__isnull=True)

    def open(self) -> ReintegrationQuerySet:
        return self.filter(closed_at__isnull=True)


@classified(
    public="mission recorded_at",
    personal="person organisation consent service referred_at answer answered_at answered_by closed_at closed_by by",
    sensitive="note answer_note outcome",
)
class Reintegration(AskedToHelp):
    """An organisation is asked to help somebody settle in at home."""

    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, related_name="reintegrations")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(_("for"), max_length=10, choices=ReintegrationService)
    note = SealedTextField(null=True, blank=True)

    objects = ReintegrationQuerySet.as_manager()

    class Meta:
        ordering = ["-referred_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False),
                name="reintegration_answer_has_its_hour",
                violation_error_message=_("An answer has its hour."),
            )
        ]
        indexes = [
            models.Index(fields=["referred_at"], condition=Q(closed_at__isnull=True), name="reintegrations_open")
        ]
