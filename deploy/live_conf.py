"""How the live process is served: one event loop for every page that listens, on the server that serves the pages.

The address comes from the command line (`--bind`). It loads no settings and no models.
"""

import signal
from typing import Any

import gunicorn

wsgi_app = "config.live:made_from_environment()"
worker_class = "asgi"
workers = 1  # one subscription, and so one process that knows every listener
asgi_loop = "asyncio"
asgi_lifespan = "on"
asgi_disconnect_grace_period = 0
graceful_timeout = 1
keepalive = 0  # a stream is the only request of its connection
control_socket_disable = True
limit_request_line, limit_request_fields, limit_request_field_size = 4094, 60, 8190
gunicorn.SERVER = "Homeward"  # what serves is nobody's business
# Memory, as gunicorn recommends.
worker_tmp_dir = "/dev/shm"  # noqa: S108  # nosec B108


def post_worker_init(worker: Any) -> None:
    """A stream has no end of its own to wait for: all of them end when the process is asked to."""

    def end() -> None:
        worker.asgi.end_streams()
        worker.handle_exit_signal()

    worker.loop.add_signal_handler(signal.SIGTERM, end)
