"""Breaking the glass: a case beyond one's reach is opened for two hours, a second person is told at once, a review closes it.

Never for the closed room, for organisations outside or for administrators: `Viewer.may_break_glass` says for whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from common.actors import Actor
from common.inbox import Waiting, counted
from common.models import AccessEntry
from common.refusals import RefusalError
from partners.access import Viewer
from partners.colleagues import mail_each
from partners.enums import Role, Verdict
from partners.models import EmergencyAccess, Membership, Office

LIVES = timedelta(hours=2)
REVIEWED_WITHIN = timedelta(days=1)
SHORTEST_REASON = 20
MOST_OPEN = 3
MOST_A_DAY = 10
TOLD = (Role.COORDINATOR, Role.PROTECTION)
"""Who of the mission that answers for the case is told; where it has nobody, those who answer for data protection."""


class EmergencyError(RefusalError):
    """What may not be opened or reviewed so; the sentence says why. `field` names what to mend, empty for the whole."""


@transaction.atomic
def break_glass(
    *, viewer: Viewer, subject: str, label: str, mission: Office, reason: str, by: Actor, at: datetime
) -> EmergencyAccess:
    """Opens `subject` (see the model) to the viewer for two hours, and mails a second person of its mission.

    Opening what is open already gives the same row. Raises EmergencyError for whoever may not, for a reason too short to
    review, for too many at once or in a day, and where there is nobody who could be told.
    """
    if not viewer.may_break_glass:
        raise EmergencyError("", _("Your role opens nothing in an emergency: call a coordinator of the mission."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise EmergencyError("reason", _("Say in a sentence why this cannot wait; somebody will review it."))
    account = User.objects.select_for_update().get(pk=viewer.user.pk)
    earlier = EmergencyAccess.objects.filter(user=account)
    if (standing := earlier.open(at).filter(subject=subject).first()) is not None:
        return standing
    if earlier.open(at).count() >= MOST_OPEN:
        raise EmergencyError("", _("You have three cases open in an emergency. End one of them first."))
    if earlier.filter(opened_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise EmergencyError("", _("You have opened ten cases within a day. Call a coordinator of the mission."))
    told = _second_persons(mission, but=account, at=at)
    if not told:
        raise EmergencyError("", _("Nobody of that mission could be told, so it stays shut. Call its coordinator."))
    row = EmergencyAccess.objects.create(
        user=account, mission=mission, subject=subject, label=label, reason=reason.strip(), opened_at=at,
        until=at + LIVES, by=by,
    )  # fmt: skip
    audit.record("opened in an emergency", row, by=by, at=at)
    _tell(row, told)
    return row


@transaction.atomic
def end(*, access: EmergencyAccess, by: Actor, at: datetime) -> None:
    """Shuts again what was opened; again is harmless."""
    row = EmergencyAccess.objects.select_for_update().get(pk=access.pk)
    if row.ended_at is None and row.until > at:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        audit.record("emergency ended", row, by=by, at=at)


@transaction.atomic
def review(*, access: EmergencyAccess, verdict: str, words: str, by: Actor, at: datetime) -> None:
    """Says whether it was justified, and shuts what is still open. Raises EmergencyError: no words, own, or reviewed."""
    if verdict not in Verdict.values:
        raise EmergencyError("verdict", _("Say whether it was justified."))
    if not words.strip():
        raise EmergencyError("words", _("Say in a sentence what you found."))
    row = EmergencyAccess.objects.select_for_update().get(pk=access.pk)
    if row.by.ref == by.ref:
        raise EmergencyError("", _("A second person must review it; whoever opened it cannot."))
    if row.reviewed_at is not None:
        raise EmergencyError("", _("It has been reviewed already."))
    row.ended_at = row.ended_at or min(at, row.until)
    row.reviewed_at, row.reviewed_by, row.verdict, row.review = at, by, verdict, words.strip()
    row.save(update_fields=["ended_at", "reviewed_at", "reviewed_by", "verdict", "review"])
    audit.record("emergency reviewed", row, by=by, at=at, why=verdict)


def unreviewed(*, at: datetime) -> Sequence[EmergencyAccess]:
    """What waits for a review, what is open now included, oldest first; 200 at most."""
    return list(
        EmergencyAccess.objects.filter(reviewed_at__isnull=True, opened_at__lte=at)
        .select_related("user", "mission__organisation")
        .order_by("opened_at", "pk")[:200]
    )


def emergencies_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """The same, counted for somebody's inbox."""
    rows = EmergencyAccess.objects.filter(reviewed_at__isnull=True, opened_at__lte=at)
    return counted(rows, since="opened_at", overdue=Q(opened_at__lte=at - REVIEWED_WITHIN))


def looks_under(access: EmergencyAccess) -> Sequence[AccessEntry]:
    """Whom the account looked at while it was open, from the access log; 500 at most. Of one person, only those at them."""
    rows = AccessEntry.objects.filter(
        by__ref=access.by.ref, at__gte=access.opened_at, at__lt=access.ended_at or access.until
    )
    kind, _colon, public_id = access.subject.partition(":")
    return list((rows.filter(person=public_id) if kind == "person" else rows).order_by("at")[:500])


def _second_persons(mission: Office, *, but: User, at: datetime) -> list[User]:
    serving = Membership.objects.valid(at).exclude(user=but).select_related("user").order_by("pk")
    for rows in (
        serving.filter(office=mission, role__in=TOLD),
        serving.filter(role=Role.DATA_PROTECTION),
    ):
        found = {row.user_id: row.user for row in rows if row.user.stands(at)}
        if found:
            return list(found.values())
    return []


def _tell(row: EmergencyAccess, told: Sequence[User]) -> None:
    """One mail to each; it names the case by its number and whoever opened it, no migrant by name."""
    mail_each(
        told,
        template="partners/mail/emergency.txt",
        subject=lambda: _("Homeward: %(label)s was opened in an emergency") % {"label": row.label},
        row=row,
        reason=row.reason,
    )
