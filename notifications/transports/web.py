"""What the channels that speak HTTP do alike: one open connection for a batch, and answers told apart."""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from requests.utils import requote_uri

from common.egress import EgressError, NoAddressError, line_to
from notifications.transports.access import NEEDED
from notifications.transports.base import Transport, TransportError

MOST_OF_AN_ANSWER = 64 * 1024
"""Bytes; nobody has more to say about one message."""
LONGEST_WAIT = timedelta(hours=1)
LATER = frozenset({408, 425, 429})
"""Answers below 500 that ask to try again."""
OUR_ACCESS = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one request; `said` is its body where that is a JSON object."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def said(self) -> dict[str, Any]:
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def wait(self) -> timedelta | None:
        """What Retry-After asks for, in seconds or as a date, at most an hour."""
        asked = self.headers.get("retry-after", "").strip()
        if asked.isdecimal():
            return min(timedelta(seconds=int(asked[:6])), LONGEST_WAIT)
        with contextlib.suppress(ValueError):
            until = email.utils.parsedate_to_datetime(asked) - datetime.fromtimestamp(time.time(), UTC)
            return min(max(until, timedelta()), LONGEST_WAIT)
        return None


class WebTransport(Transport):
    """Keeps one connection open, to one host at a time."""

    def __init__(self) -> None:
        self.connection: http.client.HTTPConnection | None = None
        self.host = ""

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()

    def give_up(self) -> None:
        connection = self.connection
        if connection is not None and connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Posts once. Raises TransportError where no answer came back.

        A server may close a connection that was kept open, just as we use it; only then it is tried on a new one.
        """
        kept_open = self._line(url)
        try:
            return self._exchange(url, body, headers)
        except (ConnectionError, http.client.RemoteDisconnected) as error:
            self.close()
            if not kept_open:
                raise self._lost(error) from error
        except EgressError as error:
            raise self._barred(error) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._lost(error) from error
        self._line(url)
        try:
            return self._exchange(url, body, headers)
        except (OSError, http.client.HTTPException) as error:
            raise self._lost(error) from error

    def _line(self, url: str) -> bool:
        """Makes sure of a connection to the host of the address; says whether it was open already."""
        host = urlsplit(url).netloc
        if self.connection is not None and host == self.host:
            return True
        self.close()
        try:
            self.connection, self.host = line_to(url, seconds=settings.WEB_TIMEOUT), host
        except EgressError as error:
            raise self._barred(error) from error
        return False

    def _exchange(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        if (line := self.connection) is None:  # closed by the clock of the batch
            raise http.client.NotConnected
        parts = urlsplit(requote_uri(url))
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", target, body, {"User-Agent": "Homeward", **headers})
        answer = line.getresponse()
        content = answer.read(MOST_OF_AN_ANSWER)
        reply = Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)
        if not answer.isclosed() or answer.will_close:
            self.close()
        return reply

    def _barred(self, error: EgressError) -> TransportError:
        """A name without an address may have one again soon; an operator at a forbidden address is our own setting."""
        if isinstance(error, NoAddressError):
            return self._lost(error)
        self.close()
        ours = self.kind in NEEDED
        return TransportError(str(error), permanent=True, address_refused=not ours, ours=ours)

    def _lost(self, error: Exception) -> TransportError:
        self.close()
        return TransportError(f"{type(error).__name__}: {error}", permanent=False, lost_connection=True)


def refusal(reply: Reply, words: str, *, address_refused: bool = False, ours: bool = False) -> TransportError:
    """What an answer that is no success means, where the operator's own code says nothing more exact."""
    said = f"{reply.status} {words}".strip()
    if reply.status in LATER or reply.status >= 500:
        wait = reply.wait or (timedelta(seconds=5) if reply.status == 429 else None)
        return TransportError(said, permanent=False, wait=wait)
    return TransportError(said, permanent=True, address_refused=address_refused, ours=ours)
