"""The servers that every other test stands on are the real ones."""

import pytest
from django.contrib.sessions.models import Session
from django.core.mail import send_mail
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page

from tests.support.servers import CeleryWorker, LiveServer, Mailbox


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
