"""Whether another office knows somebody, the questions to it, and its answers."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock, limits
from common.forms import blaming
from migrants import enquiries
from migrants.enums import EnquiryState
from migrants.models import DuplicatePair, Enquiry, Migrant
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from returns.forms.elsewhere import AnswerForm, AskForm, LookForm
from returns.owed import enquiries_to_answer
from returns.pair_queue import open_pairs
from returns.people_lines import line_of
from returns.views.person_head import scope_of, seen, visible_person

MOST_LISTED = 100


@require_http_methods(["GET", "POST"])
@door(Permission.LOOK_ELSEWHERE)
def elsewhere(request: SignedInRequest) -> HttpResponse:
    """Look beyond one's reach: POST says which offices may know somebody, and never whom. With `mission` it asks that office.

    What is looked for is posted, so that no name stands in an address; each look is counted, and written down of whom it
    concerns.
    """
    at = clock.now()
    is_question = "mission" in request.POST
    own = _own_record(request)
    form = (AskForm if is_question else LookForm)(request.POST or None, initial=_known_of(own))
    hints: list[enquiries.Hint] = []
    if request.method == "POST" and may_look_elsewhere(request.viewer):
        for limit in ("elsewhere", "elsewhere_day"):
            limits.count(limit, limits.who(request))
        if form.is_valid():
            with blaming(form):
                if is_question:
                    return _ask(request, form, own)
                hints = enquiries.look(asked=form.asked())
        seen(request, {person for hint in hints for person in hint.people}, at=at)
    if own is not None:
        seen(request, [own.public_id], at=at)
    context = {
        "form": form,
        "own": own,
        "hints": [{"hint": hint, "form": _again(form, hint)} for hint in hints],
        "has_looked": form.is_bound and not form.errors,
        "may": may_look_elsewhere(request.viewer),
    }
    return render(request, "returns/people/elsewhere.html", context, status=422 if form.errors else 200)


def may_look_elsewhere(viewer: Viewer) -> bool:
    """Whether there is anybody beyond the viewer's reach of whom they may ask."""
    return viewer.may(Permission.LOOK_ELSEWHERE) and viewer.may_break_glass


def _own_record(request: SignedInRequest) -> Migrant | None:
    """The record from whose page somebody looks; 404 for one that they do not reach."""
    written = request.POST.get("own") or request.GET.get("own")
    if not written:
        return None
    try:
        return visible_person(request.viewer, uuid.UUID(written))
    except ValueError as error:
        raise Http404 from error


def _known_of(own: Migrant | None) -> dict[str, Any]:
    """What stands open in one's own record; sealed numbers are typed by hand."""
    return {} if own is None else {"own": own.public_id, "full_name": own.full_name, "birth_year": own.birth_year}


def _ask(request: SignedInRequest, form: Any, own: Migrant | None) -> HttpResponse:
    said, viewer = form.cleaned_data, request.viewer
    row = enquiries.ask(
        asked=form.asked(), mission=said["mission"], why=said["why"], own=own,
        user=viewer.user, by=viewer.actor, at=clock.now(),
    )  # fmt: skip
    messages.success(request, _("%(office)s was asked.") % {"office": row.mission})
    return redirect("returns:enquiries")


def _again(form: Any, hint: enquiries.Hint) -> AskForm:
    """The question to one office: what was looked for stays, hidden."""
    return AskForm(initial={**form.cleaned_data, "mission": hint.mission.public_id}, auto_id=f"{hint.mission.pk}-%s")


@require_GET
@door(Permission.LOOK_ELSEWHERE, Permission.ANSWER_ENQUIRIES)
def enquiry_list(request: SignedInRequest) -> HttpResponse:
    """The questions that wait for an answer here, by number alone, and one's own with what was answered."""
    at, viewer = clock.now(), request.viewer
    waiting = list(enquiries_to_answer(viewer).select_related("person").order_by("asked_at", "pk")[:MOST_LISTED])
    own = list(Enquiry.objects.asked_by(viewer).select_related("mission__organisation")[:MOST_LISTED])
    lent = [row.person_id for row in own if row.state == EnquiryState.LENT]
    open_now = dict(scope_of(viewer).filter(pk__in=lent).values_list("pk", "public_id"))
    seen(request, {row.person.public_id for row in waiting}, at=at)
    context = {
        "waiting": waiting,
        "own": [{"row": row, "asked": enquiries.said_of(row), "person": open_now.get(row.person_id)} for row in own],
        "zone": viewer.user.time_zone,
    }
    return render(request, "returns/people/enquiries.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.ANSWER_ENQUIRIES)
def enquiry(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One question with the person whom it may mean; POST answers it."""
    at, viewer = clock.now(), request.viewer
    rows = Enquiry.objects.visible_to(viewer).exclude(user=viewer.user).select_related("person")
    row = get_object_or_404(rows, public_id=public_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with blaming(form):
            enquiries.answer(
                enquiry=row, state=form.cleaned_data["state"], words_to=form.cleaned_data["words"],
                by=viewer.actor, at=at,
            )  # fmt: skip
            messages.success(
                request, _("Answered: %(answer)s.") % {"answer": EnquiryState(form.cleaned_data["state"]).label}
            )
            pair = _pair_of(row, viewer)
            return redirect("returns:pair_decide", pair.public_id) if pair else redirect("returns:enquiries")
    person = visible_person(viewer, row.person.public_id)
    reached = scope_of(viewer).select_related("family").prefetch_related("nationalities", "documents")
    own = list(reached.filter(pk=row.own_id)) if row.own_id else []
    lines = [line_of(each, on=at.date()) for each in own]
    seen(request, [person.public_id, *(line.public_id for line in lines)], at=at)
    context = {
        "row": row,
        "asked": enquiries.said_of(row),
        "line": line_of(person, on=at.date()),
        "own": next(iter(lines), None),
        "form": form,
        "is_open": row.state == EnquiryState.OPEN,
        "zone": viewer.user.time_zone,
        "days": enquiries.LENT_DAYS,
    }
    return render(request, "returns/people/enquiry.html", context, status=422 if form.errors else 200)


def _pair_of(row: Enquiry, viewer: Viewer) -> DuplicatePair | None:
    """The two records, where they wait to be decided and the viewer sees both."""
    both = Q(first=row.person_id, second=row.own_id) | Q(first=row.own_id, second=row.person_id)
    return open_pairs(viewer).filter(both).first() if row.own_id else None
