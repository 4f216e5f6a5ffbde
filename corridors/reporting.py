"""Word from the barrier: heard or photographed, shown to coordinators at once, taken up as a draft or set aside (rule 29)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.pictures import Drawn
from common.refusals import RefusalError
from corridors.entering import RequirementError, refuse_direction
from corridors.enums import ReportState, RequirementSubject
from corridors.models import BarrierReport, BorderCrossing, ReportVoice, RequirementDraft
from corridors.models.reports import BarrierReportQuerySet
from partners.access import Viewer
from partners.models import Office

CLOCK_TOLERANCE = timedelta(minutes=10)
"""Phones keep time badly; what was seen further ahead than this is refused."""
OLDEST = timedelta(days=30)
LONGEST = 500
MOST = 1000
"""Beyond this a badge says no more than that there is much to do."""


class ReportError(RefusalError):
    """A report that cannot be stored or settled; `field` names the place, `sentence` the remedy."""


class DifferentReportError(ReportError):
    """The same `public_id` came before with other content."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody says that a crossing asks now. `subject` is a guess, `position` latitude and longitude in degrees."""

    crossing: BorderCrossing
    from_country: str
    to_country: str
    seen_at: datetime
    subject: str = ""
    sentence: str = ""
    photograph: Drawn | None = None
    position: tuple[Decimal, Decimal] | None = None


@transaction.atomic
def report(
    *, public_id: uuid.UUID | None = None, heard: Heard, mission: Office, by: Actor, at: datetime
) -> tuple[BarrierReport, bool]:
    """Store what was heard; give it and whether it is new. The same `public_id` with the same content is stored once.

    Raises ReportError with the field: neither a sentence nor a photograph, a direction that the crossing does not have, an
    hour that lies ahead or a month back.
    """
    _refuse(heard, at=at)
    said = {
        "crossing": heard.crossing,
        "from_country": heard.from_country,
        "to_country": heard.to_country,
        "subject": heard.subject,
        "sentence": heard.sentence.strip(),
    }
    stored = BarrierReport.objects.filter(public_id=public_id).first() if public_id else None
    if stored is not None:
        return _the_same(stored, said, heard), False
    upload, position = heard.photograph, heard.position or (None, None)
    row = BarrierReport.objects.create(
        public_id=public_id or uuid.uuid4(),
        **said,
        mission=mission,
        photograph=upload.content if upload else None,
        width=upload.width if upload else None,
        height=upload.height if upload else None,
        latitude=position[0],
        longitude=position[1],
        seen_at=heard.seen_at,
        recorded_at=at,
        by=by,
    )
    audit.record("barrier report made", row, by=by, at=at)
    return row, True


def _the_same(stored: BarrierReport, said: dict[str, object], heard: Heard) -> BarrierReport:
    same_picture = (stored.width, stored.height) == (
        (heard.photograph.width, heard.photograph.height) if heard.photograph else (None, None)
    )
    if not same_picture or any(getattr(stored, name) != value for name, value in said.items()):
        raise DifferentReportError("public_id", _("This was stored already with other content. Save it as a new one."))
    return stored


def _refuse(heard: Heard, *, at: datetime) -> None:
    try:
        refuse_direction(heard.crossing, heard.from_country, heard.to_country)
    except RequirementError as error:
        raise ReportError("crossing", error.sentence) from error
    if heard.subject and heard.subject not in RequirementSubject.values:
        raise ReportError("subject", _("Say what the requirement is about: choose one of the subjects."))
    if not heard.sentence.strip() and heard.photograph is None:
        raise ReportError("sentence", _("Write one sentence, or take a photograph of the notice."))
    if len(heard.sentence.strip()) > LONGEST:
        raise ReportError("sentence", _("That is longer than %(most)d letters. Shorten it.") % {"most": LONGEST})
    if heard.seen_at > at + CLOCK_TOLERANCE:
        raise ReportError("seen_at", _("That hour lies ahead. Give one that has passed."))
    if heard.seen_at < at - OLDEST:
        raise ReportError("seen_at", _("That is more than a month ago. Enter it in the ledger with its own hour."))


@transaction.atomic
def corroborate(*, report: BarrierReport, by: Actor, at: datetime) -> tuple[ReportVoice, bool]:
    """Another officer heard or saw the same; give the voice and whether it is new. Raises ReportError: one's own report."""
    if _who(by) == _who(report.by):
        raise ReportError("report", _("This report is yours. Somebody else who hears the same makes it surer."))
    row, made = ReportVoice.objects.get_or_create(report=report, who=_who(by), defaults={"at": at, "by": by})
    if made:
        audit.record("barrier report corroborated", row, by=by, at=at)
    return row, made


def _who(by: Actor) -> str:
    return f"{by.kind}:{by.ref}"[:80]


@transaction.atomic
def set_aside(*, report: BarrierReport, reason: str, by: Actor, at: datetime) -> BarrierReport:
    """Say why nothing follows from a report. Raises ReportError without a reason, or where it was settled before."""
    if not reason.strip():
        raise ReportError("reason", _("Say why nothing follows from it; whoever reported it reads it."))
    row = _open(report)
    row.reason = reason.strip()
    return _settle(row, ReportState.SET_ASIDE, by=by, at=at)


@transaction.atomic
def take_up(*, report: BarrierReport, draft: RequirementDraft, by: Actor, at: datetime) -> BarrierReport:
    """Say that a report became a draft. Raises ReportError where it was settled before, or came from another crossing."""
    row = _open(report)
    if draft.requirement.crossing_id not in (None, row.crossing_id):
        words = _("This report is of another crossing (%(code)s). Write its draft for that one.")
        raise ReportError("report", words % {"code": row.crossing.code})
    row.draft = draft
    return _settle(row, ReportState.TAKEN_UP, by=by, at=at)


def _open(report: BarrierReport) -> BarrierReport:
    row = BarrierReport.objects.select_for_update().defer("photograph").get(pk=report.pk)
    if row.state != ReportState.OPEN:
        raise ReportError(
            "report",
            _("%(who)s settled this report already: %(state)s.")
            % {"who": row.settled_by, "state": row.get_state_display()},
        )
    return row


def _settle(row: BarrierReport, state: ReportState, *, by: Actor, at: datetime) -> BarrierReport:
    row.state, row.settled_at, row.settled_by = state, at, by
    row.save(update_fields=["state", "draft", "reason", "settled_at", "settled_by"])
    audit.record(f"barrier report {state.value.replace('_', ' ')}", row, by=by, at=at, why=row.reason)
    return row


def reports_for(viewer: Viewer) -> BarrierReportQuerySet:
    """The reports that a viewer may read, newest first, with how many others heard the same; without the photographs."""
    rows = BarrierReport.objects.visible_to(viewer).defer("photograph").select_related("crossing", "draft")
    return rows.prefetch_related("crossing__sides").annotate(others=Count("voices"))


def reports_open(viewer: Viewer) -> int:
    """How many nobody has taken up; a badge."""
    return BarrierReport.objects.visible_to(viewer).open()[:MOST].count()
