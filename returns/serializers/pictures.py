"""Pictures and declarations over the API."""

from __future__ import annotations

from django.urls import reverse
from rest_framework import serializers

from common.serializers import Actor, Choice, Entry, Moment, Pointer, Reference, Text, Truth
from migrants import pictures
from migrants.declarations import LANGUAGES
from migrants.enums import PictureKind
from migrants.models import Declaration, Picture
from returns.serializers.files import File


class PictureShape(serializers.ModelSerializer[Picture]):
    """A picture of a person, or of what the person signed. `address` opens it for some minutes, for whoever asked."""

    person = Pointer()
    address = serializers.SerializerMethodField()
    by = Actor()

    def get_address(self, row: Picture) -> str:
        account = self.context["view"].viewer.user.public_id
        place = reverse("api:pictures-content", args=[row.public_id])
        return f"{place}?key={pictures.key_for(row.public_id, account=account)}"

    class Meta:
        model = Picture
        fields = ("public_id", "person", "kind", "width", "height", "taken_at", "address", "recorded_at", "by")


class PictureEntry(Entry):
    """JPEG, PNG or WebP. It is drawn anew and made smaller; place, hour and device are taken out of it."""

    person = Reference()
    kind = Choice(choices=PictureKind.choices)
    picture = File()
    taken_at = Moment(required=False)


class KeyFilter(Entry):
    key = serializers.CharField(max_length=300, help_text="as it stands in `address`")


class DeclarationShape(serializers.ModelSerializer[Declaration]):
    """The declaration of voluntary return in one language. Its signature is a consent that names its number."""

    person = Pointer()
    by = Actor()

    class Meta:
        model = Declaration
        fields = (
            "public_id",
            "person",
            "number",
            "language",
            "reader",
            "read_out_at",
            "printed_at",
            "recorded_at",
            "by",
        )


class LanguageEntry(Entry):
    person = Reference()
    language = Choice(choices=[(code, code) for code in LANGUAGES])


class ReadOutEntry(LanguageEntry):
    """Who read the text out, and that the person understood it: where not, nobody signs, and this is refused."""

    reader = Text(max_length=120)
    understood = Truth()
    read_out_at = Moment(required=False)
