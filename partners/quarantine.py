"""Uploads in which the virus scanner found something: locked away, told to those who answer for it, destroyed after a look."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from common.actors import Actor
from common.inbox import Waiting, counted
from common.nudges import nudge
from partners.access import Permission, Viewer
from partners.colleagues import send_each, who_may
from partners.models import QuarantinedUpload


@transaction.atomic
def lock_away(*, file_name: str, content: bytes, signature: str, by: Actor, at: datetime) -> QuarantinedUpload:
    """Keeps the file sealed where nobody opens it by mistake, and wakes the task that tells."""
    row = QuarantinedUpload.objects.create(
        signature=signature,
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
        file_name=file_name[-200:] or "?",
        content=base64.b64encode(content).decode(),
        found_at=at,
        by=by,
    )
    audit.record("upload quarantined", row, by=by, at=at, why=signature)
    nudge("quarantine")
    return row


@transaction.atomic
def destroy(*, row: QuarantinedUpload, by: Actor, at: datetime) -> QuarantinedUpload:
    """Empties the file for good; what was found, when and from whom stays. Destroying it again changes nothing."""
    row = QuarantinedUpload.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.destroyed_at is None:
        row.content, row.destroyed_at = None, at
        row.save(update_fields=["content", "destroyed_at"])
        audit.record("quarantined upload destroyed", row, by=by, at=at)
    return row


def uploads_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """Files that are locked away and not destroyed yet."""
    return counted(QuarantinedUpload.objects.filter(destroyed_at__isnull=True), since="found_at")


def tell(*, within: Callable[[], AbstractContextManager[None]], by: Actor, at: datetime) -> int:
    """Mails whoever may see the quarantine about each file of which nobody was told; returns how many files.

    `within()` opens a transaction that has said who asks; the mail goes out between two of them. A mail server that is away
    leaves the files waiting for the next time.
    """
    with within():
        untold = QuarantinedUpload.objects.select_for_update(skip_locked=True).filter(told_at__isnull=True)
        people = who_may(Permission.SEE_QUARANTINE, at=at)
        rows = list(untold[:50]) if people else []
        _mark(rows, at)
    if not rows:
        return 0
    taken = send_each([_letter(person, rows) for person in people], about="quarantine")
    with within():
        if taken:
            audit.record_many((("quarantine told", row) for row in rows), by=by, at=at)
            return len(rows)
        _mark(rows, None)
    return 0


def _mark(rows: list[QuarantinedUpload], told_at: datetime | None) -> None:
    QuarantinedUpload.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=told_at)


def _letter(person: User, rows: list[QuarantinedUpload]) -> EmailMessage:
    """No name of a file stands in it: it may be the name of a person."""
    with translation.override(person.language):
        subject = _("Homeward: a harmful file was locked away")
        body = _(
            "The virus scanner found something in an uploaded file. It is locked away; nobody can open it.\n\n"
            "%(found)s\n\nLook at it here: %(address)s\n"
        ) % {
            "found": "\n".join(
                f"{row.found_at:%Y-%m-%d %H:%M} UTC  {row.signature}  {row.digest[:12]}" for row in rows
            ),
            "address": f"{settings.PUBLIC_ADDRESS}/quarantine/",
        }
    return EmailMessage(subject, body, settings.MAIL_FROM, [person.email])
