"""Files over the API: taken in with the same looks at them as on the pages, given out as rows of exports alone."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from common import limits
from common.idempotency import Answer
from common.parsing import CarefulJSONParser
from common.problems import FieldProblem
from migrants.exports import Made
from partners.api import Resource
from returns.harmful import lock_away_found


class TakesFiles(Resource):
    """A resource to which files are sent."""

    parser_classes = [CarefulJSONParser, MultiPartParser]

    def taken(self, field: forms.FileField, place: str, file: UploadedFile[bytes], *, name: str = "") -> Any:
        """What the field of the forms makes of a file. Raises FieldProblem, and keeps what is harmful in quarantine."""
        limits.count("upload", str(self.viewer.user.public_id))
        file.name = name or file.name or "file"
        try:
            return field.clean(file)
        except ValidationError as error:
            harmful = lock_away_found(error.error_list, by=self.viewer.actor, at=self.at)
            raise FieldProblem(place, " ".join(error.messages), keeps=harmful) from error

    def written_with(self, act: Callable[[], Answer]) -> Response:
        """`written`, where the body may hold a file: a repeat is recognised by the file's digest."""
        sent = dict(self.request.data.items())  # type: ignore[union-attr]  # an object, as `sent` has made sure
        told = {name: _digest(part) if isinstance(part, UploadedFile) else part for name, part in sent.items()}
        return self.written(act, content=told)


def given(made: Made, *, name: str) -> Answer:
    """The answer with an exported file; a repeat that gives it once more is one more look at the people in it."""
    content = base64.b64encode(made.content).decode()
    told = {"export": made.export.number, "file_name": name, "content": content}
    return Answer(told, people=tuple(made.export.people))


def _digest(file: UploadedFile[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
