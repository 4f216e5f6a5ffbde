"""Files that come in JSON, as base64."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from common.problems import FieldProblem
from common.uploads import UploadError

Looked = TypeVar("Looked")
NO_PICTURE = _("This is no file that can be read. Send it in base64.")


def looked_at(field: str, written: str, look: Callable[[bytes], Looked]) -> Looked:
    """What `look` makes of a file that came in base64; where it takes none, the sentence stands beside the field."""
    try:
        return look(base64.b64decode(written, validate=True))
    except ValueError as error:
        raise FieldProblem(field, str(error) if isinstance(error, UploadError) else NO_PICTURE) from error
