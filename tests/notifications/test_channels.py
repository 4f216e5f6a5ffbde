"""SMS, Telegram and WhatsApp, against local servers that speak what the operators speak."""

import json
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from common.models import AuditEntry
from notifications import troubles
from notifications.enums import DeliveryState
from notifications.links import address_of, link_of
from notifications.models import ChannelHalt, Delivery
from partners.models import Channel, Contact
from tests.cast import COMMAND, NOW, make_account
from tests.notifications import operators
from tests.notifications.conftest import RULES, send_all
from tests.notifications.operators import ACCESS, Answer, operator
from tests.notifications.sinks import opened, refusing_sink

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "sms": {"phone": "+77010000055"},
    "telegram": {"telegram": "4200"},
    "whatsapp": {"phone": "+77010000056"},
}
SPEAKS = {"sms": operators.sms, "telegram": operators.telegram, "whatsapp": operators.whatsapp}
KINDS = sorted(SPEAKS)


@pytest.fixture
def desk(organisations) -> Contact:
    """The duty desk of the border service, without its e-mail."""
    contact = Contact.objects.get(office__organisation=organisations["kz-border"], rank=1)
    contact.channels.filter(kind="email").delete()
    return contact


@pytest.fixture
def over(settings, desk):
    """`over(kind, url)`: the desk is reached over this kind alone, by the operator at this address."""

    def go(kind: str, url: str, **access: str) -> Channel:
        settings.EGRESS_ALLOWED = ["127.0.0.1"]
        settings.CHANNELS = {kind: {**ACCESS[kind], "url": url, **access}}
        return Channel.objects.create(contact=desk, kind=kind, **ADDRESSES[kind])

    return go


