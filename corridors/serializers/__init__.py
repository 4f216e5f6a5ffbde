"""How crossings, requirements and corridors look in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.serializers import (
    Actor,
    Choice,
    Count,
    Country,
    Entry,
    Moment,
    Pointer,
    Text,
    WallTime,
    Whole,
)
from corridors.enums import CorridorCondition, CorridorState, Mode, RequiredEvidence, RequirementSubject
from corridors.ledger import sentence_of
from corridors.models import (
    BorderCrossing,
    CorridorVersion,
    CrossingSide,
    Requirement,
    RequirementVersion,
    TransitCorridor,
)


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


class HeldUpShape(serializers.Serializer[Any]):
    """A party that has not decided, and since when it is asked."""

    organisation = serializers.CharField(source="organisation.code")
    since = serializers.DateTimeField()


class TermsShape(serializers.Serializer[Any]):
    """What is really allowed: the wording, narrowed by every party that approved with conditions of its own."""

    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    head_count_cap = serializers.IntegerField()
    vehicle_cap = serializers.IntegerField(allow_null=True)
    words = serializers.ListField(child=serializers.CharField())
    listed = serializers.ListField(child=serializers.CharField(), help_text="codes of conditions from the list")
    evidence = serializers.ListField(child=serializers.CharField(), help_text="what has to be at hand at the barrier")
    routes = serializers.ListField(child=serializers.CharField())


class StandingShape(serializers.Serializer[Any]):
    """Where a version stands: open only when as many parties as are needed have approved this very version."""

    state = Choice(choices=CorridorState.choices)
    approved = serializers.IntegerField()
    required = serializers.IntegerField()  # type: ignore[assignment]  # the class itself never sees it
    needed = serializers.IntegerField(help_text="how many of the parties asked have to approve")
    terms = TermsShape(allow_null=True)
    held_up_by = HeldUpShape(many=True)


class CorridorVersionShape(serializers.ModelSerializer[CorridorVersion]):
    """One wording. The window of entry stands as wall time in `zone` and as instants; its end is exclusive."""

    longest_transit_minutes = serializers.SerializerMethodField()
    conditions = serializers.ListField(child=serializers.CharField(), read_only=True)
    listed = serializers.DictField(child=serializers.CharField(), read_only=True)
    evidence = serializers.ListField(child=serializers.CharField(), read_only=True)
    requested_by = Pointer("code")
    opens_local = WallTime(read_only=True, allow_null=True)
    closes_local = WallTime(read_only=True, allow_null=True)
    standing = StandingShape(read_only=True)
    made_by = Actor()

    class Meta:
        model = CorridorVersion
        fields = (
            "public_id",
            "number",
            "longest_transit_minutes",
            "conditions",
            "listed",
            "evidence",
            "head_count_cap",
            "vehicle_cap",
            "requested_by",
            "document_reference",
            "opens_local",
            "closes_local",
            "zone",
            "opens_at",
            "closes_at",
            "answer_by",
            "made_at",
            "made_by",
            "requirement_changed_at",
            "standing",
        )

    def get_longest_transit_minutes(self, version: CorridorVersion) -> int:
        return int(version.longest_transit.total_seconds() // 60)


class CorridorShape(serializers.ModelSerializer[TransitCorridor]):
    entry = Pointer("code")
    exit = Pointer("code")
    versions = CorridorVersionShape(many=True, read_only=True)

    class Meta:
        model = TransitCorridor
        fields = (
            "public_id",
            "code",
            "name",
            "entry",
            "exit",
            "from_country",
            "transit_country",
            "to_country",
            "versions",
        )


class CorridorEntry(Entry):
    """Where a corridor leads: in by one crossing, out by another, of one country in between."""

    code = Text(max_length=20, help_text="capital letters, figures and dashes")
    name = Text(max_length=200)
    entry = Text(max_length=20, help_text="code of a crossing")
    exit = Text(max_length=20, help_text="code of a crossing")
    from_country = Country()
    transit_country = Country()
    to_country = Country()


class WindowEntry(Entry):
    """When people may enter, as a clock in `zone` shows it; the end is exclusive."""

    opens_local = WallTime()
    closes_local = WallTime()
    zone = Text(max_length=64, help_text="IANA name of the zone of one side on the way")


class CorridorVersionEntry(Entry):
    """The next wording of a corridor. Nobody is asked yet."""

    longest_transit_minutes = Whole(min_value=1, max_value=168 * 60)
    conditions = serializers.ListField(child=Text(max_length=300), max_length=30, default=list)
    listed = serializers.DictField(
        child=Text(max_length=200, allow_blank=True),
        default=dict,
        help_text="conditions from the list ("
        + ", ".join(CorridorCondition.values)
        + "), each with its detail or empty",
    )
    evidence = serializers.ListField(
        child=Choice(choices=RequiredEvidence.choices), default=list, help_text="what has to be at hand at the barrier"
    )
    head_count_cap = Count(min_value=1)
    vehicle_cap = Count(min_value=1, required=False, allow_null=True, default=None)
    requested_by = Text(max_length=40, help_text="code of the authority that asks")
    document_reference = Text(max_length=100)
    window = WindowEntry(required=False)


class AskEntry(Entry):
    """Which parties are asked about the newest version, and until when they may decide."""

    parties = serializers.ListField(child=Text(max_length=40), max_length=50, help_text="codes of organisations")
    answer_by = Moment()
    needed = Count(min_value=1, required=False, help_text="how many have to approve; left out: every one")
    musts = serializers.ListField(
        child=Text(max_length=40),
        max_length=50,
        required=False,
        help_text="codes of those without which it does not open",
    )


class ReasonEntry(Entry):
    """Why something is stopped, or goes on."""

    reason = Text(max_length=300)
