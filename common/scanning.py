"""Asks a virus scanner of the operator's, if there is one: clamd, by its INSTREAM command (setting CLAMD_ADDRESS)."""

from __future__ import annotations

import socket
import struct

from django.conf import settings

_PIECE = 64 * 1024
_SECONDS = 30


class ScannerAwayError(Exception):
    """A scanner is set, but does not answer as one."""


def scan(content: bytes) -> str:
    """Returns the scanner's name for what it found, or nothing: where the file is clean, or no scanner is set.

    Raises ScannerAwayError.
    """
    if not settings.CLAMD_ADDRESS:
        return ""
    pieces = [content[start : start + _PIECE] for start in range(0, len(content), _PIECE)]
    stream = b"".join(struct.pack("!L", len(piece)) + piece for piece in pieces)
    said = _ask(b"zINSTREAM\0" + stream + struct.pack("!L", 0))
    if said == "stream: OK":
        return ""
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return said.removeprefix("stream: ").removesuffix(" FOUND")[:120]
    raise ScannerAwayError(said[:200])


def answers() -> bool:
    """Whether the scanner that is set answers."""
    try:
        return _ask(b"zPING\0") == "PONG"
    except ScannerAwayError:
        return False


def _ask(sent: bytes) -> str:
    try:
        with _connect() as connection:
            connection.settimeout(_SECONDS)
            connection.sendall(sent)
            said = b""
            while not said.endswith(b"\0") and (part := connection.recv(4096)):
                said += part
    except (OSError, ValueError) as error:
        raise ScannerAwayError(str(error)) from error
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connect() -> socket.socket:
    """`host:port`, or the path of a socket. Raises ValueError where it is neither."""
    address = settings.CLAMD_ADDRESS
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_SECONDS)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)
