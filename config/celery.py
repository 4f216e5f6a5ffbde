"""The Celery application. The database rows are the queue; Redis only carries nudges (readable in `common.nudges`)."""

import gc
import os

from celery import Celery
from celery.signals import celeryd_after_setup, worker_before_create_process

from common import nudges
from config.engine import NUDGES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("homeward")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
for name, task in NUDGES.items():
    nudges.register(name, task=task)


@celeryd_after_setup.connect(weak=False)
@worker_before_create_process.connect(weak=False)
def share_what_is_loaded(**signal: object) -> None:
    """Leaves what is loaded out of every later collection, which would copy its pages into each process of a worker."""
    gc.collect()
    gc.freeze()
