"""The ways out of the house. Each channel is one small module behind one base class and one error."""

from notifications.transports.base import Receipt, Transport, TransportError
from notifications.transports.email import EmailTransport
from notifications.transports.sms import SmsTransport
from notifications.transports.subscription import SubscriptionTransport
from notifications.transports.telegram import TelegramTransport
from notifications.transports.webhook import WebhookTransport
from notifications.transports.whatsapp import WhatsAppTransport

__all__ = ["Receipt", "Transport", "TransportError", "transport_of"]

_TRANSPORTS: dict[str, type[Transport]] = {
    transport.kind: transport
    for transport in (
        EmailTransport,
        SmsTransport,
        TelegramTransport,
        WhatsAppTransport,
        WebhookTransport,
        SubscriptionTransport,
    )
}


def transport_of(kind: str) -> type[Transport]:
    """The transport of a channel kind: call it for one connection, close it after the batch. Raises KeyError."""
    return _TRANSPORTS[kind]
