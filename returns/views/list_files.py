"""Lists that stand on a page, as spreadsheets: the same rows, asked for with a purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blame
from common.limits import limited
from migrants.exports import CONDITION, ExportError, Made
from migrants.models import Migrant
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import incoming as projection
from returns.case_lists import asked_of
from returns.case_stages import stages_of
from returns.enums import CaseVerdict
from returns.forms.papers import ListForm
from returns.list_files import MOST_CASES, arrivals_list, cases_list
from returns.models import ReturnCase
from returns.people_lines import lines_of
from returns.views.cases import rows_of
from returns.views.file_answers import file_answer


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_INCOMING)
@limited("export")
def incoming_list(request: SignedInRequest) -> HttpResponse:
    """Everybody whom the viewer's embassy may expect, as its page of arrivals shows them."""

    def made(purpose: str) -> Made:
        at, organisations = clock.now(), request.viewer.organisations
        keys = (key for key, _public_id in projection.in_order(organisations, at=at))
        people = projection.completed(projection.of_these(keys), at=at)
        return arrivals_list(
            people=people,
            recipient=organisations[0],
            language=(get_language() or "en")[:2],
            purpose=purpose,
            by=request.viewer.actor,
            at=at,
        )

    return _page(request, made, title=_("Expected returnees"), back=reverse("returns:incoming"), name="arrivals.xlsx")


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_PEOPLE)
@limited("export")
def case_list_file(request: SignedInRequest) -> HttpResponse:
    """Cases, narrowed as the address says, all of them; too many for a list are refused, never cut off."""

    def made(purpose: str) -> Made:
        at, rows = clock.now(), list(rows_of(request, asked_of(request.GET))[: MOST_CASES + 1])
        people = Migrant.objects.filter(pk__in=[case.person_id for case in rows[:MOST_CASES]])
        lines = {line.pk: line for line in lines_of(people, at=at)}
        stages = stages_of(rows[:MOST_CASES], at=at)
        return cases_list(
            lines=[
                (case.number, lines[case.person_id], str(stages[case.pk].label), _state_of(case))
                for case in rows[:MOST_CASES]
                if case.person_id in lines
            ],
            are_all=len(rows) <= MOST_CASES,
            language=(get_language() or "en")[:2],
            purpose=purpose,
            by=request.viewer.actor,
            at=at,
        )

    back = f"{reverse('returns:case_list')}?{request.GET.urlencode()}"
    return _page(request, made, title=_("Cases"), back=back, name="cases.xlsx")


def _state_of(case: ReturnCase) -> str:
    """How it ended, or how it was judged last."""
    return case.get_outcome_display() if case.closed_at else str(CaseVerdict(case.readiness.verdict).label)


def _page(request: SignedInRequest, made: Callable[[str], Made], *, title: str, back: str, name: str) -> HttpResponse:
    form = ListForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            return file_answer(made(form.cleaned_data["purpose"]), name=name)
        except ExportError as error:
            blame(form, error)
    context: dict[str, Any] = {"form": form, "title": title, "back": back, "condition": _(CONDITION)}
    return render(request, "returns/papers/list.html", context, status=422 if form.is_bound else 200)
