"""What operators and mail servers say later: signed, believed once, and never backwards."""

import json
from dataclasses import replace
from email.message import EmailMessage
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client

from common.clock import real_now
from notifications.again import AgainError, try_again
from notifications.enums import DeliveryState
from notifications.incoming import mail_events, sms, whatsapp
from notifications.incoming.events import Event, What
from notifications.models import Delivery
from notifications.queueing import message_id_of
from partners.models import Channel, Contact
from tests.cast import COMMAND, NOW
from tests.notifications.conftest import send_all
from tests.notifications.operators import ACCESS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def contracts(settings):
    settings.CHANNELS = {**{kind: {**access, "url": "https://operator.example"} for kind, access in ACCESS.items()},
                         "email": {"hook_token": "mail-token"}}  # fmt: skip


@pytest.fixture
def handed_over(raised, organisations):
    """`handed_over(kind, ref)`: a delivery over this kind that its operator has taken."""
    contact = Contact.objects.get(office__organisation=organisations["kz-border"], rank=1)

    def go(kind: str, ref: str = "", address: str = "+77010000055") -> Delivery:
        if kind != "email":
            field = "telegram" if kind == "telegram" else "phone"
            Channel.objects.create(contact=contact, kind=kind, **{field: address})
            contact.channels.filter(kind="email").delete()
        raised(codes=["kz-border"])
        row = Delivery.objects.get(channel_kind=kind)
        for state in (DeliveryState.IN_FLIGHT, DeliveryState.HANDED_OVER):
            Delivery.objects.filter(pk=row.pk).update(state=state, provider_ref=ref, handed_over_at=NOW)
        row.refresh_from_db()
        return row

    return go


def receipt_of_sms(client: Client, form: dict[str, str], *, query: str = "", token: str = "sms-key") -> int:
    path = f"/hooks/sms/{query}"
    signed = sms.signature(f"http://127.0.0.1:8000{path}", form, token=token)
    kind = "application/x-www-form-urlencoded"
    return client.post(path, urlencode(form), kind, headers={"X-Twilio-Signature": signed}).status_code


