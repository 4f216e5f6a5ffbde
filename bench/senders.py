"""A worker process that sends: `python -m bench.senders mail|webhooks`. Each line of its input is one round to the end.

`raise` makes organisations instead, and an alert to so many of them (`number`), by its `name`.

`bare mail PORT` and `bare web PORT` do the same work without rows: splice or sign, and hand over, over so many connections.
"""

from __future__ import annotations

import http.client
import json
import os
import smtplib
import sys
import threading
import time
from collections.abc import Callable
from typing import Any


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 (a process of its own)

    django.setup()
    import logging  # noqa: PLC0415

    logging.disable(logging.WARNING)
    turn = {"bare": _bare, "raise": _raise}.get(sys.argv[1], _ours)(sys.argv[1:])
    print("ready", flush=True)
    for line in sys.stdin:
        turn(json.loads(line))
        print(json.dumps({"ended": time.monotonic()}), flush=True)


def _ours(given: list[str]) -> Callable[[dict[str, Any]], None]:
    from common import clock  # noqa: PLC0415 (needs the settings)
    from notifications import deliveries  # noqa: PLC0415
    from notifications.webhooks import posts  # noqa: PLC0415

    send = deliveries.send_due if given[0] == "mail" else posts.send_due

    def turn(asked: dict[str, Any]) -> None:
        """Rounds until nothing is left, as a nudged worker does them."""
        until = time.monotonic() + asked.get("patience", 0)
        while send(real_at=clock.real_now(), at=clock.now()) or time.monotonic() < until:
            pass

    return turn


def _raise(_given: list[str]) -> Callable[[dict[str, Any]], None]:
    import psycopg  # noqa: PLC0415

    from bench.telling import directory, raised  # noqa: PLC0415 (needs the settings)
    from common import clock  # noqa: PLC0415

    def turn(asked: dict[str, Any]) -> None:
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as rights:
            directory(rights, asked["number"])
        raised(asked.get("name", "all"), asked["number"], at=clock.now())

    return turn


def _bare(given: list[str]) -> Callable[[dict[str, Any]], None]:
    kind, port, lines = given[1], int(given[2]), int(given[3])
    each = _mails if kind == "mail" else _posts

    def turn(asked: dict[str, Any]) -> None:
        share = asked["number"] // lines
        threads = [threading.Thread(target=each, args=(port, share, asked)) for _line in range(lines)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return turn


def _mails(port: int, number: int, asked: dict[str, Any]) -> None:
    raw, mark, sender = asked["letter"], asked["mark"], "notices@homeward.example"
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as smtp:
        smtp.ehlo()
        for turn in range(number):
            letter = raw.replace(mark, f"http://127.0.0.1:8000/a/{turn:044d}/").encode()
            smtp.mail(sender, ["BODY=8BITMIME"])
            smtp.rcpt(f"desk@office-{turn}.example")
            smtp.data(letter)


def _posts(port: int, number: int, asked: dict[str, Any]) -> None:
    body = asked["body"].encode()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for turn in range(number):
        line.request("POST", "/in", body, {"webhook-id": f"msg_{turn}", "Content-Type": "application/json"})
        line.getresponse().read()


if __name__ == "__main__":
    main()
