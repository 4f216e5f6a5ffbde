"""The real worker finds a late result, and the duty desk of the mission has a letter that names nobody."""

from datetime import timedelta

from django.db import transaction

from common import clock
from common.nudges import nudge
from migrants import health
from returns import cases
from returns.models import LateResult
from tests.cast import COMMAND, NOW
from tests.support.waiting import wait_until


def test_a_late_result_reaches_the_desk_of_the_mission_and_no_embassy(
    celery_worker, make_person, organisations, mailbox
):
    clock.set_to(NOW)
    person = make_person()
    opened = cases.open_cases(people=[person], by=COMMAND, at=NOW)
    cases.close_cases(cases=opened, why="home", by=COMMAND, at=NOW)
    with transaction.atomic():
        health.record_test(
            person=person, kind="pcr", result="positive", sampled_at=NOW, by=COMMAND, at=NOW + timedelta(minutes=1)
        )
        nudge("health-tests")

    wait_until(LateResult.objects.exists, "the late result")
    letter = mailbox.wait_for(1, seconds=20)[0]
    assert len(mailbox) == 1
    assert "iom-kz" in str(letter["X-Envelope-To"])
    assert not any(word in letter.as_string() for word in (person.full_name, person.number, "positive"))
