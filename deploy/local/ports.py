"""Free ports on 127.0.0.1."""

import random
import socket
from collections.abc import Iterable

from deploy.local.problems import StartError

HOST = "127.0.0.1"
RANGE = range(20000, 32000)
"""Below the kernel's range for outgoing connections, so that a port remembered today is rarely taken tomorrow."""


def is_free(port: int) -> bool:
    """True if nothing listens on the port, neither here nor on every address."""
    # Every address is tried, never served.
    for host in (HOST, "0.0.0.0"):  # noqa: S104  # nosec B104
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


def pick(preferred: Iterable[int | None] = ()) -> int:
    """Returns the first preferred port that is free, else any free one."""
    chosen = [port for port in preferred if port]
    chosen += random.sample(RANGE, 200)
    for port in chosen:
        if is_free(port):
            return port
    raise StartError(f"No free port was found between {RANGE.start} and {RANGE.stop} on {HOST}.")


def pick_web(wanted: str | None, remembered: int | None) -> int:
    """Returns the port of the pages: PORT if it is set, else the remembered one, else 8000, else the next free."""
    if wanted is None:
        return pick([remembered, *range(8000, 8100)])
    if not (wanted.isascii() and wanted.isdigit() and 0 < int(wanted) < 65536):
        raise StartError(f"PORT is {wanted!r}; give a number from 1 to 65535.")
    if not is_free(int(wanted)):
        raise StartError(f"PORT {wanted} is taken by another program. Give another, or leave PORT out.")
    return int(wanted)
