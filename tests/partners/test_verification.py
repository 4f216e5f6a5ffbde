"""A channel is verified when somebody at the desk says that a test message came, or answered our call."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from common.clock import real_now
from partners import verification
from partners.enums import Role
from partners.models import Channel, ChannelCheck
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(organisations):
    return Channel.objects.get(contact__office__organisation=organisations["kz-border"], contact__rank=1, kind="email")


def send(channel, **changes):
    asked: dict[str, Any] = {"by": COMMAND, "at": NOW, "real_at": real_now()}
    return verification.send_test(channel=channel, **(asked | changes))


@pytest.fixture
def address(channel, mailbox, django_capture_on_commit_callbacks):
    """The address in the test message, as the desk got it."""
    with django_capture_on_commit_callbacks(execute=True):
        send(channel)
    found = re.search(r"/reached/\S+/", mailbox[0].get_payload(decode=True).decode())
    assert found
    return found[0]


def test_opening_the_link_shows_and_pressing_verifies(channel, address):
    client = Client()
    page = client.get(address).content.decode()
    assert "Это сообщение доходит до вас?" in page
    assert not Channel.objects.filter(verified_at__isnull=False).exists()
    client.post(address, {"name": "Дежурный", "function": "оперативный дежурный"})
    channel.refresh_from_db()
    check = ChannelCheck.objects.get()
    assert channel.verified_at is not None
    assert (check.name, check.function, check.digest) == ("Дежурный", "оперативный дежурный", None)
    assert client.post(address, {"name": "Another", "function": "x"}).status_code == 410


def test_a_browser_that_tells_nothing_of_itself_answers_too_and_the_page_leaves_no_trace(channel, address):
    client = Client(enforce_csrf_checks=True)
    page = client.post(address, {"name": "Дежурный", "function": "оперативный дежурный"})
    channel.refresh_from_db()
    assert (page.status_code, channel.verified_at is not None) == (200, True)
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]


def test_an_answer_needs_a_name_and_a_function(channel, address):
    answer = Client().post(address, {"name": "", "function": ""})
    assert answer.status_code == 422
    channel.refresh_from_db()
    assert channel.verified_at is None


def test_a_newer_message_ends_the_link_before_it(channel, address):
    send(channel)
    assert Client().get(address).status_code == 410


def test_a_link_ends_after_two_weeks(channel):
    check = send(channel, real_at=real_now() - timedelta(days=15))
    assert check.expires_at < real_now()
    assert verification.find("a-token-that-nobody-made", real_at=real_now()) is None


def test_a_call_that_is_written_down_verifies_too(channel, organisations):
    phone = channel.contact.channels.get(kind="phone")
    verification.write_down_call(channel=phone, name="Aida", function="duty officer", by=COMMAND, at=NOW)
    phone.refresh_from_db()
    assert phone.verified_at == NOW


def test_what_is_switched_off_or_is_a_telephone_gets_no_test_message(channel):
    with pytest.raises(verification.CheckError, match="by e-mail"):
        send(channel.contact.channels.get(kind="phone"))
    channel.switched_off_at = NOW
    with pytest.raises(verification.CheckError, match="switched off"):
        send(channel)


def test_a_coordinator_asks_and_writes_a_call_down_on_the_page(channel, sign_in):
    client = sign_in(Role.COORDINATOR)
    client.post(f"/organisations/channels/{channel.public_id}/test/")
    client.post(f"/organisations/channels/{channel.public_id}/called/", {"name": "Aida", "function": "duty officer"})
    assert list(ChannelCheck.objects.values_list("how", flat=True)) == ["call", "message"]
    page = client.get(f"/organisations/desks/{channel.contact.public_id}/").content.decode()
    assert "Aida, duty officer" in page
    assert "could not be handed over yet" in page
