"""What is shown at a barrier beside documents and tests: recorded, counted for whom it is, and taken back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from common import clock
from common.models import AuditEntry
from migrants import merging
from migrants.entries import ProofEntry
from migrants.models import Proof, TravelGroup
from migrants.proofs import ProofError
from partners.enums import Role
from returns import proving, readiness
from returns.cases import open_cases
from returns.models import CaseReadiness
from returns.subject_access.sections import report_of
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
VISA_RULE = {"rule": {"permit": {"kinds": ["visa"], "issued_by": ["UZB"]}}}
VISA = ProofEntry("permit", sort="visa", country="UZB", number="V 1", last_on=date(2030, 1, 1))
LETTER_RULE: dict[str, Any] = {"rule": {"guarantee_letter": {}}}
LETTER = ProofEntry("guarantee_letter", authority="Embassy")


@pytest.fixture(autouse=True)
def at_the_moment(db):
    clock.set_to(NOW)


@pytest.fixture
def two(make_person, make_rule, plan):
    """Two people with cases, of whom a visa is asked."""
    make_rule(VISA_RULE, "other")
    people = [make_person(), make_person()]
    open_cases(people=people, by=COMMAND, at=NOW)
    return people


def verdicts():
    return dict(CaseReadiness.objects.values_list("case__person", "worst"))


def test_a_visa_of_one_person_makes_that_person_ready_and_nobody_else(two):
    first, second = two
    assert verdicts() == {first.pk: "missing", second.pk: "missing"}

    proving.prove(people=[first], proof=VISA, by=COMMAND, at=NOW)

    assert verdicts() == {first.pk: "met", second.pk: "missing"}


def test_a_visa_of_the_whole_group_counts_for_everybody_in_it(two, group):
    proving.prove_for_group(group=group, proof=VISA, by=COMMAND, at=NOW)

    assert set(verdicts().values()) == {"met"}


def test_what_is_withdrawn_counts_no_longer_and_stays_on_record(two):
    first, _second = two
    (row,) = proving.prove(people=[first], proof=VISA, by=COMMAND, at=NOW)

    proving.withdraw(proof=row, why="entered for somebody else", by=COMMAND, at=NOW)

    assert verdicts()[first.pk] == "missing"
    assert Proof.objects.get().withdrawn_why == "entered for somebody else"
    assert set(AuditEntry.objects.filter(verb__startswith="proof").values_list("verb", flat=True)) == {
        "proof recorded",
        "proof withdrawn",
    }


def test_what_was_known_before_it_was_recorded_is_judged_without_it(two):
    first, _second = two
    proving.prove(people=[first], proof=VISA, by=COMMAND, at=NOW)

    (before,) = readiness.explain([first.pk], at=NOW - timedelta(hours=1)).cases

    assert before.worst != "met"


def test_whoever_goes_to_another_group_leaves_the_proofs_of_the_old_one(two, group):
    first, _second = two
    proving.prove_for_group(group=group, proof=VISA, by=COMMAND, at=NOW)
    other = TravelGroup.objects.create(
        code="ZZ-0099", mission=group.mission, crossing=group.crossing, from_country=group.from_country,
        to_country=group.to_country, waiting_since=NOW, recorded_at=NOW, by=COMMAND,
    )  # fmt: skip
    first.group = other
    first.save(update_fields=["group"])
    readiness.check(people=[first.pk], at=NOW)

    assert verdicts()[first.pk] == "missing" or verdicts()[first.pk] == "unknown"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sort": "passport"}, "sort"),
        ({"country": ""}, "country"),
        ({"country": "Atlantis"}, "country"),
        ({"begins_on": date(2031, 1, 1)}, "last_on"),
        ({"last_on": date(2230, 1, 1)}, "last_on"),
        ({"kind": "blessing", "sort": ""}, "kind"),
        ({"kind": "payment", "sort": ""}, "title"),
        ({"kind": "quota", "sort": "", "last_on": None}, "begins_on"),
        ({"kind": "quarantine", "sort": "", "begins_on": None}, "begins_on"),
        ({"kind": "vaccination", "sort": "polio", "begins_on": date(2029, 1, 1)}, "begins_on"),
    ],
)
def test_what_no_rule_could_read_is_refused_beside_its_field(two, changes, field):
    values = {name: getattr(VISA, name) for name in VISA.__dataclass_fields__}

    with pytest.raises(ProofError) as caught:
        proving.prove(people=two, proof=ProofEntry(**values | changes), by=COMMAND, at=NOW)

    assert caught.value.field == field
    assert not Proof.objects.exists()


def test_nobody_is_vaccinated_for_a_whole_group(group):
    with pytest.raises(ProofError) as caught:
        proving.prove_for_group(group=group, proof=ProofEntry("vaccination", sort="polio"), by=COMMAND, at=NOW)

    assert caught.value.field == "kind"


def test_a_merge_takes_proofs_along(two):
    first, second = two
    proving.prove(people=[second], proof=VISA, by=COMMAND, at=NOW)

    merging.merge(kept=first, absorbed=second, by=COMMAND, at=NOW)

    assert Proof.objects.get().person == first


def test_whoever_asks_is_told_what_is_on_record(two):
    first, _second = two
    proving.prove(people=[first], proof=VISA, by=COMMAND, at=NOW)

    section = next(each for each in report_of(first, with_protection=False) if each.key == "proofs")
    assert section.rows[0][1:3] == ("visa, Uzbekistan", "V 1")


def test_the_pages_record_for_a_person_for_some_and_for_the_whole_group(two, group, sign_in, make_rule):
    first, second = two
    make_rule(LETTER_RULE, "consent")
    field = sign_in(Role.FIELD)
    visa = {"kind": "permit", "sort": "visa", "country": "UZB", "last_on": "2030-01-01"}

    field.post(reverse("returns:proof_new", args=[first.public_id]), visa)
    assert verdicts()[first.pk] == "missing"  # the letter

    whole = reverse("returns:group_proofs", args=[group.public_id])
    assert field.post(whole, {"whom": "group", "kind": "guarantee_letter"}).status_code == 302
    assert verdicts() == {first.pk: "met", second.pk: "missing"}
    assert field.post(whole, visa | {"whom": "people", "numbers": second.number}).status_code == 302
    assert set(verdicts().values()) == {"met"}
    assert "Of the whole group" in field.get(reverse("returns:person", args=[first.public_id])).text

    letter = Proof.objects.get(group=group)
    away = reverse("returns:group_proof_withdraw", args=[group.public_id, letter.public_id])
    field.post(away, {"why": ""})
    assert Proof.objects.get(pk=letter.pk).withdrawn_at is None
    field.post(away, {"why": "taken back by the embassy"})
    assert set(verdicts().values()) == {"missing"}


def test_a_wrong_form_is_answered_with_a_sentence_beside_the_field(two, group, sign_in):
    field = sign_in(Role.FIELD)

    answer = field.post(
        reverse("returns:group_proofs", args=[group.public_id]), {"whom": "people", "numbers": "1", "kind": "quota"}
    )
    assert answer.status_code == 422
    assert "Nobody in this group has the number 1" in answer.text
    one = field.post(reverse("returns:proof_new", args=[two[0].public_id]), {"kind": "quota"})
    assert (one.status_code, "Say for which day the place is booked." in one.text) == (422, True)
