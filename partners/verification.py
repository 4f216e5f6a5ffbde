"""Whether somebody answers behind a channel: a test message with a link, or a call that a colleague writes down.

A mail scanner opens every link, so opening shows and pressing answers. A channel counts as verified for
CHANNEL_VERIFIED_DAYS; then it is asked again.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from common import audit
from common.actors import Actor
from common.audience import Audience, asking, reaching_for
from common.enums import ActorKind
from common.refusals import RefusalError
from partners.enums import ChannelKind, CheckedBy
from partners.models import Channel, ChannelCheck

log = structlog.get_logger(__name__)
LIVES = timedelta(days=14)


class CheckError(RefusalError):
    """A channel that cannot be asked, or an answer that does not count; the sentence says what to do."""


def verified_for() -> timedelta:
    """How long a channel counts as verified."""
    return timedelta(days=settings.CHANNEL_VERIFIED_DAYS)


@transaction.atomic
def send_test(*, channel: Channel, by: Actor, at: datetime, real_at: datetime) -> ChannelCheck:
    """Sends a test message with a link that somebody at the desk answers; one asked before works no longer.

    Raises CheckError for a channel that is switched off, and for one over which no test message goes: that is called.
    """
    if channel.kind != ChannelKind.EMAIL:
        raise CheckError("", _("A test message goes by e-mail. Call this one, and write down who answered."))
    if channel.switched_off_at is not None:
        raise CheckError("", _("This channel is switched off. Mend the address and switch it on first."))
    channel.checks.filter(answered_at=None, digest__isnull=False).update(digest=None)
    token = secrets.token_urlsafe(32)
    check = ChannelCheck.objects.create(
        channel=channel,
        how=CheckedBy.MESSAGE,
        digest=_digest(token),
        asked_at=at,
        expires_at=real_at + LIVES,
        by=by,
    )
    audit.record("test message sent", channel, by=by, at=at)
    _mail(check, token, real_at=real_at)
    return check


@transaction.atomic
def write_down_call(*, channel: Channel, name: str, function: str, by: Actor, at: datetime) -> ChannelCheck:
    """A colleague called, and somebody of the desk answered. Raises CheckError without a name or a function."""
    name, function = _who(name, function)
    check = ChannelCheck.objects.create(
        channel=channel, how=CheckedBy.CALL, asked_at=at, answered_at=at, name=name, function=function, by=by
    )
    _verified(channel, by=by, at=at)
    return check


def find(token: str, *, real_at: datetime) -> ChannelCheck | None:
    """The test message whose link this is; None where it is unknown, answered, or too old: all look the same.

    Call it in a transaction that has said who asks.
    """
    with reaching_for("a channel is verified"):
        rows = ChannelCheck.objects.filter(digest=_digest(token), answered_at=None, expires_at__gt=real_at)
        return rows.select_related("channel__contact__office__organisation").first()


@transaction.atomic
def answer(*, token: str, name: str, function: str, at: datetime, real_at: datetime) -> ChannelCheck:
    """Somebody at the desk says that the message came. Raises CheckError; a link works once."""
    name, function = _who(name, function)
    with reaching_for("a channel is verified"):
        locked = ChannelCheck.objects.select_for_update(of=("self",)).filter(digest=_digest(token), answered_at=None)
        check = locked.filter(expires_at__gt=real_at).select_related("channel__contact__office__organisation").first()
        if check is None:
            raise CheckError("", _("This link no longer works. Whoever sent it can send a new one."))
        check.answered_at, check.name, check.function, check.digest = at, name, function, None
        check.save(update_fields=["answered_at", "name", "function", "digest"])
        organisation = check.channel.contact.office.organisation
        by = Actor(ActorKind.LINK, str(check.public_id), name, organisation_ref=organisation.code)
        _verified(check.channel, by=by, at=at)
    return check


def _verified(channel: Channel, *, by: Actor, at: datetime) -> None:
    Channel.objects.filter(pk=channel.pk).update(verified_at=at)
    audit.record("channel verified", channel, by=by, at=at)


def _who(name: str, function: str) -> tuple[str, str]:
    name, function = (" ".join(text.split())[:120] for text in (name, function))
    if not name:
        raise CheckError("name", _("Write the name of the person who answered."))
    if not function:
        raise CheckError("function", _("Write the function of the person reached, for example “duty officer”."))
    return name, function


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mail(check: ChannelCheck, token: str, *, real_at: datetime) -> None:
    """Builds the mail in the desk's language, and sends it once the transaction is committed."""
    contact = check.channel.contact
    address = settings.PUBLIC_ADDRESS.rstrip("/") + reverse("partners:channel_check", args=[token])
    language = contact.language if contact.language in dict(settings.LANGUAGES) else "en"
    with override(language):
        subject = _("Homeward: does this message reach you?")
        organisation = contact.office.organisation.name_in(language)
        body = render_to_string(
            "partners/mail/channel_check.txt", {"desk": contact.function, "who": organisation, "address": address}
        )
    message = EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [check.channel.email])
    transaction.on_commit(lambda: _send(message, check.pk, real_at))


def _send(message: EmailMessage, key: int, real_at: datetime) -> None:
    """What was not sent has no `sent_at`, and the page says so."""
    try:
        message.send()
    except OSError as error:
        log.warning("test_message_not_sent", error=type(error).__name__)
        return
    with asking(Audience.task("channel_checks")):
        ChannelCheck.objects.filter(pk=key).update(sent_at=real_at)
