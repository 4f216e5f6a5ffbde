"""What happened to a group, newest first, from the rows that say so. No person is named in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from migrants.enums import TestResult
from migrants.group_moves import history_of
from migrants.models import HeadCount, Migrant, MoodSeen, TravelGroup
from returns.enums import UploadState
from returns.models import AidItem, GroupTold, ManifestUpload, Need, Plan, Sample


def of_group(group: TravelGroup, *, most: int) -> list[dict[str, Any]]:
    """Give up to `most` entries `{at, words, by, tone}` for the timeline component; 11 queries."""
    found = [
        {"at": group.recorded_at, "words": _opened(group), "by": group.by},
        *_counts(group, most),
        *_registrations(group),
        *_uploads(group),
        *_plans(group),
        *_tellings(group),
        *_needs(group),
        *_samples(group),
        *_moves(group),
        *_moods(group),
    ]
    if group.closed_at:
        found.append({"at": group.closed_at, "words": _("group closed"), "by": ""})
    return sorted(found, key=lambda entry: entry["at"], reverse=True)[:most]


def _opened(group: TravelGroup) -> str:
    if not group.source:
        return _("group opened")
    said = {"source": group.source, "confidence": group.get_confidence_display()}
    return _("group opened; told by %(source)s (%(confidence)s)") % said


def _counts(group: TravelGroup, most: int) -> Iterator[dict[str, Any]]:
    for count in HeadCount.objects.filter(group=group)[:most]:
        words = _("%(n)d counted, exact") if count.exact else _("about %(n)d counted")
        yield {"at": count.counted_at, "words": words % {"n": count.total}, "by": count.by}


def _registrations(group: TravelGroup) -> Iterator[dict[str, Any]]:
    """People registered, gathered by the moment of registration: a list of 102 is one entry."""
    together = (
        Migrant.objects.living_records().filter(group=group).values("registered_at", "by").annotate(n=Count("pk"))
    )
    for row in together.order_by("-registered_at")[:100]:
        words = ngettext("%(n)d person registered", "%(n)d people registered", row["n"]) % {"n": row["n"]}
        yield {"at": row["registered_at"], "words": words, "by": row["by"]}


def _uploads(group: TravelGroup) -> Iterator[dict[str, Any]]:
    for upload in ManifestUpload.objects.filter(group=group).defer("sheet").order_by("-uploaded_at")[:50]:
        words = _("list “%(name)s” uploaded") % {"name": upload.file_name}
        yield {"at": upload.uploaded_at, "words": words, "by": upload.by}
        if upload.settled_at and upload.state == UploadState.CONFIRMED:
            words = _("list “%(name)s” confirmed") % {"name": upload.file_name}
            yield {"at": upload.settled_at, "words": words, "by": "", "tone": "ready"}


def _plans(group: TravelGroup) -> Iterator[dict[str, Any]]:
    for plan in Plan.objects.filter(group=group):
        yield {"at": plan.set_at, "words": _("hour at the barrier planned"), "by": plan.by}


def _tellings(group: TravelGroup) -> Iterator[dict[str, Any]]:
    for told in GroupTold.objects.filter(group=group)[:50]:
        words = _("the group was told what changed: %(n)d people") % {"n": told.people_told}
        yield {"at": told.told_at, "words": words, "by": told.by}


def _needs(group: TravelGroup) -> Iterator[dict[str, Any]]:
    """What was asked for and what was given, each in its unit."""
    words = _("%(kind)s asked for: %(n)d %(unit)s")
    for need in Need.objects.filter(group=group).order_by("-asked_at")[:50]:
        said = {"kind": need.get_kind_display(), "n": need.quantity, "unit": need.get_unit_display()}
        yield {"at": need.asked_at, "words": words % said, "by": need.by}
    given = AidItem.objects.filter(need__group=group).select_related("giver", "need").order_by("-given_at")
    words = _("%(giver)s gave %(kind)s: %(n)d %(unit)s")
    for item in given[:100]:
        said = {"giver": item.giver.name, "kind": item.need.get_kind_display(), "n": item.quantity}
        said["unit"] = item.get_unit_display()
        yield {"at": item.given_at, "words": words % said, "by": item.by, "tone": "ready"}


def _moves(group: TravelGroup) -> Iterator[dict[str, Any]]:
    """Who came from another group, and who went to one; nobody is named."""
    for moves in history_of(group).values():
        for move in moves:
            went = move.from_group_id == group.pk
            words = _("%(n)d went to %(code)s: %(why)s") if went else _("%(n)d came from %(code)s: %(why)s")
            other = move.to_group if went else move.from_group
            said = {"n": move.heads, "code": other.code, "why": move.why}
            yield {"at": move.moved_at, "words": words % said, "by": move.by}


def _moods(group: TravelGroup) -> Iterator[dict[str, Any]]:
    for look in MoodSeen.objects.filter(group=group)[:50]:
        words = _("mood: %(mood)s") % {"mood": look.get_mood_display()}
        yield {"at": look.seen_at, "words": words, "by": look.by}


def _samples(group: TravelGroup) -> Iterator[dict[str, Any]]:
    """Samples by batch, results by the moment at which they were recorded; what was found stands elsewhere."""
    taken = Sample.objects.filter(sample_list__group=group, test__isnull=False)
    batches = taken.values("sample_list", "batch", "test__sampled_at").annotate(n=Count("pk"))
    for row in batches.order_by("-test__sampled_at")[:50]:
        words = ngettext("%(n)d sample taken", "%(n)d samples taken", row["n"]) % {"n": row["n"]}
        yield {"at": row["test__sampled_at"], "words": words, "by": ""}
    results = taken.exclude(test__result=TestResult.PENDING).values("test__recorded_at").annotate(n=Count("pk"))
    for found in results.order_by("-test__recorded_at")[:50]:
        words = ngettext("%(n)d result recorded", "%(n)d results recorded", found["n"]) % {"n": found["n"]}
        yield {"at": found["test__recorded_at"], "words": words, "by": ""}