def call_of_whatsapp(client: Client, value: dict[str, object]) -> int:
    body = json.dumps({"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]}).encode()
    signed = {"X-Hub-Signature-256": whatsapp.signature(body, secret="app-secret")}
    return client.post("/hooks/whatsapp/", body, "application/json", headers=signed).status_code


def test_a_receipt_makes_it_delivered_and_a_second_one_changes_nothing(client, handed_over, settings):
    settings.PUBLIC_ADDRESS = "http://127.0.0.1:8000"
    row = handed_over("sms", "SM1")
    for status in ("sent", "delivered", "delivered", "failed"):
        assert receipt_of_sms(client, {"MessageSid": "SM1", "MessageStatus": status}) == 200
    row.refresh_from_db()
    assert row.state == DeliveryState.DELIVERED
    assert row.delivered_at


def test_a_receipt_that_comes_before_we_wrote_the_name_down_finds_its_delivery(client, handed_over, settings):
    settings.PUBLIC_ADDRESS = "http://127.0.0.1:8000"
    row = handed_over("sms", "")
    form = {"MessageSid": "SM9", "MessageStatus": "delivered"}
    assert receipt_of_sms(client, form, query=f"?delivery={row.public_id}") == 200
    row.refresh_from_db()
    assert row.state == DeliveryState.DELIVERED


def test_what_came_back_switches_off_an_unknown_number_and_uses_the_next_channel(client, handed_over, settings):
    settings.PUBLIC_ADDRESS = "http://127.0.0.1:8000"
    row = handed_over("sms", "SM1")
    assert receipt_of_sms(client, {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"}) == 200
    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.BOUNCED, "undelivered 30005")
    assert Channel.objects.get(kind="sms").switched_off_at
    assert Delivery.objects.get(notice=row.notice, channel_kind="email").address == "deputy@kz-border.example"


def test_a_late_word_about_an_earlier_try_does_not_end_the_one_that_was_made_again(client, handed_over, settings):
    settings.PUBLIC_ADDRESS = "http://127.0.0.1:8000"
    row = handed_over("sms", "SM1")
    query, failed = f"?delivery={row.public_id}", {"MessageSid": "SM1", "MessageStatus": "undelivered"}
    receipt_of_sms(client, failed, query=query)
    try_again(delivery=row, by=COMMAND, at=NOW, real_at=real_now())
    for state, ref in ((DeliveryState.IN_FLIGHT, "SM1"), (DeliveryState.HANDED_OVER, "SM2")):
        Delivery.objects.filter(pk=row.pk).update(state=state, provider_ref=ref)
        receipt_of_sms(client, failed, query=query)
        row.refresh_from_db()
        assert row.state == state
    receipt_of_sms(client, failed | {"MessageSid": "SM2"}, query=query)
    row.refresh_from_db()
    assert row.state == DeliveryState.BOUNCED


def test_a_stranger_who_writes_to_us_costs_one_look(client, handed_over, django_assert_num_queries):
    handed_over("telegram", "1:2", address="4242")
    event = Event("telegram", What.ANSWERED, address="777")
    with django_assert_num_queries(1):
        assert event.find() is None
    assert replace(event, address="4242").find() is not None


def test_whatsapp_tells_what_became_of_several_messages_in_one_call(client, handed_over):
    row = handed_over("whatsapp", "wamid.1")
    statuses = [{"id": "wamid.unknown", "status": "read"}, {"id": "wamid.1", "status": "read"}]
    assert call_of_whatsapp(client, {"statuses": statuses}) == 200
    row.refresh_from_db()
    assert (row.state, row.notice.state) == (DeliveryState.DELIVERED, "owed")


@pytest.mark.parametrize("kind", ["telegram", "whatsapp", "sms"])
def test_a_reply_in_a_chat_is_answered_and_ends_nothing(client, handed_over, kind, settings):
    settings.PUBLIC_ADDRESS = "http://127.0.0.1:8000"
    row = handed_over(
        kind, "4200:77" if kind == "telegram" else "ref-1", "4200" if kind == "telegram" else "+77010000055"
    )
    if kind == "telegram":
        update = {
            "update_id": 1,
            "message": {"chat": {"id": 4200}, "text": "ok", "reply_to_message": {"message_id": 77}},
        }
        secret = {"X-Telegram-Bot-Api-Secret-Token": "hook-secret"}
        assert client.post("/hooks/telegram/", update, "application/json", headers=secret).status_code == 200
    elif kind == "whatsapp":
        assert call_of_whatsapp(client, {"messages": [{"from": "77010000055", "text": {"body": "ok"}}]}) == 200
    else:
        assert receipt_of_sms(client, {"From": "+77010000055", "Body": "ok"}) == 200
    row.refresh_from_db()
    assert row.answered_at
    assert (row.state, row.notice.state) == (DeliveryState.HANDED_OVER, "owed")


def report(row: Delivery, *, action: str, status: str) -> bytes:
    """What a mail server sends back (RFC 3464)."""
    return (
        "From: MAILER-DAEMON@mail.example\nTo: notices@homeward.example\nSubject: Undelivered\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example\n\n"
        f"Final-Recipient: rfc822; {row.address}\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 no such user\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {row.message_id}\nSubject: x\n\n--b--\n"
    ).encode()


def post_mail(client: Client, raw: bytes, token: str = "mail-token") -> int:
    return client.post("/hooks/email/", raw, "message/rfc822", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_mail_that_came_back_is_bounced_and_the_deputy_told(client, handed_over):
    row = handed_over("email")
    assert post_mail(client, report(row, action="failed", status="5.1.1")) == 200
    row.refresh_from_db()
    assert row.state == DeliveryState.BOUNCED
    assert "550 no such user" in row.reason
    assert Channel.objects.get(email=row.address).switched_off_at
    assert Delivery.objects.filter(notice=row.notice, address="deputy@kz-border.example").exists()


def test_a_provider_of_mail_tells_by_signed_calls_what_arrived_and_what_came_back(client, handed_over, settings):
    settings.CHANNELS = {"email": {"provider": "mailgun", "signing_key": "mail-key"}}
    row = handed_over("email")

    def told(event: str, more: dict[str, Any], key: str = "mail-key") -> int:
        proof = {"timestamp": "1601521200", "token": "t" * 50}
        proof["signature"] = mail_events.signature(**proof, key=key)
        about = {"message": {"headers": {"message-id": row.message_id.strip("<>")}}, "event": event}
        body = json.dumps({"signature": proof, "event-data": about | more}).encode()
        return int(client.post("/hooks/email/", body, "application/json").status_code)

    said: dict[str, Any] = {
        "delivery-status": {"code": 550, "message": f"5.1.1 <{row.address}> unknown"},
        "reason": "bounce",
    }
    assert told("failed", said, "another") == 404
    assert told("failed", said | {"severity": "temporary"}) == 200
    row.refresh_from_db()
    assert row.state == DeliveryState.HANDED_OVER
    assert told("failed", said | {"severity": "permanent"}) == 200
    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.BOUNCED, "550 5.1.1 <…> unknown")
    assert Channel.objects.get(email=row.address).switched_off_at


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.7"), ("relayed", "2.0.0"), ("nonsense", "")])
def test_a_report_that_says_nothing_final_changes_nothing(client, handed_over, action, status):
    row = handed_over("email")
    assert post_mail(client, report(row, action=action, status=status)) == 200
    row.refresh_from_db()
    assert row.state == DeliveryState.HANDED_OVER


def test_an_out_of_office_answer_piped_in_is_answered_and_ends_nothing(handed_over, monkeypatch, capsys):
    row = handed_over("email")
    mail = EmailMessage()
    mail["Subject"], mail["In-Reply-To"], mail["Auto-Submitted"] = "Away", row.message_id, "auto-replied"
    mail.set_content("I am away.")
    monkeypatch.setattr("sys.stdin", type("Pipe", (), {"buffer": BytesIO(mail.as_bytes())}))
    call_command("take_mail")
    row.refresh_from_db()
    assert row.answered_at
    assert row.notice.state == "owed"
    assert "1 of them new" in capsys.readouterr().out


def test_nobody_else_is_believed_and_no_door_is_seen(client, handed_over, settings):
    settings.PUBLIC_ADDRESS = "http://127.0.0.1:8000"
    row = handed_over("sms", "SM1")
    form = {"MessageSid": "SM1", "MessageStatus": "failed"}
    assert receipt_of_sms(client, form, token="guessed") == 404
    assert post_mail(client, report(row, action="failed", status="5.1.1"), token="guessed") == 404
    for path in ("/hooks/telegram/", "/hooks/whatsapp/", "/hooks/fax/"):
        assert client.post(path, {}, "application/json").status_code == 404
    settings.CHANNELS = {}
    assert receipt_of_sms(client, form, token="") == 404
    row.refresh_from_db()
    assert row.state == DeliveryState.HANDED_OVER


@pytest.mark.parametrize("kind", ["email", "sms", "telegram", "whatsapp"])
def test_a_hook_is_only_posted_to(client, kind):
    assert client.get(f"/hooks/{kind}/").status_code == 405


def test_whatsapp_makes_sure_that_the_address_is_ours(client):
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "verify"}
    assert client.get("/hooks/whatsapp/", asked).content == b"1158201444"
    assert client.get("/hooks/whatsapp/", {**asked, "hub.verify_token": "guessed"}).status_code == 404


def test_what_is_too_long_is_not_read(client):
    assert post_mail(client, b"x" * 300_000) == 413


@pytest.mark.parametrize("body", [b"", b"[]", b'{"entry": 1}', b'{"entry": [{"changes": [{"value": 7}]}]}', b"\xff"])
def test_nonsense_under_a_good_signature_is_refused_quietly(client, body):
    signed = {"X-Hub-Signature-256": whatsapp.signature(body, secret="app-secret")}
    assert client.post("/hooks/whatsapp/", body, "application/json", headers=signed).status_code == 404


def test_a_dead_letter_is_sent_once_more_with_the_same_link(client, handed_over, mailbox):
    row = handed_over("email")
    post_mail(client, report(row, action="failed", status="5.2.2"))
    again = try_again(delivery=row, by=COMMAND, at=NOW, real_at=row.real_queued_at)
    assert (again.state, again.tries) == (DeliveryState.QUEUED, 0)
    send_all()
    row.refresh_from_db()
    assert row.state == DeliveryState.HANDED_OVER
    assert [message["Message-ID"] for message in mailbox.to(row.address)] == [message_id_of(row)]


def test_what_is_on_its_way_is_not_sent_again(handed_over):
    with pytest.raises(AgainError):
        try_again(delivery=handed_over("email"), by=COMMAND, at=NOW, real_at=NOW)
