"""What happened to a group, newest first, from the rows that say so. No person is named in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from migrants.enums import TestResult
from migrants.group_moves import history_of
from migrants.models import HeadCount, Migrant, MoodSeen, TravelGroup
from returns import casework_timeline, road_timeline
from returns.enums import UploadState
from returns.models import AidItem, GroupTold, ManifestUpload, Need, Plan, Sample
from returns.spans import Entry, Span


def of_group(group: TravelGroup, *, most: int) -> list[Entry]:
    """Give the newest `most` entries for the timeline component; a constant number of queries."""
    return part_of(group, Span(most))[0][:most]


def part_of(group: TravelGroup, span: Span) -> tuple[list[Entry], datetime | None]:
    """Give one part of what happened to a group, and the hour before which the next part lies.

    Casework alone reads it, whatever the role: nothing of the closed room is any part of it, and a result is only counted.
    """
    found: list[Entry] = [
        {"at": group.recorded_at, "words": _opened(group), "by": group.by},
        *_counts(group, span),
        *_registrations(group, span),
        *_uploads(group, span),
        *_plans(group),
        *_tellings(group, span),
        *_needs(group, span),
        *_samples(group, span),
        *_moves(group),
        *_moods(group, span),
        *casework_timeline.of_group(group, span),
        *road_timeline.of_group(group, span),
    ]
    if group.closed_at:
        found.append({"at": group.closed_at, "words": _("group closed"), "by": ""})
    return span.cut(found)


def _opened(group: TravelGroup) -> str:
    if not group.source:
        return _("group opened")
    said = {"source": group.source, "confidence": group.get_confidence_display()}
    return _("group opened; told by %(source)s (%(confidence)s)") % said


def _counts(group: TravelGroup, span: Span) -> Iterator[Entry]:
    for count in span.of(HeadCount.objects.filter(group=group), "counted_at"):
        words = _("%(n)d counted, exact") if count.exact else _("about %(n)d counted")
        yield {"at": count.counted_at, "words": words % {"n": count.total}, "by": count.by}


def _registrations(group: TravelGroup, span: Span) -> Iterator[Entry]:
    """People registered, gathered by the moment of registration: a list of 102 is one entry."""
    together = (
        Migrant.objects.living_records().filter(group=group).values("registered_at", "by").annotate(n=Count("pk"))
    )
    for row in span.of(together, "registered_at"):
        words = ngettext("%(n)d person registered", "%(n)d people registered", row["n"]) % {"n": row["n"]}
        yield {"at": row["registered_at"], "words": words, "by": row["by"]}


def _uploads(group: TravelGroup, span: Span) -> Iterator[Entry]:
    for upload in span.of(ManifestUpload.objects.filter(group=group).defer("sheet"), "uploaded_at"):
        words = _("list “%(name)s” uploaded") % {"name": upload.file_name}
        yield {"at": upload.uploaded_at, "words": words, "by": upload.by}
        if upload.settled_at and upload.state == UploadState.CONFIRMED:
            words = _("list “%(name)s” confirmed") % {"name": upload.file_name}
            yield {"at": upload.settled_at, "words": words, "by": "", "tone": "ready"}


def _plans(group: TravelGroup) -> Iterator[Entry]:
    for plan in Plan.objects.filter(group=group):
        yield {"at": plan.set_at, "words": _("hour at the barrier planned"), "by": plan.by}


def _tellings(group: TravelGroup, span: Span) -> Iterator[Entry]:
    for told in span.of(GroupTold.objects.filter(group=group), "told_at"):
        words = _("the group was told what changed: %(n)d people") % {"n": told.people_told}
        yield {"at": told.told_at, "words": words, "by": told.by}


def _needs(group: TravelGroup, span: Span) -> Iterator[Entry]:
    """What was asked for and what was given, each in its unit."""
    words = _("%(kind)s asked for: %(n)d %(unit)s")
    for need in span.of(Need.objects.filter(group=group), "asked_at"):
        said = {"kind": need.get_kind_display(), "n": need.quantity, "unit": need.get_unit_display()}
        yield {"at": need.asked_at, "words": words % said, "by": need.by}
    given = AidItem.objects.filter(need__group=group).select_related("giver", "need")
    words = _("%(giver)s gave %(kind)s: %(n)d %(unit)s")
    for item in span.of(given, "given_at"):
        said = {"giver": item.giver.name, "kind": item.need.get_kind_display(), "n": item.quantity}
        said["unit"] = item.get_unit_display()
        yield {"at": item.given_at, "words": words % said, "by": item.by, "tone": "ready"}


def _moves(group: TravelGroup) -> Iterator[Entry]:
    """Who came from another group, and who went to one; nobody is named."""
    for moves in history_of(group).values():
        for move in moves:
            went = move.from_group_id == group.pk
            words = _("%(n)d went to %(code)s: %(why)s") if went else _("%(n)d came from %(code)s: %(why)s")
            other = move.to_group if went else move.from_group
            said = {"n": move.heads, "code": other.code, "why": move.why}
            yield {"at": move.moved_at, "words": words % said, "by": move.by}


def _moods(group: TravelGroup, span: Span) -> Iterator[Entry]:
    for look in span.of(MoodSeen.objects.filter(group=group), "seen_at"):
        words = _("mood: %(mood)s") % {"mood": look.get_mood_display()}
        yield {"at": look.seen_at, "words": words, "by": look.by}


def _samples(group: TravelGroup, span: Span) -> Iterator[Entry]:
    """Samples by batch, results by the moment at which they were recorded; what was found stands elsewhere."""
    taken = Sample.objects.filter(sample_list__group=group, test__isnull=False)
    batches = taken.values("sample_list", "batch", "test__sampled_at").annotate(n=Count("pk"))
    for row in span.of(batches, "test__sampled_at"):
        words = ngettext("%(n)d sample taken", "%(n)d samples taken", row["n"]) % {"n": row["n"]}
        yield {"at": row["test__sampled_at"], "words": words, "by": ""}
    results = taken.exclude(test__result=TestResult.PENDING).values("test__recorded_at").annotate(n=Count("pk"))
    for found in span.of(results, "test__recorded_at"):
        words = ngettext("%(n)d result recorded", "%(n)d results recorded", found["n"]) % {"n": found["n"]}
        yield {"at": found["test__recorded_at"], "words": words, "by": ""}
