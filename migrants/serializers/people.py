"""How people look in the API. What is sealed is in no list; protection is nowhere."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.serializers import Actor, Entry, Pointer, Reference, Text
from migrants.ages import age_range
from migrants.corrections import fingerprint_of
from migrants.models import (
    EarlierClaim,
    Migrant,
    Nationality,
    PersonName,
)
from migrants.searching import WHY


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
