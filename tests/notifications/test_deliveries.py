"""Sending over real SMTP."""

from datetime import timedelta
from email.utils import getaddresses

import pytest

from common.clock import real_now
from common.models import AuditEntry
from notifications.acknowledgements import acknowledge
from notifications.enums import DeliveryState
from notifications.links import token_for
from notifications.models import Delivery, DeliveryAttempt, EscalationStep
from notifications.operators_words import without_address
from notifications.transports.email import FEW, LINES
from partners.models import Channel
from tests.cast import COMMAND, NOW, TOLD
from tests.notifications.conftest import RULES, send_all
from tests.notifications.sinks import opened, refusing_sink

pytestmark = pytest.mark.django_db


def bodies(message) -> list[str]:
    return [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]


def test_one_message_goes_to_each_recipient_never_copies(alert, mailbox):
    assert send_all().handed_over == len(TOLD)
    for message in mailbox.messages():
        assert len(getaddresses([message["To"]])) == 1
        assert message["To"] == message["X-Envelope-To"]
        assert message["Cc"] is None
        assert message["Bcc"] is None
    assert {message["To"] for message in mailbox} == {f"duty-desk@{code}.example" for code in TOLD}


@pytest.mark.parametrize(("code", "language"), [("iom-kz", "en"), ("kz-border", "ru"), ("tj-emb-uz", "tg")])
def test_each_desk_is_written_to_in_its_language(alert, mailbox, code, language):
    send_all()
    [message] = mailbox.to(f"duty-desk@{code}.example")
    assert RULES[language] in message["Subject"]
    assert all(RULES[language] in body for body in bodies(message))
    assert message["Content-Language"] == language


def test_a_message_holds_its_own_link_and_no_other(alert, mailbox):
    send_all()
    tokens = {delivery.address: token_for(delivery) for delivery in Delivery.objects.select_related("notice__alert")}
    for message in mailbox.messages():
        raw = message.as_string() + "".join(bodies(message))
        for address, token in tokens.items():
            assert all((token in body) == (address == message["To"]) for body in bodies(message)), raw


def test_the_local_times_of_both_sides_are_printed_with_their_zones(alert, mailbox):
    send_all()
    [message] = mailbox.to("duty-desk@iom-kz.example")
    assert all("08:00 Tashkent (UTC+5) = 09:00 Almaty (UTC+6)" in body for body in bodies(message))


def test_a_head_count_stands_only_in_the_letter_of_who_serves_the_halt(alert, mailbox):
    send_all()
    for message in mailbox.messages():
        counted = [("102" in body) for body in bodies(message)]
        assert counted == [message["To"] == "duty-desk@kz-border.example"] * 2


def test_the_letter_is_what_it_was_when_it_was_queued(alert, mailbox, organisations):
    organisations["iom-kz"].name_en = "Renamed meanwhile"
    organisations["iom-kz"].save()
    send_all()
    [message] = mailbox.to("duty-desk@iom-kz.example")
    assert all("IOM Kazakhstan" in body and "Renamed" not in body for body in bodies(message))


def test_what_is_handed_over_says_when_and_what_the_server_answered(alert):
    send_all()
    delivery = Delivery.objects.all()[0]
    assert delivery.state == DeliveryState.HANDED_OVER
    assert delivery.handed_over_at
    assert delivery.handed_over_at - NOW < timedelta(minutes=1)
    assert delivery.real_handed_over_at
    assert delivery.real_handed_over_at >= delivery.real_queued_at
    assert DeliveryAttempt.objects.get(delivery=delivery.public_id).answer.startswith("250")


def test_a_second_round_sends_nothing_again(alert, mailbox):
    send_all()
    assert not send_all()
    assert len(mailbox) == len(TOLD)


def test_an_answered_notice_is_not_sent_any_more(alert, notice, mailbox):
    acknowledge(notice=notice("iom-kz"), name="A", function="lead", answered_by="page", by=COMMAND, at=NOW)
    send_all()
    assert mailbox.to("duty-desk@iom-kz.example") == []
    assert Delivery.objects.get(notice=notice("iom-kz")).reason == "acknowledged"


def test_a_superseded_notice_is_not_sent_any_more(raised, alert, mailbox):
    raised(source="test:2", supersedes=alert)
    send_all()
    assert len(mailbox) == len(TOLD)
    assert set(Delivery.objects.filter(notice__alert=alert).values_list("state", flat=True)) == {
        DeliveryState.SUPERSEDED
    }


