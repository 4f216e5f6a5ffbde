"""The directory as pages: every organisation, and who of them cannot be reached today."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common import clock, countries
from partners import duty, interests, unreached
from partners.access import Permission
from partners.directory import reach_of, unreachable
from partners.doors import SignedInRequest, door
from partners.enums import ChannelKind
from partners.models import Organisation
from partners.verification import verified_for

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
        "lists_url": _lists_url(request),
        "next_url": _next_url(page, request) if len(page) > PAGE else "",
    }
    return render(request, "partners/organisations.html", context)


def _lists_url(request: SignedInRequest) -> str:
    """Where a higher floor reads and writes the directory as a list, for whoever may change it."""
    return "/organisations/list/" if request.viewer.may(Permission.MANAGE_DIRECTORY) else ""


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
    at = clock.now()
    context: dict[str, Any] = {
        "organisation": row,
        "country": countries.name(row.country) if row.country else "",
        "offices": row.offices.all(),
        "reach": reach_of([row.pk])[row.pk],
        "interests": [
            {
                "code": interest.subject.split(":")[1] if interest.subject.startswith(interests.CROSSING) else "",
                "words": interests.words_of(interest),
                "subject": interest.subject,
                "alert_kind": interest.alert_kind,
                "kind_words": interests.words_of_kind(interest.alert_kind),
                "serves_halt": interest.serves_halt,
            }
            for interest in row.interests.all()
        ],
        "line": next(iter(unreached.lines_of([row], at=at, verified_for=verified_for())), None),
        "asked": duty.asked_of([row.pk], at=at, kinds=ChannelKind.values).get(row.pk, []),
        "may_write": request.viewer.may(Permission.MANAGE_DIRECTORY),
        "at": at,
    }
    return render(request, "partners/organisation.html", context)
