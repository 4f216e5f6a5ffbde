"""Waivers of authorities as the API gives and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.serializers import Actor, Entry, Moment, Pointer, Reference, Text
from returns.models import Waiver

MOST_CASES = 1000


class WaiverShape(serializers.ModelSerializer[Waiver]):
    """One case that an authority excuses from one requirement until a time. One that was taken back ended then."""

    requirement = Pointer()
    case = Pointer()
    authority = Pointer("code")
    by = Actor()

    class Meta:
        model = Waiver
        fields = ("public_id", "requirement", "case", "authority", "reference", "valid_until", "recorded_at", "by")


class WaiversShape(serializers.Serializer[Any]):
    """What one paper excuses: a waiver for each case."""

    waivers = WaiverShape(many=True)


class WaiverEntry(Entry):
    """All of these cases are excused, or none."""

    requirement = Reference()
    cases = serializers.ListField(child=Reference(), allow_empty=False, max_length=MOST_CASES)
    authority = Text(max_length=40, help_text="code of the organisation that excuses them")
    reference = Text(max_length=120, help_text="of the paper that says so")
    valid_until = Moment()


class WaiverEnd(Entry):
    why = Text(max_length=200)


class WaiverFilters(Entry):
    case = Reference(source="case__public_id", required=False)
    group = Reference(source="case__person__group__public_id", required=False)
    requirement = Reference(source="requirement__public_id", required=False)
