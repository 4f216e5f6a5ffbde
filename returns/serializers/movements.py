"""How movements, their frozen manifests and the counts on the way look in the API. No name of anybody stands in them."""

from __future__ import annotations

from rest_framework import serializers

from common.serializers import Actor, Choice, Count, Entry, Moment, Pointer, Reference, Text
from returns.arrival_needs import MOST
from returns.checkpoints import MOST_HEADS
from returns.enums import CheckpointKind, IncidentKind, MovementState
from returns.models import Checkpoint, Incident, LegClock, Manifest, Movement, Vehicle


class VehicleShape(serializers.ModelSerializer[Vehicle]):
    """A bus: its name, plate and seats; when it was decided that it turns back, and when it was counted at home."""

    class Meta:
        model = Vehicle
        fields = ("public_id", "label", "plate", "seats", "turned_back_at", "returned_at")


class LegClockShape(serializers.ModelSerializer[LegClock]):
    """The transit clock of one country of a way through several; `is_running` while a bus is inside."""

    class Meta:
        model = LegClock
        fields = (
            "number",
            "country",
            "started_at",
            "warn_at",
            "due_at",
            "entered_at",
            "left_at",
            "is_running",
            "warned_at",
            "alarmed_at",
        )


class MovementShape(serializers.ModelSerializer[Movement]):
    """A journey with its transit clock: `due_at` is the end of the longest transit, set when the first bus enters.

    On a way through several countries it is that of the country that presses most, and `legs` has a clock for each that
    was entered; `way_ends_at` is by when the last bus has to be out of the last one.
    """

    group = Pointer()
    corridor_version = Pointer()
    vehicles = VehicleShape(many=True, read_only=True)
    legs = LegClockShape(source="leg_clocks", many=True, read_only=True)
    arrival_needs = serializers.DictField(
        child=serializers.IntegerField(), read_only=True, help_text="what has to stand ready at the arrival, how many"
    )
    by = Actor()

    class Meta:
        model = Movement
        fields = (
            "public_id",
            "group",
            "number",
            "corridor_version",
            "state",
            "depart_at",
            "made_at",
            "exited_at",
            "clock_started_at",
            "warn_at",
            "due_at",
            "way_ends_at",
            "entered_at",
            "left_at",
            "handed_over_at",
            "ended_at",
            "arrival_needs",
            "vehicles",
            "legs",
            "by",
        )


class MovementEntry(Entry):
    """The group whose plan becomes a journey."""

    group = Reference()


class ArrivalNeedsEntry(Entry):
    """What has to stand ready at the arrival; what is left out is not needed."""

    stretcher = Count(required=False, max_value=MOST)
    wheelchair = Count(required=False, max_value=MOST)
    baby = Count(required=False, max_value=MOST)
    interpreter = Count(required=False, max_value=MOST)
    meals = Count(required=False, max_value=MOST)
    quarantine = Count(required=False, max_value=MOST)
    onward = Count(required=False, max_value=MOST)


class MovementFilters(Entry):
    group = Reference(source="group__public_id", required=False)
    state = Choice(choices=MovementState.choices, required=False)


class ManifestShape(serializers.ModelSerializer[Manifest]):
    """One frozen version: how many travel, and the fingerprint of the list. Names stand on its page and paper alone."""

    movement = Pointer()
    by = Actor()

    class Meta:
        model = Manifest
        fields = ("public_id", "movement", "number", "frozen_at", "digest", "people", "why", "by")


class ManifestEntryShape(Entry):
    """Freeze who travels in this movement now; a later version says why."""

    movement = Reference()
    why = Text(required=False, allow_blank=True, max_length=200)


class ManifestFilters(Entry):
    movement = Reference(source="movement__public_id", required=False)


class CheckpointShape(serializers.ModelSerializer[Checkpoint]):
    """Heads counted in one bus at one point of the way; `expected` is what stood there before."""

    movement = Pointer()
    vehicle = Pointer(allow_null=True)
    recount_of = Pointer(allow_null=True)
    difference = serializers.IntegerField(read_only=True)
    by = Actor()

    class Meta:
        model = Checkpoint
        fields = (
            "public_id",
            "movement",
            "vehicle",
            "kind",
            "heads",
            "expected",
            "difference",
            "counted_at",
            "recorded_at",
            "recount_of",
            "by",
        )


class CheckpointEntry(Entry):
    """What was counted. `public_id` comes from the device, so that the same count sent twice is stored once."""

    public_id = Reference()
    movement = Reference()
    vehicle = Reference()
    kind = Choice(
        choices=[kind for kind in CheckpointKind.choices if kind[0] != CheckpointKind.HANDED_OVER],
        help_text="left_1, entered_2 and so on are the borders inside a way through several countries",
    )
    heads = Count(max_value=MOST_HEADS)
    counted_at = Moment(required=False, help_text="now, where it is left out")


class IncidentShape(serializers.ModelSerializer[Incident]):
    """What happened on the way. Nothing confidential stands here, and nothing about a person."""

    movement = Pointer()
    vehicle = Pointer(allow_null=True)
    by = Actor()

    class Meta:
        model = Incident
        fields = ("public_id", "movement", "vehicle", "kind", "note", "happened_at", "recorded_at", "by")


class IncidentEntry(Entry):
    """What happened, in a sentence that names nobody. The same `public_id` sent twice is stored once."""

    public_id = Reference()
    movement = Reference()
    vehicle = Reference(required=False)
    kind = Choice(choices=IncidentKind.choices)
    note = Text(max_length=500)
    happened_at = Moment(required=False, help_text="now, where it is left out")


class IncidentFilters(Entry):
    movement = Reference(source="movement__public_id", required=False)
    kind = Choice(choices=IncidentKind.choices, required=False)


class CheckpointFilters(Entry):
    movement = Reference(source="movement__public_id", required=False)
    kind = Choice(choices=CheckpointKind.choices, required=False)
