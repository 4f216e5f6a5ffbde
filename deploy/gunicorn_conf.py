"""How pages and API are served: the code is loaded once, then shared by the processes that serve.

The address comes from the command line (`--bind`), or from the container; how many processes, from WEB_CONCURRENCY.
"""

import gc
import os

import gunicorn
from django.urls import get_resolver

wsgi_app = "config.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"  # a browser's idle second connection must not hold a whole process
threads = 4
preload_app = workers > 1  # one alone shares with nobody, and a parent that has loaded it all would be a second one
timeout = 60
graceful_timeout = 5
control_socket_disable = True
# A request line holds a signed link or a search, a head some cookies: whatever is longer is refused before it is read.
limit_request_line, limit_request_fields, limit_request_field_size = 4094, 60, 8190
gunicorn.SERVER = "Homeward"  # what serves is nobody's business
# Memory, as gunicorn recommends.
worker_tmp_dir = "/dev/shm"  # noqa: S108  # nosec B108


def when_ready(server: object) -> None:
    """Loads every address before the processes part, where they share what is loaded."""
    if preload_app:
        load_all()


def post_worker_init(worker: object) -> None:
    """The same where one process serves alone."""
    if not preload_app:
        load_all()


def load_all() -> None:
    """Leaves what is loaded out of later collections, which would copy it into each process."""
    get_resolver().url_patterns  # noqa: B018 (reading it loads them)
    from common import countries  # noqa: PLC0415 (the product can be found only once its server has begun)

    countries.load()
    gc.collect()
    gc.freeze()
