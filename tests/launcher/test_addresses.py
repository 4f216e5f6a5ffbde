"""Addresses of servers that the person brings."""

import pytest

from deploy.local.addresses import EXAMPLES, given, has_one_database_role
from deploy.local.problems import StartError


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_takes_its_own_examples(name: str) -> None:
    both = {"DATABASE_URL": EXAMPLES["DATABASE_URL"], name: EXAMPLES[name]}
    assert given(both)[name] == EXAMPLES[name]


def test_it_starts_its_own_servers_when_nothing_is_given() -> None:
    assert given({"REDIS_URL": "", "PATH": "/bin"}) == {}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "mysql://me@db.example/homeward", "DATABASE_URL must begin with postgres://"),
        ("DATABASE_URL", "db.example:5432", "DATABASE_URL must begin with postgres://"),
        ("DATABASE_URL", "postgres://me@db.example:5432/", "DATABASE_URL names no database"),
        ("DATABASE_URL", "postgres:///homeward", "DATABASE_URL names no host"),
        ("REDIS_URL", "redis://redis.example:port/0", "REDIS_URL cannot be read"),
        ("REDIS_URL", "redis://redis.example:99999/0", "REDIS_URL cannot be read"),
        ("REDIS_URL", "http://redis.example", "REDIS_URL must begin with redis://"),
        ("EMAIL_URL", "mail.example", "EMAIL_URL must begin with smtp://"),
        ("EMAIL_URL", "smtp://:25", "EMAIL_URL names no host"),
        ("EMAIL_URL", "smtp://mail.example:0", "EMAIL_URL names port 0"),
    ],
)
def test_it_says_what_is_wrong_with_an_address_and_how_to_write_it(name: str, value: str, said: str) -> None:
    with pytest.raises(StartError) as raised:
        given({name: value})
    assert said in str(raised.value)
    assert EXAMPLES[name] in str(raised.value)


def test_it_repeats_no_password() -> None:
    with pytest.raises(StartError) as raised:
        given({"DATABASE_URL": "mysql://me:hunter2@db.example/homeward"})
    assert "hunter2" not in str(raised.value)


def test_it_wants_the_runtime_address_beside_the_owner_s() -> None:
    with pytest.raises(StartError, match="Give both, or neither"):
        given({"DATABASE_OWNER_URL": EXAMPLES["DATABASE_OWNER_URL"]})


def test_it_migrates_with_the_only_role_there_is_and_knows_that_it_did() -> None:
    found = given({"DATABASE_URL": EXAMPLES["DATABASE_URL"]})
    assert found["DATABASE_OWNER_URL"] == EXAMPLES["DATABASE_URL"]
    assert has_one_database_role(found)


def test_it_is_content_with_two_roles() -> None:
    assert not has_one_database_role(given(EXAMPLES))
    assert not has_one_database_role({})
