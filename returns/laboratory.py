"""Have people tested: a list by case number, samples in batches, and the results, each case by its number alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from corridors.enums import RequirementSubject
from migrants import health
from migrants.enums import TestKind, TestResult
from migrants.models import HealthTest, TravelGroup
from returns import infections, readiness
from returns.enums import Verdict
from returns.models import ReturnCase, Sample, SampleList

FOUND = (TestResult.NEGATIVE, TestResult.POSITIVE, TestResult.INVALID)
"""What a laboratory can find; "awaited" is no result."""
_SHOWN = 5


class LaboratoryError(RefusalError):
    """A list, sample or result that cannot be written down. `field` names what to mend, the text how."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of results: how many of each were new, how many said what was known, and who is kept back now."""

    found: Mapping[str, int]
    unchanged: int


@transaction.atomic
def draw_list(
    *, group: TravelGroup, kind: str, laboratory: str, only_lacking: bool = False, by: Actor, at: datetime
) -> SampleList:
    """List everybody of a group with an open case for a laboratory, by case number; raises LaboratoryError.

    `only_lacking` leaves out whoever meets what is asked about tests. Whose sample is still to be taken, or whose result is
    awaited, on another list is left out.
    """
    if kind not in TestKind.values:
        raise LaboratoryError("kind", _("Choose the kind of test."))
    if not laboratory.strip():
        raise LaboratoryError("laboratory", _("Say which laboratory takes the samples."))
    TravelGroup.objects.select_for_update().get(pk=group.pk)
    cases = list(_to_be_tested(group))
    if only_lacking:
        lacking = _lacking([case.person_id for case in cases], at=at)
        cases = [case for case in cases if case.pk in lacking]
    if not cases:
        raise LaboratoryError(
            "group", _("Nobody is left to be tested: all are on a list already, or nobody has an open case.")
        )
    number = (SampleList.objects.filter(group=group).aggregate(last=Max("number"))["last"] or 0) + 1
    drawn = SampleList.objects.create(
        group=group,
        mission_id=group.mission_id,
        number=number,
        kind=kind,
        laboratory=laboratory.strip(),
        made_at=at,
        by=by,
    )
    Sample.objects.bulk_create(Sample(sample_list=drawn, mission_id=case.mission_id, case=case) for case in cases)
    audit.record("sample list drawn", drawn, by=by, at=at)
    return drawn


def _to_be_tested(group: TravelGroup) -> QuerySet[ReturnCase]:
    waiting = Sample.objects.filter(Q(test__isnull=True) | Q(test__result=TestResult.PENDING))
    cases = ReturnCase.objects.open().living().filter(person__group=group)
    return cases.exclude(pk__in=waiting.values("case"))


def _lacking(people: Sequence[int], *, at: datetime) -> set[int]:
    explained = readiness.explain(people, at=at)
    keys = {rule.key for rule in explained.rules if rule.subject == RequirementSubject.HEALTH_TEST}
    wanting = {Verdict.MISSING, Verdict.EXPIRING, Verdict.UNKNOWN}
    return {
        judged.placed.case
        for judged in explained.cases
        if any(judged.findings[key].verdict in wanting for key in keys & set(judged.findings))
    }


def samples_of(sample_list: SampleList) -> QuerySet[Sample]:
    """Give the samples of a list in its order, that of the case numbers: they are drawn by lot and say nothing."""
    rows = sample_list.samples.select_related("case", "test")
    return rows.order_by("case__number")


@transaction.atomic
def take(
    *,
    sample_list: SampleList,
    numbers: Iterable[str] = (),
    how_many: int | None = None,
    sampled_at: datetime,
    by: Actor,
    at: datetime,
) -> list[Sample]:
    """Write down that samples were taken: of these case numbers, or of the next so many of the list. One batch.

    The results are awaited from then on, and the cases are judged so. Raises LaboratoryError.
    """
    SampleList.objects.select_for_update().get(pk=sample_list.pk)
    chosen = _chosen(sample_list, list(dict.fromkeys(numbers)), how_many)
    try:
        tests = health.record_tests(
            people=[sample.case.person for sample in chosen],
            kind=sample_list.kind,
            result=TestResult.PENDING,
            sampled_at=sampled_at,
            laboratory=sample_list.laboratory,
            by=by,
            at=at,
        )
    except health.HealthError as error:
        raise LaboratoryError(error.field, str(error.sentence)) from error
    batch = (sample_list.samples.aggregate(last=Max("batch"))["last"] or 0) + 1
    for sample, test in zip(chosen, tests, strict=True):
        sample.test, sample.batch, sample.recorded_at, sample.by = test, batch, at, by
    Sample.objects.bulk_update(chosen, ["test", "batch", "recorded_at", "by"])
    audit.record_many((("sample taken", sample) for sample in chosen), by=by, at=at)
    readiness.check(people=[test.person_id for test in tests], at=at, facts_only=True)
    return chosen


