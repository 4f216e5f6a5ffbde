"""Who of an organisation is asked at an instant, in which order, and who could not be reached."""

from datetime import timedelta
from typing import Any

import pytest

from common.models import AuditEntry
from notifications.queueing import first_channels, live_channels
from partners import desks, duty, unreached
from partners.enums import OnDuty, ReachFault
from partners.models import Channel, Contact, Office, Unreached
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
NIGHT = NOW + timedelta(hours=12)
"""21:00 in Almaty."""
QUARTER = timedelta(days=90)


@pytest.fixture
def border(organisations):
    """The border service, whose office works on weekdays; all its channels were verified yesterday."""
    Channel.objects.update(verified_at=NOW - timedelta(days=1))
    Office.objects.filter(organisation=organisations["kz-border"]).update(hours="Mo-Fr 09:00-18:00")
    return organisations["kz-border"]


def asked(organisation, *, at=NOW):
    return [(one.contact.function, one.why) for one in duty.asked_of([organisation.pk], at=at).get(organisation.pk, [])]


def faults(organisation, *, at=NOW):
    desks_now = duty.desks_of([organisation.pk], at=at).get(organisation.pk, [])
    return duty.faults_of(desks_now, at=at, verified_for=QUARTER)


def desk_of(organisation, rank=1):
    return Contact.objects.get(office__organisation=organisation, rank=rank)


def test_in_working_hours_desks_are_asked_by_rank(border):
    assert asked(border) == [("duty desk", OnDuty.AT_WORK), ("deputy", OnDuty.AT_WORK)]


def test_who_stands_on_the_roster_is_asked_first(border):
    desks.put_on_duty(
        contact=desk_of(border, 2), starts_at=NIGHT, ends_at=NIGHT + timedelta(hours=8), by=COMMAND, at=NOW
    )
    assert asked(border)[0] == ("duty desk", OnDuty.AT_WORK)
    assert asked(border, at=NIGHT) == [("deputy", OnDuty.ROSTER), ("duty desk", OnDuty.OFF_DUTY)]


def test_deputies_come_behind_those_at_work_and_the_duty_desk_behind_them(border):
    first = desk_of(border)
    Contact.objects.filter(pk=first.pk).update(is_duty_desk=True)
    third = Contact.objects.create(office=first.office, function="officer", language="ru", rank=3)
    Channel.objects.create(contact=third, kind="email", email="officer@kz-border.example")
    Contact.objects.filter(rank=2, office=first.office).update(stands_in_for=third)
    assert asked(border) == [
        ("officer", OnDuty.AT_WORK),
        ("deputy", OnDuty.STAND_IN),
        ("duty desk", OnDuty.DUTY_DESK),
    ]
    assert [name for name, _why in asked(border, at=NIGHT)] == ["duty desk", "deputy", "officer"]


def test_who_has_left_is_asked_no_more(border):
    Contact.objects.filter(pk=desk_of(border).pk).update(valid_until=NOW)
    assert [name for name, _why in asked(border)] == ["deputy"]


def test_a_notice_goes_to_whoever_is_on_duty(border):
    desks.put_on_duty(contact=desk_of(border, 2), starts_at=NOW, ends_at=NIGHT, by=COMMAND, at=NOW)
    channels = live_channels([border.pk], at=NOW)[border.pk]
    assert [channel.address for channel in first_channels(channels)] == ["deputy@kz-border.example"]


def test_the_order_of_many_organisations_takes_the_same_queries(organisations, django_assert_num_queries):
    keys = [organisation.pk for organisation in organisations.values()]
    with django_assert_num_queries(3):
        duty.asked_of(keys[:1], at=NOW)
    with django_assert_num_queries(3):
        duty.asked_of(keys, at=NOW)


def test_nobody_on_duty_tonight_is_said_before_it_is_night(border):
    assert faults(border) == [ReachFault.NOBODY_TONIGHT]
    gap = duty.unattended(duty.desks_of([border.pk], at=NOW)[border.pk], at=NOW)
    assert gap == (NOW + timedelta(hours=9), NOW + timedelta(hours=24))


def test_a_roster_or_a_duty_desk_covers_the_night(border):
    desks.put_on_duty(contact=desk_of(border), starts_at=NOW, ends_at=NOW + timedelta(days=2), by=COMMAND, at=NOW)
    assert faults(border) == []


def test_old_verification_and_dead_channels_are_faults(border):
    Contact.objects.update(is_duty_desk=True)
    assert faults(border) == []
    Channel.objects.update(verified_at=NOW - timedelta(days=91))
    assert faults(border) == [ReachFault.NOT_VERIFIED]
    Channel.objects.filter(kind="email").update(switched_off_at=NOW)
    assert faults(border) == [ReachFault.NO_CHANNEL, ReachFault.SWITCHED_OFF]
    Contact.objects.update(valid_until=NOW)
    assert faults(border) == [ReachFault.NO_DESK]


def test_the_engine_writes_down_whom_nobody_reaches_and_since_when(border):
    look: dict[str, Any] = {"verified_for": QUARTER, "by": COMMAND}
    assert unreached.look(**look, at=NOW) == 1
    unreached.look(**look, at=NOW + timedelta(hours=1))
    row = Unreached.objects.get()
    assert (row.organisation, row.faults, row.since_at) == (border, ["nobody_tonight"], NOW)
    Office.objects.update(hours="24/7")
    assert unreached.look(**look, at=NOW) == 0
    assert not Unreached.objects.exists()
    verbs = AuditEntry.objects.filter(subject=f"partners.organisation:{border.public_id}").values_list(
        "verb", flat=True
    )
    assert sorted(verbs) == ["found in reach again", "found out of reach"]


def test_who_wants_to_know_nothing_is_not_looked_at(organisations):
    Office.objects.update(hours="Mo-Fr 09:00-18:00")
    unreached.look(verified_for=QUARTER, by=COMMAND, at=NOW)
    found = set(Unreached.objects.values_list("organisation__code", flat=True))
    assert found == {"iom-kz", "kz-border", "tj-emb-uz"}
