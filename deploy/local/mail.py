"""A mail server for the local stack: accepts everything and keeps each message as a file."""

import asyncio
import threading
import time
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.ports import HOST


class MailServer:
    """Listens in a thread of its own; a message it has answered for with 250 lies whole in `folder` as `.eml`."""

    def __init__(self, folder: Path, *, port: int) -> None:
        self.folder, self.port = folder, port
        self.numbers = count(1)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="mail", daemon=True)

    def start(self) -> None:
        """Begins to listen; raises OSError if the port is taken."""
        self.thread.start()
        served = self.loop.create_server(self.protocol, HOST, self.port, backlog=512)
        self.server = asyncio.run_coroutine_threadsafe(served, self.loop).result(10)

    def stop(self) -> None:
        """Stops listening and ends the thread."""
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()

    def protocol(self) -> SMTP:
        """Returns the protocol of one connection."""
        return SMTP(
            self, hostname="homeward.localhost", enable_SMTPUTF8=True, loop=self.loop, data_size_limit=30_000_000
        )

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """Writes one message, with the envelope in two X- lines before it, and accepts it."""
        name = f"{time.time_ns():020d}-{next(self.numbers):06d}"
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n".encode()
        draft = self.folder / f".{name}"
        try:
            draft.write_bytes(head + content)
            draft.rename(self.folder / f"{name}.eml")
        except OSError as problem:
            return f"452 The message could not be kept: {problem.strerror}"
        return "250 Kept"
