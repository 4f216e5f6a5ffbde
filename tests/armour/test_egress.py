"""What somebody outside tells us to speak to never leads into our own network."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
import requests

from accounts.provider_sessions import GuardedSession
from common import egress

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",  # noqa: S104
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1",
    "2001:db8::1",
]  # fmt: skip
ODD = ["0x7f.1", "2130706433", "017700000001", "127.1", "0x7f000001", "0", "localhost", "[::1]"]
"""Ways in which a resolver reads 127.0.0.1 and its like."""


@pytest.fixture
def inside(settings):
    """A server in our own network that counts who reaches it; nothing of the network is allowed."""
    settings.EGRESS_ALLOWED = []
    reached: list[str] = []

    class Metadata(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_response(302 if self.path == "/there" else 200)
            self.send_header("Location", "/secret")
            self.end_headers()

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Metadata)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server.server_port, reached
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_a_house_is_public(address):
    assert not egress.is_public(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111"])
def test_an_address_of_the_world_is_public(address):
    assert egress.is_public(ip_address(address))


@pytest.mark.parametrize("host", ODD)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_notation_leads_inside(inside, host, scheme):
    port, reached = inside
    with GuardedSession() as session, pytest.raises((requests.RequestException, OSError)):
        session.get(f"{scheme}://{host}:{port}/secret", timeout=3, withhold_token=True)
    assert reached == []


def test_a_name_that_turns_private_when_it_is_connected_to_is_refused(inside, monkeypatch):
    port, reached = inside
    answers = iter(["93.184.215.14", "127.0.0.1"])

    def turning(host, *args, **kwargs):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", turning)
    assert egress.reachable_address("turning.example", port) == "93.184.215.14"  # asked first, as a check before would
    with GuardedSession() as session, pytest.raises(requests.RequestException):
        session.get(f"https://turning.example:{port}/secret", timeout=3, withhold_token=True)
    assert reached == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch, settings):
    settings.EGRESS_ALLOWED = []
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)
    with pytest.raises(egress.EgressError):
        egress.reachable_address("both.example", 443)


def test_what_an_operator_allows_is_reached_but_no_redirect_is_followed(inside, settings):
    port, reached = inside
    settings.EGRESS_ALLOWED = ["127.0.0.1"]
    with GuardedSession() as session:
        assert session.get(f"http://127.0.0.1:{port}/there", timeout=3, withhold_token=True).status_code == 302
    assert reached == ["/there"]


def test_nothing_leaves_in_the_open(settings):
    settings.EGRESS_ALLOWED = []
    with GuardedSession() as session, pytest.raises(requests.exceptions.InvalidURL):
        session.get("http://1.1.1.1/", timeout=3, withhold_token=True)
