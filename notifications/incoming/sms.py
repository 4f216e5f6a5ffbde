"""Receipts of the SMS operator: a signed form for each step of a message.

https://www.twilio.com/docs/usage/security#validating-requests
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha1
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from notifications.incoming.events import Event, What, WordError
from notifications.transports.access import access_to
from notifications.transports.sms import NOBODY_THERE
from partners.enums import ChannelKind

STATUSES = {"delivered": What.DELIVERED, "undelivered": What.BOUNCED, "failed": What.BOUNCED}


def signature(url: str, form: Mapping[str, str], *, token: str) -> str:
    """Over the whole address and every field in order; the operator fixed the digest."""
    said = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), said.encode(), sha1).digest()).decode()  # nosec B324


def events_of(body: bytes, headers: Mapping[str, str], *, url: str) -> list[Event]:
    """Reads one call of the operator to our address `url`. Raises WordError."""
    token = access_to(ChannelKind.SMS).get("token", "")
    try:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100))
    except ValueError as error:
        raise WordError("This is no form.") from error
    given = headers.get("X-Twilio-Signature", "")
    if not token or not hmac.compare_digest(given.encode(), signature(url, form, token=token).encode()):
        raise WordError("The signature is not the operator's.")
    if form.get("Body") and form.get("From"):
        return [Event(ChannelKind.SMS, What.ANSWERED, address=form["From"])]
    what = STATUSES.get(form.get("MessageStatus", ""))
    if what is None:
        return []
    named: UUID | None = None
    with suppress(ValueError):
        named = UUID(dict(parse_qsl(urlsplit(url).query)).get("delivery", ""))
    code = form.get("ErrorCode", "")
    return [
        Event(
            ChannelKind.SMS,
            what,
            delivery=named,
            provider_ref=form.get("MessageSid", ""),
            said=f"{form['MessageStatus']} {code}".strip(),
            address_refused=code.isdecimal() and int(code) in NOBODY_THERE,
        )
    ]
