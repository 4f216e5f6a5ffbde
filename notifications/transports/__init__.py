"""The ways out of the house. Each channel is one small module behind one base class and one error."""

from notifications.transports.base import Transport, TransportError
from notifications.transports.email import EmailTransport

__all__ = ["Transport", "TransportError", "open_transport"]

_TRANSPORTS: dict[str, type[Transport]] = {EmailTransport.kind: EmailTransport}


def open_transport(kind: str) -> Transport:
    """The transport of a channel kind; a context manager that keeps one connection for a batch. Raises KeyError."""
    return _TRANSPORTS[kind]()
