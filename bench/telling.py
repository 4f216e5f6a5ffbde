"""What the benchmarks of telling share: organisations with desks, sinks and senders in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import IO, Any, cast

import psycopg

from bench.filling import fill, quickly
from common.actors import Actor
from common.audience import Audience, asking
from notifications.alerts import Told, raise_alert
from notifications.models import Alert
from partners.models import Channel, Contact, Office, Organisation

BY = Actor.command("bench")
CODE = "bench-"
ANSWER_WITHIN = timedelta(days=2)
CONTEXT: dict[str, Any] = {
    "crossing": "KZ-UZ-01", "sides": [], "zones": ["Asia/Almaty", "Asia/Tashkent"], "from_country": "KAZ",
    "to_country": "UZB", "mode": "", "subject": "health_test", "requirement": "bench", "version": 2, "kind": "new",
    "content": {"rule": {"test": {"kinds": ["pcr"], "max_age_hours": 72}}}, "certainty": "confirmed",
    "source_tier": "oral_post", "source_text": "by word of mouth", "correction": "", "authority": None,
    "applies_from": "2020-10-01T02:00:00+00:00", "applies_until": None, "published_at": "2020-10-01T02:00:00+00:00",
    "before": None,
}  # fmt: skip
"""What an alert keeps of a requirement, as `corridors.messages.alert_context` makes it."""


def directory(rights: psycopg.Connection, number: int) -> None:
    """So many organisations with one desk and one address each; those of the benchmark before stay."""
    [there] = rights.execute("SELECT count(*) FROM partners_organisation WHERE id > 1000000").fetchall()[0]
    if there >= number:
        return
    with quickly(rights, Organisation, Office, Contact, Channel):
        series = f"generate_series({there + 1}, {number}) g"
        own = {"id": "1000000 + g", "public_id": "gen_random_uuid()"}
        fill(rights, Organisation, series, **own, code=f"'{CODE}' || g", kind="'ngo'", name_en="'Office ' || g")
        fill(rights, Office, series, **own, organisation_id="1000000 + g", name="'main'", zone="'Asia/Almaty'")
        languages = "(array['en','ru','tg','uz'])[1 + g % 4]"
        fill(rights, Contact, series, **own, office_id="1000000 + g", function="'duty desk'", language=languages)
        address = "'desk@office-' || g || '.example'"
        fill(rights, Channel, series, **own, contact_id="1000000 + g", kind="'email'", email=address)


def raised(name: str, number: int, *, at: datetime) -> Alert:
    """An alert to the first so many, committed."""
    with asking(Audience.command("bench")):
        told = [Told(row) for row in Organisation.objects.filter(code__startswith=CODE).order_by("pk")[:number]]
        return raise_alert(
            kind="requirement_change", source=f"bench:{name}", subject="crossing:KZ-UZ-01", context=CONTEXT, told=told,
            expires_at=at + ANSWER_WITHIN, by=BY, at=at,
        )  # fmt: skip


class Talker:
    """A process that answers each line with one."""

    def __init__(self, *arguments: str, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.mouth, self.ear = cast("IO[str]", self.process.stdin), cast("IO[str]", self.process.stdout)
        self.greeting = self.hear()

    def say(self, said: Mapping[str, Any] | None = None) -> None:
        self.mouth.write(json.dumps(said or {}) + "\n")
        self.mouth.flush()

    def hear(self) -> str:
        heard = self.ear.readline().strip()
        if not heard:
            raise RuntimeError(f"A process of the benchmark ended with {self.process.poll()}.")
        return heard

    def asked(self) -> dict[str, Any]:
        self.say()
        return json.loads(self.hear())  # type: ignore[no-any-return]

    def end(self) -> None:
        self.mouth.close()
        self.process.wait(30)


@contextmanager
def talkers(*wanted: tuple[str, ...], **environment: str) -> Iterator[list[Talker]]:
    """Processes, ended at the end."""
    with ExitStack() as stack:
        made = []
        for arguments in wanted:
            made.append(Talker(*arguments, environment={**os.environ, **environment}))
            stack.callback(made[-1].end)
        yield made
