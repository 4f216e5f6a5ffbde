"""How corridors, their versions, and what is said of them look in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.serializers import Actor, Choice, Count, Country, Entry, Moment, Pointer, Reference, Text, WallTime, Whole
from corridors.enums import CorridorCondition, CorridorState, RequiredEvidence
from corridors.legs import legs_of
from corridors.models import CorridorVersion, Leg, TransitCorridor, VersionWaiver
from corridors.rules.kinds import WEEK


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


class HoursShape(serializers.Serializer[Any]):
    """Days and hours at which a window opens again and again, on the clock of its zone."""

    days = serializers.ListField(child=serializers.CharField())
    opens = serializers.CharField()
    closes = serializers.CharField()


class CorridorLegShape(serializers.ModelSerializer[Leg]):
    """One country that is crossed: in by one crossing, out by another, and for how long at most."""

    entry = Pointer("code")
    exit = Pointer("code")
    longest_transit_minutes = serializers.SerializerMethodField()

    class Meta:
        model = Leg
        fields = ("number", "from_country", "country", "to_country", "entry", "exit", "longest_transit_minutes")

    def get_longest_transit_minutes(self, leg: Leg) -> int:
        return int(leg.longest_transit.total_seconds() // 60)


class WaivedShape(serializers.ModelSerializer[VersionWaiver]):
    """A requirement that an authority waives for whoever travels by a version, once it is open and has its approval."""

    requirement = Pointer()
    authority = Pointer("code")

    class Meta:
        model = VersionWaiver
        fields = ("public_id", "requirement", "authority", "reference", "valid_until")


class CorridorVersionShape(serializers.ModelSerializer[CorridorVersion]):
    """One wording. The window of entry stands as wall time in `zone` and as instants; its end is exclusive."""

    longest_transit_minutes = serializers.SerializerMethodField()
    conditions = serializers.ListField(child=serializers.CharField(), read_only=True)
    listed = serializers.DictField(child=serializers.CharField(), read_only=True)
    evidence = serializers.ListField(child=serializers.CharField(), read_only=True)
    requested_by = Pointer("code")
    opens_local = WallTime(read_only=True, allow_null=True)
    closes_local = WallTime(read_only=True, allow_null=True)
    hours = HoursShape(many=True, read_only=True)
    waivers = WaivedShape(many=True, read_only=True)
    standing = StandingShape(read_only=True)
    legs = serializers.SerializerMethodField()
    made_by = Actor()

    class Meta:
        model = CorridorVersion
        fields = (
            "public_id",
            "number",
            "longest_transit_minutes",
            "legs",
            "waivers",
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
            "hours",
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

    @extend_schema_field(CorridorLegShape(many=True))
    def get_legs(self, version: CorridorVersion) -> list[dict[str, Any]]:
        return [dict(CorridorLegShape(leg).data) for leg in legs_of(version)]


class CorridorShape(serializers.ModelSerializer[TransitCorridor]):
    entry = Pointer("code")
    exit = Pointer("code")
    further_countries = serializers.ListField(child=serializers.CharField(), read_only=True)
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
            "further_countries",
            "to_country",
            "versions",
        )


class CorridorEntry(Entry):
    """Where a corridor leads: in by one crossing, out by another, through one country or several in between."""

    code = Text(max_length=20, help_text="capital letters, figures and dashes")
    name = Text(max_length=200)
    entry = Text(max_length=20, help_text="code of a crossing")
    exit = Text(max_length=20, help_text="code of a crossing")
    from_country = Country()
    transit_country = Country()
    further_countries = serializers.ListField(
        child=Country(), max_length=4, default=list, help_text="those that are crossed after the first, in order"
    )
    to_country = Country()


class HoursEntry(Entry):
    """Days and hours at which a window opens again and again; hours that end before they begin end on the day after."""

    days = serializers.ListField(
        child=Choice(choices=[(day, day) for day in WEEK]), max_length=7, default=list, help_text="none: every day"
    )
    opens = serializers.TimeField(format="%H:%M", input_formats=["%H:%M"], help_text="on the clock of `zone`")
    closes = serializers.TimeField(format="%H:%M", input_formats=["%H:%M"], help_text="the same as `opens`: all day")


class WindowEntry(Entry):
    """When people may enter, as a clock in `zone` shows it; the end is exclusive."""

    opens_local = WallTime()
    closes_local = WallTime()
    zone = Text(max_length=64, help_text="IANA name of the zone of one side on the way")
    hours = HoursEntry(
        many=True, required=False, default=list, help_text="where it opens again and again between the two"
    )


class CorridorLegEntry(Entry):
    """One country of a way through several: where it is entered and left, and for how long at most."""

    country = Country()
    entry = Text(max_length=20, help_text="code of a crossing")
    exit = Text(max_length=20, help_text="code of a crossing")
    longest_transit_minutes = Whole(min_value=1, max_value=168 * 60)


class WaivedEntry(Entry):
    """A requirement that an authority waives for whoever travels by this wording."""

    requirement = Reference(help_text="a line that is asked on the way")
    authority = Text(max_length=40, help_text="code of the authority, which is asked to approve the wording too")
    reference = Text(max_length=120, help_text="of the paper that says so")
    valid_until = Moment(required=False, help_text="left out: until the window closes")


class CorridorVersionEntry(Entry):
    """The next wording of a corridor. Nobody is asked yet."""

    longest_transit_minutes = Whole(
        min_value=1, max_value=168 * 60, required=False, help_text="left out where the legs say it"
    )
    legs = CorridorLegEntry(
        many=True, required=False, default=list, help_text="one for each country, where the way leads through several"
    )
    waivers = WaivedEntry(many=True, required=False, default=list)
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


class LettersFilter(Entry):
    """Until when the parties may decide, for letters that are looked at before they go."""

    answer_by = Moment(required=False, help_text="until when they may decide; left out: when the window opens")


class LetterBeforehandShape(serializers.Serializer[Any]):
    """A letter of a request in one language, as a party would get it; its link opens nothing yet."""

    language = serializers.CharField()
    subject = serializers.CharField(source="letter.subject")
    text = serializers.CharField(source="letter.text")