def _chosen(sample_list: SampleList, numbers: list[str], how_many: int | None) -> list[Sample]:
    """Give the samples meant, with their cases and people; refuse what is not on the list or was taken."""
    rows = list(samples_of(sample_list).select_related("case__person"))
    if numbers:
        known = {row.case.number: row for row in rows}
        refuse_unknown(numbers, known)
        taken = [number for number in numbers if known[number].test_id is not None]
        if taken:
            raise LaboratoryError(
                "numbers", _("The sample of %(numbers)s was taken already.") % {"numbers": _named(taken)}
            )
        return [known[number] for number in numbers]
    left = [row for row in rows if row.test_id is None]
    if how_many is None or how_many < 1:
        raise LaboratoryError("how_many", _("Say how many samples were taken, or give their case numbers."))
    if how_many > len(left):
        words = _("Only %(left)d samples of this list are left to be taken, not %(n)d.")
        raise LaboratoryError("how_many", words % {"left": len(left), "n": how_many})
    return left[:how_many]


def refuse_unknown(numbers: Iterable[str], known: Mapping[str, object]) -> None:
    """Raise LaboratoryError with the case numbers that a list does not have."""
    absent = [number for number in numbers if number not in known]
    if absent:
        words = _("This list has no case %(numbers)s. Compare the number with the list.")
        raise LaboratoryError("numbers", words % {"numbers": _named(absent)})


def _named(numbers: Sequence[str]) -> str:
    rest = len(numbers) - _SHOWN
    return ", ".join(numbers[:_SHOWN]) + (f" (+ {rest})" if rest > 0 else "")


@transaction.atomic
def record_results(*, sample_list: SampleList, results: Mapping[str, str], by: Actor, at: datetime) -> Recorded:
    """Write down what the laboratory found, by case number; an earlier result is replaced, and both stay on record.

    A positive result asks the coordinator about the case and its family. All or nothing. Raises LaboratoryError.
    """
    SampleList.objects.select_for_update().get(pk=sample_list.pk)
    if not results:
        raise LaboratoryError("lines", _("No result was given. Write a case number and its result in each line."))
    known = {row.case.number: row for row in samples_of(sample_list)}
    refuse_results(results, known)
    changed = {known[number]: result for number, result in results.items() if _test(known[number]).result != result}
    new = health.replace_results(results={_test(sample): result for sample, result in changed.items()}, by=by, at=at)
    for sample, test in zip(changed, new, strict=True):
        sample.test = test
    Sample.objects.bulk_update(list(changed), ["test"])
    audit.record("results recorded", sample_list, by=by, at=at)
    concerned = infections.follow(tests=new, by=by, at=at)
    readiness.check(people={test.person_id for test in new} | concerned, at=at, facts_only=True)
    return Recorded(Counter(changed.values()), len(results) - len(changed))


def refuse_results(results: Mapping[str, str], known: Mapping[str, Sample]) -> None:
    """Raise LaboratoryError for an unknown case number, a sample that was not taken, or a word that is no result."""
    refuse_unknown(results, known)
    early = [number for number in results if known[number].test_id is None]
    if early:
        words = _("No sample of %(numbers)s was taken yet; write the sampling down first.")
        raise LaboratoryError("lines", words % {"numbers": _named(early)})
    if strange := [number for number, result in results.items() if result not in FOUND]:
        words = _("The result of %(numbers)s is none of: negative, positive, not valid.")
        raise LaboratoryError("lines", words % {"numbers": _named(strange)})


def _test(sample: Sample) -> HealthTest:
    if sample.test is None:
        raise ValueError("a sample that was not taken has no test")
    return sample.test


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is: people on it, samples taken, results by kind."""

    listed: int
    taken: int
    results: Mapping[str, int]

    @property
    def awaited(self) -> int:
        return self.results.get(TestResult.PENDING, 0)

    @property
    def known(self) -> int:
        return self.taken - self.awaited


def progress_of(lists: Iterable[SampleList]) -> dict[int, Progress]:
    """Give how far each list is, by its key; one query."""
    counted: dict[int, Counter[str]] = {each.pk: Counter() for each in lists}
    for key, result in Sample.objects.filter(sample_list__in=counted).values_list("sample_list", "test__result"):
        counted[key][result or ""] += 1
    return {
        key: Progress(results.total(), results.total() - results[""], {name: n for name, n in results.items() if name})
        for key, results in counted.items()
    }
