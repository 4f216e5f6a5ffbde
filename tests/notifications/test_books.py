"""The engine's books hold, and where they do not, the row is named."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command

from common import clock
from common.clock import real_now
from notifications import heartbeat, tasks, watchdog
from notifications.books import books, last_successes
from notifications.models import Delivery, EscalationStep, Notice
from partners.enums import Role
from tests.cast import NOW

pytestmark = pytest.mark.django_db


class Heartbeats:
    """A server outside that counts who asked for what."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/alive"
        self.asked: list[str] = []


@pytest.fixture
def heartbeats():
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        heard = Heartbeats(server.server_port)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield heard
        server.shutdown()


def accounts():
    return books(at=NOW, real_at=real_now())


def holding():
    return [account.holds for account in accounts()]


def test_the_books_hold_from_raising_to_handing_over(alert):
    assert holding() == [True, True]
    notices, deliveries = accounts()
    assert notices.total == notices.sum == alert.notices.count()
    assert deliveries.total == Delivery.objects.count() > 0
    clock.set_to(NOW)
    tasks.send_deliveries()
    assert holding() == [True, True]
    assert last_successes(at=NOW)["email"] is not None


def test_a_notice_that_nothing_pursues_is_astray(alert):
    notice = alert.notices.earliest("pk")
    EscalationStep.objects.filter(notice=notice).delete()
    Delivery.objects.filter(notice=notice).update(
        notice=alert.notices.latest("pk"), address="x", purpose="next_contact"
    )
    found = accounts()[0]
    assert not found.holds
    assert found.astray == (f"{alert.number} {notice.organisation.code}",)


def test_a_notice_that_says_acknowledged_without_an_answer_is_astray(alert):
    Notice.objects.filter(pk=alert.notices.earliest("pk").pk).update(state="acknowledged", answered_at=NOW)
    assert holding() == [False, True]


def test_a_delivery_that_was_due_long_ago_is_astray(alert):
    Delivery.objects.filter(pk=Delivery.objects.earliest("pk").pk).update(due_at=real_now() - timedelta(hours=1))
    assert holding() == [True, False]


def test_the_command_ends_with_an_error_where_something_is_astray(alert, capsys):
    clock.set_to(NOW)
    said = StringIO()
    call_command("watchdog", stdout=said)
    assert "notices raised = " in said.getvalue()
    Delivery.objects.update(due_at=real_now() - timedelta(hours=1))
    with pytest.raises(SystemExit) as ended:
        call_command("watchdog")
    assert ended.value.code == 1
    assert "DOES NOT HOLD" in capsys.readouterr().out


def test_a_coordinator_and_an_administrator_see_the_engine(alert, sign_in):
    clock.set_to(NOW)
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        page = sign_in(role).get("/engine/").content.decode()
        assert "The books hold" in page
        assert f'<dd class="num">{Delivery.objects.count()}</dd>' in page
    Delivery.objects.update(due_at=real_now() - timedelta(hours=1))
    assert "Something is astray" in sign_in(Role.COORDINATOR).get("/engine/").content.decode()


def test_the_proxy_is_told_which_part_is_silent(client):
    parts = ["database", "redis", "deliveries", "escalation", "webhooks", "beat"]
    assert client.get("/readyz").json() == dict.fromkeys(parts, True)
    watchdog.sign("beat", real_at=real_now() - timedelta(minutes=2))
    cache.clear()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [name for name, works in answer.json().items() if not works] == ["beat"]


def test_a_beat_that_stopped_is_silent_within_two_minutes():
    now = real_now()
    for name in watchdog.PATIENCE:
        watchdog.sign(name, real_at=now)
    watchdog.silent_parts(real_at=now)
    assert set(watchdog.silent_parts(real_at=now + timedelta(seconds=119 - watchdog.CACHED_FOR))) == set(
        watchdog.PATIENCE
    )


def test_the_address_outside_hears_of_us_while_all_is_well(alert, settings, heartbeats):
    settings.HEARTBEAT_URL, settings.EGRESS_ALLOWED = heartbeats.url, ["127.0.0.1"]
    clock.set_to(NOW)
    tasks.beat_outside()
    assert heartbeats.asked == ["/alive"]
    Delivery.objects.update(due_at=real_now() - timedelta(hours=1))
    tasks.beat_outside()
    assert heartbeats.asked == ["/alive"]


def test_no_sign_of_life_goes_into_our_own_network(settings, heartbeats):
    settings.HEARTBEAT_URL, settings.EGRESS_ALLOWED = heartbeats.url, []
    assert not heartbeat.beat_outside()
    assert heartbeats.asked == []
