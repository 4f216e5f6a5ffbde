"""Holds, consents, disclosures, children alone, documents, tests: each written whole, by whom it may."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from common.actors import Actor
from migrants import consents, documents, health, protection
from migrants.entries import DocumentEntry, PersonEntry
from migrants.models import Consent, Disclosure, Nationality, ProtectionHold
from migrants.registration import register
from tests.cast import COMMAND, NOW

SECOND = Actor("user", "another", "another")
HOUR = timedelta(hours=1)


@pytest.fixture
def tajik(person, mission):
    who = person()
    Nationality.objects.create(person=who, mission=mission, code="TJK", recorded_at=NOW, by=COMMAND)
    return who


@pytest.fixture
def embassy(organisations):
    return organisations["tj-emb-uz"]


def agree(people, to, **changed):
    asked = {"purpose": "consulate", "answer": "yes", "how": "oral", "language": "tg", "recipient": to}
    return consents.record_consent(people=people, **asked | {"by": COMMAND, "at": NOW} | changed)


def show(people, recipient, at=NOW):
    return consents.disclose(people=people, recipient=recipient, purpose="consulate", by=COMMAND, at=at)


def test_a_hold_stands_against_every_nationality_by_default(tajik):
    assert protection.set_hold(person=tajik, reason="fear", by=COMMAND, at=NOW).against == ["TJK"]


def test_a_hold_needs_a_reason_and_a_country(person, tajik):
    for who, reason, field in ((tajik, " ", "reason"), (person(), "fear", "against")):
        with pytest.raises(protection.ProtectionError) as caught:
            protection.set_hold(person=who, reason=reason, by=COMMAND, at=NOW)
        assert caught.value.field == field


def test_whoever_set_a_hold_cannot_clear_it(tajik):
    hold = protection.set_hold(person=tajik, reason="fear", by=COMMAND, at=NOW)
    with pytest.raises(protection.ProtectionError):
        protection.clear_hold(hold=hold, reason="gone", by=COMMAND, at=NOW)
    assert protection.clear_hold(hold=hold, reason="gone", by=SECOND, at=NOW).cleared_at == NOW


def test_the_database_holds_that_too(tajik):
    hold = protection.set_hold(person=tajik, reason="fear", by=COMMAND, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtectionHold.objects.filter(pk=hold.pk).update(cleared_at=NOW, cleared_by=COMMAND)


def test_whoever_registered_a_stateless_person_cannot_clear_the_question(group, mission):
    entry = PersonEntry(full_name="Юсуфзода Фирдавс", nationalities=("XXA",))
    hold = register(group=group, mission=mission, entry=entry, by=COMMAND, at=NOW).holds.get()
    with pytest.raises(protection.ProtectionError):
        protection.clear_hold(hold=hold, reason="asked", by=COMMAND, at=NOW)
    protection.clear_hold(hold=hold, reason="asked", by=SECOND, at=NOW)


def test_the_reason_of_a_hold_is_sealed(tajik):
    hold = protection.set_hold(person=tajik, reason="fear of return", by=COMMAND, at=NOW)
    stored = ProtectionHold.objects.get(pk=hold.pk).__dict__["reason"]
    assert b"fear" not in bytes(stored)


def test_nobody_is_shown_without_consent(tajik, embassy):
    assert show([tajik], embassy) == []


def test_who_agreed_is_shown_and_only_once(tajik, embassy):
    agree([tajik], embassy)
    assert len(show([tajik], embassy)) == 1
    assert show([tajik], embassy) == []


@pytest.mark.parametrize(
    "changed", [{"answer": "no"}, {"answer": "not_now"}, {"expires_at": NOW}, {"purpose": "return", "recipient": None}]
)
def test_any_other_answer_shows_nobody(tajik, embassy, changed):
    agree([tajik], embassy, **changed)
    assert show([tajik], embassy) == []


def test_a_consulate_is_shown_its_own_nationals_only(person, embassy):
    stranger = person()
    agree([stranger], embassy)
    assert show([stranger], embassy) == []


def test_a_hold_keeps_a_person_from_being_shown(tajik, embassy):
    agree([tajik], embassy)
    protection.set_hold(person=tajik, reason="fear", by=COMMAND, at=NOW)
    assert show([tajik], embassy) == []


def test_a_hold_against_another_country_does_not(tajik, embassy):
    agree([tajik], embassy)
    protection.set_hold(person=tajik, reason="fear", against=["AFG"], by=COMMAND, at=NOW)
    assert len(show([tajik], embassy)) == 1


@pytest.mark.parametrize("act", ["hold", "no", "withdrawal"])
def test_what_ends_the_ground_ends_the_showing(tajik, embassy, act):
    (consent,) = agree([tajik], embassy)
    show([tajik], embassy)
    later = NOW + HOUR
    if act == "hold":
        protection.set_hold(person=tajik, reason="fear", by=COMMAND, at=later)
    elif act == "no":
        agree([tajik], embassy, answer="no", at=later)
    else:
        consents.withdraw(consent=consent, by=COMMAND, at=later)
    assert Disclosure.objects.get().valid_until == later


def test_a_group_answers_at_once_and_each_answer_is_a_row(person):
    people = [person() for _ in range(3)]
    rows = consents.record_consent(
        people=people, purpose="return", answer="yes", how="oral", language="tg", interpreter="staff interpreter",
        witness="Sana Sezim", form_signed=True, form_reference="folder 3", by=COMMAND, at=NOW,
    )  # fmt: skip
    assert {row.person_id for row in rows} == {each.pk for each in people}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"recipient": None}, "recipient"),
        ({"purpose": "return"}, "recipient"),
        ({"language": ""}, "language"),
        ({"form_signed": True}, "witness"),
        ({"form_signed": True, "answer": "no", "how": "written"}, "form_signed"),
        ({"form_signed": True, "how": "written"}, "form_reference"),
        ({"form_signed": True, "how": "implicit", "recipient": None, "purpose": "return"}, "how"),
        ({"how": "implicit"}, "how"),
        ({"how": "proxy"}, "given_by"),
        ({"categories": ["journey"]}, "categories"),
        ({"categories": ["identity", "result"]}, "categories"),
        ({"expires_at": NOW - HOUR}, "expires_at"),
        ({"answered_at": NOW + HOUR}, "answered_at"),
    ],
)
def test_a_consent_that_cannot_be_names_its_field(tajik, embassy, changed, field):
    with pytest.raises(consents.ConsentError) as caught:
        agree([tajik], embassy, **changed)
    assert caught.value.field == field
    assert not Consent.objects.exists()


def test_a_child_alone_needs_all_three_parts(person):
    parts: dict[str, Any] = {
        "outcome": "return",
        "best_interests_on": NOW.date(),
        "escort": "aunt",
        "receiver": "father",
    }
    child = person(alone="unaccompanied")
    for name in ("outcome", "escort", "receiver"):
        with pytest.raises(protection.ProtectionError) as caught:
            protection.arrange_child(person=child, **parts | {name: " "}, by=COMMAND, at=NOW)
        assert caught.value.field == name
    assert protection.arrange_child(person=child, **parts, by=COMMAND, at=NOW).receiver == "father"


def test_a_renewed_document_replaces_the_old_one_which_stays(person):
    who = person()
    old = documents.record_document(person=who, document=DocumentEntry("passport", "expired"), by=COMMAND, at=NOW)
    new = DocumentEntry("passport", number="1", issuer="TJK", expires_on=date(2030, 1, 1))
    documents.record_document(person=who, document=new, replaces=old, by=COMMAND, at=NOW)
    assert sorted(who.documents.values_list("state", flat=True)) == ["held", "replaced"]


@pytest.mark.parametrize(
    ("changed", "field"), [({"issuer": "ZZZ"}, "issuer"), ({"expires_on": date(3020, 1, 1)}, "expires_on")]
)
def test_a_document_that_cannot_be_names_its_field(person, changed, field):
    with pytest.raises(documents.DocumentError) as caught:
        documents.record_document(person=person(), document=DocumentEntry("passport", **changed), by=COMMAND, at=NOW)
    assert caught.value.field == field


def test_a_test_waits_to_be_judged(person):
    row = health.record_test(person=person(), kind="pcr", result="negative", sampled_at=NOW - HOUR, by=COMMAND, at=NOW)
    assert row.assessed_at is None


@pytest.mark.parametrize("sampled_at", [NOW + HOUR, NOW - timedelta(days=400)])
def test_a_sample_of_the_future_or_long_ago_is_refused(person, sampled_at):
    with pytest.raises(health.HealthError) as caught:
        health.record_test(person=person(), kind="pcr", result="negative", sampled_at=sampled_at, by=COMMAND, at=NOW)
    assert caught.value.field == "sampled_at"
