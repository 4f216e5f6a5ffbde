"""The mood of a halt: who saw it when, and what they saw. Each look is kept, whether heads were counted with it or not."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.enums import Mood
from migrants.models import HeadCount, MoodSeen, TravelGroup
from partners.models import Office

CLOCK_TOLERANCE = timedelta(minutes=10)
"""Phones keep time badly; what was seen further ahead than this is refused."""


class MoodError(RefusalError):
    """A mood that cannot be stored; `field` names the place."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a halt: the mood, when, by whom, what was seen, and how many were counted with it (None: nobody)."""

    mood: str
    seen_at: datetime
    by: Actor
    note: str = ""
    counted: int | None = None

    @property
    def words(self) -> str:
        return str(Mood(self.mood).label)


@transaction.atomic
def record_mood(
    *,
    public_id: uuid.UUID | None = None,
    group: TravelGroup,
    mood: str,
    note: str = "",
    seen_at: datetime,
    mission: Office,
    by: Actor,
    at: datetime,
) -> tuple[MoodSeen, bool]:
    """Store what somebody saw; give it and whether it is new. The same `public_id` with the same content is stored once.

    Raises MoodError with the field.
    """
    if mood not in Mood.values or not mood:
        raise MoodError("mood", _("Choose the mood from the list."))
    if len(note.strip()) > 500:
        raise MoodError("note", _("The note is longer than 500 letters. Shorten it."))
    if seen_at > at + CLOCK_TOLERANCE:
        raise MoodError("seen_at", _("That hour lies ahead. Give one that has passed."))
    if seen_at < group.waiting_since - timedelta(days=1):
        raise MoodError("seen_at", _("The group did not wait there yet. Check the hour."))
    said = {"group": group, "mood": mood, "note": note.strip()}
    row, made = MoodSeen.objects.get_or_create(
        public_id=public_id or uuid.uuid4(),
        defaults=said | {"mission": mission, "seen_at": seen_at, "recorded_at": at, "by": by},
    )
    if made:
        audit.record("mood seen", row, by=by, at=at)
    elif any(getattr(row, name) != value for name, value in said.items()):
        raise MoodError("public_id", _("This was stored already with other content. Save it as a new one."))
    return row, made


def moods_of(group: TravelGroup, *, most: int) -> list[Look]:
    """Give the looks at a halt, newest first, those with a head count among them; two queries."""
    looks = [Look(row.mood, row.seen_at, row.by, row.note) for row in MoodSeen.objects.filter(group=group)[:most]]
    counts = HeadCount.objects.filter(group=group).exclude(mood="")[:most]
    looks += [Look(count.mood, count.counted_at, count.by, count.note, count.total) for count in counts]
    return sorted(looks, key=lambda look: look.seen_at, reverse=True)[:most]


def latest_moods(groups: Iterable[int]) -> dict[int, Look]:
    """Give the newest look at each group (by key, or a query of keys) of which there is one; two queries."""
    keys = groups if isinstance(groups, QuerySet) else list(groups)
    found = {
        row.group_id: Look(row.mood, row.seen_at, row.by, row.note)
        for row in MoodSeen.objects.filter(group__in=keys).order_by("group", "-seen_at", "-pk").distinct("group")
    }
    counts = HeadCount.objects.filter(group__in=keys).exclude(mood="")
    for count in counts.order_by("group", "-counted_at", "-pk").distinct("group"):
        known = found.get(count.group_id)
        if known is None or count.counted_at > known.seen_at:
            found[count.group_id] = Look(count.mood, count.counted_at, count.by, count.note, count.total)
    return found
