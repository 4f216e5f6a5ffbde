"""A large alert: what each organisation owes is written in the act, most messages by the workers."""

from collections import Counter
from datetime import timedelta

import pytest

from common.clock import real_now
from notifications import books
from notifications.acknowledgements import acknowledge
from notifications.alerts import Told
from notifications.links import token_for
from notifications.models import Delivery, EscalationStep, Letter, Notice, SignedLink, Unwritten
from notifications.rounds import Watch
from notifications.writing import AT_ONCE, write_next
from partners.models import Channel, Contact, Office, Organisation
from tests.cast import COMMAND, NOW
from tests.notifications.conftest import send_all
from tests.notifications.test_deliveries import bodies

pytestmark = pytest.mark.django_db
MANY = AT_ONCE + 30


@pytest.fixture
def many(db) -> list[Told]:
    """Organisations with one desk each, more than are written to in the act itself."""
    organisations = Organisation.objects.bulk_create(
        Organisation(code=f"office-{number}", kind="ngo", name_en=f"Office {number}") for number in range(MANY)
    )
    offices = Office.objects.bulk_create(
        Office(organisation=row, name="main", zone="Asia/Almaty") for row in organisations
    )
    contacts = Contact.objects.bulk_create(
        Contact(office=office, function="duty desk", language=("en", "ru", "tg")[office.pk % 3]) for office in offices
    )
    Channel.objects.bulk_create(
        Channel(contact=contact, kind="email", email=f"desk@office-{number}.example")
        for number, contact in enumerate(contacts)
    )
    return [Told(row) for row in organisations]


@pytest.fixture
def large(raised, many):
    """An alert to all of them; nothing is sent yet."""
    return raised(codes=(), more=many)


def test_each_owes_its_answer_at_once_and_the_workers_write_to_the_others(large, mailbox):
    assert Notice.objects.filter(alert=large).count() == MANY
    assert Delivery.objects.count() == AT_ONCE
    [notices] = [account for account in books.books(at=NOW, real_at=real_now()) if "notices" in str(account.name)]
    assert notices.holds, notices.astray
    assert send_all().handed_over == MANY
    assert not Unwritten.objects.exists()
    assert SignedLink.objects.count() == MANY
    assert set(Counter(EscalationStep.objects.values_list("notice", flat=True)).values()) == {3}
    tokens = {row.address: token_for(row) for row in Delivery.objects.all()}
    assert len(set(tokens.values())) == MANY
    for message in mailbox.messages():
        assert all(body.count(tokens[message["To"]]) == 1 and body.count("/a/") == 1 for body in bodies(message))
    assert Counter(message["To"] for message in mailbox.messages()) == Counter(list(tokens))
    assert Letter.objects.count() == 3, "a letter is stored once for a language, whoever writes"


def test_what_a_worker_wrote_and_did_not_send_is_taken_over_when_its_lease_is_over(large, mailbox, settings):
    watch = Watch(real_at=real_now() + timedelta(seconds=1), at=NOW)
    written = write_next(watch) or []
    assert len(written) == MANY - AT_ONCE
    rows = Delivery.objects.filter(pk__in=[row.pk for row in written])
    assert set(rows.values_list("state", "tries", "claimed_until")) == {("in_flight", 1, written[0].claimed_until)}
    assert send_all().handed_over == AT_ONCE, "nobody else touches what that worker holds"
    over = timedelta(seconds=settings.DELIVERY_LEASE_SECONDS + 2)
    assert send_all(later=over).handed_over == MANY - AT_ONCE
    assert set(Counter(message["To"] for message in mailbox.messages()).values()) == {1}


def test_whoever_answers_before_the_message_is_written_gets_none(large, mailbox):
    [unwritten] = Unwritten.objects.all()
    notice = Notice.objects.get(pk=unwritten.notices[0])
    acknowledge(notice=notice, name="A", function="lead", answered_by="page", by=COMMAND, at=NOW)
    assert send_all().handed_over == MANY - 1
    assert not Delivery.objects.filter(notice=notice).exists()
    assert not EscalationStep.objects.filter(notice=notice).exists()


def test_what_cannot_be_written_is_tried_later_is_named_and_keeps_nobody_else_back(large, mailbox):
    [unwritten] = Unwritten.objects.all()
    odd = Organisation.objects.get(notices=unwritten.notices[0])
    name, odd.name_en = odd.name_en, "an address /a/ of its own"
    odd.save()
    assert send_all().handed_over == AT_ONCE
    later = books.books(at=NOW + timedelta(minutes=6), real_at=real_now() + timedelta(minutes=6))
    assert not all(account.holds for account in later)
    odd.name_en = name
    odd.save()
    assert send_all(later=timedelta(minutes=2)).handed_over == MANY - AT_ONCE
