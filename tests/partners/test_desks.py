"""Desks, channels, rosters and interests are written by one act each, and refused in words beside the field."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from common import clock
from common.models import AuditEntry
from common.refusals import RefusalError
from partners import desks, interests
from partners.enums import Role
from partners.models import Channel, Contact, DutyShift, Interest, Office
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": COMMAND, "at": NOW}


@pytest.fixture
def office(organisations):
    return organisations["kz-border"].offices.get()


def test_a_desk_is_entered_behind_the_others(office):
    desk = desks.save_contact(office=office, function=" duty   officer ", language="ru", also_speaks=["kk", "en"], **BY)
    assert (desk.function, desk.rank, desk.also_speaks) == ("duty officer", 3, ["kk", "en"])
    assert AuditEntry.objects.get().verb == "contact entered"


def test_saying_the_same_again_leaves_no_row(office):
    said = {"office": office, "function": "duty officer", "language": "ru"}
    desk = desks.save_contact(**said, **BY)
    desks.save_contact(**said, contact=desk, **BY)
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"function": " "}, "function"),
        ({"language": "xx"}, "language"),
        ({"also_speaks": ["zz"]}, "also_speaks"),
        ({"rank": 1}, "rank"),
        ({"rank": 0}, "rank"),
        ({"valid_from": NOW, "valid_until": NOW}, "valid_until"),
    ],
)
def test_a_desk_that_cannot_be_is_refused_at_its_field(office, changes, field):
    with pytest.raises(RefusalError) as refused:
        desks.save_contact(**({"office": office, "function": "new", "language": "ru"} | changes), **BY)
    assert refused.value.field == field
    assert Contact.objects.filter(office=office).count() == 2


def test_a_desk_stands_in_for_another_of_its_organisation_alone(office, organisations):
    own = office.contacts.get(rank=2)
    other = Contact.objects.get(office__organisation=organisations["tj-emb-uz"], rank=1)
    for wrong in (own, other):
        with pytest.raises(RefusalError) as refused:
            desks.save_contact(
                office=office, function="x", language="ru", rank=2, contact=own, stands_in_for=wrong, **BY
            )
        assert refused.value.field == "stands_in_for"


def test_a_new_address_is_switched_on_and_not_verified(office):
    channel = Channel.objects.get(contact__office=office, contact__rank=1, kind="email")
    Channel.objects.update(verified_at=NOW, switched_off_at=NOW)
    channel.refresh_from_db()
    desks.save_channel(contact=channel.contact, channel=channel, kind="email", address="new@kz-border.example", **BY)
    channel.refresh_from_db()
    assert (channel.email, channel.verified_at, channel.switched_off_at) == ("new@kz-border.example", None, None)


def test_the_secret_of_a_webhook_is_shown_once_and_another_address_has_another(office, sign_in):
    client, desk = sign_in(Role.ADMINISTRATOR), office.contacts.get(rank=1)
    here = f"/organisations/desks/{desk.public_id}/"
    shown = client.post(f"{here}channels/new/", {"kind": "webhook", "address": "https://x.example/in"})
    channel = desk.channels.get(kind="webhook")
    assert (shown.status_code, channel.secret in shown.content.decode()) == (200, True)
    assert channel.secret not in client.get(here).content.decode()
    moved = desks.save_channel(contact=desk, channel=channel, kind="webhook", address="https://y.example/in", **BY)
    assert moved.secret not in shown.content.decode()


def test_a_desk_has_an_address_once_also_for_the_database(office):
    desk = office.contacts.get(rank=1)
    with pytest.raises(desks.DeskError, match="already"):
        desks.save_channel(contact=desk, kind="email", address=desk.channels.get(kind="email").email, **BY)
    with pytest.raises(IntegrityError, match="one_channel_of_an_address"), transaction.atomic():
        Channel.objects.create(contact=desk, kind="email", email=desk.channels.get(kind="email").email)


@pytest.mark.parametrize(
    ("kind", "address", "field"),
    [
        ("email", "nowhere", "address"),
        ("phone", "12", "address"),
        ("pigeon", "loft 3", "kind"),
        ("email", "duty-desk@kz-border.example", "address"),
    ],
)
def test_an_address_that_its_kind_cannot_have_is_refused(office, kind, address, field):
    with pytest.raises(RefusalError) as refused:
        desks.save_channel(contact=office.contacts.get(rank=1), kind=kind, address=address, **BY)
    assert refused.value.field == field


def test_a_shift_that_has_begun_ends_now_and_one_to_come_is_taken_out(office):
    desk = office.contacts.get(rank=1)
    running = desks.put_on_duty(
        contact=desk, starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1), **BY
    )
    coming = desks.put_on_duty(contact=desk, starts_at=NOW + timedelta(hours=5), ends_at=NOW + timedelta(hours=6), **BY)
    desks.take_off_duty(shift=running, **BY)
    desks.take_off_duty(shift=coming, **BY)
    assert DutyShift.objects.get().ends_at == NOW


@pytest.mark.parametrize(("hours", "field"), [((2, 1), "ends_at"), ((-2, -1), "ends_at"), ((0, 24 * 32), "ends_at")])
def test_a_shift_that_cannot_be_is_refused(office, hours, field):
    starts, ends = (NOW + timedelta(hours=number) for number in hours)
    with pytest.raises(RefusalError) as refused:
        desks.put_on_duty(contact=office.contacts.get(rank=1), starts_at=starts, ends_at=ends, **BY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "written",
    [
        "crossing:KZ-UZ-01 halt",
        "crossing:KZ-UZ-01:KAZ-UZB",
        "crossings:KAZ-UZB",
        "country:UZB",
        "nationality:TJK group_waiting",
    ],
)
def test_an_interest_is_read_as_it_is_written(crossing, written):
    assert str(interests.parse_wish(written)) == written


@pytest.mark.parametrize(
    "written",
    ["crossing:XX-01", "country:QQQ", "nationality:T", "people:all", "country:UZB halt", "country:UZB gossip"],
)
def test_an_interest_in_what_nobody_knows_is_refused(crossing, written):
    with pytest.raises(interests.InterestError):
        interests.parse_wish(written)


def test_an_interest_is_entered_once_and_ended(organisations, crossing):
    wish = interests.Wish("country:UZB")
    for _twice in range(2):
        interests.want(organisation=organisations["uz-border"], wish=wish, **BY)
    assert Interest.objects.filter(subject="country:UZB").count() == 1
    interests.want_no_more(organisation=organisations["uz-border"], wish=wish, **BY)
    assert not Interest.objects.filter(subject="country:UZB").exists()
    assert AuditEntry.objects.count() == 2


def test_an_administrator_writes_the_directory_by_page(sign_in, office, organisations):
    clock.set_to(NOW)
    client, organisation = sign_in(Role.ADMINISTRATOR), organisations["kz-border"]
    hours = {"name": office.name, "city": "", "zone": "Asia/Almaty", "hours": "Mo-Fr 9.00-18.00", "holidays": ""}
    assert client.post(f"/organisations/offices/{office.public_id}/", hours | {"hours": "never"}).status_code == 422
    client.post(f"/organisations/offices/{office.public_id}/", hours)
    assert Office.objects.get(pk=office.pk).hours == "Mo-Fr 09:00-18:00"
    client.post(f"/organisations/offices/{office.public_id}/desks/new/", {"function": "night desk", "language": "ru"})
    desk = Contact.objects.get(function="night desk")
    here = f"/organisations/desks/{desk.public_id}"
    client.post(f"{here}/channels/new/", {"kind": "email", "address": "night@kz-border.example"})
    client.post(f"{here}/shifts/new/", {"starts_at": "2020-10-01T18:00", "ends_at": "2020-10-02T08:00"})
    assert desk.shifts.get().starts_at == NOW + timedelta(hours=9)
    client.post(f"{here}/change/", {"function": "night desk", "language": "en", "is_duty_desk": "on", "rank": "3"})
    desk.refresh_from_db()
    assert (desk.language, desk.is_duty_desk, desk.rank) == ("en", True, 3)
    client.post(f"/organisations/{organisation.public_id}/interests/new/", {"subject": "country:UZB", "alert_kind": ""})
    page = client.get(f"/organisations/{organisation.public_id}/").content.decode()
    assert "every crossing of Uzbekistan" in page
    assert "Mo-Fr 09:00-18:00" in page
    assert page.index("Whom a notice would ask now") < page.rindex("night desk")