def to_the_desk(kind: str) -> Delivery:
    return Delivery.objects.select_related("notice__alert").get(channel_kind=kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_notice_goes_out_with_its_own_link_and_keeps_the_name_that_the_operator_gave_it(over, raised, kind):
    with operator(SPEAKS[kind]) as seen:
        over(kind, seen.url)
        raised(codes=["kz-border"])
        assert send_all().handed_over == 1
    row = to_the_desk(kind)
    [call] = seen.calls
    assert row.state == DeliveryState.HANDED_OVER
    assert row.provider_ref == {"sms": f"SM{len(call.body)}", "telegram": "4200:77", "whatsapp": "wamid.1"}[kind]
    said = call.form["Body"] if kind == "sms" else json.dumps(call.said, ensure_ascii=False)
    assert said.count(address_of(link_of(row))) == 1
    assert RULES["ru"] in said


def test_the_payload_of_an_sms_is_what_the_operator_documents(over, raised):
    with operator(operators.sms) as seen:
        over("sms", seen.url)
        raised(codes=["kz-border"])
        send_all()
    [call] = seen.calls
    assert call.headers["content-type"] == "application/x-www-form-urlencoded"
    assert call.form["To"] == "+77010000055"
    assert call.form["From"] == "+77010000001"
    assert call.form["StatusCallback"].endswith(f"/hooks/sms/?delivery={to_the_desk('sms').public_id}")


def test_the_payload_of_telegram_is_what_its_bot_takes(over, raised):
    with operator(operators.telegram) as seen:
        over("telegram", seen.url)
        raised(codes=["kz-border"])
        send_all()
    [call] = seen.calls
    assert call.headers["content-type"] == "application/json"
    assert call.said.keys() == {"chat_id", "text", "link_preview_options"}
    assert (call.said["chat_id"], call.said["link_preview_options"]) == ("4200", {"is_disabled": True})
    assert call.said["text"].count(address_of(link_of(to_the_desk("telegram")))) == 1


def test_the_payload_of_whatsapp_is_an_approved_template(over, raised):
    with operator(operators.whatsapp) as seen:
        over("whatsapp", seen.url)
        raised(codes=["kz-border"])
        send_all()
    said = seen.calls[0].said
    assert (said["to"], said["type"]) == ("77010000056", "template")
    assert said["template"]["name"] == "notice"
    assert said["template"]["language"] == {"code": "ru"}
    words = [word["text"] for word in said["template"]["components"][0]["parameters"]]
    assert words[2] == address_of(link_of(to_the_desk("whatsapp")))
    assert not any("\n" in word for word in words)


LATER: dict[str, Answer] = {
    "sms": (429, {"code": 20429, "message": "Too Many Requests"}, {"Retry-After": "90"}),
    "telegram": (429, {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 90}}, {}),
    "whatsapp": (400, {"error": {"message": "Rate limit hit", "code": 130429}}, {"Retry-After": "90"}),
}
NOBODY: dict[str, Answer] = {
    "sms": (400, {"code": 21211, "message": "Invalid 'To' Phone Number"}, {}),
    "telegram": (403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}, {}),
    "whatsapp": (400, {"error": {"message": "Message undeliverable", "code": 131026}}, {}),
}
ABOUT_THE_MESSAGE: dict[str, Answer] = {
    "sms": (400, {"code": 21617, "message": "The message body exceeds 1600 characters"}, {}),
    "telegram": (400, {"ok": False, "description": "Bad Request: message is too long"}, {}),
    "whatsapp": (400, {"error": {"message": "Parameter value is not valid", "code": 131009}}, {}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_operator_that_asks_for_patience_is_asked_again_no_sooner(over, raised, kind):
    with operator(partial(SPEAKS[kind], refused=LATER[kind])) as seen:
        channel = over(kind, seen.url)
        raised(codes=["kz-border"])
        assert send_all().to_retry == 1
        assert not send_all(later=timedelta(seconds=60))
    row = to_the_desk(kind)
    assert row.state == DeliveryState.QUEUED
    assert 85 < (row.due_at - row.real_queued_at).total_seconds() < 100
    channel.refresh_from_db()
    assert channel.switched_off_at is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_out_of_order_is_tried_again(over, raised, kind):
    with operator(lambda call: (503, "out of order", {})) as seen:
        over(kind, seen.url)
        raised(codes=["kz-border"])
        assert send_all().to_retry == 1
    assert to_the_desk(kind).state == DeliveryState.QUEUED


@pytest.mark.parametrize("kind", KINDS)
def test_a_recipient_whom_nobody_knows_is_switched_off_and_the_next_contact_told(over, raised, kind, mailbox):
    with operator(partial(SPEAKS[kind], refused=NOBODY[kind])) as seen:
        channel = over(kind, seen.url)
        raised(codes=["kz-border"])
        summary = send_all()
    assert (summary.failed, summary.handed_over) == (1, 1)
    channel.refresh_from_db()
    assert channel.switched_off_at
    assert channel.switched_off_why == to_the_desk(kind).reason
    assert len(mailbox.to("deputy@kz-border.example")) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_that_is_refused_condemns_no_address(over, raised, kind, mailbox):
    with operator(partial(SPEAKS[kind], refused=ABOUT_THE_MESSAGE[kind])) as seen:
        channel = over(kind, seen.url)
        raised(codes=["kz-border"])
        send_all()
    channel.refresh_from_db()
    assert to_the_desk(kind).state == DeliveryState.FAILED
    assert channel.switched_off_at is None
    assert len(mailbox.to("deputy@kz-border.example")) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_is_refused_holds_the_kind_and_burns_no_contact(over, raised, kind, mailbox):
    with operator(SPEAKS[kind]) as seen:
        channel = over(kind, seen.url, token="wrong")
        raised(codes=["kz-border"])
        send_all()
        raised(source="test:2", codes=["kz-border"])
        send_all()
        assert len(seen.calls) == 1
    channel.refresh_from_db()
    assert channel.switched_off_at is None
    assert ChannelHalt.objects.get().kind == kind
    assert AuditEntry.objects.filter(verb="channel kind held").count() == 1
    assert len(mailbox.to("deputy@kz-border.example")) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_an_operator_whose_name_cannot_be_looked_up_is_tried_again_and_burns_no_contact(over, raised, kind):
    channel = over(kind, "https://operator.invalid")
    raised(codes=["kz-border"])
    assert send_all().to_retry == 1
    channel.refresh_from_db()
    assert channel.switched_off_at is None
    assert to_the_desk(kind).state == DeliveryState.QUEUED
    assert not ChannelHalt.objects.exists()


def test_an_operator_at_a_forbidden_address_is_our_own_mistake(over, raised, settings):
    channel = over("sms", "https://localhost")
    settings.EGRESS_ALLOWED = []
    raised(codes=["kz-border"])
    send_all()
    channel.refresh_from_db()
    assert channel.switched_off_at is None
    assert "public network" in ChannelHalt.objects.get().why


def test_a_kind_that_is_held_burns_no_contact_however_many_alerts_there_are(over, raised):
    with operator(operators.sms) as seen:
        channel = over("sms", seen.url, token="wrong")
        for number in range(5):
            raised(source=f"test:{number}", codes=["kz-border"])
            send_all()
    channel.refresh_from_db()
    assert channel.switched_off_at is None


def test_an_operator_that_refuses_us_again_a_day_later_is_told_of_again():
    for day in (0, 1):
        at = NOW + timedelta(days=day)
        troubles.halt("sms", why="401", by=COMMAND, at=at, real_at=at)
        held = ChannelHalt.objects.get()
        assert held.since == at
        assert held.told_at is None
        ChannelHalt.objects.update(told_at=at)


def test_a_message_that_breaks_its_line_in_a_way_nobody_foresaw_keeps_no_other_from_being_sent(
    over, raised, settings, mailbox
):
    over("sms", "https://operator.invalid")
    raised(codes=["kz-border", "uz-border"])
    settings.CHANNELS = {}
    assert send_all().to_retry == 1
    assert to_the_desk("sms").reason == "KeyError"
    assert mailbox.to("duty-desk@uz-border.example")


def test_three_failures_in_a_row_switch_a_channel_off(over, raised):
    with operator(partial(operators.sms, refused=ABOUT_THE_MESSAGE["sms"])) as seen:
        channel = over("sms", seen.url)
        for number in range(3):
            assert not Channel.objects.filter(pk=channel.pk, switched_off_at__isnull=False).exists()
            raised(source=f"test:{number}", codes=["kz-border"])
            send_all()
    channel.refresh_from_db()
    assert channel.switched_off_at


def test_those_who_can_mend_it_are_told_once(over, raised, mailbox, sign_in):
    sign_in("coordinator")
    sign_in("administrator")
    with operator(partial(operators.sms, refused=NOBODY["sms"])) as seen:
        over("sms", seen.url)
        raised(codes=["kz-border"])
        send_all()
    ChannelHalt.objects.create(kind="telegram", since=NOW, until=NOW, why="401 Unauthorized")
    before = len(mailbox)
    assert troubles.tell(within=transaction.atomic, by=COMMAND, at=NOW) == 2
    assert troubles.tell(within=transaction.atomic, by=COMMAND, at=NOW) == 0
    told = mailbox.messages()[before:]
    texts = ["".join(part.get_content() for part in message.walk() if not part.is_multipart()) for message in told]
    assert any("21211" in text for text in texts)
    assert any("401 Unauthorized" in text for text in texts)
    assert not any("77010000055" in text for text in texts)


def test_a_reader_whose_address_is_refused_keeps_nobody_else_from_hearing_of_it(
    over, sign_in, accounts, settings, mailbox
):
    sign_in("administrator")
    make_account(
        "administrator", accounts["administrator"].memberships.get().office.organisation, email="b@iom.example"
    )
    ChannelHalt.objects.create(kind="telegram", since=NOW, until=NOW, why="401 Unauthorized")
    settings.EMAIL_PORT, working = 1, settings.EMAIL_PORT
    assert troubles.tell(within=transaction.atomic, by=COMMAND, at=NOW) == 0
    with refusing_sink({"RCPT": "550 5.1.1 No such reader"}, only=accounts["administrator"].email) as port:
        settings.EMAIL_PORT = port
        assert troubles.tell(within=transaction.atomic, by=COMMAND, at=NOW) == 1
        assert opened(port) == 1
    settings.EMAIL_PORT = working
    assert troubles.tell(within=transaction.atomic, by=COMMAND, at=NOW) == 0


def test_a_kind_without_a_contract_is_not_used(desk, raised, settings, mailbox):
    settings.CHANNELS = {}
    Channel.objects.create(contact=desk, kind="sms", **ADDRESSES["sms"])
    raised(codes=["kz-border"])
    send_all()
    assert not Delivery.objects.filter(channel_kind="sms").exists()
    assert len(mailbox.to("deputy@kz-border.example")) == 1
