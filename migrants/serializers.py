"""How groups, head counts and people look in the API. What is sealed is in no list; protection is nowhere."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.serializers import Actor, Choice, Count, Country, Entry, Moment, Pointer, Reference, Text, Truth, Whole
from migrants.ages import age_range
from migrants.corrections import fingerprint_of
from migrants.enquiries import said_of
from migrants.enums import (
    ENQUIRY_ANSWERS,
    Confidence,
    DocumentState,
    EnquiryState,
    Mood,
    NeedOfGroup,
    Purpose,
    TestKind,
    TestResult,
)
from migrants.models import (
    Consent,
    EarlierClaim,
    Enquiry,
    HeadCount,
    HealthTest,
    Migrant,
    Nationality,
    PersonName,
    TravelDocument,
    TravelGroup,
)
from migrants.searching import WHY


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


class NationalityShape(serializers.ModelSerializer[Nationality]):
    class Meta:
        model = Nationality
        fields = ("code", "status")


class PersonNameShape(serializers.ModelSerializer[PersonName]):
    class Meta:
        model = PersonName
        fields = ("full_name", "kind", "valid_from", "valid_until")


PERSON = (
    "public_id",
    "number",
    "full_name",
    "latin_name",
    "sex",
    "birth_year",
    "birth_month",
    "birth_day",
    "birth_basis",
    "nationalities",
    "group",
    "family",
    "language",
    "registered_at",
)


class MigrantShape(serializers.ModelSerializer[Migrant]):
    group = Pointer(allow_null=True)
    family = Pointer("code", allow_null=True)
    nationalities = NationalityShape(many=True, read_only=True)

    class Meta:
        model = Migrant
        fields: tuple[str, ...] = PERSON


class EarlierClaimShape(serializers.ModelSerializer[EarlierClaim]):
    class Meta:
        model = EarlierClaim
        fields = ("sex", "birth_year", "birth_month", "birth_day", "birth_basis", "recorded_at", "replaced_at")


class MigrantDetail(MigrantShape):
    """One person alone: also parts and other names, earlier claims, and whether a child is without parents.

    `age_range` is the youngest and the oldest age that the known parts of the birth date allow today; whoever may be under
    18 is treated as a child. A correction sends the `fingerprint` back.
    """

    names = PersonNameShape(many=True, read_only=True)
    earlier_claims = EarlierClaimShape(many=True, read_only=True)
    other_languages = serializers.ListField(child=serializers.CharField(), read_only=True)
    age_range = serializers.SerializerMethodField()
    fingerprint = serializers.SerializerMethodField()
    by = Actor()

    @extend_schema_field({"type": ["array", "null"], "items": {"type": "integer"}, "minItems": 2, "maxItems": 2})
    def get_age_range(self, person: Migrant) -> list[int] | None:
        birth = (person.birth_year, person.birth_month, person.birth_day)
        span = age_range(birth, on=self.context["view"].at.date())
        return None if span is None else list(span)

    def get_fingerprint(self, person: Migrant) -> str:
        return fingerprint_of(person)

    class Meta(MigrantShape.Meta):
        fields = (
            *PERSON,
            "script",
            "surname",
            "given_names",
            "father_name",
            "names",
            "other_languages",
            "needs_interpreter",
            "age_range",
            "earlier_claims",
            "alone",
            "fingerprint",
            "recorded_at",
            "by",
        )


class MigrantFilters(Entry):
    group = Reference(source="group__public_id", required=False)
    number = Text(required=False, max_length=12)


class SearchFilters(Entry):
    """What is looked for, and in which group."""

    q = Text(max_length=100)
    group = Reference(required=False)


class FoundShape(serializers.Serializer[Any]):
    """Somebody who may be meant, and why, the weightiest first."""

    person = MigrantShape(read_only=True)
    why = serializers.ListField(child=serializers.CharField(), read_only=True, help_text=", ".join(WHY))


class LookEntry(Entry):
    """What is known of somebody: a document or telephone in full, or the whole name with the year of birth."""

    full_name = Text(required=False, allow_blank=True, max_length=200)
    birth_year = Whole(required=False, allow_null=True, min_value=1900, max_value=2100)
    document = Text(required=False, allow_blank=True, max_length=60)
    phone = Text(required=False, allow_blank=True, max_length=40)


class HintShape(serializers.Serializer[Any]):
    """An office that may know somebody: `how` is certain, likely or possible. Nothing is told of the person."""

    office = serializers.UUIDField(source="mission.public_id", read_only=True)
    name = serializers.CharField(source="mission", read_only=True)
    how = serializers.CharField(read_only=True)
    sentence = serializers.CharField(read_only=True)


class EnquiryEntry(LookEntry):
    """The same, with the office that is asked and why."""

    office = Reference()
    why = Text(max_length=500)


class EnquiryAnswer(Entry):
    """What the office says. A case is lent for seven days."""

    state = Choice(choices=ENQUIRY_ANSWERS)
    words = Text(required=False, allow_blank=True, max_length=500)


class EnquiryFilters(Entry):
    state = Choice(choices=EnquiryState.choices, required=False)


class EnquiryShape(serializers.ModelSerializer[Enquiry]):
    """A question between offices. `person` stands there only for whoever reaches the person."""

    office = serializers.UUIDField(source="mission.public_id", read_only=True)
    person = serializers.UUIDField(source="shown_person", read_only=True, allow_null=True)
    by = Actor()

    class Meta:
        model = Enquiry
        fields: tuple[str, ...] = ("public_id", "office", "person", "state", "asked_at", "by", "answered_at")


class EnquiryDetail(EnquiryShape):
    """One question alone says what was asked, why, and what was answered."""

    asked = serializers.SerializerMethodField()
    why = serializers.CharField(read_only=True)
    answer = serializers.CharField(read_only=True, allow_null=True)

    def get_asked(self, row: Enquiry) -> dict[str, Any]:
        return asdict(said_of(row))

    class Meta(EnquiryShape.Meta):
        fields = (*EnquiryShape.Meta.fields, "asked", "why", "answer")


DOCUMENT = ("public_id", "person", "kind", "state", "issuer", "expires_on", "recorded_at", "by")


class DocumentShape(serializers.ModelSerializer[TravelDocument]):
    person = Pointer()
    by = Actor()

    class Meta:
        model = TravelDocument
        fields: tuple[str, ...] = DOCUMENT


class DocumentDetail(DocumentShape):
    """One document alone shows its number."""

    number = serializers.CharField(read_only=True, allow_null=True)

    class Meta(DocumentShape.Meta):
        fields = (*DOCUMENT, "number")


class OfPerson(Entry):
    """Rows of one person, or of the people of one group."""

    person = Reference(source="person__public_id", required=False)
    group = Reference(source="person__group__public_id", required=False)


class DocumentFilters(OfPerson):
    state = Choice(choices=DocumentState.choices, required=False)


class HealthTestShape(serializers.ModelSerializer[HealthTest]):
    """A test. A result that came later, or corrects another, names the row that it `replaces`."""

    person = Pointer()
    replaces = Pointer(allow_null=True)
    by = Actor()

    class Meta:
        model = HealthTest
        fields = (
            "public_id",
            "person",
            "kind",
            "result",
            "sampled_at",
            "result_at",
            "laboratory",
            "recorded_at",
            "replaces",
            "by",
        )


class HealthTestFilters(OfPerson):
    kind = Choice(choices=TestKind.choices, required=False)
    result = Choice(choices=TestResult.choices, required=False)


class ConsentShape(serializers.ModelSerializer[Consent]):
    person = Pointer()
    recipient = Pointer("code", allow_null=True)
    declaration = Pointer("number", allow_null=True)
    by = Actor()

    class Meta:
        model = Consent
        fields = (
            "public_id",
            "person",
            "purpose",
            "recipient",
            "categories",
            "answer",
            "how",
            "language",
            "given_by",
            "interpreter",
            "witness",
            "form_signed",
            "form_reference",
            "signed_with",
            "declaration",
            "answered_at",
            "expires_at",
            "withdrawn_at",
            "recorded_at",
            "by",
        )


class ConsentFilters(OfPerson):
    purpose = Choice(choices=Purpose.choices, required=False)
