"""Servers at the other end, each in a process of its own: `python -m bench.sinks mail|web [PORT] [FILE]`. They take all.

With FILE the Message-ID of each mail is written there before the mail is accepted, so that it outlives a kill; a mail for
which the disk has no room is refused for now.

The first line that they print is their port. Each line on their standard input is answered by one line of JSON: how many
came, when the first and the last (the monotonic clock, which all processes of a machine share), and how often each token;
then they begin to count anew. A path of the web sink may ask it to be slow: `/slow/2.5`.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from collections import Counter
from contextlib import suppress
from io import FileIO
from pathlib import Path

MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE)
TOKEN = re.compile(rb"/a/([\w-]{44})/")


class Count:
    """What came since somebody asked."""

    def __init__(self) -> None:
        self.number, self.first, self.last = 0, 0.0, 0.0
        self.by: Counter[str] = Counter()
        self.hosts: dict[str, float] = {}

    def add(self, *names: str, host: str = "") -> None:
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.number += 1
        self.by.update(names)
        if host:
            self.hosts[host] = self.last

    def told(self) -> str:
        said = json.dumps(
            {"number": self.number, "first": self.first, "last": self.last, "by": self.by, "hosts": self.hosts}
        )
        self.__init__()  # type: ignore[misc]  # begins anew
        return said


class Ledger:
    """The Message-IDs of accepted mails, in a file where one is wanted."""

    def __init__(self) -> None:
        self.file: FileIO | None = None

    def note(self, content: bytes) -> bool:
        """Whether there was room for it: nothing, or all of its line, is written."""
        if self.file is None or not (found := MESSAGE_ID.search(content)):
            return True
        line, end = found[1] + b"\n", self.file.seek(0, os.SEEK_END)
        with suppress(OSError):
            if self.file.write(line) == len(line):
                return True
        self.file.truncate(end)
        return False


COUNT, LEDGER = Count(), Ledger()


async def mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """SMTP, as far as a client needs it that sends one mail after the other."""
    writer.write(b"220 sink\r\n")
    try:
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                writer.write(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                content = await reader.readuntil(b"\r\n.\r\n")
                if not LEDGER.note(content):
                    writer.write(b"452 4.3.1 no room\r\n")
                    continue
                COUNT.add(*(found.decode() for found in set(TOKEN.findall(content))))
                writer.write(b"250 taken\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """HTTP, as far as a client needs it that posts over an open connection."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
            await reader.readexactly(int(headers["content-length"]))
            path = lines[0].split()[1]
            if path.startswith("/slow/"):
                await asyncio.sleep(float(path.split("/")[2]))
            COUNT.add(headers.get("webhook-id", ""), host=headers.get("host", "").partition(":")[0])
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


async def serve(kind: str, port: int = 0) -> None:
    """Listens on every loopback address, says the port, and answers each line of the standard input."""
    server = await asyncio.start_server(mail if kind == "mail" else web, "0.0.0.0", port, limit=2**20)  # noqa: S104  # nosec
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(COUNT.told(), flush=True)


if __name__ == "__main__":
    kind, port, file = (*sys.argv[1:], "0", "")[:3]
    LEDGER.file = Path(file).open("ab", buffering=0) if file else None  # noqa: SIM115 (open as long as the process)
    asyncio.run(serve(kind, int(port)))
