"""Documents, tests and consents of people over the API."""

from __future__ import annotations

from rest_framework import serializers

from common.serializers import Actor, Choice, Entry, Pointer, Reference
from migrants.enums import (
    DocumentState,
    Purpose,
    TestKind,
    TestResult,
)
from migrants.models import (
    Consent,
    HealthTest,
    TravelDocument,
)

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
