"""A result that comes too late to stop anybody reaches the protection officers, and no embassy (rule 25)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common.models import AuditEntry
from migrants import health
from notifications.models import Alert
from partners.enums import Role
from returns import assessing, cases, late_results
from returns.late_results import LateResultError
from returns.models import LateResult, Movement
from tests.cast import COMMAND, NOW
from tests.returns.convoy import FROZEN

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)
MISSION = {"iom-kz"}


@pytest.fixture
def closed(make_person):
    """Somebody whose case was closed, and a sample taken before."""
    person = make_person()
    cases.close_cases(
        cases=cases.open_cases(people=[person], by=COMMAND, at=NOW), why="went another way", by=COMMAND, at=NOW
    )
    return person


def found(person, result="positive", at=LATER):
    health.record_test(person=person, kind="pcr", result=result, sampled_at=NOW, by=COMMAND, at=at)
    assessing.assess_tests(at=at)


def test_a_result_after_the_case_was_closed_is_raised_to_the_mission_alone(closed, organisations):
    found(closed)

    row = LateResult.objects.get()
    assert (row.person, row.movement, row.taken_up_at) == (closed, None, None)
    told = {notice.organisation.code for notice in Alert.objects.get().notices.select_related("organisation")}
    assert told == MISSION


def test_the_alert_names_nobody_and_no_result(closed, organisations):
    found(closed)

    alert = Alert.objects.get()
    said = f"{alert.context} {alert.source} {alert.subject}"
    assert not any(word in said for word in (closed.full_name, closed.number, str(closed.public_id), "positive"))


def test_assessing_twice_raises_once(closed, organisations):
    found(closed)
    late_results.raise_for(tests=list(closed.tests.all()), by=COMMAND, at=LATER)

    assert LateResult.objects.count() == 1
    assert Alert.objects.count() == 1


def test_a_result_after_the_handover_names_the_movement_though_the_case_is_open_still(boarded):
    Movement.objects.filter(pk=boarded.pk).update(state="handed_over", handed_over_at=FROZEN)
    travelled = boarded.manifests.get().entries.order_by("pk").first().person
    found(travelled)

    assert LateResult.objects.get().movement == boarded
    alert = Alert.objects.get(kind=late_results.KIND)
    assert alert.context["movement"] == str(boarded)


def test_many_late_results_late_results_are_one_alert(closed, make_person, organisations):
    others = [make_person() for _ in range(9)]
    cases.close_cases(cases=cases.open_cases(people=others, by=COMMAND, at=NOW), why="home", by=COMMAND, at=NOW)
    health.record_tests(people=[closed, *others], kind="pcr", result="negative", sampled_at=NOW, by=COMMAND, at=LATER)
    assessing.assess_tests(at=LATER)

    assert LateResult.objects.count() == 10
    assert Alert.objects.get().context["how_many"] == 10


def test_a_result_while_the_case_is_open_is_not_late(make_person, organisations):
    person = make_person()
    cases.open_cases(people=[person], by=COMMAND, at=NOW)
    found(person)

    assert not LateResult.objects.exists()


def test_a_sample_that_is_still_awaited_raises_nothing_until_its_result_comes(closed, organisations):
    found(closed, result="pending")
    assert not LateResult.objects.exists()

    health.replace_results(results={closed.tests.get(): "positive"}, by=COMMAND, at=LATER)
    assessing.assess_tests(at=LATER)
    assert LateResult.objects.get().test.result == "positive"


def test_a_result_is_taken_up_once_and_in_words(closed, organisations):
    found(closed)
    row = LateResult.objects.get()

    with pytest.raises(LateResultError) as refusal:
        late_results.take_up(late=row, note=" ", by=COMMAND, at=LATER)
    assert refusal.value.field == "note"
    late_results.take_up(late=row, note="called her at home", by=COMMAND, at=LATER)
    late_results.take_up(late=row, note="again", by=COMMAND, at=LATER)
    row.refresh_from_db()
    assert row.note == "called her at home"
    assert AuditEntry.objects.filter(verb="late result taken up").count() == 1


def test_the_page_shows_what_waits_and_writes_down_what_was_done(closed, organisations, sign_in):
    found(closed)
    row = LateResult.objects.get()
    client = sign_in(Role.PROTECTION)

    assert closed.number in client.get(reverse("returns:late_results")).content.decode()
    take_up = reverse("returns:late_result_take_up", args=[row.public_id])
    assert client.post(take_up, {"note": ""}).status_code == 422
    assert client.post(take_up, {"note": "told the family doctor"}).status_code == 302
    assert closed.number not in client.get(reverse("returns:late_results")).content.decode()
    assert "told the family doctor" in client.get(reverse("returns:late_results") + "?show=all").content.decode()


@pytest.mark.parametrize(
    ("sampled", "known", "result", "field"),
    [
        (NOW, NOW - timedelta(hours=1), "negative", "result_at"),
        (NOW, LATER + timedelta(hours=1), "negative", "result_at"),
        (NOW, NOW, "pending", "result_at"),
    ],
    ids=["before the sample", "in the future", "still awaited"],
)
def test_the_hour_of_a_result_lies_between_the_sample_and_now(make_person, sampled, known, result, field):
    with pytest.raises(health.HealthError) as refusal:
        health.record_test(
            person=make_person(), kind="pcr", result=result, sampled_at=sampled, result_at=known, by=COMMAND, at=LATER
        )
    assert refusal.value.field == field


def test_a_result_without_an_hour_was_known_when_it_was_written_down(make_person):
    known = [
        health.record_test(person=make_person(), kind="pcr", result=result, sampled_at=NOW, by=COMMAND, at=LATER)
        for result in ("negative", "pending")
    ]
    assert [test.result_at for test in known] == [LATER, None]
