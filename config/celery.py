"""The Celery application. The database rows are the queue; Redis only carries nudges (readable in `common.nudges`)."""

import gc
import os

from celery import Celery
from celery.signals import celeryd_after_setup, celeryd_init, worker_before_create_process
from django.core.exceptions import ImproperlyConfigured

from common import nudges
from common.sealed import ring
from config.engine import NUDGES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("homeward")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
for name, task in NUDGES.items():
    nudges.register(name, task=task)


@celeryd_init.connect(weak=False)
def refuse_to_start_without_keys(**signal: object) -> None:
    """Keys that cannot seal stop the worker before it takes anything up; Celery would only log an ordinary exception."""
    try:
        ring()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error


@celeryd_after_setup.connect(weak=False)
@worker_before_create_process.connect(weak=False)
def share_what_is_loaded(**signal: object) -> None:
    """Leaves what is loaded out of every later collection, which would copy its pages into each process of a worker."""
    gc.collect()
    gc.freeze()
