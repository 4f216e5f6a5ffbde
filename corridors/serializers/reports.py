"""How words from the barrier, and papers behind versions, look in the API."""

from __future__ import annotations

from rest_framework import serializers

from common.serializers import Actor, Choice, Country, Entry, Moment, Pointer, Reference, Text, Truth, Whole
from corridors.attachments import LONGEST_CAPTION
from corridors.enums import AttachmentKind, ReportState, RequirementSubject
from corridors.models import Attachment, BarrierReport


class ReportShape(serializers.ModelSerializer[BarrierReport]):
    """Word from a barrier. `subject` is a guess; `others` is how many other people heard the same."""

    crossing = Pointer("code")
    photographed = serializers.SerializerMethodField()
    others = serializers.IntegerField(read_only=True)
    draft = Pointer(allow_null=True)
    by = Actor()
    settled_by = Actor(allow_null=True)

    class Meta:
        model = BarrierReport
        fields = (
            "public_id",
            "crossing",
            "from_country",
            "to_country",
            "subject",
            "sentence",
            "photographed",
            "latitude",
            "longitude",
            "seen_at",
            "recorded_at",
            "by",
            "others",
            "state",
            "draft",
            "reason",
            "settled_at",
            "settled_by",
        )

    def get_photographed(self, row: BarrierReport) -> bool:
        return row.width is not None


class ReportEntry(Entry):
    """What somebody heard or saw at a barrier. `public_id` comes from the device, so that what is sent twice is stored once."""

    public_id = Reference(required=False)
    crossing = Text(max_length=20)
    from_country = Country()
    to_country = Country()
    subject = Choice(choices=RequirementSubject.choices, required=False, allow_blank=True)
    sentence = Text(max_length=500, required=False, allow_blank=True)
    photograph = Text(
        max_length=2_000_000, required=False, help_text="JPEG, PNG or WebP in base64; it is drawn anew and made smaller"
    )
    latitude = serializers.DecimalField(
        max_digits=8, decimal_places=5, min_value=-90, max_value=90, required=False, allow_null=True
    )
    longitude = serializers.DecimalField(
        max_digits=8, decimal_places=5, min_value=-180, max_value=180, required=False, allow_null=True
    )
    seen_at = Moment(required=False, help_text="now, where it is left out")


class ReportFilters(Entry):
    crossing = Text(source="crossing__code", required=False, max_length=20)
    state = Choice(choices=ReportState.choices, required=False)


class PaperShape(serializers.ModelSerializer[Attachment]):
    """One page of the paper behind a version, a picture on the page of the line; with `is_public` on that for anybody too."""

    version = serializers.IntegerField(source="version.number", read_only=True)
    by = Actor()

    class Meta:
        model = Attachment
        fields = ("public_id", "version", "kind", "caption", "width", "height", "is_public", "recorded_at", "by")


class PaperEntry(Entry):
    """The paper behind a version: a letter of several pages, or a picture of the notice on the wall."""

    version = Whole(min_value=1, help_text="the number of the version")
    kind = Choice(choices=AttachmentKind.choices)
    content = Text(
        max_length=6_000_000, help_text="PDF, JPEG, PNG or WebP in base64; each page is drawn anew as a picture"
    )
    caption = Text(max_length=LONGEST_CAPTION, required=False, allow_blank=True)
    is_public = Truth(required=False, help_text="anybody may see it; look first that nobody is on it")
