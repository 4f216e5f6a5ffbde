"""Inviting somebody: an account that waits, and a link by mail with which its owner chooses a password, once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from common import audit
from common.actors import Actor
from common.audience import Audience, asking
from common.refusals import RefusalError
from partners.memberships import MembershipError, grant
from partners.models import Invitation, Office

log = structlog.get_logger(__name__)
LIVES = timedelta(hours=72)


class InvitationError(RefusalError):
    """An invitation that cannot be made, sent or accepted; `field` names what to mend, empty for the whole."""


@transaction.atomic
def invite(
    *,
    email: str,
    printed_name: str,
    language: str,
    office: Office,
    role: str,
    own_mission_only: bool = False,
    crossings: Sequence[str] = (),
    ends_at: datetime | None = None,
    by: Actor,
    at: datetime,
    real_at: datetime,
) -> Invitation:
    """Opens an account that nobody can use yet, in one role, and mails its owner a link that works once for 72 hours.

    Raises InvitationError for an address that is none or has an account, an end that is past, and where `grant` refuses.
    """
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvitationError("email", _("%(email)s is not an e-mail address.") % {"email": email}) from error
    if User.objects.filter(email__iexact=email).exists():
        raise InvitationError(
            "email", _("This e-mail has an account already. Find it in the list and give it the role there.")
        )
    if ends_at is not None and ends_at <= at:
        raise InvitationError("ends_on", _("That day is past. Choose a later one."))
    user = User.objects.create_user(
        email,
        printed_name=printed_name,
        language=language,
        time_zone=office.zone,
        joined_at=at,
        ends_at=ends_at,
        is_active=False,
    )
    audit.record("account opened", user, by=by, at=at)
    try:
        grant(user=user, office=office, role=role, own_mission_only=own_mission_only, crossings=crossings, by=by, at=at)
    except MembershipError as error:
        raise InvitationError("role", str(error)) from error
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        user=user, digest=_digest(token), invited_at=at, expires_at=real_at + LIVES, by=by
    )
    audit.record("invitation sent", invitation, by=by, at=at)
    _mail(invitation, token, real_at=real_at)
    return invitation


@transaction.atomic
def resend(*, invitation: Invitation, by: Actor, at: datetime, real_at: datetime) -> None:
    """Mails a new link, also after a withdrawal; the one before works no longer. Raises InvitationError once accepted."""
    row = _waiting(invitation)
    token = secrets.token_urlsafe(32)
    row.digest, row.expires_at, row.sent_at, row.withdrawn_at = _digest(token), real_at + LIVES, None, None
    row.save(update_fields=["digest", "expires_at", "sent_at", "withdrawn_at"])
    audit.record("invitation sent", row, by=by, at=at)
    _mail(row, token, real_at=real_at)


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Actor, at: datetime) -> None:
    """The link works no longer and the account stays shut. Raises InvitationError once accepted."""
    row = _waiting(invitation)
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    audit.record("invitation withdrawn", row, by=by, at=at)


def find(token: str, *, real_at: datetime) -> Invitation | None:
    """The invitation whose link this is; None where it is unknown, used, withdrawn or too old: all look the same."""
    rows = Invitation.objects.filter(digest=_digest(token), accepted_at=None, withdrawn_at=None)
    return rows.filter(expires_at__gt=real_at).select_related("user").first()


@transaction.atomic
def accept(*, token: str, password: str, by: Actor, at: datetime, real_at: datetime) -> User:
    """Opens the account with the password that its owner chose. Raises InvitationError; a link works once."""
    found = find(token, real_at=real_at)
    invitation = found and Invitation.objects.select_for_update().filter(pk=found.pk, accepted_at=None).first()
    if invitation is None or invitation.digest != _digest(token):
        raise InvitationError("", _("This link no longer works. Ask the administrator to send a new one."))
    user = invitation.user
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvitationError("password", " ".join(error.messages)) from error
    user.set_password(password)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    audit.record("invitation accepted", invitation, by=by, at=at)
    return user


def _waiting(invitation: Invitation) -> Invitation:
    row = Invitation.objects.select_for_update(of=("self",)).select_related("user").get(pk=invitation.pk)
    if row.accepted_at is not None:
        raise InvitationError("", _("This invitation was accepted. Switch the account off instead."))
    return row


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mail(invitation: Invitation, token: str, *, real_at: datetime) -> None:
    """Builds the mail now, in the owner's language, and sends it once the transaction is committed."""
    user = invitation.user
    address = settings.PUBLIC_ADDRESS.rstrip("/") + reverse("partners:invitation", args=[token])
    with override(user.language):
        subject = _("Homeward: you are invited")
        body = render_to_string("partners/mail/invitation.txt", {"user": user, "address": address})
    message = EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email])
    transaction.on_commit(lambda: _send(message, invitation.pk, real_at))


def _send(message: EmailMessage, key: int, real_at: datetime) -> None:
    """A mail server that is away must not take the page with it: what was not sent has no `sent_at`, and the page says so."""
    try:
        message.send()
    except OSError as error:
        log.warning("invitation_not_sent", error=type(error).__name__)
        return
    with asking(Audience.task("invitations")):
        Invitation.objects.filter(pk=key).update(sent_at=real_at)
