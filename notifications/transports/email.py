"""E-mail: one SMTP connection for a batch, one message for each recipient, never CC or BCC."""

from __future__ import annotations

import contextlib
import email
import email.policy
import smtplib
import ssl
from email.utils import parseaddr

from django.conf import settings
from django.core.mail.message import sanitize_address

from notifications.models import Delivery
from notifications.transports.base import Receipt, Transport, TransportError, payload_of


class EmailTransport(Transport):
    """Speaks to the mail server of the settings (`EMAIL_URL`)."""

    kind = "email"

    def __init__(self) -> None:
        self.connection: smtplib.SMTP | None = None

    def send(self, delivery: Delivery) -> Receipt:
        payload = payload_of(delivery).encode()
        try:
            address = sanitize_address(delivery.address, "utf-8")
            address.encode("ascii")
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

    def _hand_over(self, address: str, payload: bytes) -> str:
        smtp = self.connection or self._connect()
        self.connection = smtp
        if smtp.has_extn("8bitmime"):
            options = ["BODY=8BITMIME"]
        else:
            options, payload = [], _seven_bit(payload)
        self._expect(smtp.mail(parseaddr(settings.MAIL_FROM)[1], options), smtp)
        self._expect(smtp.rcpt(address), smtp, is_recipient=True)
        try:
            answer = smtp.data(payload)
        except smtplib.SMTPDataError as refusal:  # the server would not even listen
            answer = (refusal.smtp_code, refusal.smtp_error if isinstance(refusal.smtp_error, bytes) else b"")
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

    def _expect(self, answer: tuple[int, bytes], smtp: smtplib.SMTP, *, is_recipient: bool = False) -> str:
        """The answer as text if it is good. A 5xx to RCPT means the address, unless it speaks of policy (5.7)."""
        code, words = answer[0], answer[1].decode("utf-8", "replace")
        said = f"{code} {words}"
        if 200 <= code < 300:
            return said[:300]
        if code in (421, -1):
            raise smtplib.SMTPServerDisconnected(said)
        smtp.rset()
        permanent = code >= 500
        about_address = permanent and is_recipient and not words.startswith("5.7.")
        raise TransportError(said, permanent=permanent, address_refused=about_address)


def _seven_bit(payload: bytes) -> bytes:
    """The same message for a server that cannot carry 8bit."""
    message = email.message_from_bytes(payload, policy=email.policy.SMTP)
    for part in message.walk():
        if part.get_content_maintype() == "text":
            part.set_content(part.get_content(), subtype=part.get_content_subtype(), charset="utf-8", cte="base64")
    return message.as_bytes()
