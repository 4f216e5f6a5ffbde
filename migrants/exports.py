"""Files that leave: each is a row with purpose, recipient, condition and fingerprint, and carries its mark in itself."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.enums import ExportKind
from migrants.models import Export
from partners.models import Organisation

CONDITION = gettext_noop("For the recipient named here only; not to be passed on without IOM's written agreement.")
"""The condition of onward transfer, in the words that stand in every file (domain, confidentiality 4)."""
LONGEST_PURPOSE, LONGEST_RECIPIENT = 200, 200


class ExportError(RefusalError):
    """A file that cannot be made; `field` and `sentence` say what to mend."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands in the file itself. `recipient` is a name, empty for our own use."""

    number: str
    made_by: str
    recipient: str
    purpose: str
    condition: str
    made_at: datetime

    @property
    def made_for(self) -> str:
        """A recipient's name, or words for our own use in the language at hand."""
        return self.recipient or _("our own use")

    def __str__(self) -> str:
        """Give the mark as one line, in the language at hand."""
        made = f"{self.made_at:%Y-%m-%d %H:%M} UTC"
        return f"{self.number} · {self.made_by} · {self.made_for} · {self.purpose} · {made} · {_(self.condition)}"


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, and the row that says so."""

    export: Export
    content: bytes


@transaction.atomic
def export(
    *,
    kind: ExportKind,
    title: str,
    purpose: str,
    recipient: Organisation | None = None,
    recipient_name: str = "",
    people: Collection[UUID] = (),
    make: Callable[[Mark], bytes],
    by: Actor,
    at: datetime,
) -> Made:
    """Let `make` write a file with its mark, and keep the row: the file is given out only where both stand.

    `people` (public ids) each leave an access row. Raises ExportError without a purpose.
    """
    purpose, recipient_name = purpose.strip(), recipient_name.strip()
    if not purpose:
        raise ExportError("purpose", _("Say what the file is for."))
    if len(purpose) > LONGEST_PURPOSE:
        raise ExportError("purpose", _("The purpose is longer than 200 letters. Shorten it."))
    if len(recipient_name) > LONGEST_RECIPIENT:
        raise ExportError("recipient", _("The name of the recipient is longer than 200 letters. Shorten it."))
    name = recipient.name if recipient else recipient_name
    mark = Mark(_free_number(), by.printed_name, name, purpose, CONDITION, at)
    content = make(mark)
    row = Export.objects.create(
        number=mark.number,
        kind=kind,
        title=title[:120],
        purpose=purpose,
        recipient=recipient,
        recipient_name=recipient_name,
        condition=CONDITION,
        people=sorted(set(people)),
        fingerprint=fingerprint_of(content),
        size=len(content),
        made_at=at,
        by=by,
    )
    audit.record("file exported", row, by=by, at=at, why=f"{row.get_kind_display()}, {title}"[:200])
    audit.record_views(row.people, page=f"export {row.number}, {title}"[:100], by=by, at=at, export=row.public_id)
    return Made(row, content)


def fingerprint_of(content: bytes) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _free_number() -> str:
    """Give a random number that no export has: it says nothing of how many there are."""
    while True:
        number = f"E-{secrets.token_hex(4).upper()}"
        if not Export.objects.filter(number=number).exists():
            return number