def test_an_expired_notice_is_not_sent_any_more(alert, mailbox):
    assert send_all(NOW + timedelta(days=3)).ended == len(TOLD)
    assert len(mailbox) == 0


def test_a_lease_that_ran_out_is_taken_over_with_the_same_message_id_and_link(alert, mailbox):
    left = Delivery.objects.all()[0]
    Delivery.objects.filter(pk=left.pk).update(
        state=DeliveryState.IN_FLIGHT, claimed_until=real_now() - timedelta(seconds=1), tries=1
    )
    send_all()
    [message] = mailbox.to(left.address)
    assert message["Message-ID"] == left.message_id
    assert token_for(left) in bodies(message)[0]
    outcomes = DeliveryAttempt.objects.filter(delivery=left.public_id).order_by("at").values_list("outcome", flat=True)
    assert list(outcomes) == [DeliveryState.IN_FLIGHT, DeliveryState.HANDED_OVER]


def test_a_delivery_under_a_live_lease_is_left_alone(alert, mailbox):
    Delivery.objects.update(state=DeliveryState.IN_FLIGHT, claimed_until=real_now() + timedelta(minutes=1))
    assert not send_all()


def test_a_refused_connection_waits_and_is_tried_again(alert, mailbox, settings):
    working = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    assert send_all().to_retry == len(TOLD)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.QUEUED}
    settings.EMAIL_PORT = working
    assert not send_all()
    assert send_all(later=timedelta(seconds=10)).handed_over == len(TOLD)
    assert len(mailbox) == len(TOLD)


def test_a_server_that_says_later_is_asked_later(alert, settings, mailbox):
    working = settings.EMAIL_PORT
    with refusing_sink({"RCPT": "451 4.7.1 Try again later"}) as port:
        settings.EMAIL_PORT = port
        assert send_all().to_retry == len(TOLD)
    assert set(Channel.objects.values_list("switched_off_at", flat=True)) == {None}
    settings.EMAIL_PORT = working
    assert send_all(later=timedelta(seconds=10)).handed_over == len(TOLD)
    attempts = DeliveryAttempt.objects.filter(outcome=DeliveryState.QUEUED).values_list("answer", flat=True)
    assert all("Try again later" in answer for answer in attempts)


def test_a_mail_server_with_a_full_disk_is_asked_by_one_letter_at_a_time_and_uses_up_no_tries(alert, settings, mailbox):
    working = settings.EMAIL_PORT
    with refusing_sink({"DATA": "452 4.3.1 Insufficient system storage"}) as port:
        settings.EMAIL_PORT = port
        send_all()
    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0] * (len(TOLD) - 1) + [1]
    settings.EMAIL_PORT = working
    assert send_all(later=timedelta(seconds=15)).handed_over == len(TOLD)


@pytest.mark.parametrize("together", [False, True])
def test_an_address_that_refuses_for_good_is_switched_off_and_the_next_contact_is_told(alert, settings, together):
    with refusing_sink({"RCPT": "550 5.1.1 No such desk"}, together=together) as port:
        settings.EMAIL_PORT = port
        assert send_all().failed >= len(TOLD)
    off = Channel.objects.filter(switched_off_at__isnull=False)
    assert set(off.filter(contact__rank=1).values_list("email", flat=True)) == {
        f"duty-desk@{code}.example" for code in TOLD
    }
    assert AuditEntry.objects.filter(verb="channel switched off").count() == off.count()


def test_the_next_contact_gets_the_message_when_the_first_address_is_dead(alert, settings, mailbox):
    working = settings.EMAIL_PORT
    with refusing_sink({"RCPT": "550 5.1.1 No such desk"}, only="duty-desk@kz-border.example") as port:
        settings.EMAIL_PORT = port
        summary = send_all()
    settings.EMAIL_PORT = working
    assert (summary.failed, summary.handed_over) == (1, len(TOLD))
    told = Delivery.objects.get(address="deputy@kz-border.example")
    assert told.state == DeliveryState.HANDED_OVER


