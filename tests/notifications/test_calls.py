"""Calls and their log."""

from datetime import timedelta

import pytest

from common.actors import Actor
from notifications.acknowledgements import AnswerError
from notifications.calls import by_organisation, call_list, log_call, waiting_count
from notifications.enums import NoticeState
from notifications.models import Acknowledgement, CallEntry, EscalationStep
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
CALLER = Actor("user", "u1", "B. Coordinator", organisation_ref="iom-uz")


def log(notice, organisation=None, **values):
    usual = {"number": "+7 701 000 10 11", "function": "duty officer", "outcome": "reached", "by": CALLER, "at": NOW}
    return log_call(organisation=organisation or notice.organisation, notice=notice, **{**usual, **values})


def test_a_call_is_logged_with_number_function_and_outcome(notice):
    entry = log(notice("kz-border"), note="will call back")
    assert (entry.number, entry.function, entry.outcome) == ("+77010001011", "duty officer", "reached")
    assert entry.subject == "crossing:KZ-UZ-01"


def test_a_call_can_be_about_no_notice(organisations):
    log(None, organisations["kz-border"], outcome="no_answer", function="", subject="crossing:KZ-UZ-01")
    assert CallEntry.objects.get().notice is None


def test_an_acknowledgement_by_phone_is_written_down_on_behalf(notice):
    log(notice("kz-border"), outcome="acknowledged", name="C. Major")
    kept = Acknowledgement.objects.get()
    assert (kept.name, kept.answered_by, kept.by.on_behalf_of) == ("C. Major", "phone", "C. Major, duty officer")
    assert kept.by.recorded_by == "B. Coordinator"
    assert notice("kz-border").state == NoticeState.ACKNOWLEDGED


@pytest.mark.parametrize("outcome", ["reached", "call_back", "no_answer", "wrong_number"])
def test_a_call_that_acknowledged_nothing_keeps_the_notice_owed(notice, outcome):
    log(notice("kz-border"), outcome=outcome)
    assert notice("kz-border").state == NoticeState.OWED


def test_the_call_list_tells_what_earlier_calls_came_to(notice, alert):
    log(notice("kz-border"), outcome="no_answer", function="")
    later = NOW + timedelta(hours=1)
    tries = {call.notice.organisation.code: [entry.outcome for entry in call.tries] for call in call_list(at=later)}
    assert tries == {"kz-border": ["no_answer"], "iom-kz": [], "tj-emb-uz": []}


def test_an_organisation_that_owes_several_answers_is_called_once_for_all(alert, raised):
    raised(source="requirement-version:another")
    calls = call_list(at=NOW + timedelta(hours=1))
    listed = by_organisation(calls)
    assert [callee.organisation.code for callee in listed] == list(
        dict.fromkeys(call.notice.organisation.code for call in calls)
    )
    assert {len(callee.calls) for callee in listed} == {2}
    EscalationStep.objects.filter(kind="call").update(state="done")
    assert waiting_count() == len(listed)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "12"}, "number"),
        ({"number": "not a number"}, "number"),
        ({"number": ""}, "number"),
        ({"outcome": "married"}, "outcome"),
        ({"function": " "}, "function"),
        ({"outcome": "acknowledged", "name": ""}, "name"),
    ],
)
def test_a_call_that_cannot_be_logged_names_the_field_and_leaves_nothing(notice, values, field):
    with pytest.raises(AnswerError) as refusal:
        log(notice("kz-border"), **values)
    assert refusal.value.field == field
    assert not CallEntry.objects.exists()


def test_a_notice_of_another_organisation_is_refused(notice, organisations):
    with pytest.raises(AnswerError, match="another organisation"):
        log(notice("kz-border"), organisations["iom-kz"])


def test_a_call_about_nothing_acknowledges_nothing(organisations):
    with pytest.raises(AnswerError, match="open the notice"):
        log_call(
            organisation=organisations["kz-border"],
            notice=None,
            number="+77010001011",
            function="x",
            outcome="acknowledged",
            name="y",
            by=COMMAND,
            at=NOW,
        )
