"""How groups and head counts look in the API."""

from __future__ import annotations

from rest_framework import serializers

from common.serializers import Actor, Choice, Count, Country, Entry, Moment, Pointer, Reference, Text, Truth
from migrants.enums import (
    Confidence,
    Mood,
    NeedOfGroup,
)
from migrants.models import (
    HeadCount,
    TravelGroup,
)


class HeadCountShape(serializers.ModelSerializer[HeadCount]):
    group = Pointer()
    needs = serializers.ListField(child=serializers.CharField(), read_only=True)
    by = Actor()

    class Meta:
        model = HeadCount
        fields = (
            "public_id",
            "group",
            "counted_at",
            "recorded_at",
            "exact",
            "total",
            "males",
            "females",
            "men",
            "women",
            "children_5_17",
            "children_under_5",
            "children_alone",
            "needs",
            "mood",
            "note",
            "by",
        )


class HeadCountEntry(Entry):
    """What was counted: of a group, or at a crossing in a direction where no group is open yet.

    `public_id` comes from the device, so that the same count sent twice is stored once. Without `total` it is the sum by
    sex, else by age.
    """

    public_id = Reference()
    group = Reference(required=False)
    crossing = Text(required=False, max_length=20)
    from_country = Country(required=False)
    to_country = Country(required=False)
    counted_at = Moment(required=False, help_text="now, where it is left out")
    exact = Truth(default=True)
    total = Count(required=False, allow_null=True, min_value=1)
    males = Count(required=False, allow_null=True)
    females = Count(required=False, allow_null=True)
    men = Count(required=False, allow_null=True)
    women = Count(required=False, allow_null=True)
    children_5_17 = Count(required=False, allow_null=True)
    children_under_5 = Count(required=False, allow_null=True)
    children_alone = Count(required=False, allow_null=True)
    needs = serializers.ListField(child=Choice(choices=NeedOfGroup.choices), required=False, max_length=20)
    mood = Choice(choices=[mood for mood in Mood.choices if mood[0]], required=False)
    note = Text(required=False, allow_blank=True, max_length=2000)


class HeadCountFilters(Entry):
    group = Reference(source="group__public_id", required=False)


class GroupShape(serializers.ModelSerializer[TravelGroup]):
    """A group with its newest head count, how many are registered, and how many are counted but unknown.

    `came` and `went` are heads that were moved in and out since that count; `uncounted` are registered beyond it.
    """

    crossing = Pointer("code")
    latest_count = HeadCountShape(read_only=True, allow_null=True)
    registered = serializers.IntegerField(read_only=True)
    unknown = serializers.IntegerField(read_only=True)
    uncounted = serializers.IntegerField(read_only=True)
    came = serializers.IntegerField(read_only=True)
    went = serializers.IntegerField(read_only=True)
    by = Actor()

    class Meta:
        model = TravelGroup
        fields = (
            "public_id",
            "code",
            "crossing",
            "from_country",
            "to_country",
            "waiting_since",
            "source",
            "confidence",
            "closed_at",
            "recorded_at",
            "by",
            "latest_count",
            "registered",
            "unknown",
            "uncounted",
            "came",
            "went",
        )


class GroupEntry(Entry):
    """A group that waits, before anybody in it is registered."""

    public_id = Reference(required=False)
    crossing = Text(max_length=20)
    from_country = Country()
    to_country = Country()
    waiting_since = Moment()
    source = Text(max_length=200, help_text="who told us")  # type: ignore[assignment]  # a field, not the attribute
    confidence = Choice(choices=Confidence.choices)


class GroupFilters(Entry):
    crossing = Text(source="crossing__code", required=False, max_length=20)
    waiting = serializers.BooleanField(source="closed_at__isnull", required=False)
