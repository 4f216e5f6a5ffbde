"""Reading the audit trail and the log of looks: for whoever answers for both. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import make_aware

from common.models import AccessEntry, AuditEntry

PAGE = 50


def acts(*, on: date, zone: Any, written: str = "", after: str = "") -> list[AuditEntry]:
    """The acts of one day in `zone`, newest first, a page and one more; `after` is the reference of the last one shown.

    `written` is a part of the act, of the reference of the row, or of the name of whoever did it; or the reference of a
    request or of an account.
    """
    rows = of_the_day(AuditEntry.objects.all(), on, zone)
    if written:
        rows = rows.filter(
            Q(verb__icontains=written)
            | Q(subject__icontains=written)
            | Q(by__printed_name__icontains=written)
            | Q(request_id=written)
            | Q(by__ref=written)
        )
    return _page(rows, after)


def looks(*, on: date, zone: Any, written: str = "", after: str = "") -> list[AccessEntry]:
    """Who looked at whom on one day in `zone`, newest first.

    `written` is the reference of a person, of a request, of an account or of an export, an address, or a part of a name.
    """
    rows = of_the_day(AccessEntry.objects.all(), on, zone)
    if written:
        try:
            reference = UUID(written)
            rows = rows.filter(Q(person=reference) | Q(export=reference) | Q(request_id=written) | Q(by__ref=written))
        except ValueError:
            rows = rows.filter(Q(page__icontains=written) | Q(by__printed_name__icontains=written) | Q(address=written))
    return _page(rows, after)


def reference(entry: AuditEntry | AccessEntry) -> str:
    """Where the next page begins."""
    return f"{entry.at.isoformat()}_{entry.id}"


def of_the_day(rows: QuerySet[Any], on: date, zone: Any) -> QuerySet[Any]:
    """The rows of one day in `zone`."""
    begins = make_aware(datetime.combine(on, time.min), zone)
    ends = make_aware(datetime.combine(on + timedelta(days=1), time.min), zone)
    return rows.filter(at__gte=begins, at__lt=ends)


def _page(rows: QuerySet[Any], after: str) -> list[Any]:
    try:
        moment, _, key = after.partition("_")
        at, last = datetime.fromisoformat(moment), UUID(key)
        if at.tzinfo is not None:
            rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=last))
    except ValueError:
        pass  # no place of ours: the first page
    return list(rows.order_by("-at", "-id")[: PAGE + 1])


def shown(found: Sequence[Any]) -> tuple[Sequence[Any], str]:
    """The page without its one more, and the reference from which the next begins, empty at the end."""
    return found[:PAGE], reference(found[PAGE - 1]) if len(found) > PAGE else ""