def test_the_address_that_a_mail_server_repeats_stays_out_of_what_many_read(alert, settings):
    with refusing_sink(
        {"RCPT": "550 5.1.1 <Duty-Desk@kz-border.example> unknown"}, only="duty-desk@kz-border.example"
    ) as port:
        settings.EMAIL_PORT = port
        send_all()
    told = [
        Delivery.objects.get(address="duty-desk@kz-border.example").reason,
        Channel.objects.get(switched_off_at__isnull=False).switched_off_why,
        *AuditEntry.objects.values_list("why", flat=True),
        *DeliveryAttempt.objects.values_list("answer", flat=True),
    ]
    assert "550 5.1.1 <…> unknown" in told
    assert not any("@kz-border.example" in words.casefold() for words in told)
    number = "The 'To' number +7 (701) 000-00-55 is not a valid phone number"
    assert without_address(number, "+77010000055") == "The 'To' number … is not a valid phone number"


def test_when_no_address_is_left_the_call_is_due_now(alert, settings):
    with refusing_sink({"RCPT": "550 5.1.1 No such desk"}) as port:
        settings.EMAIL_PORT = port
        send_all()
    calls = EscalationStep.objects.filter(kind="call")
    assert all(step.due_at - NOW < timedelta(minutes=1) for step in calls)


@pytest.mark.parametrize("together", [False, True])
def test_a_message_that_the_server_will_not_have_does_not_condemn_the_address(alert, settings, together):
    with refusing_sink({"DATA": "554 5.6.0 Not this message"}, together=together) as port:
        settings.EMAIL_PORT = port
        send_all()
    assert set(Channel.objects.values_list("switched_off_at", flat=True)) == {None}
    assert DeliveryState.FAILED in Delivery.objects.values_list("state", flat=True)


def test_a_server_that_takes_its_time_keeps_no_letter_beyond_its_lease(alert, settings):
    settings.DELIVERY_LEASE_SECONDS = 1
    with refusing_sink({}, slow=0.2) as port:
        settings.EMAIL_PORT = port
        summary = send_all()
    assert (summary.handed_over, summary.to_retry) == (0, len(TOLD))
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.QUEUED}
    assert sum(Delivery.objects.values_list("tries", flat=True)) == 1, "what was never tried has used up no try"


@pytest.mark.parametrize("together", [False, True])
def test_a_server_that_hangs_up_in_the_middle_loses_nothing(alert, settings, mailbox, together):
    working = settings.EMAIL_PORT
    with refusing_sink({"DATA": "421 4.3.2 Shutting down"}, together=together) as port:
        settings.EMAIL_PORT = port
        assert send_all().to_retry == len(TOLD)
    settings.EMAIL_PORT = working
    assert send_all(later=timedelta(seconds=10)).handed_over == len(TOLD)


def test_a_server_without_8bit_gets_the_same_words(alert, settings, mailbox):
    with refusing_sink({}, eight_bit=False) as port:
        settings.EMAIL_PORT = port
        assert send_all().handed_over == len(TOLD)


@pytest.mark.parametrize("together", [False, True])
def test_one_connection_carries_a_few_and_two_a_batch(raised, settings, together):
    with refusing_sink({}, together=together) as port:
        settings.EMAIL_PORT = port
        raised()
        assert send_all().handed_over == len(TOLD)
        assert opened(port) == 1
        for number in range(FEW):
            raised(source=f"test:many:{number}")
        assert send_all().handed_over == FEW * len(TOLD)
        assert opened(port) == 1 + LINES


def test_an_address_that_is_none_keeps_nobody_else_from_being_told(raised, organisations, mailbox):
    Channel.objects.filter(email="duty-desk@kz-border.example").update(email="not an address\r\nBcc: x@y.example")
    raised()
    assert send_all().handed_over == len(TOLD)
    assert len(mailbox.to("deputy@kz-border.example")) == 1
    assert all(message["Bcc"] is None for message in mailbox)


def test_a_letter_that_cannot_be_opened_any_more_keeps_no_other_back(alert, mailbox):
    one, other = Delivery.objects.all()[:2]
    Delivery.objects.filter(pk=one.pk).update(public_id=other.notice.public_id)
    summary = send_all()
    assert (summary.failed, summary.handed_over) == (1, len(TOLD))


def test_a_head_count_comes_with_the_hour_of_the_crossing_that_it_concerns(raised, mailbox):
    raised(head_counts={"iom-kz": 102}, first_concerned_at=NOW + timedelta(hours=1))
    send_all()
    [served] = mailbox.to("duty-desk@iom-kz.example")
    assert all("09:00 Tashkent (UTC+5) = 10:00 Almaty (UTC+6)" in body for body in bodies(served))
    [other] = mailbox.to("duty-desk@tj-emb-uz.example")
    assert not any("09:00 Т" in body for body in bodies(other))
