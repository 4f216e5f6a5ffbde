"""Register one person: by form or from the lines of a passport, with likely duplicates shown before anything is stored."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from migrants import mrz
from migrants.models import TravelGroup
from migrants.registration import Match, RegistrationError
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import registering
from returns.forms.people import PassportForm, PersonForm, values_of_passport
from returns.people_lines import line_of
from returns.views.counts import mission_of
from returns.views.group_head import visible_group
from returns.views.person_head import refused, scope_of, seen

ANOTHER, UNSURE = "another", "unsure"


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def person_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Register one person. Whom it may be is asked first: `decision` is another, or unsure and to be decided later.

    The decision counts for the people that the page has shown (`seen`); somebody registered meanwhile is asked about.
    """
    at, group = clock.now(), visible_group(request.viewer, public_id)
    if request.method == "GET":
        return _page(request, group, PersonForm(today=at.date()))
    form = PersonForm(request.POST, today=at.date())
    if not form.is_valid():
        return _page(request, group, form, status=422)
    met = registering.whom_it_may_be(form.entry(), within=scope_of(request.viewer))
    likely = {str(candidate.person.public_id) for candidate in met.candidates}
    decision = request.POST.get("decision", "")
    is_decided = decision in (ANOTHER, UNSURE) and likely <= set(request.POST.getlist("seen"))
    if likely and not is_decided:
        return _page(request, group, form, status=409, met=met)
    return _register(request, group, form, met if decision == ANOTHER else Match())


def _register(request: SignedInRequest, group: TravelGroup, form: PersonForm, apart: Match) -> HttpResponse:
    at, viewer = clock.now(), request.viewer
    try:
        person = registering.register_with_case(
            group=group,
            mission=mission_of(viewer),
            entry=form.entry(),
            within=scope_of(viewer),
            apart_from=[candidate.person for candidate in apart.candidates],
            by=viewer.actor,
            at=at,
        )
    except RegistrationError as error:
        refused(form, error)
        return _page(request, group, form, status=422)
    said = _("%(name)s is registered under number %(number)s.")
    messages.success(request, said % {"name": person.full_name, "number": person.number})
    if request.POST.get("decision") == UNSURE:
        messages.info(request, _("The two records wait among the duplicates, for somebody to decide."))
    return redirect("returns:person", person.public_id)


@require_POST
@door(Permission.REGISTER_PEOPLE)
def person_from_passport(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Read the machine readable lines and show them as the filled-in form; nothing is stored yet."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    form = PassportForm(request.POST)
    read = mrz.parse(form.cleaned_data["lines"], today=at.date()) if form.is_valid() else None
    for problem in read.problems if read else ():
        form.add_error("lines", problem.sentence)
    if read is None or read.problems:
        return _page(request, group, PersonForm(today=at.date()), status=422, passport=form)
    filled = PersonForm(today=at.date(), initial=values_of_passport(read))
    return _page(request, group, filled, is_read=True, remarks=[remark.sentence for remark in read.remarks])


def _page(
    request: SignedInRequest,
    group: TravelGroup,
    form: PersonForm,
    *,
    status: int = 200,
    met: Match | None = None,
    **more: Any,
) -> HttpResponse:
    at = clock.now()
    candidates = met.candidates if met else ()
    seen(request, [candidate.person.public_id for candidate in candidates], at=at)
    context = {
        "group": group,
        "form": form,
        "passport": PassportForm(),
        "candidates": [
            {
                "line": line_of(candidate.person, on=at.date()),
                "group": candidate.person.group,
                "score": round(candidate.score.value * 100),
                "reasons": candidate.score.reasons,
            }
            for candidate in candidates
        ],
    }
    return render(request, "returns/people/new.html", context | more, status=status)
