"""An authority excuses people by name, or a group with whoever joins it, from one requirement until a time (rule 33)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from corridors.entering import FARTHEST
from corridors.models import Requirement
from migrants.models import TravelGroup
from partners.enums import WITHOUT_AUTHORITY
from partners.models import Organisation
from returns import readiness
from returns.cases import CaseError
from returns.models import GroupWaiver, ReturnCase, Waiver


@transaction.atomic
def waive(
    *,
    cases: Collection[ReturnCase],
    requirement: Requirement,
    authority: Organisation,
    reference: str,
    valid_until: datetime,
    by: Actor,
    at: datetime,
) -> list[Waiver]:
    """Write down that `authority` excuses each of `cases` from one requirement until a time, and judge them anew.

    One paper may name a whole group: all of them are excused, or none. A second waiver of the same requirement replaces
    the first. Raises CaseError.
    """
    _refuse(cases, authority, reference, valid_until, at=at)
    keys = [case.pk for case in cases]
    known = set(Waiver.objects.filter(requirement=requirement, case__in=keys).values_list("case", flat=True))
    Waiver.objects.bulk_create(
        (
            Waiver(
                case=case,
                requirement=requirement,
                mission_id=case.mission_id,
                authority=authority,
                reference=reference.strip(),
                valid_until=valid_until,
                recorded_at=at,
                by=by,
            )
            for case in cases
        ),
        update_conflicts=True,
        unique_fields=["requirement", "case"],
        update_fields=["mission", "authority", "reference", "valid_until", "recorded_at", "by"],
    )
    written = list(Waiver.objects.filter(requirement=requirement, case__in=keys).order_by("pk"))
    verbs = {True: "waiver replaced", False: "waiver recorded"}
    audit.record_many(((verbs[waiver.case_id in known], waiver) for waiver in written), by=by, at=at)
    readiness.check(cases=keys, at=at, facts_only=True)
    return written


@transaction.atomic
def waive_group(
    *,
    group: TravelGroup,
    requirement: Requirement,
    authority: Organisation,
    reference: str,
    valid_until: datetime,
    by: Actor,
    at: datetime,
) -> GroupWaiver:
    """Write down that `authority` excuses a group as a whole, whoever joins it later included, and judge it anew.

    A second paper for the same requirement replaces the first. Raises CaseError.
    """
    _refuse_paper(authority, reference, valid_until, at=at)
    if group.closed_at is not None:
        raise CaseError(_("This group is closed; a waiver would excuse nobody."))
    waiver, made = GroupWaiver.objects.update_or_create(
        group=group,
        requirement=requirement,
        through=None,
        defaults={
            "mission_id": group.mission_id,
            "authority": authority,
            "reference": reference.strip(),
            "valid_until": valid_until,
            "recorded_at": at,
            "by": by,
        },
    )
    audit.record("waiver of a group recorded" if made else "waiver of a group replaced", waiver, by=by, at=at)
    readiness.check(group=group, at=at, facts_only=True)
    return waiver


@transaction.atomic
def withdraw_from_group(*, waiver: GroupWaiver, why: str, by: Actor, at: datetime) -> GroupWaiver:
    """End a waiver of a group now and judge it without; the row stays. Raises CaseError as `withdraw` does."""
    waiver = GroupWaiver.objects.select_for_update(of=("self",)).select_related("group").get(pk=waiver.pk)
    _refuse_end(waiver.valid_until, why, at=at)
    if waiver.through_id is not None:
        raise CaseError(_("This waiver is part of the corridor; its next version says it no more, and then it ends."))
    waiver.valid_until = at
    waiver.save(update_fields=["valid_until"])
    audit.record("waiver of a group withdrawn", waiver, by=by, at=at, why=why.strip())
    readiness.check(group=waiver.group, at=at, facts_only=True)
    return waiver


def _refuse(
    cases: Collection[ReturnCase], authority: Organisation, reference: str, valid_until: datetime, *, at: datetime
) -> None:
    if not cases:
        raise CaseError(_("Say who is excused: choose at least one person."))
    _refuse_paper(authority, reference, valid_until, at=at)
    if any(case.closed_at is not None for case in cases):
        raise CaseError(_("This case is closed; a waiver would excuse nobody."))


def _refuse_paper(authority: Organisation, reference: str, valid_until: datetime, *, at: datetime) -> None:
    if not reference.strip():
        raise CaseError(_("A waiver has a document: give its reference."))
    if valid_until <= at:
        raise CaseError(_("That waiver has run out already; give an end that is still to come."))
    if valid_until > at + FARTHEST:
        raise CaseError(_("Check the year of its end: it lies more than a year ahead."))
    if authority.kind in WITHOUT_AUTHORITY:
        words = _("%(name)s excuses nobody from what a border asks. Name the authority that does.")
        raise CaseError(words % {"name": authority.name})


def _refuse_end(valid_until: datetime, why: str, *, at: datetime) -> None:
    if not why.strip():
        raise CaseError(_("Say why the waiver no longer holds."))
    if valid_until <= at:
        raise CaseError(_("This waiver has run out already; nobody is excused by it."))


@transaction.atomic
def withdraw(*, waiver: Waiver, why: str, by: Actor, at: datetime) -> Waiver:
    """End a waiver now, because the authority took it back or it was written down by mistake, and judge the case anew.

    The row stays, with its end at `at`; what stood before is in the history. Raises CaseError without a reason, and for a
    waiver that has run out.
    """
    waiver = Waiver.objects.select_for_update().get(pk=waiver.pk)
    _refuse_end(waiver.valid_until, why, at=at)
    waiver.valid_until = at
    waiver.save(update_fields=["valid_until"])
    audit.record("waiver withdrawn", waiver, by=by, at=at, why=why.strip())
    readiness.check(cases=[waiver.case_id], at=at, facts_only=True)
    return waiver


def standing_of(group: TravelGroup, *, at: datetime) -> list[Waiver]:
    """The waivers of a group's open cases that excuse somebody now, by person and requirement; one query."""
    found = Waiver.objects.filter(case__person__group=group, case__closed_at__isnull=True, valid_until__gt=at)
    rows = found.filter(case__person__merged_into__isnull=True).select_related(
        "case__person", "requirement", "authority"
    )
    return list(rows.order_by("case__person__number", "requirement__subject", "pk"))


def standing_with(group: TravelGroup, *, at: datetime) -> list[GroupWaiver]:
    """The waivers that excuse a group as a whole now; one query."""
    rows = GroupWaiver.objects.filter(group=group, valid_until__gt=at).select_related(
        "requirement", "authority", "through__version__corridor"
    )
    return list(rows.order_by("requirement__subject", "pk"))
