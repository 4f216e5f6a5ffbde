"""The people behind a number of the board: cases by what stands in their way, how far they are and what is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common import audit, clock
from common.forms import blaming
from corridors.models import CrossingSide
from migrants.models import TravelGroup
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from partners.models import Office
from returns import saved_filters
from returns.case_lists import Asked, asked_of, cases_like, next_tasks
from returns.case_stages import stages_of
from returns.colleagues import owners_of
from returns.enums import ManyKind
from returns.forms.case_lists import BY_FINDING, CaseFilterForm, SavedFilterForm
from returns.models import CaseTask, ReturnCase, SavedFilter
from returns.people_lines import line_of
from returns.views.links import address

PAGE = 50
CHOICES = 200
"""Kept filters among which somebody chooses."""
SHOWN = (
    *("public_id", "closed_at", "outcome", "readiness__worst", "readiness__verdict"),
    *("person__public_id", "person__number", "person__full_name", "person__latin_name", "person__sex", "person__alone"),
    *("person__birth_year", "person__birth_month", "person__birth_day", "person__family__code"),
    *("person__group__public_id", "person__group__code"),
)
"""What the page reads of a row; the words of bits that are judged, sealed fields and histories are no part of it."""


@require_GET
@door(Permission.SEE_PEOPLE)
def case_list(request: SignedInRequest) -> HttpResponse:
    """Cases, narrowed as the address says (`returns.case_lists`); keyset pages of 50; an access row each."""
    return _page(request, SavedFilterForm())


def _page(request: SignedInRequest, keeping: SavedFilterForm) -> HttpResponse:
    asked = asked_of(request.GET)
    rows = rows_of(request, asked).select_related("person__family").only(*SHOWN)
    page = list(rows.prefetch_related("person__nationalities", "person__documents")[: PAGE + 1])
    shown, at = page[:PAGE], clock.now()
    audit.record_views([case.person.public_id for case in shown], page="cases", by=request.viewer.actor, at=at)
    after = {"after": shown[-1].person.number} if len(page) > PAGE else {}
    context = {
        "rows": _rows(shown, at=at),
        "next_url": f"?{urlencode(asked | after)}" if after else "",
        "query": urlencode(asked),
        "where": " ".join(asked[name] for name in ("crossing", "from", "to") if name in asked),
        "form": _form(request.viewer, asked),
        "shown": ""
        if "stage" in asked or asked.get("show") == "all"
        else dict(BY_FINDING)[asked.get("show", "stopped")],
        "is_narrowed": bool(set(asked) - {"show"}),
        "kept_places": {name: asked[name] for name in ("from", "to") if name in asked},
        "saved": _saved(request.viewer, asked),
        "keeping": keeping,
        "list_url": f"{reverse('returns:case_list_file')}?{urlencode(asked)}",
        "asked": asked,
        "may_act": request.viewer.may(Permission.PLAN_CROSSINGS),
        "kinds": ManyKind.choices,
    }
    return render(request, "returns/board/cases.html", context, status=422 if keeping.errors else 200)


def _rows(cases: Sequence[ReturnCase], *, at: datetime) -> list[dict[str, Any]]:
    stages, due = stages_of(cases, at=at), next_tasks(cases)
    groups = {case.person.group for case in cases if case.person.group}
    urls = {group.pk: address("returns:group_readiness", group.public_id) for group in groups}
    return [
        {
            "case": case,
            "line": line_of(case.person, on=at.date()),
            "url": address("returns:person_case", case.person.public_id),
            "group_url": urls.get(case.person.group_id or 0, ""),
            "stage": stages[case.pk].label,
            "task": due.get(case.pk),
            "is_overdue": case.pk in due and due[case.pk].due_at <= at,
        }
        for case in cases
    ]


def _form(viewer: Viewer, asked: Asked) -> CaseFilterForm:
    """The filters as they are, with the crossings and owners that there are in reach; two queries.

    Crossings and accounts are few, groups and tasks many: of each of the few it is asked whether there is one.
    """
    groups = TravelGroup.objects.visible_to(viewer).waiting().filter(crossing=OuterRef("crossing"))
    sides = CrossingSide.objects.filter(Exists(groups.order_by())).order_by("crossing__code", "rank")
    crossings: dict[str, str] = {}
    for code, name in sides.values_list("crossing__code", "name_latin"):
        crossings[code] = f"{crossings[code]} / {name}" if code in crossings else name
    owners = owners_of(CaseTask.objects.visible_to(viewer).open())
    return CaseFilterForm(initial={"show": "stopped"} | asked, crossings=crossings.items(), owners=owners)


def _saved(viewer: Viewer, asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "filter": row,
            "url": f"{reverse('returns:case_list')}?{urlencode(row.asked)}",
            "is_own": row.owner == viewer.user.public_id,
            "is_current": row.asked == asked,
        }
        for row in SavedFilter.objects.visible_to(viewer)[:CHOICES]
    ]


def rows_of(request: SignedInRequest, asked: Asked) -> Any:
    """Give the cases that the address asks for, as far as the viewer sees them, by number of the person."""
    viewer = request.viewer
    rows = cases_like(ReturnCase.objects.visible_to(viewer), asked, account=viewer.user.public_id, at=clock.now())
    return rows.filter(person__number__gt=request.GET["after"]) if request.GET.get("after") else rows


@require_POST
@door(Permission.SEE_PEOPLE)
def filter_keep(request: SignedInRequest) -> HttpResponse:
    """Keep what the address asks of the list under a name."""
    viewer, form = request.viewer, SavedFilterForm(request.POST)
    if form.is_valid():
        mission = get_object_or_404(Office, pk=viewer.missions[0] if viewer.missions else None)
        with blaming(form):
            saved_filters.keep(
                **form.cleaned_data, asked=request.GET, owner=viewer.user.public_id, owner_name=viewer.user.printed_name,
                mission=mission, by=viewer.actor, at=clock.now(),
            )  # fmt: skip
            messages.success(request, _("The filter is kept."))
            return redirect(f"{reverse('returns:case_list')}?{urlencode(asked_of(request.GET))}")
    return _page(request, form)


@require_POST
@door(Permission.SEE_PEOPLE)
def filter_remove(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Remove a filter of one's own; that of a colleague is as none that exists: 404."""
    viewer = request.viewer
    own = SavedFilter.objects.filter(owner=viewer.user.public_id)
    saved_filters.remove(
        saved=get_object_or_404(own, public_id=public_id), owner=viewer.user.public_id, by=viewer.actor, at=clock.now()
    )
    return redirect("returns:case_list")
