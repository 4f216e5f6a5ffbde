from datetime import timedelta

import pytest

from common.models import AuditEntry
from migrants.models import Family, HealthTest
from returns import assessing, infections, laboratory
from returns.cases import open_cases
from returns.enums import TravelAnswer
from returns.infections import InfectionError
from returns.laboratory import LaboratoryError
from returns.laboratory import take as take_samples
from returns.models import CaseReadiness, Sample, SampleList, TravelQuestion
from returns.sample_validity import validity_of
from tests.cast import COMMAND, NOW
from tests.returns.conftest import TEST_RULE

pytestmark = pytest.mark.django_db
SIX_HOURS = NOW + timedelta(hours=6)
NINE_HOURS = NOW + timedelta(hours=9)


@pytest.fixture
def people(make_person, make_rule, plan):
    """Six people who lack nothing but a test."""
    make_rule(TEST_RULE)
    return [make_person() for _ in range(6)]


@pytest.fixture
def drawn(people, group):
    """A list of the six."""

    open_cases(people=people, by=COMMAND, at=NOW)
    return laboratory.draw_list(group=group, kind="pcr", laboratory="Mobile laboratory", by=COMMAND, at=NOW)


def numbers_of(sample_list):
    return [sample.case.number for sample in laboratory.samples_of(sample_list)]


def verdicts():
    return dict(CaseReadiness.objects.values_list("case__number", "verdict"))


def taken(sample_list, how_many=6):
    return take_samples(sample_list=sample_list, how_many=how_many, sampled_at=NOW, by=COMMAND, at=SIX_HOURS)


def found(sample_list, results):
    return laboratory.record_results(sample_list=sample_list, results=results, by=COMMAND, at=NINE_HOURS)


def test_a_list_holds_each_open_case_once_in_the_order_of_its_lot(drawn, people):
    numbers = numbers_of(drawn)

    assert numbers == sorted(numbers)
    assert len(numbers) == len(people)


def test_who_waits_on_a_list_is_not_put_on_another(drawn, group):
    with pytest.raises(LaboratoryError, match="Nobody is left"):
        laboratory.draw_list(group=group, kind="pcr", laboratory="another", by=COMMAND, at=NOW)
    assert SampleList.objects.count() == 1


def test_samples_come_in_batches_and_their_results_are_awaited(drawn):
    first, second = taken(drawn, 4), taken(drawn, 2)

    assert {sample.batch for sample in first} == {1}
    assert {sample.batch for sample in second} == {2}
    assert set(verdicts().values()) == {"unknown"}
    assert AuditEntry.objects.filter(verb="sample taken").count() == 6


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"how_many": 7}, "how_many"),
        ({"how_many": 0}, "how_many"),
        ({"numbers": ["1"]}, "numbers"),
        ({"how_many": 1, "sampled_at": SIX_HOURS + timedelta(minutes=1)}, "sampled_at"),
        ({"how_many": 1, "sampled_at": NOW - timedelta(days=400)}, "sampled_at"),
    ],
)
def test_a_sample_that_cannot_be_is_refused_and_nothing_is_stored(drawn, said, field):
    with pytest.raises(LaboratoryError) as refused:
        take_samples(sample_list=drawn, **{"sampled_at": NOW, **said}, by=COMMAND, at=SIX_HOURS)
    assert refused.value.field == field
    assert not Sample.objects.filter(test__isnull=False).exists()


def test_a_sample_is_taken_once(drawn):
    number = numbers_of(drawn)[0]
    taken(drawn, 1)
    with pytest.raises(LaboratoryError, match=f"{number} was taken already"):
        take_samples(sample_list=drawn, numbers=[number], sampled_at=NOW, by=COMMAND, at=SIX_HOURS)


def test_validity_is_counted_from_sampling_by_the_rule_in_force(drawn, group):
    validity = validity_of(group, "pcr", at=SIX_HOURS)

    assert validity
    assert validity.until(NOW) == NOW + timedelta(hours=72)


def test_negative_results_make_ready_and_the_earlier_row_stays(drawn):
    taken(drawn)
    recorded = found(drawn, dict.fromkeys(numbers_of(drawn), "negative"))

    assert recorded.found == {"negative": 6}
    assert set(verdicts().values()) == {"ready"}
    assert HealthTest.objects.filter(result="pending", replaced_by__result="negative").count() == 6
    again = found(drawn, dict.fromkeys(numbers_of(drawn), "negative"))
    assert (dict(again.found), again.unchanged) == ({}, 6)


@pytest.mark.parametrize("results", [{"1": "negative"}, {}])
def test_results_of_nobody_are_refused(drawn, results):
    taken(drawn)
    with pytest.raises(LaboratoryError):
        found(drawn, results)


def test_a_result_before_its_sample_is_refused_and_none_is_stored(drawn):
    taken(drawn, 5)
    with pytest.raises(LaboratoryError, match="No sample"):
        found(drawn, dict.fromkeys(numbers_of(drawn), "negative"))
    assert not HealthTest.objects.exclude(result="pending").exists()


@pytest.fixture
def infected(drawn, people, group):
    """Two of a family of three and one alone: the first of the family and the lone one are positive."""
    family = Family.objects.create(group=group, code="F1")
    for person in people[:3]:
        person.family = family
        person.save()
    taken(drawn)
    cases = {
        sample.case.person_id: sample.case.number for sample in laboratory.samples_of(drawn).select_related("case")
    }
    numbers = [cases[person.pk] for person in people]
    positive = {numbers[0], numbers[5]}
    found(drawn, {number: "positive" if number in positive else "negative" for number in numbers})
    return numbers


def test_a_positive_result_keeps_back_the_case_and_its_family_and_nobody_else(infected):
    stay = {infected[0], infected[1], infected[2], infected[5]}
    assert {number for number, verdict in verdicts().items() if verdict == "not_ready"} == stay
    assert {number for number, verdict in verdicts().items() if verdict == "ready"} == set(infected) - stay
    assert TravelQuestion.objects.filter(is_own=True).count() == 2
    assert AuditEntry.objects.filter(verb="asked who travels").count() == 4


def test_the_task_that_follows_asks_nothing_twice(infected):
    assessing.assess_tests(at=NINE_HOURS)
    assert TravelQuestion.objects.count() == 4


def test_the_coordinator_lets_one_of_the_family_travel_and_not_who_is_positive(infected):
    question = TravelQuestion.objects.filter(is_own=False)[0]
    infections.decide(question=question, answer="travels", why="doctor saw her", by=COMMAND, at=NINE_HOURS)
    assert verdicts()[question.case.number] == "ready"
    own = TravelQuestion.objects.filter(is_own=True)[0]
    with pytest.raises(InfectionError, match="new negative test"):
        infections.decide(question=own, answer="travels", why="looks well", by=COMMAND, at=NINE_HOURS)
    with pytest.raises(InfectionError, match="Write why"):
        infections.decide(question=own, answer="stays", why=" ", by=COMMAND, at=NINE_HOURS)
    own.refresh_from_db()
    assert own.answer == ""


def test_a_corrected_result_withdraws_its_questions(infected, drawn):
    found(drawn, {infected[0]: "negative", infected[5]: "negative"})

    assert set(verdicts().values()) == {"ready"}
    assert not TravelQuestion.objects.standing().exists()
    assert TravelAnswer.TRAVELS not in TravelQuestion.objects.values_list("answer", flat=True)


def test_a_list_of_many_costs_no_more_queries_than_one_of_few(drawn, django_assert_max_num_queries):
    taken(drawn)
    with django_assert_max_num_queries(60):
        found(drawn, dict.fromkeys(numbers_of(drawn), "positive"))
