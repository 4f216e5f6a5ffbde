"""The journey of a group: buses, who sits where, the frozen manifest, and what is counted at each checkpoint."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from corridors.models import CorridorVersion, RequirementVersion
from migrants.models import Migrant, TravelGroup
from migrants.scope import within_missions
from partners.access import Viewer
from returns.enums import CheckpointKind, DifferenceKind, MovementState, Verdict
from returns.models.cases import ReturnCase

ENDED = (MovementState.HANDED_OVER, MovementState.CALLED_OFF, MovementState.TURNED_BACK)


class MovementQuerySet(models.QuerySet["Movement"]):
    def visible_to(self, viewer: Viewer) -> MovementQuerySet:
        return within_missions(self, viewer, crossing="group__crossing__code")

    def running(self) -> MovementQuerySet:
        """Those that have neither been handed over, nor called off, nor turned back with every bus."""
        return self.exclude(state__in=ENDED)

    def on_the_clock(self) -> MovementQuerySet:
        """Those in transit: entered, in part or whole, and not yet out again with every bus, also one that turns back."""
        entered = Checkpoint.objects.filter(vehicle=OuterRef("pk"), kind=CheckpointKind.ENTERED)
        coming_back = Vehicle.objects.filter(
            Exists(entered), movement=OuterRef("pk"), turned_back_at__isnull=False, returned_at__isnull=True
        )
        inside = Q(left_at__isnull=True) | Exists(coming_back)
        return self.exclude(state__in=(MovementState.CALLED_OFF, MovementState.TURNED_BACK)).filter(
            inside, clock_started_at__isnull=False
        )


@classified(
    public="group mission number corridor_version state depart_at made_at exited_at clock_started_at entered_at left_at"
    " handed_over_at ended_at warn_at due_at warned_at alarmed_at way_ends_at departure_told_at barrier_told_at arrival_needs"
    " by"
)
class Movement(models.Model):
    """One journey of a group through one version of a corridor. `number` counts the journeys of the group.

    `state` is what the last bus has reached. The transit clock starts with the first bus that enters
    (`clock_started_at`); `warn_at` and `due_at` are stored then, `warned_at` and `alarmed_at` when they were told. On a way
    through several countries each has a clock of its own (`LegClock`); these columns repeat the one that ends first of those
    that run, and `way_ends_at` is by when the last bus has to be out of the last country, as far as it is known.
    `departure_told_at` and `barrier_told_at`: when it was told that it is late to leave, or to be through the barrier.
    `arrival_needs`: what has to stand ready at the arrival, how many by `ArrivalNeed`, as a coordinator wrote it down.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="movements")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    corridor_version = models.ForeignKey(CorridorVersion, on_delete=models.PROTECT, related_name="movements")
    state = models.CharField(max_length=20, choices=MovementState, default=MovementState.PLANNED)
    depart_at = models.DateTimeField()
    made_at = models.DateTimeField()
    exited_at = models.DateTimeField(null=True, blank=True)
    clock_started_at = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    alarmed_at = models.DateTimeField(null=True, blank=True)
    way_ends_at = models.DateTimeField(null=True, blank=True)
    departure_told_at = models.DateTimeField(null=True, blank=True)
    barrier_told_at = models.DateTimeField(null=True, blank=True)
    arrival_needs = models.JSONField(default=dict, db_default={}, blank=True)
    by = ActorField()

    objects = MovementQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="movements_of_a_group_are_numbered"),
            models.UniqueConstraint(
                fields=["group"],
                condition=~Q(state__in=ENDED),
                name="one_running_movement_per_group",
                violation_error_message=_("This group has a movement already; end that one first."),
            ),
            models.CheckConstraint(
                condition=Q(clock_started_at__isnull=True, due_at__isnull=True, warn_at__isnull=True)
                | Q(due_at__gt=F("clock_started_at"), warn_at__lte=F("due_at")),
                name="transit_clock_has_its_end",
                violation_error_message=_("A transit clock that runs has a warning and an end."),
            ),
        ]
        indexes = [
            models.Index(fields=["warn_at"], condition=Q(left_at__isnull=True), name="movements_on_the_clock"),
        ]

    def __str__(self) -> str:
        return self.group.code if self.number == 1 else f"{self.group.code}/{self.number}"


