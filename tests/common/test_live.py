"""What changed is called out after commit, once, and a Redis that is away harms nobody."""

import json
import socket
import time

import pytest
from django.db import transaction
from django.test.utils import override_settings

from common import audit, live
from common.live_tickets import GOOD_FOR, TicketError, channel_of, issue, read
from tests.cast import COMMAND, NOW

KEY = "k" * 50


@pytest.fixture
def heard(redis_client, settings):
    """`heard()` gives what was called out since."""
    with redis_client.pubsub() as subscription:
        subscription.subscribe(channel_of(settings.REDIS_URL))
        subscription.get_message(timeout=5)

        def since() -> list[list[str]]:
            messages = iter(lambda: subscription.get_message(timeout=0.2), None)
            return [json.loads(message["data"]) for message in messages]

        yield since


@pytest.fixture
def silent_redis(monkeypatch):
    """A Redis that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        monkeypatch.setattr(live._Line, "client", None)
        monkeypatch.setattr(live._Line, "quiet_until", 0.0)
        with override_settings(REDIS_URL=address):
            yield
    monkeypatch.setattr(live._Line, "client", None)
    monkeypatch.setattr(live._Line, "quiet_until", 0.0)


@pytest.mark.django_db(transaction=True)
def test_it_is_called_out_after_commit_and_once(heard):
    with transaction.atomic():
        live.tell("inbox:staff")
        with transaction.atomic():
            live.tell("board", "inbox:staff")
        assert heard() == []
    assert heard() == [["board", "inbox:staff"]]


@pytest.mark.django_db(transaction=True)
def test_what_was_undone_is_not_called_out(heard):
    with transaction.atomic():
        live.tell("board")
        transaction.set_rollback(True)
    with transaction.atomic():
        live.tell("inbox:staff")
    assert heard() == [["inbox:staff"]]


@pytest.mark.django_db(transaction=True)
def test_an_act_calls_out_what_is_watched_by_its_audit_row(heard, group, organisations):
    with transaction.atomic():
        audit.record("looked over", group, by=COMMAND, at=NOW)
        audit.record("looked over", organisations["iom-uz"], by=COMMAND, at=NOW)
    assert heard() == [["board"]]


def test_what_was_found_is_kept_until_something_is_called_out(redis_client):
    found = iter([[1], [2], [3]])

    def ask() -> list[int]:
        return live.remembered("test:found", topics=["inbox:a", "inbox:b"], seconds=60, found=lambda: next(found))

    assert (ask(), ask()) == ([1], [1])
    live._Telling(["inbox:c"])()
    assert ask() == [1]
    live._Telling(["inbox:b"])()
    assert (ask(), ask()) == ([2], [2])


def test_a_silent_redis_costs_half_a_second_once(silent_redis):
    began = time.monotonic()
    live._Telling(["board"])()
    kept = [live.remembered("test:found", topics=["board"], seconds=60, found=lambda: "fresh") for _ in range(5)]
    assert kept == ["fresh"] * 5
    assert time.monotonic() - began < 2 * live.PATIENCE + 0.4


def test_a_ticket_says_who_and_what_and_cannot_be_altered():
    ticket = issue(who="somebody", topics={"inbox:kz-border"}, key=KEY)
    assert read(ticket, key=KEY) == ("somebody", ("inbox:kz-border",))
    for wrong in (ticket[:-1] + "A" * (ticket[-1] != "A") + "B" * (ticket[-1] == "A"), "", "a:b:c", ticket[3:]):
        with pytest.raises(TicketError):
            read(wrong, key=KEY)
    with pytest.raises(TicketError):
        read(ticket, key="another" * 10)
    with pytest.raises(TicketError):
        read(ticket, key=KEY, good_for=-1)
    assert GOOD_FOR < 60
