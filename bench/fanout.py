"""`bin/bench fanout`: how fast many organisations are told by mail, from the act itself to the last mail that a server took.

The limit is bare splicing and smtplib over four open connections, in two processes, to the same sink.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from datetime import datetime

import psycopg

from bench.outcome import Outcome
from bench.rounds import ROUNDS
from bench.telling import Talker, directory, raised, talkers
from notifications.letters import Master, master_of
from notifications.models import Alert

NUMBER, QUICK = 10_000, 400
THOUSAND = 1_000
PART = 0.3
"""What part of the bare messages per second ours must reach."""
LAST, FIRST = 5.0, 1.0
"""Seconds from publishing until the last of a thousand organisations, and until the first."""
WORKERS, CONNECTIONS = 2, 4


def measure(rights: psycopg.Connection, *, at: datetime, quick: bool) -> Iterator[Outcome]:
    """Yield the throughput, then the times of the first and the last of a thousand."""
    number = QUICK if quick else NUMBER
    directory(rights, number)
    with talkers(("bench.sinks", "mail")) as [sink]:
        port = sink.greeting
        ours = [("bench.senders", "mail")] * WORKERS
        bare = [("bench.senders", "bare", "mail", port, str(CONNECTIONS // WORKERS))] * WORKERS
        with talkers(*ours, *bare, EMAIL_URL=f"smtp://127.0.0.1:{port}") as processes:
            yield _throughput(sink, processes, number, at)
            yield from _latency(sink, processes, min(THOUSAND, number), at)


def _throughput(sink: Talker, processes: list[Talker], number: int, at: datetime) -> Outcome:
    workers, bare, pairs, raising, sending = processes[:WORKERS], processes[WORKERS:], [], [], []
    for turn in range(ROUNDS):
        began = time.monotonic()
        alert = raised(f"throughput:{turn}", number, at=at)
        queued = time.monotonic()
        _go(workers)
        came = sink.asked()
        _each_its_own(alert, came, number)
        seconds = _bare_seconds(sink, bare, alert, number, at)
        pairs.append((number / (came["last"] - began), number / seconds))
        raising.append(queued - began)
        sending.append(number / (came["last"] - queued))
    ours, limit = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(bare_rate / our_rate for our_rate, bare_rate in pairs)
    conditions = {
        "notices": number, "workers": WORKERS, "connections of the limit": CONNECTIONS, "rounds": ROUNDS,
        "raised in": f"{statistics.median(raising):.2f} s", "sending alone": round(statistics.median(sending)),
        "processors": os.cpu_count(),
    }  # fmt: skip
    return Outcome(
        "fanout", "mails a second, from the act to the last: rows, audit, links and letters included", ours, "1/s", limit,
        ratio, 1 / PART, conditions,
    )  # fmt: skip


def _latency(sink: Talker, processes: list[Talker], number: int, at: datetime) -> Iterator[Outcome]:
    workers, bare, raising, firsts, lasts, limits = processes[:WORKERS], processes[WORKERS:], [], [], [], []
    for turn in range(ROUNDS):
        began = time.monotonic()
        alert = raised(f"latency:{turn}", number, at=at)
        raising.append(time.monotonic() - began)
        _go(workers)
        came = sink.asked()
        firsts.append(came["first"] - began)
        lasts.append(came["last"] - began)
        limits.append(_bare_seconds(sink, bare, alert, number, at))
    raised_in = f"{statistics.median(raising):.2f} s"
    conditions = {"organisations": number, "workers": WORKERS, "rounds": ROUNDS, "raised in": raised_in}
    limit = statistics.median(limits)
    for words, seconds, goal in (("first", firsts, FIRST), ("last", lasts, LAST)):
        value = statistics.median(seconds)
        said = f"seconds from publishing until the {words} of {number:,} is told; the ratio is to its goal"
        yield Outcome("fanout", said, value, "s", limit, value / goal, 1.0, {**conditions, "goal": f"{goal:g} s"})


def _go(workers: list[Talker]) -> None:
    for worker in workers:
        worker.say()
    for worker in workers:
        worker.hear()


def _each_its_own(alert: Alert, came: dict[str, object], number: int) -> None:
    """Every mail with a token of its own, each once."""
    by = came["by"]
    if came["number"] != number or not isinstance(by, dict) or len(by) != number or set(by.values()) != {1}:
        raise RuntimeError(f"Of alert {alert.number}, {came['number']} mails came with {len(by)} tokens.")  # type: ignore[arg-type]


def _bare_seconds(sink: Talker, bare: list[Talker], alert: Alert, number: int, at: datetime) -> float:
    master: Master = master_of(alert, "ru", head_count=None, reminder=False, at=at)
    began = time.monotonic()
    for each in bare:
        each.say({"number": number // len(bare), "letter": master.raw, "mark": master.link_mark})
    for each in bare:
        each.hear()
    return float(sink.asked()["last"]) - began
