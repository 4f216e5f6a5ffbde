"""Weights and memory are measured as a browser and the kernel see them."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest

from deploy.local import measure
from tests.scenario.story import Figure

ROOMY = {"first_kb": 100, "later_kb": 100}
PAGE = b"""<link rel="stylesheet" href="/a.css"><link rel="alternate" href="/never.html"><script src="/a.js"></script>
<svg><use href="/icons.svg#bell"/></svg><img src="https://elsewhere.example/x.png"><a href="/never.html">go</a>"""
FILES = {
    "/": ("text/html", PAGE, "no-cache"),
    "/accounts/login/": ("text/html", PAGE, "no-cache"),
    "/a.css": ("text/css", b"p { background: url('b.png') }" + b" " * 5000, "max-age=600, immutable"),
    "/b.png": ("image/png", b"p" * 100, ""),
    "/a.js": ("text/javascript", b'import { x } from "./b.js";', "max-age=600"),
    "/b.js": ("text/javascript", b"export const x = 1;", "max-age=600"),
    "/icons.svg": ("image/svg+xml", b"<svg/>", "max-age=600"),
}


class Site(BaseHTTPRequestHandler):
    """Serves FILES, packed; knows its page again by ETag."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, body, control = FILES[self.path]
        unchanged = self.headers.get("If-None-Match") == '"one"'
        packed = b"" if unchanged else brotli.compress(body)
        self.send_response(304 if unchanged else 200)
        for name, value in (("Content-Type", kind), ("Content-Encoding", "br"), ("Cache-Control", control)):
            self.send_header(name, value)
        if self.path == "/":
            self.send_header("ETag", '"one"')
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_weighs_a_page_with_all_that_it_loads_and_nothing_else(site: str) -> None:
    weight = measure.weigh(f"{site}/", {})
    assert {address.removeprefix(site) for address in weight.parts} == set(FILES) - {"/accounts/login/"}


def test_it_counts_what_came_over_the_wire(site: str) -> None:
    weight = measure.weigh(f"{site}/", {})
    assert weight.parts[f"{site}/a.css"][0] < 500
    assert weight.first == sum(first for first, _ in weight.parts.values())


def test_it_counts_at_the_next_visit_only_what_a_browser_asks_again(site: str) -> None:
    weight = measure.weigh(f"{site}/", {})
    asked = {address.removeprefix(site) for address, (_, later) in weight.parts.items() if later}
    assert asked == {"/", "/b.png"}
    assert weight.parts[f"{site}/"][1] < weight.parts[f"{site}/"][0]


@pytest.mark.parametrize(
    ("limits", "memory_limit", "kept"),
    [
        (ROOMY, 10_000, True),
        ({}, 10_000, True),
        (ROOMY, 1, False),
        (ROOMY | {"first_kb": 0.1}, 10_000, False),
        (ROOMY | {"later_kb": 0.1}, 10_000, False),
    ],
)
def test_it_tells_whether_memory_and_pages_keep_their_limits(
    site: str, tmp_path: Path, limits: dict[str, float], memory_limit: float, kept: bool
) -> None:
    pages, said = tmp_path / "pages.json", list[str]()
    pages.write_text(json.dumps([{"name": "front", "path": "/", **limits}]))
    root = os.getpid()
    assert measure.report(site, root_pid=root, pages_file=pages, say=said.append, memory_limit=memory_limit) is kept
    assert any(line.startswith("FAIL") for line in said) is not kept


def test_a_figure_of_the_story_is_kept_only_under_its_goal() -> None:
    assert Figure("seconds", 4.99, under=5).kept
    assert not Figure("seconds", 5, under=5).kept
    assert str(Figure("seconds", 5, under=5)) == "FAIL seconds: 5.00 (goal: under 5)"


def test_it_adds_up_the_memory_of_a_process_and_all_below_it() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = bytes(range(256)) * 80_000; input()'])"
    with subprocess.Popen([sys.executable, "-c", f"{code}"], stdin=subprocess.PIPE) as started:
        sizes: dict[str, float] = {}
        while sizes.get("python", 0) + sum(sizes.values()) < 20:
            sizes = measure.memory(started.pid)
        started.communicate(b"\n")
    assert "launcher" in sizes
    assert sum(sizes.values()) < 200
    assert measure.memory(os.getpid())["launcher"] > 20
