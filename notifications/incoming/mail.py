"""Mail that comes back: reports of mail servers (RFC 3464) and answers, out of the office or written by a human.

It is brought by the mail server that keeps the mailbox of MAIL_FROM: piped into `bin/manage take_mail`, or posted.
"""

from __future__ import annotations

import email
import email.policy
import hmac
import re
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import cast

from notifications.incoming import mail_events
from notifications.incoming.events import Event, What, WordError
from notifications.transports.access import access_to
from partners.enums import ChannelKind

ACTIONS = {"failed": What.BOUNCED, "delivered": What.DELIVERED}
"""Delayed, relayed and expanded say nothing yet."""
BAD_ADDRESS = "5.1."
"""The class of status (RFC 3463) that is about the address itself; a full mailbox is not."""
MOST = 20
"""References of one mail that are looked at."""
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,190}>")


def events_of(body: bytes, headers: Mapping[str, str], *, url: str) -> list[Event]:
    """Reads a mail that was posted with the token of the hook, or what the provider of CHANNELS tells. Raises WordError."""
    if access_to(ChannelKind.EMAIL).get("provider") == mail_events.PROVIDER:
        return mail_events.events_of(body)
    token = access_to(ChannelKind.EMAIL).get("hook_token", "")
    given = headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise WordError("The token of the hook is not ours.")
    return events_of_mail(body)


def events_of_mail(raw: bytes) -> list[Event]:
    """What a mail says about ours; nothing where it does not speak of one."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if message.get_content_type() == "multipart/report":
        return list(_reported(message))
    answered = _MESSAGE_ID.findall(f"{message.get('In-Reply-To', '')} {message.get('References', '')}")
    return [Event(ChannelKind.EMAIL, What.ANSWERED, message_id=each) for each in answered[-MOST:]]


def _reported(report: Message) -> Iterator[Event]:
    """A report speaks of one mail, which it brings back whole or by its headings."""
    message_id = next((found for part in report.walk() if (found := _of_original(part))), "")
    if not message_id:
        return
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for about in cast("list[Message]", part.get_payload()):
            what = ACTIONS.get(str(about.get("Action", "")).strip().lower())
            if what is not None:
                status = str(about.get("Status", "")).strip()
                said = f"{status} {about.get('Diagnostic-Code', '')}".strip()
                yield Event(
                    ChannelKind.EMAIL,
                    what,
                    message_id=message_id,
                    said=" ".join(said.split())[:300],
                    address_refused=status.startswith(BAD_ADDRESS),
                )


def _of_original(part: Message) -> str:
    kind = part.get_content_type()
    if kind == "message/rfc822":
        [original, *_rest] = cast("list[Message]", part.get_payload())
        return str(original.get("Message-ID", "")).strip()
    if kind == "text/rfc822-headers":
        heads = cast("bytes", part.get_payload(decode=True)).decode("utf-8", "replace")
        return str(email.message_from_string(heads).get("Message-ID", "")).strip()
    return ""
