"""A signed webhook (Standard Webhooks): the notice as JSON for a system of the organisation. Its 200 acknowledges nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from common.sealed import SealError
from notifications.claims import Claimed
from notifications.signing import signature
from notifications.transports.base import Receipt, TransportError, payload_of
from notifications.transports.web import WebTransport, refusal
from partners.enums import ChannelKind
from partners.models import Channel

GONE = 410
UNREADABLE = ("",)
"""Stands for a secret that cannot be opened."""


class WebhookTransport(WebTransport):
    kind: ClassVar[str] = ChannelKind.WEBHOOK

    @classmethod
    def prepare(cls, batch: Sequence[Claimed]) -> None:
        """Gives each delivery the secret that its channel has now."""
        channels = Channel.objects.filter(
            kind=cls.kind, contact__in=[row.contact_id for row in batch], url__in=[row.address for row in batch]
        )
        secrets = {(channel.contact_id, channel.url): channel for channel in channels}
        for row in batch:
            found = secrets.get((row.contact_id, row.address))
            try:
                row.secrets = (found.secret,) if found and found.secret else ()
            except SealError:  # one that no key opens must not keep the others from being told
                row.secrets = UNREADABLE

    @classmethod
    def line_of(cls, delivery: Claimed) -> str:
        return f"{cls.kind}:{urlsplit(delivery.address).netloc}"

    def send(self, delivery: Claimed) -> Receipt:
        if delivery.secrets is UNREADABLE:
            raise TransportError("No key opens the secret of this channel.", permanent=False)
        if not delivery.secrets:
            raise TransportError("The channel has no secret any more.", permanent=True, address_refused=True)
        return self.post_signed(
            delivery.address,
            payload_of(delivery).encode(),
            message_id=f"msg_{delivery.public_id.hex}",
            keys=delivery.secrets,
        )

    def post_signed(self, url: str, body: bytes, *, message_id: str, keys: Sequence[str]) -> Receipt:
        """Posts a body under its signatures of this second. Raises TransportError."""
        seconds = int(time.time())
        reply = self.post(
            url,
            body,
            {
                "Content-Type": "application/json",
                "webhook-id": message_id,
                "webhook-timestamp": str(seconds),
                "webhook-signature": signature(body, message_id=message_id, seconds=seconds, keys=keys),
            },
        )
        if not reply.ok:
            raise refusal(reply, "", address_refused=reply.status == GONE)
        return Receipt(f"{reply.status}", answered=True)
