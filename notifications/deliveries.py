"""Sending what is queued. The row is the queue: claimed with a lease, in flight, committed, sent outside any transaction.

Whatever happens to a worker, the row says where the delivery stands. A lease that ran out is taken over and sent again
with the same Message-ID and link: never zero copies, a second one only of a delivery that was in flight.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from common.audience import asking
from common.nudges import nudge
from notifications import buckets
from notifications.claims import LEFT, Claimed, claim, still_wanted
from notifications.lines import Line, Lines, Outcome
from notifications.outcomes import put_back, record_failures, record_handed_over
from notifications.rounds import AUDIENCE, SendSummary, Watch
from notifications.transports import TransportError
from notifications.troubles import held_kinds
from notifications.writing import write_next

__all__ = ["SendSummary", "send_due"]

BATCH = 400
"""How many deliveries a worker holds at once."""
FIRST = 20
"""How many it takes at first, so that whoever is first need not wait until many are claimed."""
LONGEST_ROUND = timedelta(seconds=60)
"""After this a round claims nothing more and is signed, before anybody takes it for silence (`watchdog.PATIENCE`)."""


def send_due(*, real_at: datetime, at: datetime) -> SendSummary:
    """Sends everything that is due at wall time `real_at`; business time is `at`. Opens its own transactions."""
    watch, summary = Watch(real_at=real_at, at=at), SendSummary()
    more, came = True, list[Outcome]()
    with Lines(seconds=settings.DELIVERY_LEASE_SECONDS * LEFT) as lines:
        while more or came or not lines.is_idle:
            if more and lines.in_hand < BATCH // 2:
                more = _claim_into(lines, came, watch, summary) and watch.passed < LONGEST_ROUND
            failed = summary.failed
            _turn(came, lines, watch, summary)
            if summary.failed > failed:
                more = watch.passed < LONGEST_ROUND  # the next channel has its turn
            came = lines.finished()
            if watch.passed >= LONGEST_ROUND:
                _leave(lines, watch)
    return summary


def _claim_into(lines: Lines, came: list[Outcome], watch: Watch, summary: SendSummary) -> bool:
    """Takes the next batch, or writes one where nothing is due; says whether there may be more.

    What cannot go out over a kind that is held `came` to nothing.
    """
    is_first = not lines.lines
    most = FIRST if is_first else BATCH - lines.in_hand
    with asking(AUDIENCE):
        claimed, ended = claim(most, watch)
        came += _taken_in(claimed, lines, watch)
    if is_first and len(claimed) == most:
        nudge("deliveries")  # there is work for another worker, who was not woken yet
    summary.ended += ended
    if claimed or ended:
        return True
    if (written := write_next(watch)) is None:
        return False
    with asking(AUDIENCE):
        came += _taken_in(written, lines, watch)
    return True


def _taken_in(claimed: list[Claimed], lines: Lines, watch: Watch) -> list[Outcome]:
    """Lets deliveries wait for their lines; gives what came of those of a kind that is held."""
    held = held_kinds(real_at=watch.real) if claimed else {}
    lines.add([row for row in claimed if row.channel_kind not in held])
    return [
        Outcome(row, error=TransportError(held[row.channel_kind], permanent=True, ours=True))
        for row in claimed
        if row.channel_kind in held
    ]


def _turn(came: list[Outcome], lines: Lines, watch: Watch, summary: SendSummary) -> None:
    """Writes down what came back, and gives each free line what goes next: one transaction for both, while others send."""
    came += (outcome for line in lines.free() if line.broken is not None for outcome in line.give_back())
    handfuls = [(line, line.next_handful()) for line in lines.free()]
    if not came and not handfuls:
        return
    with asking(AUDIENCE):
        record_handed_over(came, watch, summary)
        wanted, ended = still_wanted([row for _line, handful in handfuls for row in handful], watch)
    summary.ended += ended
    still = {row.pk for row in wanted}
    for line, handful in handfuls:
        _start(line, lines, [row for row in handful if row.pk in still])
    record_failures(came, watch, summary)


def _start(line: Line, lines: Lines, wanted: list[Claimed]) -> None:
    """Gives a free line its handful, as far as the operator takes it."""
    allowed = buckets.take(line.kind, len(wanted))
    if allowed < len(wanted):
        line.waiting.extendleft(reversed(wanted[allowed:]))
        line.pause(buckets.wait_for(line.kind))
    if allowed:
        lines.start(line, wanted[:allowed])


def _leave(lines: Lines, watch: Watch) -> None:
    """Puts back what still waits for a line when the round has lasted long enough."""
    waiting = [row for line in lines.lines.values() for row in line.waiting]
    for line in lines.lines.values():
        line.waiting.clear()
    if waiting:
        with asking(AUDIENCE):
            put_back(waiting, due_at=watch.real)
