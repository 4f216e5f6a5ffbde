"""Health tests: recorded here, judged above. The row waits with `assessed_at` null until its case was judged anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.enums import TestKind, TestResult
from migrants.models import HealthTest, Migrant

OLDEST = timedelta(days=366)


class HealthError(RefusalError):
    """A test that cannot be stored. `field` names the place, `sentence` what is wrong and the remedy."""


@transaction.atomic
def record_test(
    *,
    person: Migrant,
    kind: str,
    result: str,
    sampled_at: datetime,
    result_at: datetime | None = None,
    laboratory: str = "",
    by: Actor,
    at: datetime,
) -> HealthTest:
    """Record one test; its clock starts at sampling (rule 28). `result_at` left out: known now. Raises HealthError."""
    told: dict[str, Any] = {"sampled_at": sampled_at, "result_at": result_at, "laboratory": laboratory}
    return record_tests(people=[person], kind=kind, result=result, by=by, at=at, **told)[0]


@transaction.atomic
def record_tests(
    *,
    people: Sequence[Migrant],
    kind: str,
    result: str,
    sampled_at: datetime,
    result_at: datetime | None = None,
    laboratory: str = "",
    by: Actor,
    at: datetime,
) -> list[HealthTest]:
    """Record the same test for several people, a row each. Raises HealthError."""
    refuse_sampling_time(sampled_at, at=at)
    known_at = _hour_of_result(result, result_at, sampled_at=sampled_at, at=at)
    rows = HealthTest.objects.bulk_create(
        HealthTest(
            person=person,
            mission_id=person.mission_id,
            kind=TestKind(kind),
            result=TestResult(result),
            sampled_at=sampled_at,
            result_at=known_at,
            laboratory=laboratory.strip(),
            recorded_at=at,
            by=by,
        )
        for person in people
    )
    audit.record_many((("test recorded", row) for row in rows), by=by, at=at)
    return rows


@transaction.atomic
def replace_results(*, results: Mapping[HealthTest, str], by: Actor, at: datetime) -> list[HealthTest]:
    """Record what a laboratory found, or found to be wrong: of each test a new row that takes its place.

    Kind, hour of sampling and laboratory stay those of the sample. A test that was replaced already cannot be again.
    """
    rows = HealthTest.objects.bulk_create(
        HealthTest(
            person_id=test.person_id,
            mission_id=test.mission_id,
            kind=test.kind,
            result=TestResult(result),
            sampled_at=test.sampled_at,
            result_at=None if result == TestResult.PENDING else at,
            laboratory=test.laboratory,
            recorded_at=at,
            replaces=test,
            by=by,
        )
        for test, result in results.items()
    )
    audit.record_many((("test result recorded", row) for row in rows), by=by, at=at)
    return rows


def refuse_sampling_time(sampled_at: datetime, *, at: datetime) -> None:
    """Raise HealthError where a sample was taken in the future or more than a year ago."""
    if sampled_at > at:
        raise HealthError("sampled_at", _("A sample cannot be taken in the future. Check the time of sampling."))
    if sampled_at < at - OLDEST:
        raise HealthError("sampled_at", _("The sample is more than a year old. Check the date of sampling."))


def _hour_of_result(result: str, result_at: datetime | None, *, sampled_at: datetime, at: datetime) -> datetime | None:
    """Give when a result was known: `at` where nobody said; none for one that is still awaited."""
    if result == TestResult.PENDING:
        if result_at is not None:
            raise HealthError("result_at", _("The result is still awaited; leave its hour empty."))
        return None
    if result_at is not None and result_at < sampled_at:
        raise HealthError("result_at", _("A result cannot be known before the sample is taken. Check both hours."))
    if result_at is not None and result_at > at:
        raise HealthError("result_at", _("A result cannot be known in the future. Check its hour."))
    return result_at or at
