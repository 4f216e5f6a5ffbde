"""What happens when nobody answers. Business time is an argument: no test waits."""

from datetime import timedelta

import pytest

from common.models import AuditEntry
from notifications.acknowledgements import acknowledge
from notifications.calls import call_list
from notifications.enums import StepKind
from notifications.escalation import SCHEDULE, escalate_due
from notifications.links import address_of, link_of, token_for
from notifications.models import Alert, Delivery, EscalationStep
from partners.models import Channel
from tests.cast import COMMAND, NOW, TOLD
from tests.notifications.conftest import send_all

pytestmark = pytest.mark.django_db
REMINDER, SECOND, CALL = (NOW + SCHEDULE[kind] for kind in (StepKind.REMIND, StepKind.NEXT_CONTACT, StepKind.CALL))


def escalate(at):
    return escalate_due(at=at)


def answer(notice):
    acknowledge(notice=notice, name="A", function="lead", answered_by="page", by=COMMAND, at=NOW)


def test_nothing_happens_before_its_hour(alert):
    assert escalate(REMINDER - timedelta(seconds=1)).reminded == 0


def test_who_has_not_answered_is_reminded_at_the_same_desk_with_the_same_link(alert, mailbox):
    send_all()
    assert escalate(REMINDER).reminded == len(TOLD)
    send_all(REMINDER)
    for code in TOLD:
        first, reminder = mailbox.to(f"duty-desk@{code}.example")
        sent = Delivery.objects.select_related("notice__alert").get(message_id=first["Message-ID"])
        link = address_of(link_of(sent))
        assert reminder["In-Reply-To"] == first["Message-ID"]
        assert reminder["Message-ID"] != first["Message-ID"]
        assert all(link in part.get_content() for part in reminder.walk() if part.get_content_maintype() == "text")
        assert reminder["Subject"] != first["Subject"]


def test_a_step_that_cannot_be_taken_keeps_no_other_waiting(alert, raised):
    broken = raised(source="test:broken", codes=["iom-uz"])
    send_all()
    Alert.objects.filter(pk=broken.pk).update(context=[])
    EscalationStep.objects.filter(notice__alert=broken).update(due_at=NOW)
    assert escalate(REMINDER).reminded == len(TOLD)


def test_who_has_answered_is_left_in_peace(alert, notice, mailbox):
    send_all()
    answer(notice("kz-border"))
    assert escalate(REMINDER).reminded == len(TOLD) - 1
    assert escalate(CALL).to_call == len(TOLD) - 1
    send_all(CALL)
    assert len(mailbox.to("duty-desk@kz-border.example")) == 1
    assert mailbox.to("deputy@kz-border.example") == []


def test_an_answer_after_the_reminder_was_queued_still_stops_it(alert, notice, mailbox):
    send_all()
    escalate(REMINDER)
    answer(notice("kz-border"))
    send_all(REMINDER)
    assert len(mailbox.to("duty-desk@kz-border.example")) == 1


def test_then_the_second_contact_is_asked_with_a_link_of_its_own(alert, mailbox):
    send_all()
    escalate(SECOND)
    send_all(SECOND)
    [message] = mailbox.to("deputy@kz-border.example")
    deliveries = Delivery.objects.select_related("notice__alert").filter(notice__organisation__code="kz-border")
    tokens = {token_for(row) for row in deliveries}
    assert len(tokens) == 2
    assert token_for(deliveries.get(purpose="next_contact")) in message.get_body(("plain",)).get_content()


def test_then_it_stands_on_the_call_list_with_its_numbers(alert, organisations):
    assert call_list(at=CALL - timedelta(seconds=1)) == []
    escalate(CALL)
    listed = call_list(at=CALL)
    assert {call.notice.organisation.code for call in listed} == set(TOLD)
    assert [channel.address for channel in listed[0].numbers] == ["+77010000101", "+77010000102"]


def test_an_answer_takes_it_off_the_call_list(alert, notice):
    escalate(CALL)
    answer(notice("kz-border"))
    assert {call.notice.organisation.code for call in call_list(at=CALL)} == set(TOLD) - {"kz-border"}


def test_without_a_second_contact_the_call_need_not_wait(alert, organisations):
    Channel.objects.filter(contact__rank=2, contact__office__organisation=organisations["kz-border"]).delete()
    escalate(SECOND)
    assert [call.notice.organisation.code for call in call_list(at=SECOND)] == ["kz-border"]


def test_each_step_is_taken_once(alert, mailbox):
    send_all()
    escalate(CALL)
    send_all(CALL)
    count = len(mailbox)
    summary = escalate(CALL + timedelta(days=1))
    assert (summary.reminded, summary.next_contacts, summary.to_call) == (0, 0, 0)
    send_all(CALL)
    assert len(mailbox) == count


def test_each_step_and_its_audit_row_stand_or_fall_together(alert):
    escalate(CALL)
    steps = EscalationStep.objects.filter(state="done").count()
    assert AuditEntry.objects.filter(verb__startswith="escalated").count() == steps == 3 * len(TOLD)
