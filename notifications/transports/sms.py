"""SMS through an operator that speaks Twilio's Messages resource (several do): form in, JSON out, a receipt later.

https://www.twilio.com/docs/messaging/api/message-resource, codes at https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

import base64
from datetime import timedelta
from urllib.parse import quote, urlencode

from django.conf import settings

from notifications.claims import Claimed
from notifications.transports.access import access_to
from notifications.transports.base import Receipt, TransportError, payload_of
from notifications.transports.web import OUR_ACCESS, Reply, WebTransport, refusal
from partners.enums import ChannelKind

NOBODY_THERE = frozenset({21211, 21214, 21217, 21610, 21614, 30003, 30005, 30006})
"""No number, no mobile, asked us to stop, unreachable, unknown, a landline."""
OUR_FAULT = frozenset({20003, 20005, 20008, 21212, 21603, 21606, 21659, 21660, 30002})
"""Signed in wrongly, suspended, a sender that is not ours. A country that is not switched on is about that number alone."""
QUEUE_FULL = 21611


class SmsTransport(WebTransport):
    kind = ChannelKind.SMS

    def send(self, delivery: Claimed) -> Receipt:
        access = access_to(self.kind)
        account = access["account"]
        sign_in = base64.b64encode(f"{account}:{access['token']}".encode()).decode()
        form = {
            "To": delivery.address,
            "From": access["sender"],
            "Body": payload_of(delivery),
            "StatusCallback": f"{settings.PUBLIC_ADDRESS}/hooks/{self.kind}/?delivery={delivery.public_id}",
        }
        reply = self.post(
            f"{access['url'].rstrip('/')}/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json",
            urlencode(form).encode(),
            {"Authorization": f"Basic {sign_in}", "Content-Type": "application/x-www-form-urlencoded"},
        )
        if not reply.ok:
            raise _refused(reply)
        said = reply.said
        return Receipt(f"{reply.status} {said.get('status', '')}"[:300], str(said.get("sid", ""))[:200])


def _refused(reply: Reply) -> TransportError:
    code, words = reply.said.get("code"), str(reply.said.get("message", ""))
    if code == QUEUE_FULL:
        return TransportError(f"{code} {words}", permanent=False, wait=timedelta(seconds=60))
    return refusal(
        reply,
        f"{code or ''} {words}".strip(),
        address_refused=code in NOBODY_THERE,
        ours=code in OUR_FAULT or reply.status in OUR_ACCESS,
    )
