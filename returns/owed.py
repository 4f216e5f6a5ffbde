"""What of the casework waits in somebody's inbox (`common/inbox.py`), and which acts call a page anew (`common/live.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from common.inbox import MOST, STAFF, Waiting, counted
from corridors.models import BarrierReport
from migrants.enums import EnquiryState
from migrants.models import Enquiry, ErasureRequest, Migrant
from partners.access import Permission, Viewer
from returns import comments, follow_ups
from returns.enums import UploadState
from returns.late_results import ANSWER_WITHIN
from returns.models import CaseTask, ConsularQuestion, FollowUp, LateResult, ManifestUpload
from returns.pair_queue import open_pairs

HEARD_WITHIN = timedelta(hours=2)
"""How long a word from the barrier may lie: it may be stopping people already."""
ANSWERED_WITHIN = timedelta(days=1)
"""How long another office may wait for an answer about somebody; a case is lent for a week."""
ERASED_WITHIN = timedelta(days=21)
"""A person waits a month at the most for what they asked (GDPR, article 12); the rest is for doing it."""
BOARD = "board"
"""The topic of whatever the board shows."""
ON_THE_BOARD = (
    *("notifications.Alert", "notifications.Notice", "notifications.CallEntry"),
    *("corridors.RequirementChange", "corridors.RequirementDraft", "corridors.RequirementVersion"),
    *("corridors.BarrierReport", "corridors.Approval", "corridors.CorridorVersion"),
    *("migrants.Migrant", "migrants.TravelGroup", "migrants.HeadCount", "migrants.GroupMove"),
    *("returns.Plan", "returns.Movement", "returns.Checkpoint", "returns.Handover", "returns.Need", "returns.Pledge"),
    *("returns.ManifestUpload", "returns.GroupTold", "returns.Waiver", "returns.GroupWaiver"),
)
"""Nothing of the closed room: that a page stirs must not tell anybody that something happened there."""
IN_INBOXES = (
    *("partners.EmergencyAccess", "partners.QuarantinedUpload", "corridors.BarrierReport"),
    *("migrants.Enquiry", "migrants.ErasureRequest", "migrants.DuplicatePair"),
    *("returns.ManifestUpload", "returns.ConsularQuestion", "returns.FollowUp"),
    *("returns.CaseTask", "returns.CaseComment", "returns.Mention"),
)
IN_THE_ROOM = ("returns.LateResult",)
ROOM = "inbox:room"
"""The topic of the inboxes of those who may enter the closed room; nobody else's page stirs."""


def tasks_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """What the viewer has to do, by name or by role; overdue once its hour has come."""
    return counted(CaseTask.objects.visible_to(viewer).open().of(viewer), since="made_at", overdue=Q(due_at__lte=at))


def mentions_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """Comments that ask the viewer to look."""
    return counted(comments.mentions_of(viewer).filter(seen_at__isnull=True), since="comment__made_at")


def enquiries_to_answer(viewer: Viewer) -> QuerySet[Enquiry]:
    """The questions of others that the viewer may answer."""
    if not viewer.may(Permission.ANSWER_ENQUIRIES):
        return Enquiry.objects.none()
    return Enquiry.objects.visible_to(viewer).filter(state=EnquiryState.OPEN).exclude(user=viewer.user)


def enquiries_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """What other offices ask about somebody here."""
    return counted(enquiries_to_answer(viewer), since="asked_at", overdue=Q(asked_at__lte=at - ANSWERED_WITHIN))


def questions_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """What embassies asked about groups that come to them, and nobody has answered."""
    rows = ConsularQuestion.objects.visible_to(viewer).open()
    return counted(rows, since="asked_at", overdue=Q(asked_at__lte=at - ANSWERED_WITHIN))


def follow_ups_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """People who agreed to be asked after their return, and whose day has come."""
    today = follow_ups.today_of(viewer.zones, at=at)
    rows = follow_ups.due(FollowUp.objects.visible_to(viewer), today=today, at=at).filter(due_on__lte=today)
    found = list(rows.values_list("due_on", flat=True)[:MOST])
    return Waiting(len(found), datetime.combine(found[0], time(), tzinfo=UTC)) if found else Waiting()


def late_results_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """Results that came too late to stop anybody, which nobody has taken up."""
    rows = LateResult.objects.visible_to(viewer).open().filter(person__merged_into__isnull=True)
    return counted(rows, since="raised_at", overdue=Q(raised_at__lte=at - ANSWER_WITHIN))


def erasures_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """Erasures that somebody of the casework must confirm or refuse."""
    rows = ErasureRequest.objects.open().filter(person__in=Migrant.objects.visible_to(viewer))
    return counted(rows, since="asked_at", overdue=Q(asked_at__lte=at - ERASED_WITHIN))


def reports_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """Words from a barrier that nobody has taken up or set aside."""
    rows = BarrierReport.objects.visible_to(viewer).open()
    return counted(rows, since="recorded_at", overdue=Q(recorded_at__lte=at - HEARD_WITHIN))


def lists_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """Lists that were read and wait to be confirmed; the way leads to the one that waits longest."""
    rows = ManifestUpload.objects.visible_to(viewer).filter(state=UploadState.STAGED).order_by("uploaded_at", "pk")
    found = list(rows.values_list("public_id", "uploaded_at")[:MOST])
    if not found:
        return Waiting()
    return Waiting(len(found), found[0][1], url=reverse("returns:manifest", args=[found[0][0]]))


def pairs_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """Pairs of records that may be one person; counted no further than `MOST`."""
    return Waiting(open_pairs(viewer)[:MOST].count())


def board_heard(viewer: Viewer) -> list[str]:
    """Whether a page of the viewer may hear that the board stirs: it stirs for people too, whom not every role sees."""
    return [BOARD] if viewer.may(Permission.SEE_BOARD) and viewer.may(Permission.SEE_PEOPLE) else []


def stirs_the_board(rows: Sequence[Any]) -> Iterable[str]:
    return [BOARD]


def stirs_inboxes(rows: Sequence[Any]) -> Iterable[str]:
    return [STAFF]


def stirs_the_room(rows: Sequence[Any]) -> Iterable[str]:
    return [ROOM]
