"""What the virus scanner found in an upload is locked away, by whatever door it came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError

from common.actors import Actor
from common.uploads import InfectedError
from partners import quarantine


def lock_away_found(errors: Iterable[ValidationError], *, by: Actor, at: datetime) -> bool:
    """Lock each file away of which one of the errors says that something was found in it; tell whether there was any."""
    found = [refusal for error in errors if isinstance(refusal := (error.params or {}).get("refusal"), InfectedError)]
    for refusal in found:
        quarantine.lock_away(
            file_name=refusal.file_name, content=refusal.content, signature=refusal.signature, by=by, at=at
        )
    return bool(found)
