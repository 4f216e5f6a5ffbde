"""What every channel does alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import ClassVar

from notifications.models import Delivery


class TransportError(Exception):
    """A message was not handed over. `permanent`: trying again cannot help. `address_refused`: nobody is at this address.

    `lost_connection`: the way out itself is broken, so the rest of the batch need not be tried.
    """

    def __init__(
        self, answer: str, *, permanent: bool, address_refused: bool = False, lost_connection: bool = False
    ) -> None:
        super().__init__(answer)
        self.answer = answer[:300]
        self.permanent = permanent
        self.address_refused = address_refused
        self.lost_connection = lost_connection


class Transport(ABC):
    """One channel. Used as a context manager around a batch."""

    kind: ClassVar[str]

    def __enter__(self) -> Transport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def send(self, delivery: Delivery) -> str:
        """Hands the delivery's payload over and returns what the other side said. Raises TransportError."""

    @abstractmethod
    def close(self) -> None:
        """Ends the connection, if there is one; never raises."""
