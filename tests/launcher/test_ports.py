"""Which port a server gets."""

import socket
from collections.abc import Iterator

import pytest

from deploy.local import ports
from deploy.local.problems import StartError


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free() -> int:
    return ports.pick()


def test_it_sees_a_port_that_another_program_has(taken: int) -> None:
    assert not ports.is_free(taken)


def test_it_sees_a_port_that_another_program_has_on_every_address() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:  # noqa: S104
        assert not ports.is_free(server.getsockname()[1])


def test_it_keeps_the_remembered_port_while_it_is_free(free: int) -> None:
    assert ports.pick([None, free]) == free


def test_it_picks_another_port_when_the_remembered_one_is_taken(taken: int) -> None:
    picked = ports.pick([taken])
    assert picked in ports.RANGE
    assert ports.is_free(picked)


def test_it_serves_pages_on_the_port_that_was_asked_for(free: int) -> None:
    assert ports.pick_web(str(free), 8000) == free


def test_it_prefers_the_port_of_the_last_start(free: int) -> None:
    assert ports.pick_web(None, free) == free


def test_it_takes_8000_or_the_next_free_one(taken: int) -> None:
    assert 8000 <= ports.pick_web(None, taken) < 8100


def test_it_says_when_the_port_that_was_asked_for_is_taken(taken: int) -> None:
    with pytest.raises(StartError, match=f"PORT {taken} is taken by another program"):
        ports.pick_web(str(taken), None)


@pytest.mark.parametrize("wanted", ["eighty", "", "0", "65536", "-1", "80.5", "٨٠"])
def test_it_says_what_a_port_is_when_it_was_given_something_else(wanted: str) -> None:
    with pytest.raises(StartError, match="give a number from 1 to 65535"):
        ports.pick_web(wanted, None)
