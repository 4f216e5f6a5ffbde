"""The live process, served as in production, on a real Redis."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from common.live_tickets import channel_of, issue
from config import live
from deploy.local.home import Home
from deploy.local.ports import HOST, pick
from deploy.local.valkey import program
from tests.support.live import Listening, LiveProcess
from tests.support.waiting import wait_until

KEY, ORIGIN = "k" * 50, "https://homeward.example"


@pytest.fixture(scope="module")
def process() -> Iterator[LiveProcess]:
    started = LiveProcess(key=KEY, public_address=ORIGIN)
    wait_until(lambda: started.status("/readyz") == 200, "the subscription", seconds=10)
    yield started
    started.child.stop()


def ticket(*topics: str, who: str = "somebody") -> str:
    return issue(who=who, topics=topics, key=KEY)


@pytest.fixture
def call_out(redis_client, settings):
    return lambda *topics: redis_client.publish(channel_of(settings.REDIS_URL), json.dumps(topics))


def began(process: LiveProcess, *topics: str, **more: str) -> Listening:
    heard = process.listen(ticket(*topics, **more), origin=ORIGIN)
    assert heard.status == 200
    assert heard.next() == ": listening"
    return heard


def test_a_change_is_heard_at_once_by_whoever_may_hear_it_and_by_nobody_else(process, call_out):
    liaison, coordinator = began(process, "inbox:kz-border"), began(process, "inbox:staff", "board")
    asked = time.monotonic()
    call_out("inbox:kz-border", "notices")
    assert liaison.next() == "inbox"
    assert time.monotonic() - asked < 1
    call_out("board")
    assert coordinator.next() == "board"
    with pytest.raises(TimeoutError):
        liaison.next(seconds=0.3)
    liaison.close()
    coordinator.close()


def test_many_changes_are_told_together(process, call_out):
    heard = began(process, "inbox:staff", "board")
    for _ in range(200):
        call_out("board", "inbox:staff")
    assert sorted([heard.next(), heard.next()]) == ["board", "inbox"]
    said = [heard.next(), heard.next()]
    assert sorted(said) == ["board", "inbox"]
    with pytest.raises(TimeoutError):
        heard.next(seconds=0.3)
    heard.close()


def test_only_a_ticket_of_ours_from_a_page_of_ours_opens_a_stream(process):
    path = "/live/stream?ticket="
    assert process.status(path) == 403
    assert process.status(path + issue(who="x", topics=["board"], key="another" * 10)) == 403
    assert process.status(path + ticket("board"), origin="https://elsewhere.example") == 403
    assert process.status(path + ticket("board"), method="POST") == 405
    assert process.status("/") == 404


def test_one_account_has_so_many_streams_and_those_that_closed_do_not_count(process):
    opened = [began(process, "board", who="one") for _ in range(live.MOST_OF_ONE)]
    assert process.listen(ticket("board", who="one")).status == 429
    began(process, "board", who="another").close()
    for heard in opened:
        heard.close()
    wait_until(lambda: process.listen(ticket("board", who="one")).status == 200, "a free place", seconds=5)


def test_whoever_does_not_read_holds_nobody(process, call_out):
    with socket.create_connection((HOST, process.port)) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        slow.sendall(f"GET /live/stream?ticket={ticket('board', who='slow')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        heard = began(process, "board")
        call_out("board")
        assert heard.next() == "board"
        heard.close()


def test_asked_to_end_it_lets_every_page_go_at_once():
    started = LiveProcess(key=KEY, public_address=ORIGIN)
    wait_until(lambda: started.status("/readyz") == 200, "the subscription", seconds=10)
    heard = began(started, "board")
    asked = time.monotonic()
    started.child.ask_to_stop()
    assert heard.next() == ""
    assert started.child.process.wait(10) == 0
    assert time.monotonic() - asked < 4


@pytest.mark.deep
def test_without_redis_every_stream_ends_and_with_it_they_begin_again(tmp_path):
    port = pick()
    command = [str(program()), "--port", str(port), "--save", "", "--bind", HOST]
    started, redis = None, subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=Home(tmp_path).folder)
    try:
        started = LiveProcess(key=KEY, public_address=ORIGIN, redis_url=f"redis://{HOST}:{port}/0")
        wait_until(lambda: started.status("/readyz") == 200, "the subscription", seconds=10)
        heard = began(started, "board")
        redis.send_signal(signal.SIGSTOP)  # frozen: its lines stay open, and nothing comes
        assert heard.next(seconds=10) == ""
        assert started.listen(ticket("board")).status == 503
        redis.send_signal(signal.SIGCONT)
        wait_until(lambda: started.status("/readyz") == 200, "the subscription again", seconds=10)
        began(started, "board").close()
    finally:
        redis.kill()
        redis.wait()
        if started:
            started.child.stop()
