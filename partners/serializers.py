"""How the directory looks in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.serializers import Choice, Entry, Moment, Pointer, Reference, Text, Truth, Whole
from partners.enums import ChannelKind, OrganisationKind
from partners.models import Channel, Contact, Interest, Office, Organisation
from partners.unreached import Line


class OfficeShape(serializers.ModelSerializer[Office]):
    class Meta:
        model = Office
        fields = ("public_id", "name", "city", "zone", "is_mission", "hours", "holidays")


class ReachShape(serializers.Serializer[Any]):
    """How an organisation can be reached today: by how many desks, and over which kinds of channel a notice reaches a human."""

    contacts = serializers.IntegerField()
    kinds = serializers.ListField(child=serializers.CharField())
    phones = serializers.IntegerField()
    languages = serializers.ListField(child=serializers.CharField())
    switched_off = serializers.IntegerField()
    is_reachable = serializers.BooleanField()


class InterestShape(serializers.ModelSerializer[Interest]):
    class Meta:
        model = Interest
        fields = ("subject", "alert_kind", "serves_halt")


class FaultShape(serializers.Serializer[Any]):
    """One row of a list that cannot be taken; `column` is empty where none in particular is wrong."""

    row = serializers.IntegerField()
    column = serializers.CharField()
    sentence = serializers.CharField()


class ListOutcome(serializers.Serializer[Any]):
    """What reading a list did, or with `dry_run` would do: rows read, and acts by verb."""

    rows = serializers.IntegerField()
    acts = serializers.DictField(child=serializers.IntegerField())
    faults = FaultShape(many=True)


class ListEntry(Entry):
    """The directory as a list to be read: one row for each address of each desk; `columns` are the heading, in any order."""

    columns = serializers.ListField(child=Text(max_length=80), allow_empty=False, max_length=40)
    rows = serializers.ListField(
        child=serializers.ListField(child=Text(max_length=2000, allow_blank=True), max_length=40),
        allow_empty=False,
        max_length=2000,
    )
    dry_run = Truth(required=False, default=False)


class OrganisationShape(serializers.ModelSerializer[Organisation]):
    offices = OfficeShape(many=True, read_only=True)
    interests = InterestShape(many=True, read_only=True)
    reach = ReachShape(read_only=True)

    class Meta:
        model = Organisation
        fields = (
            "public_id",
            "code",
            "kind",
            "country",
            "name_en",
            "name_local",
            "name_ru",
            "seat",
            "task",
            "offices",
            "interests",
            "reach",
        )


class OrganisationFilters(Entry):
    kind = Choice(choices=OrganisationKind.choices, required=False)
    country = Text(required=False, max_length=3, help_text="ISO alpha-3")


class ChannelShape(serializers.ModelSerializer[Channel]):
    address = serializers.CharField(read_only=True)

    class Meta:
        model = Channel
        fields = ("public_id", "kind", "address", "rank", "verified_at", "switched_off_at")


class ContactShape(serializers.ModelSerializer[Contact]):
    organisation = Pointer("code", source="office.organisation")
    office = Pointer("name")
    stands_in_for = Pointer(allow_null=True)
    channels = ChannelShape(many=True, read_only=True)

    class Meta:
        model = Contact
        fields = (
            "public_id",
            "organisation",
            "office",
            "function",
            "language",
            "also_speaks",
            "rank",
            "is_duty_desk",
            "stands_in_for",
            "valid_from",
            "valid_until",
            "channels",
        )


class ContactFilters(Entry):
    organisation = Text(source="office__organisation__code", required=False, max_length=40)


class ContactEntry(Entry):
    """A desk of an office. Without `rank` it is asked after all others of the office."""

    office = Reference()
    function = Text(max_length=120)
    language = Text(max_length=8)
    also_speaks = serializers.ListField(child=Text(max_length=8), required=False, max_length=6)
    rank = Whole(required=False, min_value=1, max_value=99)
    is_duty_desk = Truth(required=False)
    stands_in_for = Reference(required=False, allow_null=True)
    valid_from = Moment(required=False, allow_null=True)
    valid_until = Moment(required=False, allow_null=True)


class ChannelEntry(Entry):
    """A further way to reach a desk. A webhook is entered on the page, which shows its secret once."""

    kind = Choice(choices=[(kind.value, kind.label) for kind in ChannelKind if kind != ChannelKind.WEBHOOK])
    address = Text(max_length=254)


class ShiftEntry(Entry):
    """From when until when a desk is on duty."""

    starts_at = Moment()
    ends_at = Moment()


class CalledEntry(Entry):
    """Who answered when we called over a channel (its public id)."""

    channel = Reference()
    name = Text(max_length=120)
    function = Text(max_length=120)


class UnreachedFaultShape(serializers.Serializer[Any]):
    """Why a notice may not find an organisation, and what to do about it."""

    fault = serializers.CharField()
    words = serializers.CharField()
    remedy = serializers.CharField()


class UnreachedShape(serializers.Serializer[Any]):
    """An organisation that could not be reached now or tonight, the worst fault first; `is_grave`: nobody would be found."""

    organisation = serializers.CharField(source="organisation.code")
    is_grave = serializers.BooleanField()
    faults = serializers.SerializerMethodField()
    wants = serializers.ListField(child=serializers.CharField(), help_text="what it is to be told of")
    nobody_from = serializers.SerializerMethodField()
    nobody_until = serializers.SerializerMethodField()
    zone = serializers.CharField()

    @extend_schema_field(UnreachedFaultShape(many=True))
    def get_faults(self, line: Line) -> list[dict[str, str]]:
        return [
            {"fault": fault.value, "words": str(fault.label), "remedy": remedy}
            for fault, remedy in zip(line.faults, line.remedies, strict=True)
        ]

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_nobody_from(self, line: Line) -> str | None:
        return line.nobody_between[0].isoformat() if line.nobody_between else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_nobody_until(self, line: Line) -> str | None:
        return line.nobody_between[1].isoformat() if line.nobody_between else None
