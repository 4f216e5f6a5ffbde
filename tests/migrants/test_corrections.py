"""A correction makes the right value stand and keeps what stood, with its time and who said it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from common.models import AuditEntry
from migrants import protection
from migrants.corrections import CorrectionError, correct, fingerprint_of, identity_of
from migrants.enums import AloneStatus, BirthBasis, NameKind
from migrants.models import EarlierClaim
from tests.cast import COMMAND, NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def umed(person):
    """Registered from the parent's word: Umed Qodirov, 1986."""
    return person(
        full_name="Кодиров Умед", sex="M", birth_year=1986, birth_basis=BirthBasis.PARENT, latin_name="Kodirov Umed"
    )


def correction(of, *, name_was=NameKind.MISTAKEN, seen=None, at=LATER, **right):
    wanted = replace(identity_of(of), **right)
    return correct(person=of, right=wanted, name_was=name_was, seen=seen or fingerprint_of(of), by=COMMAND, at=at)


def test_the_former_name_is_kept_with_its_kind_and_the_person_is_still_found_by_it(umed):
    right, changed = correction(umed, full_name="Қодирзода Умед", latin_name="", name_was=NameKind.FORMER)
    kept = right.names.get()
    assert changed
    assert (right.full_name, right.latin_name) == ("Қодирзода Умед", "Qodirzoda Umed")
    assert (kept.full_name, kept.kind, kept.recorded_at) == ("Кодиров Умед", NameKind.FORMER, LATER)
    assert set(umed.name_keys) <= set(right.name_keys)
    assert AuditEntry.objects.filter(verb="person corrected", subject__endswith=str(umed.public_id)).count() == 1


def test_a_corrected_birth_date_leaves_what_was_said_before_as_a_claim(umed):
    right, _ = correction(umed, birth_year=1987, birth_month=7, birth_basis=BirthBasis.DOCUMENT)
    again, _ = correction(right, birth_day=4, at=LATER + timedelta(hours=1))
    first, second = EarlierClaim.objects.filter(person=umed)
    assert (again.birth_year, again.birth_month, again.birth_day) == (1987, 7, 4)
    assert (first.birth_year, first.birth_month, first.birth_basis) == (1986, None, BirthBasis.PARENT)
    assert (first.recorded_at, first.replaced_at) == (umed.registered_at, LATER)
    assert (second.birth_year, second.recorded_at) == (1987, LATER)
    assert not again.names.exists()


def test_the_same_values_again_change_nothing(umed):
    _, changed = correction(umed)
    assert not changed
    assert not EarlierClaim.objects.exists()
    assert not AuditEntry.objects.filter(verb="person corrected").exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("full_name", " "), ("full_name", "x" * 201), ("sex", "?"), ("birth_basis", "guess"), ("birth_year", 1800)],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_kept(umed, field, wrong):
    with pytest.raises(CorrectionError) as refused:
        correction(umed, **{field: wrong})
    assert refused.value.field == field
    assert not EarlierClaim.objects.exists()
    assert not umed.names.exists()


def test_two_who_correct_at_the_same_time_do_not_overwrite_each_other(umed):
    seen = fingerprint_of(umed)
    right, _ = correction(umed, birth_year=1987)
    with pytest.raises(CorrectionError, match="meanwhile"):
        correction(right, birth_year=1985, seen=seen)


@pytest.mark.parametrize("alone", [AloneStatus.UNACCOMPANIED, AloneStatus.SEPARATED])
def test_a_child_is_unaccompanied_or_separated_and_each_stays_what_it_is(person, alone):
    child = person(full_name="Холов Нозим", birth_year=2004)
    assert protection.record_alone(person=child, alone=alone, by=COMMAND, at=NOW).alone == alone
    protection.record_alone(person=child, alone=alone, by=COMMAND, at=LATER)
    assert (
        AuditEntry.objects.filter(subject__endswith=str(child.public_id), verb="company of a child recorded").count()
        == 1
    )


def test_who_is_surely_an_adult_is_no_child_alone(umed):
    with pytest.raises(protection.ProtectionError) as refused:
        protection.record_alone(person=umed, alone=AloneStatus.SEPARATED, by=COMMAND, at=NOW)
    assert refused.value.field == "alone"
