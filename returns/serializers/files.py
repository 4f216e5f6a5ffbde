"""Files over the API: in JSON as base64, or as they are in multipart/form-data; given out in JSON as base64."""

from __future__ import annotations

import base64
import binascii
from typing import Any, NoReturn

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.serializers import Choice, Entry, Text
from notifications.serializers import AcknowledgementEntry


@extend_schema_field({"type": "string", "contentEncoding": "base64"})
class File(serializers.Field[Any, Any, Any, Any]):
    """A file that is sent. What is in it is looked at where it is taken in."""

    default_error_messages = {
        "invalid": _("Send the file as base64, or as it is in multipart/form-data."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(write_only=True, **options)

    def to_internal_value(self, data: Any) -> UploadedFile[bytes]:
        """Raises ValidationError where it is neither a file nor base64."""
        if isinstance(data, UploadedFile):
            return data
        if not isinstance(data, str):
            self.fail("invalid")
        try:
            content = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            self.fail("invalid")
        return SimpleUploadedFile("file", content)

    def to_representation(self, value: Any) -> NoReturn:
        raise NotImplementedError("A file is given out as what was made of it.")


class MadeShape(serializers.Serializer[Any]):
    """A file that left: `export` is its number, which stands in it too; `content` is base64."""

    export = serializers.CharField()
    file_name = serializers.CharField()
    content = serializers.CharField()


class AnsweredEntry(AcknowledgementEntry):
    """The same with a picture of the letter: JPEG, PNG or WebP, drawn anew."""

    letter = File(required=False)


class ProofFileEntry(Entry):
    """How the proof of who knew when is written."""

    kind = Choice(choices=["csv", "pdf"])


class DirectoryFileEntry(Entry):
    """What the directory leaves for, and how it is written."""

    purpose = Text(max_length=200)
    kind = Choice(choices=["csv", "xlsx", "json"])
