"""Records that may be one person, and merges, as the API gives and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.serializers import Actor, Choice, Entry, Pointer, Reference, Text
from migrants.enums import PairState
from migrants.models import DuplicatePair, Merge
from migrants.names.likeness import SENTENCES

SAME, DIFFERENT = "same", "different"


class ReasonShape(serializers.Serializer[dict[str, Any]]):
    """Why two records may be one person, or why not: a `weight` below nothing speaks against it."""

    code = serializers.CharField()
    weight = serializers.FloatField()
    sentence = serializers.SerializerMethodField()

    def get_sentence(self, reason: dict[str, Any]) -> str:
        return str(SENTENCES.get(reason["code"], ""))


class PairShape(serializers.ModelSerializer[DuplicatePair]):
    """Two records. `merge` is what made them one, where that stands."""

    first = Pointer()
    second = Pointer()
    reasons = ReasonShape(many=True, read_only=True)
    decided_by = Actor(allow_null=True)
    merge = serializers.UUIDField(read_only=True, allow_null=True)

    class Meta:
        model = DuplicatePair
        fields = (
            "public_id", "first", "second", "state", "score", "reasons", "found_at", "decided_at", "decided_by", "merge",
        )  # fmt: skip


class PairFilters(Entry):
    state = Choice(choices=PairState.choices, required=False)


class PairDecision(Entry):
    """One person or two. `keep` is the record that stays; left out, the one that was registered first."""

    decision = Choice(choices=[(SAME, SAME), (DIFFERENT, DIFFERENT)])
    keep = Reference(required=False)


class MergeShape(serializers.ModelSerializer[Merge]):
    """Two records that became one; `rows` is how many rows moved with it."""

    kept = Pointer()
    absorbed = Pointer()
    by = Actor()
    undone_by = Actor(allow_null=True)
    rows = serializers.SerializerMethodField()

    def get_rows(self, merge: Merge) -> int:
        return sum(len(keys) for keys in merge.moved.get("rows", {}).values())

    class Meta:
        model = Merge
        fields = ("public_id", "kept", "absorbed", "rows", "at", "by", "undone_at", "undone_by")


class MergeFilters(Entry):
    kept = Reference(source="kept__public_id", required=False)


class UndoEntry(Entry):
    why = Text(required=False, allow_blank=True, max_length=200)
