"""Lines that send side by side: one connection each, a slow one holds up nobody else. No thread here asks the database.

Whoever calls gives each line a handful of deliveries at a time and reads back what became of them; while the lines wait for
answers, the caller writes down what came before.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import timedelta
from types import TracebackType
from typing import Any

import structlog

from notifications.operators_words import without_address
from notifications.transports import Receipt, Transport, TransportError, transport_of

log = structlog.get_logger(__name__)

HANDFUL, MOST_IN_HAND = 10, 50
"""How many deliveries are sent between two looks at the database, and how many by a line that is quick; so many of a line may
be sent twice after a kill.
"""
TURN = 0.1
"""Seconds that a handful may take before it is no longer one of a quick line."""
MOST_LINES = 64
"""Threads of one round. They are made as they are needed: without webhooks there is one for each kind of channel."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery, or post to a subscribed address: a receipt, or an error.

    `tried` is false where its line broke before its turn.
    """

    delivery: Any
    receipt: Receipt | None = None
    error: TransportError | None = None
    tried: bool = True


class Line:
    """What waits for one connection. `broken` says why nothing more is tried over it in this round."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.transport: Transport = transport_of(kind)()
        self.waiting: deque[Any] = deque()
        self.broken: TransportError | None = None
        self.went_through = False
        self.ends = 0.0
        self.paused_until = 0.0
        self.pace = TURN / HANDFUL

    def pause(self, how_long: timedelta) -> None:
        """Lets what waits here wait longer: the operator takes no more at this moment."""
        self.paused_until = time.monotonic() + how_long.total_seconds()

    def next_handful(self) -> list[Any]:
        """What goes next: ten, or more where the other side is quick."""
        most = min(MOST_IN_HAND, max(HANDFUL, int(TURN / self.pace)))
        return [self.waiting.popleft() for _turn in range(min(most, len(self.waiting)))]

    def send(self, handful: Sequence[Any], *, seconds: float) -> list[Outcome]:
        """Sends one after the other; what there was no time for goes back to the front of those that wait."""
        outcomes: list[Outcome] = []
        began = time.monotonic()
        stops = began + seconds * 2 / 3
        for number, delivery in enumerate(handful):
            if time.monotonic() > stops:
                self.waiting.extendleft(reversed(handful[number:]))
                break
            outcomes.append(self._send_one(delivery))
            if self.broken is not None:
                outcomes += (Outcome(rest, error=self.broken, tried=False) for rest in handful[number + 1 :])
                break
        self.pace = max((time.monotonic() - began) / max(len(outcomes), 1), 1e-6)
        return outcomes

    def _send_one(self, delivery: Any) -> Outcome:
        try:
            receipt = self.transport.send(delivery)
        except TransportError as error:
            error.answer = without_address(error.answer, getattr(delivery, "address", ""))
            # A server may end a connection after so many messages: the next one opens another. One that takes none is broken.
            if error.lost_connection and (not self.went_through or error.wait or error.ours):
                self.broken = error
            self.went_through = self.went_through and not error.lost_connection
            return Outcome(delivery, error=error)
        except Exception as error:  # what nobody foresaw in one message must not keep the others from being sent
            log.exception("line_failed", kind=self.kind, delivery=str(delivery.public_id))
            return Outcome(delivery, error=TransportError(type(error).__name__, permanent=False))
        self.went_through = True
        said = without_address(receipt.answer, getattr(delivery, "address", ""))
        return Outcome(delivery, receipt if said == receipt.answer else replace(receipt, answer=said))

    def give_back(self) -> list[Outcome]:
        """What waits for a broken line."""
        rest, self.waiting = list(self.waiting), deque()
        return [Outcome(delivery, error=self.broken, tried=False) for delivery in rest]


class Lines:
    """All lines of a round. Use as a context manager: at its end every connection is closed."""

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        self.lines: dict[str, Line] = {}
        self.running: dict[Future[list[Outcome]], Line] = {}
        self.pool = ThreadPoolExecutor(MOST_LINES, thread_name_prefix="line")

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            for line in self.running.values():
                line.transport.give_up()
        self.pool.shutdown(wait=True, cancel_futures=True)
        for line in self.lines.values():
            line.transport.close()

    def add(self, deliveries: Sequence[Any]) -> None:
        """Lets each delivery wait for its line."""
        by_kind: dict[str, list[Any]] = {}
        for delivery in deliveries:
            by_kind.setdefault(delivery.channel_kind, []).append(delivery)
        for kind, batch in by_kind.items():
            transport = transport_of(kind)
            transport.prepare(batch)
            for name, delivery in transport.lines_of(batch):
                if name not in self.lines:
                    self.lines[name] = Line(kind)
                self.lines[name].waiting.append(delivery)

    @property
    def in_hand(self) -> int:
        """How many deliveries wait for a line."""
        return sum(len(line.waiting) for line in self.lines.values())

    @property
    def is_idle(self) -> bool:
        return not self.running and self.in_hand == 0

    def free(self) -> Iterator[Line]:
        """Lines that have something to send and are sending nothing."""
        busy = set(map(id, self.running.values()))
        now = time.monotonic()
        lines = [line for line in self.lines.values() if line.waiting and line.paused_until <= now]
        return (line for line in lines if id(line) not in busy)

    def start(self, line: Line, handful: Sequence[Any]) -> None:
        """Sends a handful over a free line, in a thread of its own."""
        line.ends = time.monotonic() + self.seconds
        self.running[self.pool.submit(line.send, handful, seconds=self.seconds)] = line

    def finished(self) -> list[Outcome]:
        """Waits until one line at least has come back, and gives what became of its handful."""
        if not self.running:
            pauses = [line.paused_until - time.monotonic() for line in self.lines.values() if line.waiting]
            time.sleep(max(0.0, min(pauses, default=0.0)))
            return []
        soonest = min(line.ends for line in self.running.values()) - time.monotonic()
        done, _still = wait(self.running, timeout=max(soonest, 0.01), return_when=FIRST_COMPLETED)
        for future, line in self.running.items():
            if future not in done and line.ends <= time.monotonic():
                line.transport.give_up()
                line.ends = time.monotonic() + 1
        outcomes: list[Outcome] = []
        for future in done:
            self.running.pop(future)
            outcomes += future.result()
        return outcomes
