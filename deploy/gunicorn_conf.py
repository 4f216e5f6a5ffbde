"""How pages and API are served: the code is loaded once, then shared by the processes that serve.

The address comes from the command line (`--bind`), or from the container.
"""

import gc

wsgi_app = "config.wsgi"
workers = 2
worker_class = "gthread"  # a browser's idle second connection must not hold a whole process
threads = 4
preload_app = True
timeout = 60
graceful_timeout = 5
control_socket_disable = True
# Memory, as gunicorn recommends.
worker_tmp_dir = "/dev/shm"  # noqa: S108  # nosec B108


def when_ready(server: object) -> None:
    """Leaves what is loaded out of every later collection, which would copy its pages into each process."""
    gc.collect()
    gc.freeze()