@classified(public="movement label plate seats rank carrier turned_back_at returned_at")
class Vehicle(models.Model):
    """A bus of the movement, called by its label; alarms name it, never a person.

    `turned_back_at` is the hour of the decision that it does not go through, `returned_at` that of the count at home.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.CASCADE, related_name="vehicles")
    label = models.CharField(_("name"), max_length=40)
    plate = models.CharField(_("number plate"), max_length=20, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"))
    rank = models.PositiveSmallIntegerField(default=1)
    carrier = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    turned_back_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["movement", "label"],
                name="one_vehicle_of_a_name",
                violation_error_message=_("There is a bus of that name already; give it another."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gt=0),
                name="vehicle_has_seats",
                violation_error_message=_("A bus has at least one seat."),
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(turned_back_at__isnull=False),
                name="only_who_turned_back_returns",
                violation_error_message=_("Only a bus that turned back comes back."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


@classified(public="movement vehicle mission", personal="person boarded_at boarded_by")
class Seat(models.Model):
    """Who is to sit in which bus: the plan from which manifests are frozen. `boarded_at` is the tick at the door.

    Without a bus it is decided that the person does not travel with this movement; why is nobody's business here.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.CASCADE, related_name="seats")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, null=True, blank=True, related_name="taken")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, related_name="seats")
    boarded_at = models.DateTimeField(null=True, blank=True)
    boarded_by = ActorField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["movement", "person"],
                name="one_seat_per_person",
                violation_error_message=_("This person has a seat already."),
            ),
            models.CheckConstraint(
                condition=Q(boarded_at__isnull=True) | Q(vehicle__isnull=False),
                name="on_board_of_a_vehicle",
                violation_error_message=_("Only who has a seat in a bus can be on board."),
            ),
        ]


@classified(public="movement mission number frozen_at digest people by why")
class Manifest(models.Model):
    """Who travels, frozen. `digest` is the SHA-256 of its canonical form; `why` is what a later version changed for."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="manifests")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    frozen_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    people = models.PositiveIntegerField()
    why = models.CharField(max_length=200, blank=True)
    by = ActorField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["movement", "number"], name="manifests_are_numbered")]


@classified(
    public="manifest mission vehicle", personal="case person number full_name latin_name born nationalities document"
)
class ManifestEntry(models.Model):
    """One person on one version of a manifest, as known when it was frozen. Never changed: a change is a new version.

    `born` is the birth date as far as it was known; `document` the kind of the travel document, never its number.
    """

    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="entries")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="entries")
    case = models.ForeignKey(ReturnCase, on_delete=models.PROTECT, related_name="manifest_entries")
    person = models.ForeignKey(Migrant, on_delete=models.PROTECT, related_name="manifest_entries")
    number = models.CharField(max_length=12)
    full_name = models.CharField(max_length=200)
    latin_name = models.CharField(max_length=200, blank=True)
    born = models.CharField(max_length=10, blank=True)
    nationalities = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    document = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name_plural = "manifest entries"
        constraints = [models.UniqueConstraint(fields=["manifest", "person"], name="once_on_a_manifest")]


@classified(public="requirement_version facts_as_of", sensitive="entry rule verdict because true_until")
class FrozenFinding(models.Model):
    """What one rule said of one person when the manifest was frozen, with its evidence; kept for good.

    `rule` is the key of the rule (a version's public id, or one of our own conditions).
    """

    entry = models.ForeignKey(ManifestEntry, on_delete=models.PROTECT, related_name="findings")
    requirement_version = models.ForeignKey(RequirementVersion, on_delete=models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=40)
    verdict = models.CharField(max_length=10, choices=Verdict)
    because = models.JSONField(default=list)
    true_until = models.DateTimeField(null=True)
    facts_as_of = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "rule"], name="one_frozen_finding_per_rule")]


@classified(public="movement mission vehicle kind heads expected counted_at recorded_at recount_of alarmed_at by")
class Checkpoint(models.Model):
    """Heads counted in one bus at one point of the way. `public_id` comes from the device, so each is stored once.

    `expected` is what stood there before: the manifest at boarding, afterwards the last count of that bus. A recount
    names the count that it replaces; neither is ever changed. Without a bus it is a count of the whole movement.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="checkpoints")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, null=True, blank=True, related_name="checkpoints")
    kind = models.CharField(max_length=20, choices=CheckpointKind)
    heads = models.PositiveIntegerField()
    expected = models.PositiveIntegerField()
    counted_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recount_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="recounted_by"
    )
    alarmed_at = models.DateTimeField(null=True, blank=True)
    by = ActorField()

    class Meta:
        ordering = ["counted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["movement", "vehicle", "kind"],
                condition=Q(recount_of__isnull=True),
                nulls_distinct=False,
                name="one_count_per_checkpoint",
                violation_error_message=_("This bus was counted here already."),
            )
        ]

    @property
    def difference(self) -> int:
        """Heads more (positive) or fewer (negative) than stood there before."""
        return self.heads - self.expected


@classified(public="checkpoint mission kind heads explained_at by", personal="note")
class Difference(models.Model):
    """Why some heads are more or fewer than before: one explanation for so many of them (rule 24)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="explanations")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=DifferenceKind)
    heads = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    explained_at = models.DateTimeField()
    by = ActorField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(heads__gt=0),
                name="explanation_names_heads",
                violation_error_message=_("An explanation is for at least one head."),
            )
        ]
