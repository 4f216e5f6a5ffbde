"""The way out to addresses that somebody outside told us: never into our own network, whatever name or number they wrote.

The address is looked up and judged where the connection is made, and that very address is connected to: a name that is public
when it is asked and private a moment later wins nothing. Redirects are not followed, and only https is spoken.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidURL
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class EgressError(OSError):
    """An address to which nothing is sent."""


class NoAddressError(EgressError):
    """A name that nobody could look up just now: there may be none, or no way to ask."""


def reachable_address(host: str, port: int) -> str:
    """The address to connect to for `host`. Raises EgressError where any address behind the name is not a public one.

    Hosts of the setting EGRESS_ALLOWED may stand anywhere. Raises NoAddressError, which may pass, where nothing is found.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NoAddressError(f"{host} has no address.") from error
    except UnicodeError as error:
        raise EgressError(f"{host} has no address.") from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if host.lower().strip("[]") not in settings.EGRESS_ALLOWED and not all(map(is_public, addresses)):
        raise EgressError(f"{host} does not stand in the public network.")
    return str(addresses[0])


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public network, looked at through every wrapping of an IPv4 address in IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64 or int(address) >> 32 == 0:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        if any(each is not None and not is_public(each) for each in inner):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class _Checked:
    """A connection that judges the address it is about to use, and uses no other."""

    def _new_conn(self) -> socket.socket:
        connection: Any = self
        address = reachable_address(connection._dns_host, connection.port)
        return create_connection((address, connection.port), connection.timeout)


class _PlainConnection(_Checked, HTTPConnection):
    pass


class _SecureConnection(_Checked, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class PublicAddressesOnly(HTTPAdapter):
    """Mounted on a session of `requests`, for both schemes, it lets that session out to public addresses only."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Raises InvalidURL for what is not https; only a host of EGRESS_ALLOWED may be spoken to in the open."""
        asked = urlsplit(request.url or "")
        if str(asked.scheme) != "https" and asked.hostname not in settings.EGRESS_ALLOWED:
            raise InvalidURL("Only https leaves this house.")
        return super().send(request, *args, **kwargs)


class _OpenLine(http.client.HTTPConnection):
    """A connection that stays open for many requests, to the address that was judged when it was opened."""

    def connect(self) -> None:
        self.sock = socket.create_connection((reachable_address(self.host, self.port), self.port), self.timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class _SecureLine(_OpenLine):
    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = _trusting().wrap_socket(self.sock, server_hostname=self.host)


@lru_cache(maxsize=1)
def _trusting() -> ssl.SSLContext:
    """Certificates that this machine trusts; read once, for that takes longer than a request."""
    return ssl.create_default_context()


def line_to(url: str, *, seconds: float) -> http.client.HTTPConnection:
    """A connection to the host of `url`, not yet opened; each wait on it lasts at most `seconds`. Raises EgressError."""
    asked = may_leave(url)
    line = _SecureLine if asked.scheme == "https" else _OpenLine
    return line(asked.hostname or "", asked.port, timeout=seconds)


def may_leave(url: str) -> SplitResult:
    """The parts of an address to which something may be sent by name. Raises EgressError with a sentence otherwise.

    What stands behind the name is judged when the connection is made, each time anew.
    """
    try:
        asked = urlsplit(url)
        port = asked.port
    except ValueError as error:
        raise EgressError("This is no address of the web.") from error
    if not asked.hostname or asked.username is not None or port == 0:
        raise EgressError("The address must name a host, and no user or password.")
    if asked.scheme != "https" and (asked.scheme != "http" or asked.hostname not in settings.EGRESS_ALLOWED):
        raise EgressError("The address must begin with https://.")
    return asked
