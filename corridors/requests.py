"""Requests as their parties see them: those of one's own organisations, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from common.inbox import Waiting, counted, topic_of
from corridors.carried_words import source_of
from corridors.legs import with_wording
from corridors.models import Approval, CorridorVersion
from corridors.party_words import may_say
from corridors.standings import open_requests, standing_of
from notifications.models import Notice
from partners.access import Viewer
from partners.models import Organisation

DECIDED_BEFORE = timedelta(hours=2)
"""So long before the last hour a decision is called overdue: the buses must still be ordered."""
MOST = 1000
"""Beyond this a badge says no more than that there is much to do."""


def own_requests(viewer: Viewer) -> QuerySet[Approval]:
    """Every request that the viewer's organisations received, decided or not."""
    rows = Approval.objects.filter(organisation__in=viewer.organisations)
    asked = rows.select_related(
        "organisation",
        "version__requested_by",
        "version__corridor__entry",
        "version__corridor__exit",
    ).prefetch_related(
        "version__corridor__entry__sides",
        "version__corridor__exit__sides",
    )
    return with_wording(asked, "version__")


def waiting_requests(viewer: Viewer, *, at: datetime) -> QuerySet[Approval]:
    """Those that still wait for a decision."""
    return own_requests(viewer).filter(pk__in=open_requests(at=at).values("pk"))


def requests_owed(viewer: Viewer) -> int:
    """How many the viewer's organisations have not decided, lapsed ones included until they are asked anew; a badge."""
    return Approval.objects.filter(organisation__in=viewer.organisations, state="asked")[:MOST].count()


def requests_waiting(viewer: Viewer, at: datetime) -> Waiting:
    """What waits for a decision of the viewer's organisations; overdue when little of the time to answer is left."""
    soon = Q(answer_by__lte=at + DECIDED_BEFORE)
    return counted(waiting_requests(viewer, at=at), since="asked_at", overdue=soon)


def called_anew(rows: Sequence[Approval]) -> Iterable[str]:
    """Whose inbox an act on requests calls anew: the parties'."""
    return [topic_of(row.organisation.code) for row in rows]


def page_of(notice: Notice) -> str:
    """The page on which a party decides what a notice asks; empty where the notice asks nothing."""
    found = request_behind(notice.alert.source, notice.organisation)
    return "" if found is None else reverse("corridors:own_request", args=[found.public_id])


def request_behind(source: str, organisation: Organisation) -> Approval | None:
    """The request that an alert (`corridor-version:<uuid>:<round>`) laid before an organisation.

    Where the decision holds for later versions too it is the row in the newest of them: what is said now is said there.
    """
    kind, _colon, rest = source.partition(":")
    if kind != "corridor-version":
        return None
    version = CorridorVersion.objects.filter(public_id=rest.partition(":")[0]).first()
    rows = Approval.objects.select_related("organisation", "version__corridor", "carried_from__version")
    asked = rows.filter(version=version, organisation=organisation).first() if version else None
    return asked and (rows.filter(carried_from=asked).order_by("-version__number").first() or asked)


def carried_notice(asked: Approval) -> Notice | None:
    """The notice by which a party heard that its decision holds for this version too."""
    if asked.carried_from_id is None:
        return None
    told = Notice.objects.filter(alert__source__startswith=source_of(asked.version), organisation=asked.organisation_id)
    return told.select_related("alert", "organisation").order_by("-alert__number").first()


def words_left(asked: Approval, *, at: datetime) -> list[str]:
    """What the party may still say after its decision: suspend or let go on, and withdraw; nothing once it is over."""
    standing = standing_of(asked.version, at=at)
    return may_say(asked, state=standing.state, last=standing.last_word_of(asked))


def reaches_request(viewer: Viewer, place: Mapping[str, Any]) -> bool:
    """Whether the request that the address of a page names is made to one of the viewer's organisations."""
    return own_requests(viewer).filter(public_id=place["public_id"]).exists()
