"""gunicorn in one process, for the local stack: `python -m deploy.local.alone` takes the arguments of `gunicorn`.

Its arbiter would be a second process of 8 MB that does nothing but start the only worker again; the launcher does that.
"""

import os
import sys
from typing import NoReturn

from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter


class Alone(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """Opens the sockets and then serves by itself."""

    def spawn_worker(self) -> NoReturn:
        """Becomes the worker and ends with it; the worker ends when the process that started us has ended."""
        worker = self.worker_class(1, os.getppid(), self.LISTENERS, self.app, self.timeout / 2.0, self.cfg, self.log)
        worker.pid = os.getpid()
        try:
            self.cfg.post_fork(self, worker)
            worker.init_process()
        finally:
            worker.tmp.close()
            self.cfg.worker_exit(self, worker)
        sys.exit(0)


if __name__ == "__main__":
    Alone(WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn")).run()
