from datetime import timedelta
from typing import Any

import pytest

from common.models import AuditEntry
from migrants import protection, screening
from migrants.models import Referral, Screening
from migrants.protection import ProtectionError
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def screened(person):
    """`screened(needs)` screens somebody before departure."""
    who = person()

    def screen(*needs, person=who, **said):
        usual: dict[str, Any] = {"stage": "before", "note": "spoke alone with her", "screened_at": NOW} | said
        return screening.screen(person=person, needs=needs, **usual, by=COMMAND, at=NOW)

    return screen


def refer(row, organisation, **said):
    usual: dict[str, Any] = {"service": "medical", "reason": "sees a doctor today", "referred_at": NOW} | said
    return screening.refer(screening=row, organisation=organisation, **usual, by=COMMAND, at=NOW)


@pytest.fixture
def referred(screened, organisations):
    return refer(screened("medical"), organisations["kz-border"])


def answered(row, answer, *, note=""):
    return screening.answer_referral(referral=row, answer=answer, note=note, by=COMMAND, at=NOW)


def test_screening_is_repeated_and_nothing_is_overwritten(screened):
    screened("pregnancy", "medical")
    screened("medical", stage="on_the_way")

    rows = Screening.objects.order_by("pk")
    assert [[need.value for need in screening.needs_of(row)] for row in rows] == [["medical", "pregnancy"], ["medical"]]
    assert AuditEntry.objects.filter(verb="person screened").count() == 2


def test_what_was_said_is_sealed_in_the_database(screened):
    screened("violence")

    stored = str(Screening.objects.values("needs", "note").get())
    assert "violence" not in stored
    assert "alone" not in stored


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"stage": "later"}, "stage"),
        ({"screened_at": NOW + timedelta(minutes=1)}, "screened_at"),
        ({"screened_at": NOW - timedelta(days=400)}, "screened_at"),
    ],
)
def test_a_screening_that_cannot_be_is_refused(screened, said, field):
    with pytest.raises(ProtectionError) as refused:
        screened(**said)
    assert refused.value.field == field
    assert not Screening.objects.exists()


def test_an_unknown_need_is_refused(screened):
    with pytest.raises(ProtectionError, match="not on the list"):
        screened("score 7")


def test_a_referral_counts_for_its_organisation_until_it_is_closed(screened, organisations):
    doctor = organisations["kz-border"]
    row = refer(screened("medical"), doctor)
    assert screening.open_referrals([doctor], at=NOW).count() == 1
    with pytest.raises(ProtectionError, match="came of it"):
        screening.close_referral(referral=row, outcome=" ", by=COMMAND, at=NOW)
    screening.close_referral(referral=row, outcome="seen", by=COMMAND, at=NOW)
    assert not screening.open_referrals([doctor], at=NOW).exists()


@pytest.mark.parametrize("need", ["violence", "trafficking", "fear"])
def test_violence_trafficking_and_fear_never_count(screened, organisations, need):
    doctor = organisations["kz-border"]
    refer(screened("medical", need), doctor)
    assert not screening.open_referrals([doctor], at=NOW).exists()


def test_who_is_held_never_counts(screened, organisations):
    doctor = organisations["kz-border"]
    row = screened("medical")
    refer(row, doctor)
    protection.set_hold(person=row.person, reason="asked", against=["TJK"], by=COMMAND, at=NOW)
    assert not screening.open_referrals([doctor], at=NOW).exists()


def test_a_referral_before_its_screening_is_refused(screened, organisations):
    with pytest.raises(ProtectionError) as refused:
        refer(screened(), organisations["kz-border"], referred_at=NOW - timedelta(hours=1))
    assert refused.value.field == "referred_at"
    assert not Referral.objects.exists()


def test_a_referral_is_accepted_and_later_done(referred):
    row = answered(referred, "accepted", note="Dr. A. takes her")
    assert (row.answer, row.answered_at, row.closed_at) == ("accepted", NOW, None)
    done = screening.close_referral(referral=row, outcome="seen by the doctor", by=COMMAND, at=NOW)
    assert (done.answer, done.closed_at) == ("accepted", NOW)


def test_a_referral_that_is_declined_is_closed_and_counted_no_longer(referred):
    row = answered(referred, "declined", note="no bed free")
    assert (row.closed_at, row.outcome) == (NOW, "no bed free")
    assert not screening.open_referrals([row.organisation], at=NOW).exists()


def test_the_same_answer_again_changes_nothing_and_another_is_refused(referred):
    answered(referred, "accepted")
    assert answered(referred, "accepted", note="again").answer_note is None
    with pytest.raises(ProtectionError) as refusal:
        answered(referred, "declined", note="after all")
    assert refusal.value.field == "answer"


@pytest.mark.parametrize(("answer", "field"), [("perhaps", "answer"), ("declined", "note")])
def test_an_answer_that_cannot_be_names_its_field(referred, answer, field):
    with pytest.raises(ProtectionError) as refusal:
        answered(referred, answer)
    assert refusal.value.field == field
    referred.refresh_from_db()
    assert referred.answer == ""
