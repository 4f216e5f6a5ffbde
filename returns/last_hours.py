"""What happened in the last hours, from the rows that say so; no person is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.template.defaultfilters import floatformat
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from corridors.models import RequirementChange
from migrants.models import HeadCount, TravelGroup
from notifications.delivery_states import GONE_WRONG, TAKEN
from notifications.messages import subject_of
from notifications.models import Acknowledgement, Alert, CallEntry, Delivery
from notifications.readers import about_what_is_reached
from partners.access import Viewer
from returns.models import AidItem, GroupTold, Need, Pledge
from returns.ways import way_of_line

RECENT = timedelta(hours=24)


def entries(viewer: Viewer, *, at: datetime, most: int) -> list[dict[str, Any]]:
    """Give up to `most` entries `{at, words, by, tone}` of the last 24 hours, newest first; a constant number of queries."""
    since = at - RECENT
    found = [
        *_changes(viewer, since, most),
        *_acknowledgements(viewer, since, most),
        *_handed_over(viewer, since),
        *_calls(since, most),
        *_counts(viewer, since, most),
        *_tellings(viewer, since, most),
        *_money(viewer, since, most),
    ]
    return sorted((entry for entry in found if entry["at"] <= at), key=lambda entry: entry["at"], reverse=True)[:most]


def _changes(viewer: Viewer, since: datetime, most: int) -> Iterator[dict[str, Any]]:
    rows = RequirementChange.objects.filter(at__gt=since).select_related("version__requirement__crossing")
    if viewer.crossings is not None:
        place = "version__requirement__crossing"
        rows = rows.filter(Q(**{f"{place}__code__in": viewer.crossings}) | Q(**{f"{place}__isnull": True}))
    for row in rows.prefetch_related("version__requirement__crossing__sides").order_by("-at")[:most]:
        line = row.version.requirement
        words = _("%(way)s: %(subject)s, version %(n)d, %(certainty)s") % {
            "way": way_of_line(line),
            "subject": line.get_subject_display(),
            "n": row.version.number,
            "certainty": row.version.get_certainty_display(),
        }
        yield {"at": row.at, "words": words, "by": row.by, "tone": "missing"}


def _acknowledgements(viewer: Viewer, since: datetime, most: int) -> Iterator[dict[str, Any]]:
    rows = Acknowledgement.objects.filter(at__gt=since).select_related("notice__organisation", "notice__alert")
    rows = rows.filter(about_what_is_reached(viewer, path="notice__alert__"))
    for row in rows.order_by("-at")[:most]:
        words = _("%(organisation)s acknowledged") % {"organisation": row.notice.organisation.name}
        if row.action_confirmed_at:
            words = _("%(organisation)s acknowledged; its post is instructed") % {
                "organisation": row.notice.organisation.name
            }
        yield {"at": row.at, "words": words, "by": row.function, "tone": "ready"}


def _handed_over(viewer: Viewer, since: datetime) -> Iterator[dict[str, Any]]:
    alerts = list(Alert.objects.filter(about_what_is_reached(viewer), raised_at__gt=since).order_by("-number")[:5])
    counts = {
        row["notice__alert"]: row
        for row in Delivery.objects.filter(notice__alert__in=alerts, purpose="first")
        .values("notice__alert")
        .annotate(
            handed=Count("pk", filter=Q(state__in=TAKEN)),
            failed=Count("pk", filter=Q(state__in=GONE_WRONG)),
        )
        .order_by()
    }
    for alert in alerts:
        row = counts.get(alert.pk)
        if row is None:
            continue
        words = ngettext(
            "%(n)d message handed over, %(failed)d failed: %(subject)s",
            "%(n)d messages handed over, %(failed)d failed: %(subject)s",
            row["handed"],
        ) % {
            "n": row["handed"],
            "failed": row["failed"],
            "subject": subject_of(alert, get_language() or "en"),
        }
        yield {"at": alert.raised_at, "words": words, "by": "", "tone": "missing" if row["failed"] else ""}


def _calls(since: datetime, most: int) -> Iterator[dict[str, Any]]:
    for row in CallEntry.objects.filter(at__gt=since).select_related("organisation").order_by("-at")[:most]:
        words = _("%(organisation)s called: %(outcome)s") % {
            "organisation": row.organisation.name,
            "outcome": row.get_outcome_display(),
        }
        yield {"at": row.at, "words": words, "by": row.by, "tone": ""}


def _counts(viewer: Viewer, since: datetime, most: int) -> Iterator[dict[str, Any]]:
    groups = TravelGroup.objects.visible_to(viewer)
    rows = HeadCount.objects.filter(counted_at__gt=since, group__in=groups).select_related("group")
    for row in rows.order_by("-counted_at")[:most]:
        words = _("group %(code)s: %(n)d counted, exact") if row.exact else _("group %(code)s: about %(n)d counted")
        yield {
            "at": row.counted_at,
            "words": words % {"code": row.group.code, "n": row.total},
            "by": row.by,
            "tone": "",
        }


def _tellings(viewer: Viewer, since: datetime, most: int) -> Iterator[dict[str, Any]]:
    groups = TravelGroup.objects.visible_to(viewer)
    rows = GroupTold.objects.filter(told_at__gt=since, group__in=groups).select_related("group", "version")
    for row in rows.order_by("-told_at")[:most]:
        words = _("group %(code)s told of version %(n)d: %(people)d people") % {
            "code": row.group.code,
            "n": row.version.number,
            "people": row.people_told,
        }
        yield {"at": row.told_at, "words": words, "by": row.by, "tone": "ready"}


def _money(viewer: Viewer, since: datetime, most: int) -> Iterator[dict[str, Any]]:
    needs = Need.objects.visible_to(viewer)
    for need in needs.filter(asked_at__gt=since).select_related("group").order_by("-asked_at")[:most]:
        yield {"at": need.asked_at, "words": _asked_for(need), "by": need.by, "tone": ""}
    items = AidItem.objects.filter(recorded_at__gt=since, need__in=needs).select_related("giver", "need__group")
    for item in items.order_by("-recorded_at")[:most]:
        words = _("group %(code)s: %(giver)s gave %(kind)s, %(n)s %(unit)s") % {
            "code": item.need.group.code,
            "giver": item.giver.name,
            "kind": item.need.get_kind_display(),
            "n": floatformat(item.quantity, "g"),
            "unit": item.get_unit_display(),
        }
        yield {"at": item.recorded_at, "words": words, "by": item.by, "tone": "ready"}
    pledges = Pledge.objects.filter(recorded_at__gt=since, need__in=needs).select_related("donor")
    for pledge in pledges.defer("correspondence").order_by("-recorded_at")[:most]:
        words = _("%(donor)s pledged %(amount)s %(currency)s") % {
            "donor": pledge.donor.name,
            "amount": floatformat(pledge.amount, "-2g"),
            "currency": pledge.currency,
        }
        yield {"at": pledge.recorded_at, "words": words, "by": pledge.by, "tone": "ready"}


def _asked_for(need: Need) -> str:
    if not need.asks_money:
        return _("group %(code)s: %(kind)s asked for, %(n)s %(unit)s") % {
            "code": need.group.code,
            "kind": need.get_kind_display(),
            "n": floatformat(need.quantity, "g"),
            "unit": need.get_unit_display(),
        }
    return _("group %(code)s: %(amount)s %(currency)s asked for") % {
        "code": need.group.code,
        "amount": floatformat(need.quantity * need.unit_price, "-2g"),
        "currency": need.currency,
    }
