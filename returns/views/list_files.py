"""Lists that stand on a page, as spreadsheets: the same rows, asked for with a purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blaming
from common.limits import limited
from migrants.exports import CONDITION, Made
from migrants.models import Migrant
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import document_requests, receiving
from returns import incoming as projection
from returns.case_lists import asked_of
from returns.case_stages import stages_of
from returns.enums import CaseVerdict
from returns.forms.papers import ListForm
from returns.list_files import MOST_CASES, arrivals_list, cases_list, documents_list, received_list
from returns.models import ReturnCase
from returns.people_lines import document_words, lines_of
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
@door(Permission.SEE_OWN_JOURNEYS)
@limited("export")
def day_list(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Who of a journey is shown to the viewer's organisation, and what it said of each, as the page of that day shows them."""
    at, organisations = clock.now(), request.viewer.organisations
    movement = get_object_or_404(receiving.journeys_with(organisations, at=at), public_id=public_id)

    def made(purpose: str) -> Made:
        people = list(receiving.expected_by(movement, organisations, at=at))
        receiver = receiving.next_to_sign(movement, people)
        word = receiving.word_of(movement, receiver)
        met = dict(word.answers.values_list("disclosure", "state")) if word else {}
        return received_list(
            people=[(row.person, met.get(row.pk, "")) for row in people if row.recipient_id == receiver.pk],
            recipient=receiver,
            journey=str(movement),
            language=(get_language() or "en")[:2],
            purpose=purpose,
            by=request.viewer.actor,
            at=at,
        )

    back = reverse("returns:day_arrival", args=[movement.public_id])
    title = _("Arrival of group %(code)s") % {"code": movement}
    return _page(request, made, title=title, back=back, name="arrival.xlsx")


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_INCOMING)
@limited("export")
def document_list_file(request: SignedInRequest) -> HttpResponse:
    """The travel documents that the viewer's embassy is asked for, all of them; too many are refused, never cut off."""

    def made(purpose: str) -> Made:
        at, organisations = clock.now(), request.viewer.organisations
        rows = list(document_requests.of_embassies(organisations, at=at)[: MOST_CASES + 1])
        return documents_list(
            asked=[(row, document_words([row.document], at.date())[0]) for row in rows[:MOST_CASES]],
            are_all=len(rows) <= MOST_CASES,
            recipient=organisations[0],
            language=(get_language() or "en")[:2],
            purpose=purpose,
            by=request.viewer.actor,
            at=at,
        )

    back = reverse("returns:documents_asked")
    return _page(request, made, title=_("Travel documents asked for"), back=back, name="documents.xlsx")


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
        with blaming(form):
            return file_answer(made(form.cleaned_data["purpose"]), name=name)
    context: dict[str, Any] = {"form": form, "title": title, "back": back, "condition": _(CONDITION)}
    return render(request, "returns/papers/list.html", context, status=422 if form.is_bound else 200)
