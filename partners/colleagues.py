"""Mail to colleagues: one to each, in their language, after the commit; a mail server that is away undoes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from accounts.models import User
from partners.access import POLICY, Permission
from partners.models import Membership, Office

log = structlog.get_logger(__name__)


def who_may(permission: Permission, *, office: Office | None = None, at: datetime) -> list[User]:
    """Give the accounts whose valid membership, of `office` or of any, allows something; each once, in their order."""
    roles = [role for role, allowed in POLICY.items() if permission in allowed]
    rows = Membership.objects.valid(at).filter(role__in=roles).select_related("user").order_by("pk")
    found = {row.user_id: row.user for row in (rows if office is None else rows.filter(office=office))}
    return [user for user in found.values() if user.stands(at)]


def mail_each(readers: Sequence[User], *, template: str, subject: Callable[[], str], **words: Any) -> None:
    """Write `template` to each of `readers` and send it after the commit; no letter may name a migrant.

    `subject` is asked for in each language; the template gets `words`, `reader` and the `address` of the house.
    """
    mails = []
    for reader in readers:
        with override(reader.language):
            body = render_to_string(template, {**words, "reader": reader, "address": settings.PUBLIC_ADDRESS})
            mails.append(EmailMessage(subject(), body, settings.DEFAULT_FROM_EMAIL, [reader.email]))
    transaction.on_commit(lambda: send_each(mails, about=template))


def send_each(mails: Sequence[EmailMessage], *, about: str) -> int:
    """Sends one after the other over one connection; call it outside any transaction. Returns how many were taken.

    Whoever is refused keeps nobody else from hearing. Where the server is away or goes away, the rest is not tried.
    """
    taken = 0
    connection = get_connection()
    try:
        if mails:
            connection.open()
        for mail in mails:
            try:
                taken += connection.send_messages([mail])
            except (SMTPRecipientsRefused, SMTPResponseException) as error:
                log.warning("colleague_not_mailed", error=type(error).__name__, about=about)
        connection.close()
    except OSError as error:
        log.warning("colleagues_not_mailed", error=type(error).__name__, mails=len(mails) - taken, about=about)
    return taken
