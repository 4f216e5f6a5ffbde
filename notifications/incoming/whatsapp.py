"""What WhatsApp tells: what became of messages, and that somebody answered.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from notifications.incoming.events import Event, What, WordError
from notifications.transports.access import access_to
from notifications.transports.whatsapp import NOBODY_THERE
from partners.enums import ChannelKind

STATUSES = {"delivered": What.DELIVERED, "read": What.DELIVERED, "failed": What.BOUNCED}
"""That somebody has read it proves that it arrived, and no more."""


def signature(body: bytes, *, secret: str) -> str:
    return "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()


def challenge_of(asked: Mapping[str, str]) -> str:
    """The answer to the question with which the operator makes sure that the address is ours. Raises WordError."""
    token = access_to(ChannelKind.WHATSAPP).get("verify_token", "")
    given = asked.get("hub.verify_token", "")
    if not token or asked.get("hub.mode") != "subscribe" or not hmac.compare_digest(given.encode(), token.encode()):
        raise WordError("The token of the hook is not ours.")
    return asked.get("hub.challenge", "")[:200]


def events_of(body: bytes, headers: Mapping[str, str], *, url: str) -> list[Event]:
    """Reads one call, which may tell of many messages. Raises WordError."""
    secret = access_to(ChannelKind.WHATSAPP).get("app_secret", "")
    given = headers.get("X-Hub-Signature-256", "")
    if not secret or not hmac.compare_digest(given.encode(), signature(body, secret=secret).encode()):
        raise WordError("The signature is not the operator's.")
    try:
        changes = [change["value"] for entry in json.loads(body)["entry"] for change in entry["changes"]]
        return [event for value in changes for event in (*_statuses(value), *_answers(value))]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WordError("This is no call of WhatsApp.") from error


def _statuses(value: Mapping[str, Any]) -> Iterator[Event]:
    for status in value.get("statuses", ()):
        what = STATUSES.get(status.get("status", ""))
        if what is None:
            continue
        error: Mapping[str, Any] = next(iter(status.get("errors", ())), {})
        named: UUID | None = None
        with suppress(ValueError):
            named = UUID(status.get("biz_opaque_callback_data", ""))
        yield Event(
            ChannelKind.WHATSAPP,
            what,
            delivery=named,
            provider_ref=str(status.get("id", "")),
            said=f"{status['status']} {error.get('code', '')} {error.get('title', '')}".strip(),
            address_refused=error.get("code") in NOBODY_THERE,
        )


def _answers(value: Mapping[str, Any]) -> Iterator[Event]:
    for message in value.get("messages", ()):
        ref = str((message.get("context") or {}).get("id", ""))
        yield Event(ChannelKind.WHATSAPP, What.ANSWERED, provider_ref=ref, address=f"+{message.get('from', '')}")
