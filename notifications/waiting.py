"""What of the notices waits in somebody's inbox (`common/inbox.py`), and whose inbox an act calls anew (`common/live.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q

from common.inbox import STAFF, Waiting, counted, topic_of
from notifications import messages
from notifications.calls import due_steps
from notifications.enums import NoticeState, StepState
from notifications.models import CallEntry, EscalationStep, Notice, Objection
from notifications.readers import about_what_is_reached
from partners.access import Permission, Viewer
from partners.models import Organisation

READ_WITHIN = timedelta(minutes=30)
"""How long an objection may lie unread: the notice that it contradicts may be sending people to a closed barrier."""
NOTICES = "notices"
"""The topic of whatever happens to a notice."""


def own_notices_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """Notices that the viewer's own organisations owe an answer to; overdue once somebody had to be reminded.

    What asks for a decision is counted there, as a request.
    """
    reminded = EscalationStep.objects.filter(notice=OuterRef("pk"), state=StepState.DONE)
    rows = Notice.objects.filter(state=NoticeState.OWED, organisation__in=viewer.organisations)
    rows = rows.exclude(alert__kind__in=messages.deciding_kinds()).filter(
        about_what_is_reached(viewer, path="alert__") if viewer.may(Permission.SEE_NOTICES) else Q()
    )
    return counted(rows, since="owed_since", overdue=Q(Exists(reminded)))


def calls_due(viewer: Viewer, at: datetime) -> Waiting:
    """Organisations to be called: everything before has been tried, so each is overdue."""
    rows = due_steps(at=at).filter(about_what_is_reached(viewer, path="notice__alert__"))
    found = rows.aggregate(count=Count("notice__organisation", distinct=True), since=Min("due_at"))
    return Waiting(found["count"], found["since"], overdue=found["count"])


def objections_open(viewer: Viewer, at: datetime) -> Waiting:
    """“This is not right”, said of a notice that nobody has acknowledged, replaced or let end since."""
    rows = Objection.objects.filter(notice__state=NoticeState.OWED)
    rows = rows.filter(about_what_is_reached(viewer, path="notice__alert__"))
    return counted(rows, since="at", overdue=Q(at__lte=at - READ_WITHIN))


def called_anew(rows: Sequence[Notice]) -> Iterable[str]:
    """Whoever owes an answer, and the house."""
    loaded = all(Notice.organisation.is_cached(row) for row in rows)
    codes = (
        {row.organisation.code for row in rows}
        if loaded
        else Organisation.objects.filter(pk__in={row.organisation_id for row in rows}).values_list("code", flat=True)
    )
    return [STAFF, NOTICES, *map(topic_of, codes)]


def calls_anew(rows: Sequence[CallEntry]) -> Iterable[str]:
    """A call changes the list of calls and who knew when."""
    return [STAFF, NOTICES]


def notices_heard(viewer: Viewer) -> list[str]:
    """Whether a page of the viewer may hear that something happened to a notice."""
    return [NOTICES] if viewer.may(Permission.SEE_NOTICES) else []
