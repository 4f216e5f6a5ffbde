"""WhatsApp Business (Cloud API). Who did not write first within a day may only be sent a template that was approved.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages, codes at …/support/error-codes
"""

from __future__ import annotations

import json

from notifications.claims import Claimed
from notifications.transports.access import access_to
from notifications.transports.base import Receipt, TransportError, payload_of
from notifications.transports.web import OUR_ACCESS, Reply, WebTransport, refusal
from partners.enums import ChannelKind

NOBODY_THERE = frozenset({131026, 131030, 131050, 131021})
"""No WhatsApp at this number, not among those we may write to, asked us to stop, ourselves."""
PATIENCE = frozenset({1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004})
"""Out of order, or too much at once: the same message passes later."""
OUR_FAULT = frozenset(
    {0, 3, 10, 190, 368, 131005, 131031, 131042, 131045, 132000, 132001, 132005, 132007, 132012, 132015, 132016, 133010}
    | set(range(200, 300))
)
"""Our key, our account, our bill, our template."""
LANGUAGES = {"en": "en", "ru": "ru", "tg": "ru", "uz": "uz"}
"""WhatsApp knows no template in Tajik: its frame is Russian then, while our own words in it are Tajik."""


class WhatsAppTransport(WebTransport):
    kind = ChannelKind.WHATSAPP

    def send(self, delivery: Claimed) -> Receipt:
        access = access_to(self.kind)
        words = [{"type": "text", "text": text} for text in json.loads(payload_of(delivery))]
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": delivery.address.lstrip("+"),
            "biz_opaque_callback_data": str(delivery.public_id),  # comes back with each receipt
            "type": "template",
            "template": {
                "name": access["template"],
                "language": {"code": LANGUAGES.get(delivery.language, "en")},
                "components": [{"type": "body", "parameters": words}],
            },
        }
        reply = self.post(
            f"{access['url'].rstrip('/')}/{access['number']}/messages",
            json.dumps(message).encode(),
            {"Authorization": f"Bearer {access['token']}", "Content-Type": "application/json"},
        )
        if not reply.ok:
            raise _refused(reply)
        [sent, *_rest] = reply.said.get("messages") or [{}]
        return Receipt(f"{reply.status} {sent.get('message_status', 'accepted')}", str(sent.get("id", ""))[:200])


def _refused(reply: Reply) -> TransportError:
    error = reply.said.get("error") or {}
    code, words = error.get("code"), str(error.get("message", ""))
    if code in PATIENCE:
        return TransportError(f"{reply.status} {words}", permanent=False, wait=reply.wait)
    return refusal(
        reply,
        words,
        address_refused=code in NOBODY_THERE,
        ours=code in OUR_FAULT or (code is None and reply.status in OUR_ACCESS),
    )
