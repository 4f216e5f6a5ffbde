"""`bin/bench webhooks`: how fast posts go out, and whether dead and slow systems hold up the healthy ones.

The limit is http.client over sixteen open connections, in two processes, to the same sink.
"""

from __future__ import annotations

import os
import socket
import statistics
import time
from collections.abc import Iterator
from datetime import datetime

import psycopg

from bench.outcome import Outcome
from bench.rounds import ROUNDS
from bench.telling import BY, CODE, Talker, directory, raised, talkers
from common.audience import Audience, asking
from notifications.models import Alert, Delivery, WebhookPost, WebhookSubscription
from notifications.signing import new_secret
from notifications.webhooks.posts import body_of
from partners.models import Organisation

NUMBER, QUICK = 10_000, 400
PART = 0.2
WORKERS, CONNECTIONS = 2, 16
HOSTS, DEAD, SLOW = 50, 10, 5
EACH = 20
"""Posts to each of the fifty hosts."""
SLOWNESS = 1.0
HELD_UP = 1.5
"""The healthy may take so many times as long as alone: all share two processors."""


def measure(rights: psycopg.Connection, *, at: datetime, quick: bool) -> Iterator[Outcome]:
    """Yield the throughput, then the time of the healthy beside the dead and slow."""
    number = QUICK if quick else NUMBER
    directory(rights, HOSTS)
    with talkers(("bench.sinks", "web")) as [sink]:
        port = sink.greeting
        allowed = ",".join(f"127.0.1.{host}" for host in range(1, HOSTS + 1))
        ours = [("bench.senders", "webhooks")] * WORKERS
        bare = [("bench.senders", "bare", "web", port, str(CONNECTIONS // WORKERS))] * WORKERS
        with talkers(*ours, *bare, EGRESS_ALLOWED=allowed, WEB_TIMEOUT="2") as processes:
            yield _throughput(sink, processes, number, int(port), at)
            yield _beside_the_dead(sink, processes[:WORKERS], int(port), at)
    _forget_all()


def _forget_all() -> None:
    """Ends every subscription and what was queued for it: what is measured next would queue more."""
    with asking(Audience.command("bench")):
        WebhookPost.objects.all().delete()
        WebhookSubscription.objects.all().delete()


def _subscribe(urls: list[str], at: datetime) -> list[WebhookSubscription]:
    """One subscription for each address, of as many organisations."""
    _forget_all()
    with asking(Audience.command("bench")):
        organisations = list(Organisation.objects.filter(code__startswith=CODE).order_by("pk")[: len(urls)])
        rows = [
            WebhookSubscription(organisation=organisation, url=url, secret=new_secret(), made_at=at, by=BY)
            for organisation, url in zip(organisations, urls, strict=True)
        ]
        return WebhookSubscription.objects.bulk_create(rows)


def _queued(subscriptions: list[WebhookSubscription], alerts: list[Alert], at: datetime) -> float:
    """Queues each alert for each subscription; returns when that was done."""
    with asking(Audience.command("bench")):
        body = body_of(alerts[0])
        posts = [
            WebhookPost(subscription=row, alert=alert, body=body, queued_at=at, due_at=at)
            for alert in alerts
            for row in subscriptions
        ]
        WebhookPost.objects.bulk_create(posts, batch_size=1000)
    return time.monotonic()


def _alerts(name: str, number: int, at: datetime) -> list[Alert]:
    """Alerts that nobody is told of by mail."""
    first = raised(name, 0, at=at)
    with asking(Audience.command("bench")):
        Delivery.objects.filter(notice__alert=first).delete()
    return [first, *(raised(f"{name}:{turn}", 0, at=at) for turn in range(1, number))]


def _throughput(sink: Talker, processes: list[Talker], number: int, port: int, at: datetime) -> Outcome:
    workers, bare, pairs = processes[:WORKERS], processes[WORKERS:], []
    hosts = CONNECTIONS
    alerts = _alerts("webhooks", number // hosts, at)
    body = body_of(alerts[0])
    for _turn in range(ROUNDS):
        rows = _subscribe([f"http://127.0.1.{host + 1}:{port}/in" for host in range(hosts)], at)
        began = _queued(rows, alerts, at)
        _go(workers)
        came = sink.asked()
        posted = hosts * len(alerts)
        if came["number"] != posted or set(came["by"].values()) != {1}:
            raise RuntimeError(f"{came['number']} of {posted} posts came.")
        begun = time.monotonic()
        for each in bare:
            each.say({"number": number // len(bare), "body": body})
        for each in bare:
            each.hear()
        limit = sink.asked()
        pairs.append((posted / (came["last"] - began), limit["number"] / (limit["last"] - begun)))
    ours, limit_rate = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(bare_rate / our_rate for our_rate, bare_rate in pairs)
    conditions = {
        "posts": number, "hosts": hosts, "workers": WORKERS, "connections of the limit": CONNECTIONS, "rounds": ROUNDS,
        "processors": os.cpu_count(),
    }  # fmt: skip
    return Outcome(
        "webhooks", "signed posts a second, rows and log included", ours, "1/s", limit_rate, ratio, 1 / PART, conditions
    )


def _beside_the_dead(sink: Talker, workers: list[Talker], port: int, at: datetime) -> Outcome:
    """The same healthy hosts alone, and beside dead ones (nobody answers) and slow ones."""
    alerts = _alerts("dead", EACH, at)
    healthy = [f"http://127.0.1.{host}:{port}/in" for host in range(DEAD + SLOW + 1, HOSTS + 1)]
    slow = [f"http://127.0.1.{host}:{port}/slow/{SLOWNESS}" for host in range(DEAD + 1, DEAD + SLOW + 1)]
    pairs = []
    with _silent() as silent:
        dead = [f"http://127.0.1.{host}:{silent.getsockname()[1]}/in" for host in range(1, DEAD + 1)]
        for _turn in range(ROUNDS):
            times = []
            for urls in (healthy, [*dead, *slow, *healthy]):
                began = _queued(_subscribe(urls, at), alerts, at)
                _go(workers)
                came = sink.asked()
                hosts = [came["hosts"][f"127.0.1.{host}"] for host in range(DEAD + SLOW + 1, HOSTS + 1)]
                times.append(max(hosts) - began)
            pairs.append(times)
    alone, beside = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    conditions = {"posts": HOSTS * EACH, "dead": DEAD, "slow": SLOW, "healthy": HOSTS - DEAD - SLOW, "rounds": ROUNDS}
    return Outcome(
        "webhooks", "seconds until the last of the healthy is told, beside dead and slow ones", beside, "s", alone, ratio,
        HELD_UP, conditions,
    )  # fmt: skip


def _silent() -> socket.socket:
    """Takes connections and says nothing."""
    server = socket.socket()
    server.bind(("0.0.0.0", 0))  # noqa: S104  # nosec
    server.listen(64)
    return server


def _go(workers: list[Talker]) -> None:
    for worker in workers:
        worker.say()
    for worker in workers:
        worker.hear()
