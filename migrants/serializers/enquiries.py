"""Questions between offices about somebody beyond reach, over the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from common.serializers import Actor, Choice, Entry, Reference, Text, Whole
from migrants.enquiries import said_of
from migrants.enums import (
    ENQUIRY_ANSWERS,
    EnquiryState,
)
from migrants.models import (
    Enquiry,
)


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
    """The same, with the office that is asked and why; `own` is the asker's own record of whom they mean."""

    office = Reference()
    own = Reference(required=False)
    why = Text(max_length=500)


class EnquiryAnswer(Entry):
    """What the office says. A case is lent for seven days."""

    state = Choice(choices=ENQUIRY_ANSWERS)
    words = Text(required=False, allow_blank=True, max_length=500)


class EnquiryFilters(Entry):
    state = Choice(choices=EnquiryState.choices, required=False)


class EnquiryShape(serializers.ModelSerializer[Enquiry]):
    """A question between offices. `person`, and `own`, the asker's record, stand there only for whoever reaches them."""

    office = serializers.UUIDField(source="mission.public_id", read_only=True)
    person = serializers.UUIDField(source="shown_person", read_only=True, allow_null=True)
    own = serializers.UUIDField(source="shown_own", read_only=True, allow_null=True)
    by = Actor()

    class Meta:
        model = Enquiry
        fields: tuple[str, ...] = ("public_id", "office", "person", "own", "state", "asked_at", "by", "answered_at")


class EnquiryDetail(EnquiryShape):
    """One question alone says what was asked, why, and what was answered."""

    asked = serializers.SerializerMethodField()
    why = serializers.CharField(read_only=True)
    answer = serializers.CharField(read_only=True, allow_null=True)

    def get_asked(self, row: Enquiry) -> dict[str, Any]:
        return asdict(said_of(row))

    class Meta(EnquiryShape.Meta):
        fields = (*EnquiryShape.Meta.fields, "asked", "why", "answer")
