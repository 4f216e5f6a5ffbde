"""E-mail: one SMTP connection for a few, two for a batch, one message for each recipient, never CC or BCC."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from datetime import timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings

from common.sealed import SealError
from notifications.claims import Claimed
from notifications.letters import Master, mail_address
from notifications.messages import MessageError
from notifications.models import Letter
from notifications.transports.base import Receipt, Transport, TransportError, payload_of

FEW, LINES = 10, 2
"""So many go over one connection; more are shared between two, so that one sends while the other is written down."""
Answer = tuple[int, bytes]
NO_ROOM, UNTIL_THERE_IS_ROOM = 452, timedelta(seconds=10)
"""A mail server whose disk is full (RFC 5321, 4.2.3) takes nobody's letter: all wait, and no letter's tries are used up."""


class EmailTransport(Transport):
    """Speaks to the mail server of the settings (`EMAIL_URL`)."""

    kind = "email"

    @classmethod
    def lines_of(cls, batch: Sequence[Any]) -> Iterator[tuple[str, Any]]:
        """Takes turns, where there are enough."""
        lines = LINES if len(batch) > FEW else 1
        for number, delivery in enumerate(batch):
            yield f"{cls.kind}:{number % lines}", delivery

    def __init__(self) -> None:
        self.connection: smtplib.SMTP | None = None

    @classmethod
    def prepare(cls, batch: Sequence[Claimed]) -> None:
        """Opens the letters of a batch, each once."""
        letters: dict[int | None, Master] = {}
        for letter in Letter.objects.filter(pk__in={row.letter_id for row in batch}):
            with contextlib.suppress(SealError, MessageError):
                letters[letter.pk] = Master.of(letter)
        for row in batch:
            row.master = letters.get(row.letter_id)

    def send(self, delivery: Claimed) -> Receipt:
        payload = _letter(delivery)
        try:
            address = mail_address(delivery.address)
        except (ValueError, UnicodeError) as error:
            raise TransportError(
                "The address is not one that mail can go to.", permanent=True, address_refused=True
            ) from error
        try:
            return Receipt(self._hand_over(address, payload))
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise TransportError(f"{type(error).__name__}: {error}", permanent=False, lost_connection=True) from error

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def give_up(self) -> None:
        """A server that takes its time with each word must not keep a letter until another worker sends it again."""
        connection = self.connection
        if connection is not None and connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _hand_over(self, address: str, payload: bytes) -> str:
        smtp = self.connection or self._connect()
        self.connection = smtp
        options = ["BODY=8BITMIME"]
        if not smtp.has_extn("8bitmime"):
            options, payload = [], _seven_bit(payload)
        if smtp.has_extn("pipelining"):
            return self._in_one_go(smtp, address, payload, options)
        self._expect(smtp.mail(_sender(settings.MAIL_FROM), options), smtp)
        self._expect(smtp.rcpt(address), smtp, is_recipient=True)
        try:
            answer = smtp.data(payload)
        except smtplib.SMTPDataError as refusal:  # the server would not even listen
            answer = (refusal.smtp_code, refusal.smtp_error if isinstance(refusal.smtp_error, bytes) else b"")
        return self._expect(answer, smtp)

    def _in_one_go(self, smtp: smtplib.SMTP, address: str, payload: bytes, options: Sequence[str]) -> str:
        """The same words sent together, where the server reads them so (RFC 2920): one wait for three answers.

        A server may ask for the message though it refused the recipient; then it is given none.
        """
        sender = " ".join([f"MAIL FROM:<{_sender(settings.MAIL_FROM)}>", *options])
        smtp.send(f"{sender}\r\nRCPT TO:<{address}>\r\nDATA\r\n".encode("ascii"))
        from_answer, to_answer, answer = smtp.getreply(), smtp.getreply(), smtp.getreply()
        is_taken = _is_good(from_answer) and _is_good(to_answer)
        if answer[0] == 354:
            smtp.send(_ended(payload) if is_taken else b".\r\n")
            answer = smtp.getreply()
        self._expect(from_answer, smtp)
        self._expect(to_answer, smtp, is_recipient=True)
        return self._expect(answer, smtp)

    def _connect(self) -> smtplib.SMTP:
        if settings.EMAIL_USE_SSL:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.EMAIL_HOST,
                settings.EMAIL_PORT,
                timeout=settings.EMAIL_TIMEOUT,
                context=ssl.create_default_context(),
            )
        else:
            smtp = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT)
        try:
            smtp.ehlo_or_helo_if_needed()
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo()
            if settings.EMAIL_HOST_USER:
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _expect(self, answer: Answer, smtp: smtplib.SMTP, *, is_recipient: bool = False) -> str:
        """The answer as text if it is good. A 5xx to RCPT means the address, unless it speaks of policy (5.7)."""
        code, words = answer[0], answer[1].decode("utf-8", "replace")
        said = f"{code} {words}"
        if _is_good(answer):
            return said[:300]
        if code in (421, -1):
            raise smtplib.SMTPServerDisconnected(said)
        smtp.rset()
        if code == NO_ROOM and not is_recipient:
            raise TransportError(said, permanent=False, wait=UNTIL_THERE_IS_ROOM)
        permanent = code >= 500
        about_address = permanent and is_recipient and not words.startswith("5.7.")
        raise TransportError(said, permanent=permanent, address_refused=about_address)


def _letter(delivery: Claimed) -> bytes:
    """The whole message of one recipient. Raises TransportError."""
    own = payload_of(delivery)
    if delivery.letter_id is None:  # queued whole, before letters were stored once for a language
        return own.encode()
    if delivery.master is None:
        raise TransportError("The letter cannot be opened any more.", permanent=True)
    try:
        return delivery.master.splice(address=delivery.address, message_id=delivery.message_id, **json.loads(own))
    except MessageError as error:
        raise TransportError(str(error), permanent=True) from error


def _is_good(answer: Answer) -> bool:
    return 200 <= answer[0] < 300


@lru_cache(maxsize=2)
def _sender(said: str) -> str:
    return parseaddr(said)[1]


def _ended(payload: bytes) -> bytes:
    """The message with its end; a dot at the beginning of a line is doubled, for alone it would be the end."""
    if payload.startswith(b".") or b"\n." in payload:
        payload = re.sub(rb"(?m)^\.", b"..", payload)
    return payload + (b".\r\n" if payload.endswith(b"\r\n") else b"\r\n.\r\n")


def _seven_bit(payload: bytes) -> bytes:
    """The same message for a server that cannot carry 8bit."""
    message = email.message_from_bytes(payload, policy=email.policy.SMTP)
    for part in message.walk():
        if part.get_content_maintype() == "text":
            part.set_content(part.get_content(), subtype=part.get_content_subtype(), charset="utf-8", cte="base64")
    return message.as_bytes()
