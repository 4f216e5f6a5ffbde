"""A service of advisories on this machine: speaks as osv.dev and as the register of npm do, and knows what it is told."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


def hole(name: str, ecosystem: str) -> dict[str, Any]:
    """One that stands in every version up to 9999."""
    events = [{"introduced": "0"}, {"fixed": "9999"}]
    package = {"name": name, "ecosystem": ecosystem}
    return {
        "id": "GHSA-0000-0000-0000",
        "summary": "a hole",
        "modified": "2026-11-01T00:00:00Z",
        "affected": [{"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}]}],
    }


@contextmanager
def service(*, python: str = "", scripts: str = "") -> Iterator[tuple[str, list[str]]]:
    """Gives its address and what it is asked; it knows a hole in the package named of each kind, and in no other."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            said = json.loads(body)
            asked.append(self.path)
            self._say(_npm(said, scripts) if "npm" in self.path else _osv(said, python))

        def do_GET(self) -> None:
            self.send_error(404)

        def _say(self, answer: Mapping[str, Any]) -> None:
            content = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_said: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def _osv(said: Mapping[str, Any], known: str) -> dict[str, Any]:
    name = said["package"]["name"]
    return {"vulns": [hole(name, "PyPI")]} if name == known else {}


def _npm(said: Mapping[str, Any], known: str) -> dict[str, Any]:
    advisory = {
        "id": 1,
        "url": "https://x.example/1",
        "title": "a hole",
        "severity": "high",
        "vulnerable_versions": "<9999",
    }
    return {known: [advisory]} if known in said else {}
