"""The servers that every other test stands on are the real ones."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core.mail import send_mail
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page

from tests.support.database import keep, restore
from tests.support.servers import CeleryWorker, LiveServer, Mailbox
from tests.support.waiting import WaitedInVainError


@pytest.fixture
def one_more(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A session in the database of this process, beside that of the test."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as client:
        yield client


def keep_a_session() -> None:
    Session.objects.create(session_key="left-behind", session_data="", expire_date=timezone.now())


@pytest.mark.django_db
def test_it_uses_the_database_as_a_role_without_power() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("homeward_app", False, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_it_reads_cyrillic_letters_without_their_case() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ҒУЛОМОВА'), 'Ҷамшед' ILIKE 'ҷАМШЕД'")
        assert cursor.fetchone() == ("ғуломова", True)


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_it_forgets_what_a_committing_test_left(turn: int) -> None:
    assert not Session.objects.exists()
    keep_a_session()


@pytest.mark.django_db(transaction=True)
def test_it_keeps_a_moment_although_somebody_left_a_session_open(one_more: psycopg.Connection) -> None:
    keep_a_session()
    one_more.execute("SELECT 1")
    kept = keep("moment", patience=20, rest=0.1)
    Session.objects.all().delete()
    restore(kept)
    assert Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_whoever_is_at_work_and_says_who_that_is(one_more: psycopg.Connection) -> None:
    with one_more.transaction():
        one_more.execute("SELECT 'half done'")
        with pytest.raises(WaitedInVainError, match=r"idle in transaction.*half done"):
            keep("moment", patience=0.3, rest=0.1)
    assert one_more.execute("SELECT 1").fetchone() == (1,)


def test_it_keeps_each_message_that_was_sent(mailbox: Mailbox) -> None:
    send_mail("Зарина", "Тест", "from@homeward.example", ["one@example.org", "two@example.org"])
    assert [message["Subject"] for message in mailbox] == ["Зарина"]
    assert len(mailbox.to("two@example.org")) == 1


def test_it_starts_with_an_empty_mailbox(mailbox: Mailbox) -> None:
    assert list(mailbox) == []


def test_it_runs_a_real_worker(celery_worker: CeleryWorker) -> None:
    celery_worker.kill()
    celery_worker.start()
    assert " ready." in celery_worker.log


def test_it_opens_pages_in_a_real_browser(live_server: LiveServer, page: Page, page_problems: list[str]) -> None:
    page.goto("/nowhere/")
    assert page.url == f"{live_server.url}/nowhere/"
    page_problems.clear()  # the browser notes the 404
