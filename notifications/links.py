"""Signed links: the door of one organisation to one notice, without an account.

A token is 22 characters that name the delivery and 22 that prove it: an HMAC over delivery, notice, alert and expiry.
The same delivery gives the same token for ever, so a retry repeats the link; its row revokes it.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.audience import Audience
from common.many_rows import Mould
from notifications.enums import DeliveryPurpose, LinkPurpose
from notifications.messages import LINK_DOORS, link_ends, require
from notifications.models import Alert, Delivery, Notice, SignedLink

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}[A-Za-z0-9_-]{22}")


class LinkError(Exception):
    """The link opens nothing. `gone` tells a link that once worked from one that never did; both say what to do.

    `sentence` is worded when it is printed; `language` is that of the link where it is known.
    """

    def __init__(self, sentence: str | Promise, *, gone: bool = False, language: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence, self.gone, self.language = sentence, gone, language


@dataclass(frozen=True)
class OpenedLink:
    """What is behind a link. `newer` is this organisation's notice of the version that replaced this one, if any."""

    link: SignedLink
    notice: Notice
    newer: Notice | None

    @property
    def delivery(self) -> Delivery:
        return self.link.delivery

    def audience(self, *, at: datetime) -> Audience:
        """Whoever holds the link, at the hour of the page."""
        return Audience.link(self.delivery.public_id, organisation=self.notice.organisation.code, at=at.isoformat())


def make_links(alert: Alert, deliveries: Iterable[Delivery]) -> list[SignedLink]:
    """The rows (not yet saved) of deliveries that each open a link of their own, for what this kind of alert asks.

    The subject of a decision is the source of its alert, which the floor that registered the kind can read.
    """
    purpose = require(alert.kind).purpose
    decides, made = purpose == LinkPurpose.DECIDE, Mould(SignedLink, purpose=purpose, expires_at=link_ends(alert))
    links = []
    for delivery in deliveries:
        subject = alert.source if decides else f"notice:{delivery.notice.public_id}"
        links.append(made.cast({"delivery": delivery}, subject=subject))
    return links


def token_for(delivery: Delivery) -> str:
    """The token that this delivery carries; a reminder carries that of the message it reminds of."""
    return token_of(link_of(delivery))


def link_of(delivery: Delivery) -> SignedLink:
    """The row behind the link in this delivery."""
    same = Q(
        delivery__notice=delivery.notice_id,
        delivery__contact=delivery.contact_id,
        delivery__channel_kind=delivery.channel_kind,
        delivery__address=delivery.address,
    )
    if delivery.purpose != DeliveryPurpose.REMIND:
        same = Q(delivery=delivery)
    return SignedLink.objects.select_related("delivery__notice__alert").get(same)


def token_of(link: SignedLink) -> str:
    """The token of a link whose delivery, notice and alert are at hand."""
    return _encode(link.delivery.public_id.bytes) + _encode(next(_proofs(link)))


def address_of(link: SignedLink) -> str:
    """The whole address of a link as it stands in a message."""
    return f"{settings.PUBLIC_ADDRESS}/{LINK_DOORS[LinkPurpose(link.purpose)]}/{token_of(link)}/"


def open_link(token: str, *, purpose: str = LinkPurpose.ACKNOWLEDGE, at: datetime) -> OpenedLink:
    """Opens a link at business time `at`; changes nothing. Raises LinkError with a sentence for whoever clicked.

    A link made for another purpose opens nothing here.
    """
    link = _find(token)
    if link is None or link.purpose != purpose or not _proven(link, token):
        raise LinkError(
            _(
                "This link is not complete, or it was altered. Open it from the notice itself, or copy it whole, up to "
                "its last character. If that does not help, answer the notice by phone."
            )
        )
    language = link.delivery.language
    if link.revoked_at is not None:
        raise LinkError(
            _("This link was withdrawn. Ask the office that sent the notice for a new one."),
            gone=True,
            language=language,
        )
    notice = link.delivery.notice
    newer = _newer(notice)
    if link.expires_at <= at and newer is None:
        raise LinkError(
            _(
                "This link has ended, because the notice is no longer waiting for an answer. If you still have "
                "something to say about it, call the office that sent it."
            ),
            gone=True,
            language=language,
        )
    return OpenedLink(link, notice, newer)


def revoke(link: SignedLink, *, at: datetime) -> None:
    """Ends a link for good; the first hour stands."""
    SignedLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=at)


def _newer(notice: Notice) -> Notice | None:
    """The notice of the newest version that was sent to the same organisation."""
    newest: Notice | None = None
    alert = notice.alert
    while (following := Alert.objects.filter(supersedes=alert).first()) is not None:
        found = Notice.objects.filter(alert=following, organisation=notice.organisation_id)
        newest = found.select_related("alert", "organisation").first() or newest
        alert = following
    return newest


def holder(token: str) -> Audience:
    """Whoever holds this token, before it is proven: it reaches the delivery that it names and nothing else."""
    named = UUID(bytes=urlsafe_b64decode(token[:22] + "==")) if _TOKEN.fullmatch(token) else ""
    return Audience.link(named)


def _find(token: str) -> SignedLink | None:
    if not _TOKEN.fullmatch(token):
        return None
    return (
        SignedLink.objects.select_related("delivery__notice__alert", "delivery__notice__organisation")
        .filter(delivery__public_id=UUID(bytes=urlsafe_b64decode(token[:22] + "==")))
        .first()
    )


def _proven(link: SignedLink, token: str) -> bool:
    """Whether a key of ours made the token; every key is tried, in constant time each."""
    name, proof = _encode(link.delivery.public_id.bytes), token[22:]
    proven = [hmac.compare_digest(proof, _encode(made)) for made in _proofs(link)]
    return any(proven) and hmac.compare_digest(token[:22], name)


def _proofs(link: SignedLink) -> Iterator[bytes]:
    """16 bytes for each secret key, the present one first."""
    notice = link.delivery.notice
    parts = [link.purpose, link.delivery.public_id, notice.public_id, notice.alert.number, link.expires_at.timestamp()]
    bound = "|".join(str(part) for part in parts).encode()
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield hmac.digest(_own_key(str(key)), bound, sha256)[:16]


@lru_cache(maxsize=8)
def _own_key(key: str) -> bytes:
    """What signs links and nothing else."""
    return hmac.digest(key.encode(), b"homeward.signed-links", sha256)


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
