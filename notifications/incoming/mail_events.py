"""What a provider of e-mail tells of single messages, as a signed call for each: it arrived, or it came back.

Mailgun's own words, which name our Message-ID: https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks
"""

from __future__ import annotations

import hmac
import json
from typing import Any

from notifications.incoming.events import Event, What, WordError
from notifications.transports.access import access_to
from partners.enums import ChannelKind

PROVIDER = "mailgun"
NOBODY_THERE = frozenset({"bounce", "suppress-bounce", "suppress-complaint", "suppress-unsubscribe"})
"""Reasons that are about the address; a message that is refused for what it says condemns none."""


def signature(timestamp: str, token: str, *, key: str) -> str:
    """Over the hour and the token of the call."""
    return hmac.digest(key.encode(), f"{timestamp}{token}".encode(), "sha256").hex()


def events_of(body: bytes) -> list[Event]:
    """Reads one call. Raises WordError."""
    key = str(access_to(ChannelKind.EMAIL).get("signing_key", ""))
    try:
        call = json.loads(body)
        signed, told = call["signature"], call["event-data"]
        given, ours = str(signed["signature"]), signature(str(signed["timestamp"]), str(signed["token"]), key=key)
    except (ValueError, KeyError, TypeError) as error:
        raise WordError("This is no call of the provider.") from error
    if not key or not hmac.compare_digest(given.encode(), ours.encode()):
        raise WordError("The signature is not the provider's.")
    return _told(told) if isinstance(told, dict) else []


def _told(told: dict[str, Any]) -> list[Event]:
    what = {"delivered": What.DELIVERED, "failed": What.BOUNCED}.get(str(told.get("event")))
    named = ((told.get("message") or {}).get("headers") or {}).get("message-id", "")
    if what is None or not named or told.get("severity") == "temporary":
        return []
    status = told.get("delivery-status") or {}
    words = f"{status.get('code', '')} {status.get('description') or status.get('message') or ''}"
    refused = told.get("reason") in NOBODY_THERE
    message_id = f"<{str(named).strip('<>')}>"
    return [
        Event(
            ChannelKind.EMAIL, what, message_id=message_id, said=" ".join(words.split())[:300], address_refused=refused
        )
    ]
