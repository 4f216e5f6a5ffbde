"""How crossings and requirements look in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.serializers import Actor, Choice, Country, Entry, Moment, Pointer, Text
from corridors.enums import Mode, RequirementSubject
from corridors.ledger import sentence_of
from corridors.models import BorderCrossing, CrossingSide, Requirement, RequirementVersion


class SideShape(serializers.ModelSerializer[CrossingSide]):
    class Meta:
        model = CrossingSide
        fields = ("country", "name_latin", "name_local", "name_ru", "zone")


class CrossingShape(serializers.ModelSerializer[BorderCrossing]):
    sides = SideShape(many=True, read_only=True)
    modes = serializers.ListField(child=serializers.CharField(), read_only=True)
    aliases = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = BorderCrossing
        fields = (
            "public_id",
            "code",
            "modes",
            "is_airport",
            "aliases",
            "latitude",
            "longitude",
            "coordinate_kind",
            "coordinate_source",
            "unlocode",
            "customs_post",
            "sides",
        )


class CrossingFilters(Entry):
    country = Country(source="sides__country", required=False, help_text="a country that has a side there")


@extend_schema_field({"type": "object", "additionalProperties": True, "description": "The rule tree."})
class RuleTree(serializers.JSONField):
    """The content of a requirement as `corridors.rules` writes it."""


class VersionShape(serializers.ModelSerializer[RequirementVersion]):
    """One version: what it asks, when it holds (`applies_…`), and when we knew it so (`known_…`); ends are exclusive."""

    content = RuleTree(read_only=True)
    sentence = serializers.SerializerMethodField(help_text="The rule in words, in the language of Accept-Language.")
    authority = Pointer("code")
    applies_from = serializers.DateTimeField(source="applies.lower", read_only=True)
    applies_until = serializers.DateTimeField(source="applies.upper", read_only=True, allow_null=True)
    known_from = serializers.DateTimeField(source="known.lower", read_only=True)
    known_until = serializers.DateTimeField(source="known.upper", read_only=True, allow_null=True)
    entered_by = Actor()

    class Meta:
        model = RequirementVersion
        fields = (
            "public_id",
            "number",
            "content",
            "sentence",
            "certainty",
            "source_tier",
            "source_text",
            "correction",
            "authority",
            "zone",
            "applies_from",
            "applies_until",
            "known_from",
            "known_until",
            "entered_at",
            "entered_by",
        )

    def get_sentence(self, version: RequirementVersion) -> str:
        return sentence_of(version)


class LineShape(serializers.ModelSerializer[Requirement]):
    """One line of requirements, with the versions that are believed now: each holds for its own period.

    Without `crossing` it is asked at every crossing of the direction; an empty country is any. An empty `mode` is any, too.
    """

    crossing = Pointer("code", allow_null=True)
    versions = VersionShape(source="believed", many=True, read_only=True)

    class Meta:
        model = Requirement
        fields = ("public_id", "crossing", "from_country", "to_country", "mode", "subject", "versions")


class LineFilters(Entry):
    crossing = Text(
        source="crossing__code",
        required=False,
        max_length=20,
        help_text="its own lines alone; see `in-force`",
    )
    from_country = Country(required=False)
    to_country = Country(required=False)
    mode = Choice(choices=Mode.choices, required=False)
    subject = Choice(choices=RequirementSubject.choices, required=False)


class LedgerShape(serializers.Serializer[Any]):
    """A version in the story of its line: what it changed against the one before, and every piece that was believed."""

    number = serializers.IntegerField()
    sentence = serializers.CharField()
    differences = serializers.ListField(child=serializers.CharField())
    pieces = VersionShape(many=True)


class MomentFilters(Entry):
    """At which hour, as it was known when; both default to now."""

    at = Moment(required=False)
    known_at = Moment(required=False)


class AskedShape(serializers.Serializer[Any]):
    """What a line asks at an hour, as it was known at another; `version` is null where it asked nothing."""

    at = serializers.DateTimeField()
    known_at = serializers.DateTimeField()
    version = VersionShape(allow_null=True)


class WayFilters(Entry):
    """Which direction at which hour, as it was known when; both default to now."""

    from_country = Country()
    to_country = Country()
    at = Moment(required=False)
    known_at = Moment(required=False)


class ReasonEntry(Entry):
    """Why something is stopped, or goes on."""

    reason = Text(max_length=300)
