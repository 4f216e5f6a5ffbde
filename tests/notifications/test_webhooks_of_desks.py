"""The webhook of a desk: signed as the standard says, against a local server that keeps what came."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta

import pytest

from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.signing import SecretError, key_of, new_secret, signature
from partners.models import Channel, Contact
from tests.cast import NOW
from tests.notifications.conftest import send_all
from tests.notifications.operators import Answer, operator
from tests.notifications.sinks import refusing_sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(organisations) -> Contact:
    """The duty desk of the border service, without its e-mail."""
    contact = Contact.objects.get(office__organisation=organisations["kz-border"], rank=1)
    contact.channels.filter(kind="email").delete()
    return contact


def to_the_desk(kind: str) -> Delivery:
    return Delivery.objects.select_related("notice__alert").get(channel_kind=kind)


@pytest.fixture
def hooked(settings, desk):
    """`hooked(url)`: the desk has a webhook at this address."""

    def go(url: str) -> Channel:
        settings.EGRESS_ALLOWED = ["127.0.0.1"]
        return Channel.objects.create(contact=desk, kind="webhook", url=url, secret=new_secret())

    return go


def test_a_webhook_is_signed_as_the_standard_says_and_its_200_is_an_answer_that_ends_nothing(hooked, raised):
    with operator(lambda call: (200, "ok", {})) as seen:
        channel = hooked(f"{seen.url}/take?from=homeward")
        alert = raised(codes=["kz-border"], head_counts={"kz-border": 102})
        send_all()
    [call] = seen.calls
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    proof = hmac.new(base64.b64decode(channel.secret[6:]), signed, hashlib.sha256).digest()
    assert call.headers["webhook-signature"] == f"v1,{base64.b64encode(proof).decode()}"
    assert call.path == "/take?from=homeward"
    assert call.said["type"] == "notice.demand"
    said = call.said["data"]
    assert (said["alert"], said["organisation"], said["head_count"]) == (alert.number, "kz-border", 102)
    assert set(said) == {
        "alert", "kind", "about", "version", "language", "subject", "text", "expires_at", "notice", "organisation",
        "answer_at", "head_count",
    }  # fmt: skip
    row = to_the_desk("webhook")
    assert (row.state, bool(row.answered_at)) == (DeliveryState.HANDED_OVER, True)
    assert row.notice.state == "owed"


def test_a_webhook_tells_no_human_so_that_the_call_is_due_at_once(hooked, raised, settings):
    with operator(lambda call: (200, "ok", {})) as seen, refusing_sink({"RCPT": "550 5.1.1 No such desk"}) as port:
        hooked(seen.url)
        settings.EMAIL_PORT = port
        notices = [raised(codes=["kz-border"]).notices.get()]
        send_all()
        notices.append(raised(source="test:2", codes=["kz-border"]).notices.get())
        send_all()
    for notice in notices:
        assert notice.steps.get(kind="call").due_at - NOW < timedelta(minutes=1)
    sent = Delivery.objects.filter(notice__in=notices, channel_kind="webhook")
    assert set(sent.values_list("state", flat=True)) == {"handed_over"}


def test_the_vector_of_the_standard_is_signed_alike():
    body = (
        b'{"type":"requirement.changed","timestamp":"2020-10-01T08:05:00Z","data":{"crossing":"KZ-UZ-01","version":2}}'
    )
    made = signature(
        body, message_id="msg_2020zhibek0001", seconds=1601539500, keys=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    )
    assert made == "v1,NgOsMi7wJrvPXyeFDP4G0brqlN37EnLWjj49rbZai3c="


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all, this is a sentence"])
def test_what_is_no_secret_signs_nothing(secret):
    with pytest.raises(SecretError):
        key_of(secret)


def test_a_webhook_into_our_own_network_is_refused(desk, raised, settings, mailbox):
    settings.EGRESS_ALLOWED = []
    with operator(lambda call: (200, "ok", {})) as seen:
        url = seen.url.replace("http:", "https:").replace("127.0.0.1", "localhost")
        Channel.objects.create(contact=desk, kind="webhook", url=url, secret=new_secret())
        raised(codes=["kz-border"])
        send_all()
        assert seen.calls == []
    assert "public network" in to_the_desk("webhook").reason
    assert len(mailbox.to("deputy@kz-border.example")) == 1


def test_an_address_may_hold_letters_of_any_script(hooked, raised):
    with operator(lambda call: (200, "ok", {})) as seen:
        hooked(f"{seen.url}/приём?пост=1")
        raised(codes=["kz-border"])
        send_all()
    assert [call.path for call in seen.calls] == ["/%D0%BF%D1%80%D0%B8%D1%91%D0%BC?%D0%BF%D0%BE%D1%81%D1%82=1"]


def test_redirects_are_not_followed(hooked, raised):
    with operator(lambda call: (302, "", {"Location": "http://169.254.169.254/"})) as seen:
        hooked(seen.url)
        raised(codes=["kz-border"])
        send_all()
        assert len(seen.calls) == 1
    assert to_the_desk("webhook").state == DeliveryState.FAILED


def test_a_retry_repeats_the_message_with_the_same_id(hooked, raised):
    answers: Iterator[Answer] = iter([(500, "", {}), (200, "", {})])
    with operator(lambda call: next(answers)) as seen:
        hooked(seen.url)
        raised(codes=["kz-border"])
        send_all()
        send_all(later=timedelta(seconds=10))
    one, two = seen.calls
    assert (one.body, one.headers["webhook-id"]) == (two.body, two.headers["webhook-id"])


def test_a_server_that_closes_an_open_connection_loses_nothing(hooked, raised):
    with operator(lambda call: (200, "", {"Connection": "close"})) as seen:
        hooked(seen.url)
        for number in range(3):
            raised(source=f"test:{number}", codes=["kz-border"])
        send_all()
    assert set(Delivery.objects.filter(channel_kind="webhook").values_list("state", flat=True)) == {"handed_over"}
    assert (len(seen.calls), seen.opened) == (3, 3)


def test_messages_to_one_host_share_a_connection(hooked, raised):
    with operator(lambda call: (200, "", {})) as seen:
        hooked(seen.url)
        for number in range(5):
            raised(source=f"test:{number}", codes=["kz-border"])
        send_all()
    assert (len(seen.calls), seen.opened) == (5, 1)


def test_a_secret_that_no_key_opens_keeps_nobody_from_being_told(hooked, raised, mailbox):
    channel = hooked("https://127.0.0.1:1/in")
    raised()
    Channel.objects.filter(pk=channel.pk).update(secret=b"\x01\x01x" + bytes(40))
    assert send_all().handed_over == 3
    assert to_the_desk("webhook").state == DeliveryState.QUEUED
