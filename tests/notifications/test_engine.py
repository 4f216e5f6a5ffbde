"""What beat repeats, what nudges wake, and what a silent engine looks like."""

from datetime import timedelta

import pytest
from celery import current_app
from django.core.cache import cache

from common import clock, nudges
from common.clock import real_now
from config.engine import CELERY_BEAT_SCHEDULE, NUDGES
from notifications import tasks, watchdog
from partners.enums import Role
from tests.cast import NOW


def task_names() -> set[str]:
    current_app.loader.import_default_modules()
    return set(current_app.tasks)


@pytest.mark.parametrize("name", CELERY_BEAT_SCHEDULE)
def test_every_beat_entry_names_a_real_task(name):
    assert CELERY_BEAT_SCHEDULE[name]["task"] in task_names()


@pytest.mark.parametrize("name", NUDGES)
def test_every_nudge_wakes_a_real_task(name):
    assert NUDGES[name] in task_names()
    assert nudges.registered()[name] == NUDGES[name]


def test_beat_sweeps_whatever_a_nudge_wakes():
    assert set(NUDGES.values()) <= {entry["task"] for entry in CELERY_BEAT_SCHEDULE.values()}


@pytest.mark.django_db
def test_a_part_of_the_engine_that_stays_silent_is_noticed():
    now = real_now()
    watchdog.sign("deliveries", real_at=now)
    assert watchdog.silent_since(real_at=now + timedelta(minutes=1)) is None
    assert watchdog.silent_since(real_at=now + timedelta(minutes=5)) == now


@pytest.mark.django_db
def test_an_engine_that_has_not_begun_is_not_called_silent():
    cache.clear()
    assert watchdog.silent_since(real_at=real_now()) is None


def test_a_silent_engine_is_said_on_every_page(sign_in):
    client = sign_in(Role.COORDINATOR)
    watchdog.sign("deliveries", real_at=real_now())
    assert "Notices are not being sent" not in client.get("/notices/").content.decode()
    watchdog.sign("deliveries", real_at=real_now() - timedelta(minutes=10))
    cache.clear()
    assert "Notices are not being sent" in client.get("/notices/").content.decode()
    assert "Notices are not being sent" in client.get("/calls/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("task", [tasks.send_deliveries, tasks.escalate, tasks.sweep])
def test_each_task_may_run_twice(task, alert, mailbox):
    clock.set_to(NOW)
    task()
    seen = len(mailbox)
    task()
    assert len(mailbox) == seen


@pytest.mark.django_db
def test_the_sweep_closes_what_has_ended(alert):
    clock.set_to(alert.expires_at)
    tasks.sweep()
    assert set(alert.notices.values_list("state", flat=True)) == {"expired"}
