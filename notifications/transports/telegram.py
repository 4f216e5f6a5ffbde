"""Telegram, by a bot of this house: https://core.telegram.org/bots/api#sendmessage. It tells no receipts."""

from __future__ import annotations

import json
from datetime import timedelta

from notifications.claims import Claimed
from notifications.transports.access import access_to
from notifications.transports.base import Receipt, TransportError, payload_of
from notifications.transports.web import LONGEST_WAIT, Reply, WebTransport, refusal
from partners.enums import ChannelKind

NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "group chat was upgraded", "chat_id is empty")
"""What a 400 says where there is no such chat; any other 400 is about the message."""


class TelegramTransport(WebTransport):
    kind = ChannelKind.TELEGRAM

    def send(self, delivery: Claimed) -> Receipt:
        access = access_to(self.kind)
        message = {
            "chat_id": delivery.address,
            "text": payload_of(delivery),
            "link_preview_options": {"is_disabled": True},
        }
        reply = self.post(
            f"{access['url'].rstrip('/')}/bot{access['token']}/sendMessage",
            json.dumps(message).encode(),
            {"Content-Type": "application/json"},
        )
        if not reply.ok or reply.said.get("ok") is not True:
            raise _refused(reply)
        sent = reply.said.get("result") or {}
        return Receipt(f"{reply.status} ok", provider_ref(delivery.address, sent.get("message_id", "")))


def provider_ref(chat: object, message: object) -> str:
    """How a message of a chat is called here: its number is unique in its chat only."""
    return f"{chat}:{message}"[:200]


def _refused(reply: Reply) -> TransportError:
    """403 is about this chat (the bot was blocked or put out); 401, and 404 for the address itself, about our token."""
    said = reply.said
    words = str(said.get("description", ""))
    wait = (said.get("parameters") or {}).get("retry_after")
    if reply.status == 429 and isinstance(wait, int):
        asked = min(timedelta(seconds=wait), LONGEST_WAIT)
        return TransportError(f"429 {words}", permanent=False, wait=asked)
    about_chat = reply.status == 403 or (reply.status == 400 and any(part in words.lower() for part in NOBODY_THERE))
    return refusal(reply, words, address_refused=about_chat, ours=reply.status in (401, 404))
