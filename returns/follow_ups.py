"""Asking people after their return how things are: a week, a month and three months after the handover, if they agreed.

Due is only what a standing yes of the person covers: whoever takes it back is in no list from then on (rules 6 and 7).
Needs are recorded and nobody is scored; what belongs into the closed room is said there (rule 16).
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.consents import standing_yes
from migrants.enums import ProtectionNeed, Purpose
from migrants.erasure import is_erased
from migrants.models import Migrant
from migrants.screening import NEVER_IN_LISTS
from returns.enums import CaseOutcome, FollowUpHow, FollowUpStage, FollowUpState
from returns.incoming import zones_of_arrival
from returns.models import FollowUp, Handover, ManifestEntry, Movement, ReturnCase

MOST_TRIES = 3
"""So often somebody is tried for one follow-up; then it ends as “could not be reached”."""
LONGEST = 4000
SOON = timedelta(days=7)
ASKED_ABOUT = tuple((need.value, need.label) for need in ProtectionNeed if need not in NEVER_IN_LISTS)
"""Needs that may be written down here; the others are for a screening in the closed room."""


class FollowUpError(RefusalError):
    """A follow-up that cannot be written down. `field` names what to mend, `sentence` says why and what to do."""


@transaction.atomic
def plan(*, movement: Movement, people: Collection[Migrant], by: Actor, at: datetime) -> list[FollowUp]:
    """Plan what is still to come for those of `people` who agreed to be asked; what is planned already stays as it is.

    Days are counted on the calendar of the place of arrival, from the day of the handover. Nothing before the handover.
    """
    received_at = Handover.objects.filter(movement=movement).values_list("received_at", flat=True).first()
    if received_at is None:
        return []
    Movement.objects.select_for_update(of=("self",)).filter(pk=movement.pk).first()  # two who plan take turns
    zone = ZoneInfo(zones_of_arrival(movement)[0])
    arrived_on, today = received_at.astimezone(zone).date(), at.astimezone(zone).date()
    agreed = standing_yes(purpose=Purpose.FOLLOW_UP, at=at).filter(person__in=[person.pk for person in people])
    wanted = set(agreed.exclude(is_erased("person")).values_list("person", flat=True))
    known = set(FollowUp.objects.filter(movement=movement, person__in=wanted).values_list("person", "stage"))
    rows = FollowUp.objects.bulk_create(
        FollowUp(
            person=person,
            mission_id=person.mission_id,
            movement=movement,
            stage=stage,
            due_on=due_on(arrived_on, stage),
            planned_at=at,
            by=by,
        )
        for person in people
        if person.pk in wanted
        for stage in FollowUpStage
        if (person.pk, stage) not in known and due_on(arrived_on, stage) >= today
    )
    audit.record_many((("follow-up planned", row) for row in rows), by=by, at=at)
    return rows


@transaction.atomic
def plan_of(*, person: Migrant, by: Actor, at: datetime) -> list[FollowUp]:
    """Plan for one person who agreed later; the last journey on which they came home counts. Raises FollowUpError."""
    movement = came_home_by(person)
    if movement is None:
        raise FollowUpError("", _("Nobody has received this person yet. Follow-up begins with the handover."))
    rows = plan(movement=movement, people=[person], by=by, at=at)
    if not rows:
        raise FollowUpError(
            "", _("Nothing is to be planned: the person has not agreed, or all of it is planned or over.")
        )
    return rows


def came_home_by(person: Migrant) -> Movement | None:
    """Give the last movement that was handed over with this person on its manifest, whose case ended at home."""
    home = ReturnCase.objects.filter(person=person, outcome=CaseOutcome.HOME).values("pk")
    entries = ManifestEntry.objects.filter(person=person, case__in=home, manifest__movement__handover__isnull=False)
    entry = entries.select_related("manifest__movement").order_by("-manifest__movement__depart_at", "-pk").first()
    return entry.manifest.movement if entry else None


def due_on(arrived_on: date, stage: str) -> date:
    """Give the day on which somebody who came on `arrived_on` is asked; a month is one of the calendar. Pure."""
    if stage == FollowUpStage.WEEK:
        return arrived_on + timedelta(days=7)
    months = arrived_on.month - 1 + (1 if stage == FollowUpStage.MONTH else 3)
    year, month = arrived_on.year + months // 12, months % 12 + 1
    return date(year, month, min(arrived_on.day, calendar.monthrange(year, month)[1]))


def waiting(rows: QuerySet[FollowUp], *, at: datetime) -> QuerySet[FollowUp]:
    """Narrow `rows` to those that are to be done, of people whose yes still stands, who live and who were not erased."""
    agreed = standing_yes(purpose=Purpose.FOLLOW_UP, at=at).exclude(is_erased("person")).values("person")
    died = ReturnCase.objects.filter(person=OuterRef("person"), outcome=CaseOutcome.DIED)
    return rows.filter(~Exists(died), state=FollowUpState.WAITING, person__in=agreed)


def due(rows: QuerySet[FollowUp], *, today: date, at: datetime) -> QuerySet[FollowUp]:
    """Narrow `rows` to those that are due within a week of `today`, or were missed; the oldest first."""
    return waiting(rows, at=at).filter(due_on__lte=today + SOON).order_by("due_on", "pk")


def today_of(zones: Sequence[str], *, at: datetime) -> date:
    """Give the day that it is for whoever serves offices in `zones`: on the clock of the first, that of UTC without any."""
    return at.astimezone(ZoneInfo(next(iter(zones), "UTC"))).date()


@transaction.atomic
def reached(
    *, follow_up: FollowUp, how: str, needs: Sequence[str], note: str = "", tried_at: datetime, by: Actor, at: datetime
) -> FollowUp:
    """Write down what the person said; no needs is an answer too. Raises FollowUpError."""
    row = _locked(follow_up, how=how, note=note, tried_at=tried_at, at=at)
    if closed := sorted(set(needs) & set(NEVER_IN_LISTS)):
        sentence = _("“%(need)s” belongs into the closed room. Ask a protection officer to speak with the person.")
        raise FollowUpError("needs", sentence % {"need": ProtectionNeed(closed[0]).label})
    if unknown := sorted(set(needs) - set(ProtectionNeed.values)):
        raise FollowUpError("needs", _("“%(need)s” is not on the list of needs.") % {"need": unknown[0]})
    row.state, row.how, row.last_tried_at, row.done_by = FollowUpState.REACHED, how, tried_at, by
    row.needs = " ".join(need for need in ProtectionNeed.values if need in needs)
    row.note = note.strip() or None
    row.save(update_fields=["state", "how", "last_tried_at", "done_by", "needs", "note"])
    audit.record("person followed up", row, by=by, at=at)
    return row


@transaction.atomic
def missed(*, follow_up: FollowUp, how: str, note: str = "", tried_at: datetime, by: Actor, at: datetime) -> FollowUp:
    """Write down a try that reached nobody. After `MOST_TRIES` it ends as “could not be reached”. Raises FollowUpError.

    The same try sent twice is one.
    """
    row = _locked(follow_up, how=how, note=note, tried_at=tried_at, at=at)
    if (row.how, row.last_tried_at) == (how, tried_at):
        return row
    row.tries, row.how, row.last_tried_at = row.tries + 1, how, tried_at
    row.note = note.strip() or row.note
    if row.tries >= MOST_TRIES:
        row.state, row.done_by = FollowUpState.UNREACHED, by
    row.save(update_fields=["tries", "how", "last_tried_at", "note", "state", "done_by"])
    audit.record("follow-up tried", row, by=by, at=at)
    return row


def needs_of(row: FollowUp) -> list[ProtectionNeed]:
    """Give the needs that were written down."""
    return [ProtectionNeed(code) for code in (row.needs or "").split()]


def _locked(follow_up: FollowUp, *, how: str, note: str, tried_at: datetime, at: datetime) -> FollowUp:
    row = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if row.state != FollowUpState.WAITING:
        raise FollowUpError("", _("This was written down already. Nothing was changed."))
    if not waiting(FollowUp.objects.filter(pk=row.pk), at=at).exists():
        raise FollowUpError("", _("The person does not agree to be asked any more. Do not call; nothing was changed."))
    if how not in FollowUpHow.values:
        raise FollowUpError("how", _("Say whether it was a call or a visit."))
    if tried_at > at:
        raise FollowUpError("tried_at", _("This hour lies ahead. Give the hour of the call or visit."))
    if tried_at < row.planned_at - timedelta(days=1):
        raise FollowUpError("tried_at", _("That was before the follow-up was planned. Check the day."))
    if len(note) > LONGEST:
        raise FollowUpError("note", _("This is too long. Write at most 4,000 characters."))
    return row


def labels_of(needs: Iterable[ProtectionNeed]) -> str:
    """The needs in words, in their order."""
    return ", ".join(str(need.label) for need in needs)
