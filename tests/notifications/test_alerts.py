"""Raising an alert."""

from datetime import timedelta

import pytest

from common.models import AuditEntry
from notifications.acknowledgements import acknowledge
from notifications.alerts import Told, add_organisations, raise_alert
from notifications.enums import NoticeState, StepState
from notifications.messages import MessageError
from notifications.models import Alert, Delivery, EscalationStep, Notice
from partners.models import Channel
from tests.cast import COMMAND, NOW, TOLD

pytestmark = pytest.mark.django_db


def test_each_organisation_owes_one_answer_and_its_first_desk_is_written_to(alert):
    assert set(alert.notices.values_list("organisation__code", flat=True)) == set(TOLD)
    addresses = Delivery.objects.values_list("address", flat=True)
    assert sorted(addresses) == sorted(f"duty-desk@{code}.example" for code in TOLD)


def test_raising_twice_is_raising_once(raised):
    first = raised()
    assert raised() == first
    assert Notice.objects.count() == len(TOLD)
    assert Delivery.objects.count() == len(TOLD)


def test_a_head_count_stands_only_on_the_notice_of_who_serves_the_halt(alert, notice):
    assert notice("kz-border").head_count == 102
    assert notice("tj-emb-uz").head_count is None


def test_every_address_of_the_first_desk_is_written_to(raised, organisations):
    desk = organisations["kz-border"].offices.get().contacts.get(rank=1)
    Channel.objects.create(contact=desk, kind="email", email="second@kz-border.example", rank=3)
    alert = raised()
    told = Delivery.objects.filter(notice__alert=alert, notice__organisation__code="kz-border")
    assert set(told.values_list("address", flat=True)) == {
        "duty-desk@kz-border.example",
        "second@kz-border.example",
    }


def test_whom_no_mail_can_reach_stands_on_the_call_list_at_once(raised, organisations):
    Channel.objects.filter(contact__office__organisation=organisations["kz-border"], kind="email").update(
        switched_off_at=NOW
    )
    alert = raised()
    call = EscalationStep.objects.get(notice__alert=alert, notice__organisation__code="kz-border", kind="call")
    assert call.due_at == NOW


def test_a_switched_off_first_desk_gives_way_to_the_deputy(raised, organisations):
    Channel.objects.filter(email="duty-desk@kz-border.example").update(switched_off_at=NOW)
    raised()
    assert Delivery.objects.get(notice__organisation__code="kz-border").address == "deputy@kz-border.example"


def test_adding_organisations_later_asks_nobody_twice(alert, organisations):
    later = NOW + timedelta(minutes=3)
    told = [Told(organisation) for organisation in organisations.values()]
    added = add_organisations(alert=alert, told=told, by=COMMAND, at=later)
    assert {notice.organisation.code for notice in added} == {"iom-uz", "uz-border"}
    assert Delivery.objects.count() == len(organisations)
    assert add_organisations(alert=alert, told=told, by=COMMAND, at=later) == []


def test_a_newer_version_closes_the_old_and_asks_again(raised, alert):
    newer = raised(source="test:2", supersedes=alert)
    assert set(alert.notices.values_list("state", flat=True)) == {NoticeState.SUPERSEDED}
    assert set(newer.notices.values_list("state", flat=True)) == {NoticeState.OWED}
    assert not EscalationStep.objects.filter(notice__alert=alert, state=StepState.PENDING).exists()


def test_the_newest_that_stands_is_the_one_whose_place_the_next_takes(raised, alert):
    assert Alert.objects.none().newest_standing() is None
    other, newer = raised(source="test:2"), raised(source="test:3", supersedes=alert)
    assert set(Alert.objects.standing()) == {other, newer}
    assert Alert.objects.newest_standing() == newer
    raised(source="test:4", supersedes=newer, codes=["kz-border"])
    assert Alert.objects.exclude(source="test:4").newest_standing() == other


def test_an_answer_stays_with_the_version_that_it_answered(raised, alert, notice):

    acknowledge(notice=notice("iom-kz"), name="A", function="lead", answered_by="page", by=COMMAND, at=NOW)
    raised(source="test:2", supersedes=alert)
    assert notice("iom-kz").state == NoticeState.ACKNOWLEDGED


def test_alerts_are_numbered_without_gaps(raised):
    assert [raised(source=f"test:{n}").number for n in range(3)] == [1, 2, 3]


def test_raising_and_its_audit_rows_stand_or_fall_together(alert):
    subjects = AuditEntry.objects.values_list("verb", flat=True)
    assert sorted(subjects) == ["alert raised", *["organisation told"] * len(TOLD)]


def test_an_unknown_kind_is_refused_before_anything_is_written(organisations):

    with pytest.raises(MessageError, match="No message is registered"):
        raise_alert(
            kind="nothing", source="x", subject="", context={}, told=[], expires_at=NOW, by=COMMAND, at=NOW
        )  # fmt: skip
    assert not Alert.objects.exists()
