"""Operators of SMS, Telegram and WhatsApp, and systems of organisations: local servers that speak the real protocols."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

Answer = tuple[int, dict[str, Any] | str, dict[str, str]]


@dataclass(frozen=True)
class Call:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.body)  # type: ignore[no-any-return]

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Operator:
    """`calls` are those that it took or refused; `opened` counts connections."""

    url: str
    calls: list[Call] = field(default_factory=list)
    opened: int = 0


@contextmanager
def operator(answer: Callable[[Call], Answer]) -> Iterator[Operator]:
    """A server on the loopback that answers each POST as `answer` says, over connections that stay open."""
    seen = Operator("")

    class Session(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            seen.opened += 1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            call = Call(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            seen.calls.append(call)
            status, said, headers = answer(call)
            content = (said if isinstance(said, str) else json.dumps(said)).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_parts: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Session)
    server.daemon_threads = True
    seen.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


ACCESS: dict[str, dict[str, str]] = {
    "sms": {"account": "AC1", "token": "sms-key", "sender": "+77010000001"},
    "telegram": {"token": "1:telegram-key", "hook_secret": "hook-secret"},
    "whatsapp": {
        "number": "1234", "token": "wa-key", "template": "notice", "app_secret": "app-secret", "verify_token": "verify",
    },
}  # fmt: skip


def sms(call: Call, *, refused: Answer | None = None) -> Answer:
    """Twilio's Messages resource."""
    signed_in = call.headers.get("authorization") == "Basic " + base64.b64encode(b"AC1:sms-key").decode()
    if not signed_in:
        return 401, {"code": 20003, "message": "Authenticate", "status": 401}, {}
    if call.path != "/2010-04-01/Accounts/AC1/Messages.json" or not {"To", "From", "Body"} <= set(call.form):
        return 404, {"code": 20404, "message": "Not found", "status": 404}, {}
    return refused or (201, {"sid": f"SM{len(call.body)}", "status": "queued"}, {})


def telegram(call: Call, *, refused: Answer | None = None) -> Answer:
    """sendMessage of the Bot API."""
    if call.path != "/bot1:telegram-key/sendMessage":
        return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, {}
    if not call.said.get("text") or len(call.said["text"]) > 4096:
        return 400, {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"}, {}
    return refused or (200, {"ok": True, "result": {"message_id": 77, "chat": {"id": call.said["chat_id"]}}}, {})


def whatsapp(call: Call, *, refused: Answer | None = None) -> Answer:
    """Messages of the Cloud API."""
    if call.headers.get("authorization") != "Bearer wa-key":
        return 401, {"error": {"message": "Invalid OAuth access token", "code": 190}}, {}
    if call.path != "/1234/messages" or call.said.get("messaging_product") != "whatsapp":
        return 400, {"error": {"message": "Unsupported post request", "code": 100}}, {}
    return refused or (200, {"messages": [{"id": "wamid.1", "message_status": "accepted"}]}, {})
