"""The directory as pages: every organisation, and who of them cannot be reached today."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common import clock, countries
from partners.access import Permission
from partners.directory import reach_of, unreachable
from partners.doors import SignedInRequest, door
from partners.models import Organisation

PAGE = 50


@require_GET
@door(Permission.SEE_DIRECTORY)
def organisation_list(request: SignedInRequest) -> HttpResponse:
    """Organisations by name, or only those that no notice can reach; keyset pages."""
    written = request.GET.get("q", "").strip()[:100]
    only_unreachable = request.GET.get("show") == "unreachable"
    rows = _behind(_named(written), request.GET.get("after", ""))
    if only_unreachable:
        rows = unreachable(rows)
    page = list(rows[: PAGE + 1])
    reach = reach_of(organisation.pk for organisation in page[:PAGE])
    context = {
        "written": written,
        "only_unreachable": only_unreachable,
        "lines": [
            {"organisation": row, "country": countries.name(row.country) if row.country else "", "reach": reach[row.pk]}
            for row in page[:PAGE]
        ],
        "unreachable_count": unreachable(Organisation.objects.all()).count(),
        "next_url": _next_url(page, request) if len(page) > PAGE else "",
    }
    return render(request, "partners/organisations.html", context)


def _next_url(page: list[Organisation], request: SignedInRequest) -> str:
    asked = request.GET.copy()
    asked["after"] = str(page[PAGE - 1].public_id)
    return f"?{asked.urlencode()}"


def _named(written: str) -> QuerySet[Organisation]:
    rows = Organisation.objects.order_by("name_en", "pk")
    for word in written.split():
        rows = rows.filter(
            Q(name_en__icontains=word)
            | Q(name_local__icontains=word)
            | Q(name_ru__icontains=word)
            | Q(code__icontains=word)
            | Q(seat__icontains=word)
        )
    return rows


def _behind(rows: QuerySet[Organisation], after: str) -> QuerySet[Organisation]:
    """The rows behind the one with this public id; all of them where there is none."""
    try:
        last = Organisation.objects.filter(public_id=UUID(after)).first()
    except ValueError:
        last = None
    if last is None:
        return rows
    return rows.filter(Q(name_en__gt=last.name_en) | Q(name_en=last.name_en, pk__gt=last.pk))


@require_GET
@door(Permission.SEE_DIRECTORY)
def organisation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One organisation: names, offices, desks in the order in which they are asked, and what it wants to know."""
    row = get_object_or_404(
        Organisation.objects.prefetch_related("offices__contacts__channels", "interests"), public_id=public_id
    )
    context: dict[str, Any] = {
        "organisation": row,
        "country": countries.name(row.country) if row.country else "",
        "offices": row.offices.all(),
        "reach": reach_of([row.pk])[row.pk],
        "interests": [
            {"code": interest.subject.split(":")[1], "serves_halt": interest.serves_halt}
            for interest in row.interests.all()
            if interest.subject.startswith("crossing:")
        ],
        "at": clock.now(),
    }
    return render(request, "partners/organisation.html", context)
