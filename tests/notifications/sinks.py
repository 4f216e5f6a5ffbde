"""Mail servers that misbehave, speaking real SMTP."""

import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

_opened: Counter[int] = Counter()


def opened(port: int) -> int:
    """How many connections the server on `port` has seen."""
    return _opened[port]


@contextmanager
def refusing_sink(
    answers: dict[str, str], *, only: str = "", eight_bit: bool = True, together: bool = False, slow: float = 0
) -> Iterator[int]:
    """A server that gives `answers` to a verb (RCPT, DATA as the answer to the message); `only` for one recipient.

    A `slow` one takes so many seconds for each word. With `together` it reads several words at once, and asks for a message
    even where it refused the recipient.

    Yields its port; `opened(port)` counts the connections.
    """

    class Session(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            time.sleep(slow)
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            _opened[int(self.connection.getsockname()[1])] += 1
            self.say("220 sink")
            recipient = ""
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                if verb == "EHLO":
                    self.say("250-sink" if eight_bit else "250 sink")
                    if together:
                        self.say("250-PIPELINING")
                    if eight_bit:
                        self.say("250 8BITMIME")
                elif verb == "QUIT":
                    return self.say("221 bye")
                elif verb == "RCPT":
                    recipient = line
                    self.say(answers["RCPT"] if "RCPT" in answers and only in recipient else "250 ok")
                elif verb == "DATA":
                    self.say("354 go on")
                    content = []
                    while (part := self.rfile.readline()) not in (b".\r\n", b""):
                        content.append(part)
                    assert eight_bit or b"".join(content).isascii()
                    answer = answers.get("DATA", "250 ok")
                    self.say(answer)
                    if answer.startswith("421"):
                        return None
                else:
                    self.say("250 ok")
            return None

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
