"""What the bot is told: somebody of a desk wrote to it. That is an answer, and acknowledges nothing.

https://core.telegram.org/bots/api#setwebhook
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping

from notifications.incoming.events import Event, What, WordError
from notifications.transports.access import access_to
from notifications.transports.telegram import provider_ref
from partners.enums import ChannelKind


def events_of(body: bytes, headers: Mapping[str, str], *, url: str) -> list[Event]:
    """Reads one update. Raises WordError."""
    secret = access_to(ChannelKind.TELEGRAM).get("hook_secret", "")
    given = headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        raise WordError("The secret of the hook is not ours.")
    try:
        update = json.loads(body)
        message = update.get("message") or {}
        chat = (message.get("chat") or {}).get("id")
        replied = (message.get("reply_to_message") or {}).get("message_id")
    except (ValueError, AttributeError) as error:
        raise WordError("This is no update of a bot.") from error
    if chat is None:
        return []
    if replied is not None:
        return [Event(ChannelKind.TELEGRAM, What.ANSWERED, provider_ref=provider_ref(chat, replied))]
    return [Event(ChannelKind.TELEGRAM, What.ANSWERED, address=str(chat))]
