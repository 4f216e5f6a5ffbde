"""How far cases are: registered → agreed → planned → ready → on the way → handed over → closed, with how it ended.

Nobody stores it. Each stage is read from the rows that say so: the answer about the return, the plan of the group, the last
judgement, the seat in a movement that left, the reception. So it cannot contradict them, and what is taken back (a consent,
a plan, a ready verdict) takes the stage back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from migrants.enums import Answer, Purpose
from migrants.models import Consent, TravelGroup
from returns.enums import CaseStage, CaseVerdict, MovementState
from returns.models import Absence, Movement, Plan, ReturnCase, Seat
from returns.models.cases import ReturnCaseQuerySet

ON_FOOT = tuple(stage for stage in CaseStage if stage != CaseStage.CLOSED)
"""The stages of an open case, in their order."""


def with_stage(rows: ReturnCaseQuerySet, *, at: datetime) -> Any:
    """Annotate each case with its `stage` at `at`: one statement, whatever the number of cases."""
    asked = Consent.objects.filter(person=OuterRef("person"), purpose=Purpose.RETURN).order_by("-answered_at", "-pk")
    stands = Q(answer=Answer.YES, withdrawn_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=at))
    said = asked.annotate(stands=Case(When(stands, then=Value("yes")), default=Value("no")))
    return rows.annotate(
        said=Subquery(said.values("stands")[:1], output_field=CharField()),
        stage=Case(
            When(closed_at__isnull=False, then=Value(CaseStage.CLOSED)),
            When(Exists(_seats(arrived=True)), then=Value(CaseStage.ARRIVED)),
            When(Exists(_seats()), then=Value(CaseStage.ON_THE_WAY)),
            When(_planned() & Q(readiness__verdict=CaseVerdict.READY), then=Value(CaseStage.READY)),
            When(_planned(), then=Value(CaseStage.PLANNED)),
            When(said="yes", then=Value(CaseStage.CONSENTED)),
            default=Value(CaseStage.REGISTERED),
            output_field=CharField(),
        ),
    )


def stages_of(cases: Collection[ReturnCase], *, at: datetime) -> dict[int, CaseStage]:
    """Give how far each of some cases (key) is, as `with_stage` says it; persons and readiness should be selected.

    A page shows few, of whom hardly anybody sits in a bus that has left: only those are asked with the whole question, which
    takes the database longer to plan than all others together take to answer. Three queries, at most four.
    """
    people = [case.person_id for case in cases]
    asked = Consent.objects.filter(person__in=people, purpose=Purpose.RETURN).order_by("person", "-answered_at", "-pk")
    said = asked.distinct("person").values_list("person", "answer", "withdrawn_at", "expires_at")
    agreed = {
        person
        for person, answer, withdrawn_at, expires_at in said
        if answer == Answer.YES and withdrawn_at is None and (expires_at is None or expires_at > at)
    }
    groups = {case.person.group_id for case in cases if case.person.group_id is not None}
    planned = set(Plan.objects.filter(group__in=groups).values_list("group", flat=True))
    left = Seat.objects.filter(person__in=people, movement__exited_at__isnull=False, vehicle__isnull=False)
    moved = set(left.values_list("person", flat=True))
    found = {
        case.pk: _standing(case, agreed=case.person_id in agreed, is_planned=case.person.group_id in planned)
        for case in cases
    }
    if moved:
        rows = ReturnCase.objects.filter(pk__in=[case.pk for case in cases if case.person_id in moved])
        found |= {key: CaseStage(stage) for key, stage in with_stage(rows, at=at).values_list("pk", "stage")}
    return found


def _standing(case: ReturnCase, *, agreed: bool, is_planned: bool) -> CaseStage:
    """Give the stage of a case that has not left."""
    if case.closed_at is not None:
        return CaseStage.CLOSED
    if not agreed:
        return CaseStage.REGISTERED
    if not is_planned:
        return CaseStage.CONSENTED
    judged = getattr(case, "readiness", None)
    return CaseStage.READY if judged and judged.verdict == CaseVerdict.READY else CaseStage.PLANNED


def in_stage(rows: ReturnCaseQuerySet, stage: str, *, at: datetime) -> Any:
    """Narrow cases to those of one stage. The rare stages begin at what makes them rare, so that no list reads all cases."""
    if stage in (CaseStage.ON_THE_WAY, CaseStage.ARRIVED):
        left = Movement.objects.exclude(state=MovementState.CALLED_OFF).filter(exited_at__isnull=False)
        rows = rows.filter(person__in=Seat.objects.filter(movement__in=left, vehicle__isnull=False).values("person"))
    elif stage in (CaseStage.PLANNED, CaseStage.READY):
        rows = rows.filter(person__group__in=Plan.objects.values("group"))
    return with_stage(rows, at=at).filter(stage=stage)


def _planned() -> Q:
    """A plan is the group's; whoever has not agreed is not planned, only waits beside those who are."""
    return Q(said="yes") & Q(Exists(Plan.objects.filter(group=OuterRef("person__group"))))


def _seats(*, arrived: bool = False) -> QuerySet[Seat]:
    """Give seats of the person in movements that have left since the case was opened, and from which nobody misses them.

    Whoever is back at the crossing with a bus that turned is not on the way any more, and has not arrived.
    """
    missed = Absence.objects.filter(
        movement=OuterRef("movement"), person=OuterRef("person"), difference__checkpoint__recounted_by__isnull=True
    )
    left = Movement.objects.exclude(state=MovementState.CALLED_OFF).filter(exited_at__isnull=False)
    bus = Q(vehicle__isnull=False, vehicle__returned_at__isnull=True)
    if arrived:
        left = left.filter(state=MovementState.HANDED_OVER)
        bus &= Q(vehicle__turned_back_at__isnull=True)
    return Seat.objects.filter(
        bus,
        ~Exists(missed),
        person=OuterRef("person"),
        movement__in=left,
        movement__exited_at__gte=OuterRef("opened_at"),
    )


def stages_in(group: TravelGroup, *, at: datetime) -> Counter[str]:
    """Count the cases of a group by stage, with the closed ones by how they ended (`closed:home`); one query.

    A group is as far as its people are: it has no state of its own that could say something else.
    """
    rows = with_stage(ReturnCase.objects.living().filter(person__group=group), at=at)
    found: Counter[str] = Counter()
    for stage, outcome in rows.values_list("stage", "outcome"):
        found[stage if stage != CaseStage.CLOSED else f"{stage}:{outcome}"] += 1
    return found
