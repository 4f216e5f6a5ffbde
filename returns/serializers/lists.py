"""Lists of people over the API: what is sent, what is shown of a list and of its rows."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.serializers import Actor, Choice, Entry, Pointer, Reference, Text, Truth, Whole
from returns.enums import RowOutcome, UploadState
from returns.manifest_columns import LABELS
from returns.models import ManifestUpload
from returns.serializers.files import File

MOST_DECISIONS = 2_000
FIELDS = [(name, name) for name in LABELS]
LIST = (
    "public_id", "group", "sender", "file_name", "state", "rows_total", "rows_done", "problem", "uploaded_at",
    "settled_at", "by",
)  # fmt: skip


class PeopleListEntry(Entry):
    """A list for a group: the file, who sent it, and which sheet of a workbook is meant (else the first with anything)."""

    group = Reference()
    file = File()
    file_name = Text(required=False, max_length=200)
    sender = Text(required=False, allow_blank=True, max_length=120, help_text="the office, not a person")
    sheet = Text(required=False, allow_blank=True, max_length=80)


class PeopleListShape(serializers.ModelSerializer[ManifestUpload]):
    """One list and where it stands. While it is `reading` or `storing`, `rows_done` of `rows_total` say how far it is."""

    group = Pointer()
    by = Actor()

    class Meta:
        model = ManifestUpload
        fields: tuple[str, ...] = LIST


class ListColumnShape(serializers.Serializer[Any]):
    """One column: what stands above it, and the field that it is read as, or else may be (`guess`)."""

    index = serializers.IntegerField(help_text="counted from 0")
    column = serializers.CharField()
    heading = serializers.CharField(allow_blank=True)
    field = serializers.CharField(allow_blank=True)
    guess = serializers.CharField(allow_blank=True)


class ListDetail(PeopleListShape):
    """One list alone: how many rows have which outcome, its columns, remarks on them, and the other sheets of the file."""

    tally = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    columns = ListColumnShape(many=True, read_only=True, source="shown_columns")
    notes = serializers.ListField(child=serializers.CharField(), read_only=True)
    sheet = serializers.CharField(read_only=True, source="sheet_name")
    other_sheets = serializers.ListField(child=serializers.CharField(), read_only=True)
    heading_row = serializers.IntegerField(read_only=True)

    class Meta(PeopleListShape.Meta):
        fields = (*LIST, "heading_row", "sheet", "other_sheets", "columns", "notes", "tally")


class RowFaultShape(serializers.Serializer[Any]):
    column = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()


class PossibleShape(serializers.Serializer[Any]):
    """Somebody known whom the row may mean, and why."""

    person = serializers.UUIDField(source="person.public_id")
    reasons = serializers.ListField(child=serializers.CharField())


class ListRowShape(serializers.Serializer[Any]):
    """One row as it was read: what will happen, or happened, and what is to be mended or decided."""

    row = serializers.IntegerField(source="number")
    outcome = serializers.ChoiceField(choices=RowOutcome.choices)
    name = serializers.CharField(allow_blank=True)
    latin_name = serializers.CharField(allow_blank=True)
    sex = serializers.CharField(allow_blank=True)
    birth = serializers.CharField(allow_blank=True)
    nationalities = serializers.CharField(allow_blank=True)
    document = serializers.CharField(allow_blank=True)
    shown = serializers.ListField(child=serializers.CharField(), help_text="what they can show at a barrier")
    faults = RowFaultShape(many=True)
    remarks = serializers.ListField(child=serializers.CharField())
    possible = PossibleShape(many=True)
    twin = serializers.IntegerField(allow_null=True, help_text="the row of the list that looks like the same person")
    person = serializers.SerializerMethodField()
    text = serializers.CharField(allow_blank=True, help_text="why a row is left out")

    @extend_schema_field({"type": ["string", "null"], "format": "uuid"})
    def get_person(self, line: Any) -> str | None:
        return str(line.person.public_id) if line.person else None


class ListFilters(Entry):
    group = Reference(source="group__public_id", required=False)
    state = Choice(choices=UploadState.choices, required=False)


class RowFilters(Entry):
    outcome = Choice(choices=RowOutcome.choices, required=False)


class ColumnPart(Entry):
    field = Choice(choices=FIELDS)
    index = Whole(min_value=0, max_value=10_000)


class ColumnsEntry(Entry):
    """Which column holds what; a field that is left out is not in the list. Remembered for the sender's next list."""

    columns = serializers.ListField(child=ColumnPart(), max_length=len(FIELDS))


class SheetEntry(Entry):
    sheet = Text(max_length=80)


class DecisionPart(Entry):
    row = Whole(min_value=1, max_value=10_000_000)
    decision = Text(
        max_length=60, help_text="`new`, `later`, the reference of somebody known, or `row:17` for the person of row 17"
    )


class ConfirmEntry(Entry):
    """Store what the rows show. `leave_out` passes over the rows that cannot be read; else one of them stops the list."""

    decisions = serializers.ListField(child=DecisionPart(), required=False, max_length=MOST_DECISIONS)
    leave_out = Truth(default=False)
