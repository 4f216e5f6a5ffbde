"""A positive test keeps its case and the family from travelling, until a coordinator has decided about each of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.enums import TestResult
from migrants.models import HealthTest, TravelGroup
from returns import readiness
from returns.enums import TravelAnswer
from returns.models import ReturnCase, TravelQuestion


class InfectionError(RefusalError):
    """A question that cannot be answered so. `field` names what to mend, the text how."""


@transaction.atomic
def follow(*, tests: Collection[HealthTest], by: Actor, at: datetime) -> set[int]:
    """Ask about whom new results concern, and withdraw what a corrected result had asked; again as often as you like.

    Returns the keys of the people concerned; whoever calls judges their cases anew. A constant number of queries.
    """
    positive = [test for test in tests if test.result == TestResult.POSITIVE]
    corrected = [test.replaces_id for test in tests if test.replaces_id and test.result != TestResult.POSITIVE]
    return _ask(positive, by=by, at=at) | _withdraw(corrected, by=by, at=at)


def _ask(positive: list[HealthTest], *, by: Actor, at: datetime) -> set[int]:
    if not positive:
        return set()
    standing = HealthTest.objects.filter(pk__in=[test.pk for test in positive], replaced_by__isnull=True)
    families: dict[int, list[HealthTest]] = {}
    own = {}
    for test in standing.select_related("person").order_by("pk"):
        own[test.person_id] = test
        if test.person.family_id:
            families.setdefault(test.person.family_id, []).append(test)
    people = ReturnCase.objects.open().living().select_related("person")
    cases = people.filter(person__in=own) | people.filter(person__family__in=families)
    asked = set(TravelQuestion.objects.filter(test__in=standing).values_list("case", "test"))
    wanted = [
        TravelQuestion(
            case=case, test=test, mission_id=case.mission_id, is_own=test is own.get(case.person_id), raised_at=at
        )
        for case in cases.order_by("pk")
        for test in _concerning(case, own, families)
        if (case.pk, test.pk) not in asked
    ]
    rows = TravelQuestion.objects.bulk_create(wanted)
    audit.record_many((("asked who travels", row) for row in rows), by=by, at=at)
    return {case.person_id for case in cases}


def _concerning(
    case: ReturnCase, own: dict[int, HealthTest], families: dict[int, list[HealthTest]]
) -> Iterable[HealthTest]:
    """Give the positive tests that concern a case: its own and those of the family, each once."""
    tests = {test.pk: test for test in families.get(case.person.family_id or 0, ())}
    if case.person_id in own:
        tests[own[case.person_id].pk] = own[case.person_id]
    return tests.values()


def _withdraw(corrected: list[int], *, by: Actor, at: datetime) -> set[int]:
    if not corrected:
        return set()
    rows = list(TravelQuestion.objects.standing().filter(test__in=corrected).select_related("case"))
    TravelQuestion.objects.filter(pk__in=[row.pk for row in rows]).update(withdrawn_at=at)
    audit.record_many((("question withdrawn", row) for row in rows), by=by, at=at)
    return {row.case.person_id for row in rows}


@transaction.atomic
def decide(*, question: TravelQuestion, answer: str, why: str, by: Actor, at: datetime) -> TravelQuestion:
    """Decide whether somebody travels though a test in the family was positive; judges the case anew.

    Who tested positive travels only after a later negative test. A decision can be changed. Raises InfectionError.
    """
    question = TravelQuestion.objects.select_for_update(of=("self",)).select_related("case", "test").get(pk=question.pk)
    if question.withdrawn_at is not None:
        raise InfectionError("answer", _("The result was corrected; there is nothing to decide any more."))
    if answer not in TravelAnswer.values:
        raise InfectionError("answer", _("Choose whether the person stays or may travel."))
    if not why.strip():
        raise InfectionError("why", _("Write why, such as: doctor of the halt, no symptoms, own test negative."))
    if answer == TravelAnswer.TRAVELS and question.is_own and not _negative_since(question):
        raise InfectionError(
            "answer", _("Who tested positive travels only after a new negative test; record that test first.")
        )
    question.answer, question.why, question.answered_at, question.answered_by = answer, why.strip(), at, by
    question.save(update_fields=["answer", "why", "answered_at", "answered_by"])
    audit.record("decided who travels", question, by=by, at=at)
    readiness.check(cases=[question.case_id], at=at, facts_only=True)
    return question


def _negative_since(question: TravelQuestion) -> bool:
    later = HealthTest.objects.filter(person=question.case.person_id, result=TestResult.NEGATIVE)
    return later.filter(sampled_at__gt=question.test.sampled_at, replaced_by__isnull=True).exists()


def questions_of(group: TravelGroup) -> QuerySet[TravelQuestion]:
    """Give the questions of a group that stand, the open ones first."""
    rows = TravelQuestion.objects.standing().filter(case__person__group=group, case__closed_at__isnull=True)
    return rows.select_related("case__person__family", "test").order_by("answer", "case__person__family", "-is_own")
