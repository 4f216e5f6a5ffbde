"""How the directory looks in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.serializers import Choice, Entry, Pointer, Text
from partners.enums import OrganisationKind
from partners.models import Channel, Contact, Office, Organisation


class OfficeShape(serializers.ModelSerializer[Office]):
    class Meta:
        model = Office
        fields = ("public_id", "name", "city", "zone", "is_mission")


class ReachShape(serializers.Serializer[Any]):
    """By how many desks and channels an organisation can be reached today."""

    contacts = serializers.IntegerField()
    emails = serializers.IntegerField()
    phones = serializers.IntegerField()
    languages = serializers.ListField(child=serializers.CharField())
    switched_off = serializers.IntegerField()
    is_reachable = serializers.BooleanField()


class OrganisationShape(serializers.ModelSerializer[Organisation]):
    offices = OfficeShape(many=True, read_only=True)
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
    channels = ChannelShape(many=True, read_only=True)

    class Meta:
        model = Contact
        fields = ("public_id", "organisation", "office", "function", "language", "rank", "channels")


class ContactFilters(Entry):
    organisation = Text(source="office__organisation__code", required=False, max_length=40)
