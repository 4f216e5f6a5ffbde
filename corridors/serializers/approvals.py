"""How decisions of parties, and what they say later, look in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.serializers import Actor, Choice, Count, Entry, Moment, Pointer, Reference, Text
from corridors.enums import DECISIONS, ApprovalState, PartyWordKind, Reopened
from corridors.models import Approval, PartyWord
from notifications.enums import WRITTEN_DOWN

SCAN = "the letter behind what is written down: PDF, JPEG, PNG or WebP in base64; each page is drawn anew"


class PartyWordShape(serializers.ModelSerializer[PartyWord]):
    """What a party said after its decision."""

    by = Actor()

    class Meta:
        model = PartyWord
        fields = ("public_id", "kind", "said_at", "said_how", "name", "function", "reason", "reference", "by")


class ReopenedShape(serializers.Serializer[Any]):
    """Why a party is asked although it decided on the version before; the figures are empty where there are none."""

    why = Choice(choices=Reopened.choices)
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class ApprovalShape(serializers.ModelSerializer[Approval]):
    """What one party was asked and has decided about one version. The first decision stands; `words` are what it said later.

    `carried_from` is the approval of an earlier version in which a decision was taken that holds for this one too.
    """

    words = PartyWordShape(many=True, read_only=True)
    corridor = serializers.UUIDField(source="version.corridor.public_id", read_only=True)
    version = Pointer()
    version_number = serializers.IntegerField(source="version.number", read_only=True)
    organisation = Pointer("code")
    carried_from = Pointer(allow_null=True)
    reopened = serializers.SerializerMethodField()
    asked_by = Actor()
    by = Actor(allow_null=True)

    class Meta:
        model = Approval
        fields = (
            "public_id",
            "corridor",
            "version",
            "version_number",
            "organisation",
            "state",
            "is_must",
            "asked_at",
            "asked_by",
            "answer_by",
            "decided_at",
            "decided_how",
            "name",
            "function",
            "note",
            "reference",
            "by",
            "opens_at",
            "closes_at",
            "head_count_cap",
            "vehicle_cap",
            "route",
            "carried_from",
            "reopened",
            "words",
        )

    @extend_schema_field(ReopenedShape(many=True))
    def get_reopened(self, asked: Approval) -> list[dict[str, str]]:
        return [dict(zip(("why", "before", "after"), reason, strict=True)) for reason in asked.reopened]


class ApprovalFilters(Entry):
    corridor = Reference(source="version__corridor__public_id", required=False)
    organisation = Text(source="organisation__code", required=False, max_length=40)
    state = Choice(choices=ApprovalState.choices, required=False)


class DecisionEntry(Entry):
    """What a party decides. Written down for another organisation: how it answered, and the reference of that."""

    answer = Choice(choices=DECISIONS)
    note = Text(required=False, allow_blank=True, max_length=2000, help_text="the conditions, or why it rejects")
    name = Text(max_length=120)
    function = Text(max_length=120)
    reference = Text(required=False, allow_blank=True, max_length=100)
    opens_at = Moment(required=False, help_text="where less is allowed than asked for: from when")
    closes_at = Moment(required=False, help_text="until when; the end is exclusive")
    head_count_cap = Count(min_value=1, required=False)
    vehicle_cap = Count(min_value=1, required=False)
    route = Text(required=False, allow_blank=True, max_length=300)
    decided_how = Choice(
        choices=WRITTEN_DOWN,
        required=False,
        help_text="how another organisation answered; left out for one's own",
    )
    scan = Text(max_length=6_000_000, required=False, help_text=SCAN)


class WordEntry(Entry):
    """What a party says after its decision. Written down for another organisation: how it came, and the reference of that."""

    kind = Choice(choices=PartyWordKind.choices)
    reason = Text(max_length=500)
    name = Text(max_length=120)
    function = Text(max_length=120)
    reference = Text(required=False, allow_blank=True, max_length=100)
    said_how = Choice(
        choices=WRITTEN_DOWN,
        required=False,
        help_text="how another organisation said it; left out for one's own",
    )
    scan = Text(max_length=6_000_000, required=False, help_text=SCAN)
