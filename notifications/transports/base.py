"""What every channel does alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from common.sealed import SealError
from notifications.claims import Claimed


class TransportError(Exception):
    """A message was not handed over.

    Arguments: `permanent`: trying again cannot help. `address_refused`: nobody is at this address. `lost_connection`: the
    way out itself is broken or asks for patience, so the rest of the batch need not be tried. `wait`: how long the other
    side asks us to wait. `ours`: not the address but our own access to the operator is refused, so no message passes.
    """

    def __init__(
        self,
        answer: str,
        *,
        permanent: bool,
        address_refused: bool = False,
        lost_connection: bool = False,
        wait: timedelta | None = None,
        ours: bool = False,
    ) -> None:
        super().__init__(answer)
        self.answer = answer[:300]
        self.permanent, self.address_refused, self.ours = permanent, address_refused, ours
        self.lost_connection = lost_connection or ours or wait is not None
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other side said, and the name by which it will speak of the message later. `answered`: nobody read it, yet
    a machine at the other end has taken it.
    """

    answer: str
    provider_ref: str = ""
    answered: bool = False


class Transport(ABC):
    """One channel. Whoever opens a line closes it; `send` and `close` ask the database nothing."""

    kind: ClassVar[str]

    @classmethod  # noqa: B027 (most channels need nothing)
    def prepare(cls, batch: Sequence[Claimed]) -> None:
        """Looks up what the deliveries of a batch need besides their rows, in one query."""

    @classmethod
    def line_of(cls, delivery: Claimed) -> str:
        """What shares one connection: a slow one holds up its own line and no other."""
        return cls.kind

    @classmethod
    def lines_of(cls, batch: Sequence[Any]) -> Iterator[tuple[str, Any]]:
        """Each of a batch with the name of its line."""
        for delivery in batch:
            yield cls.line_of(delivery), delivery

    @abstractmethod
    def send(self, delivery: Claimed) -> Receipt:
        """Hands the delivery's payload over. Raises TransportError."""

    @abstractmethod
    def close(self) -> None:
        """Ends the connection, if there is one; never raises."""

    def give_up(self) -> None:  # noqa: B027 (whoever keeps no line open has none to cut)
        """Cuts the line under a `send` that another thread is waiting for; never raises."""


def payload_of(delivery: Claimed) -> str:
    """The message as it was queued. Raises TransportError where no key opens it any more."""
    try:
        return delivery.payload or ""
    except SealError as error:
        raise TransportError(f"The message cannot be opened: {error}", permanent=True) from error
