"""What happens on the way beside the counting: who did not come through, what was decided, and the stages of a manifest."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from corridors.enums import RequiredEvidence
from migrants.models import Migrant
from partners.models import Organisation
from returns.enums import CheckpointKind, IncidentKind, RoadAnswer
from returns.models.movements import Difference, Manifest, Movement, Vehicle


@classified(public="movement mission difference recorded_at", personal="person by")
class Absence(models.Model):
    """One person of the manifest whom an explanation of fewer heads is about; why stands in the explanation.

    Whoever is named here did not arrive with the others, so that closing the movement sends nobody home by mistake.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="absences")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    difference = models.ForeignKey(Difference, on_delete=models.PROTECT, related_name="absences")
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, related_name="absences")
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["movement", "person"],
                name="absent_once_in_a_movement",
                violation_error_message=_("Of this person it is written down already why they did not come through."),
            )
        ]


@classified(public="movement mission answer why authority reference decided_at by")
class RoadDecision(models.Model):
    """What was decided about buses on the way: wait, go on, or turn back. The newest counts; none is ever changed.

    To go on somebody who has the say must have said so: `authority` and the `reference` of the call or letter.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="decisions")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(_("what is decided"), max_length=20, choices=RoadAnswer)
    why = models.CharField(_("why"), max_length=300)
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reference = models.CharField(_("reference of the call or letter"), max_length=120, blank=True)
    decided_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(answer=RoadAnswer.GO_ON)
                | models.Q(authority__isnull=False) & ~models.Q(reference=""),
                name="going_on_names_who_said_so",
                violation_error_message=_(
                    "Say who allowed the buses to go on, and the reference of the call or letter."
                ),
            )
        ]


@classified(public="movement mission evidence reference recorded_at by")
class EvidenceGiven(models.Model):
    """A paper that the corridor wants to see at the barrier is at hand: which one, by its own number or date."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="evidence")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(_("what is shown"), max_length=20, choices=RequiredEvidence)
    reference = models.CharField(_("number or date of the paper"), max_length=120)
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["movement", "evidence"], name="each_evidence_once_for_a_movement")
        ]


@classified(public="manifest mission stage heads frozen_at digest by")
class ManifestStage(models.Model):
    """What stood of a manifest at one point of the way, once every bus was counted there and every difference explained.

    Heads and no names. `digest` is the SHA-256 over the fingerprint of the list, the counts by bus, and why they differ.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="stages")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=20, choices=CheckpointKind)
    heads = models.PositiveIntegerField()
    frozen_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    by = ActorField()

    class Meta:
        ordering = ["frozen_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["manifest", "stage"], name="each_stage_once_for_a_manifest")]


@classified(
    public="movement mission number country started_at warn_at due_at entered_at left_at is_running warned_at alarmed_at"
    " onward_told_at"
)
class LegClock(models.Model):
    """The transit clock of one country of a way through several; `number` is that of the leg of the corridor version.

    It starts with the first bus that enters. `entered_at` and `left_at` are when the last bus was in, and out again;
    `is_running` while a bus is inside, also one that comes back. `onward_told_at`: when it was told that the buses are out
    and late to be in the next country.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="leg_clocks")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=3)
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    is_running = models.BooleanField(default=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    alarmed_at = models.DateTimeField(null=True, blank=True)
    onward_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["movement", "number"], name="one_clock_for_each_leg"),
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("started_at"), warn_at__lte=models.F("due_at")),
                name="leg_clock_has_its_end",
                violation_error_message=_("A transit clock that runs has a warning and an end."),
            ),
        ]
        indexes = [
            models.Index(fields=["warn_at"], condition=models.Q(is_running=True), name="legs_on_the_clock"),
        ]


@classified(
    public="movement mission vehicle kind is_confidential happened_at recorded_at by",
    personal="person note",
    sensitive="sealed_note",
)
class Incident(models.Model):
    """What happened on the way, in a sentence. `public_id` comes from the device, so that each is stored once.

    What is about a person stands sealed (`sealed_note`) with the `person`; `note` names nobody. What is confidential is
    read by whoever sends movements or protects people, and leaves neither by paper nor over the API.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="incidents")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents")
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents")
    kind = models.CharField(_("what happened"), max_length=20, choices=IncidentKind)
    note = models.CharField(max_length=500, blank=True)
    sealed_note = SealedTextField(null=True, blank=True)
    is_confidential = models.BooleanField(default=False)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        ordering = ["happened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, sealed_note__isnull=True)
                | models.Q(person__isnull=False, note=""),
                name="what_is_about_a_person_is_sealed",
                violation_error_message=_("What is about a person is kept sealed."),
            )
        ]
