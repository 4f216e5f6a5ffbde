"""Posts to the addresses of subscriptions: the same signed webhook, one line for each host."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from notifications.models import WebhookPost
from notifications.transports.base import Receipt
from notifications.transports.webhook import WebhookTransport


class SubscriptionTransport(WebhookTransport):
    kind: ClassVar[str] = WebhookPost.channel_kind

    @classmethod
    def prepare(cls, batch: Any) -> None:
        """Each post brings its secrets with it."""

    @classmethod
    def line_of(cls, delivery: Any) -> str:
        return f"{cls.kind}:{urlsplit(delivery.subscription.url).netloc}"

    def send(self, delivery: Any) -> Receipt:
        return self.post_signed(
            delivery.subscription.url,
            delivery.body.encode(),
            message_id=f"msg_{delivery.public_id.hex}",
            keys=delivery.secrets,
        )
