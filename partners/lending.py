"""Lending a case: the office that answers for a person lets somebody of another office look, for some days and no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from common import audit
from common.actors import Actor
from partners.models import LentAccess, Office

LENT_FOR = timedelta(days=7)


@transaction.atomic
def lend(*, user: User, subject: str, mission: Office, by: Actor, at: datetime) -> LentAccess:
    """Lend `subject` (see the model) to an account for seven days; what is lent already is lent anew.

    It opens only where `Viewer.may_break_glass` lets anything lie open: never to whoever enters the closed room.
    """
    end_all(subject=subject, user=user, by=by, at=at)
    row = LentAccess.objects.create(
        user=user, mission=mission, subject=subject, lent_at=at, until=at + LENT_FOR, by=by
    )  # fmt: skip
    audit.record("case lent", row, by=by, at=at)
    return row


@transaction.atomic
def end_all(*, subject: str, user: User | None = None, by: Actor, at: datetime) -> int:
    """End every loan of `subject`, or that to one account; give how many there were."""
    rows = LentAccess.objects.select_for_update().filter(subject=subject).open(at)
    standing = list(rows.filter(user=user) if user else rows)
    for row in standing:
        row.ended_at = at
    LentAccess.objects.bulk_update(standing, ["ended_at"])
    audit.record_many((("loan of a case ended", row) for row in standing), by=by, at=at)
    return len(standing)
