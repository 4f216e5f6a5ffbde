"""Who is kept back because of a positive test, and the coordinator's decision about each of them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common import clock
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import infections
from returns.enums import TravelAnswer
from returns.forms.laboratory import TravelForm
from returns.models import TravelQuestion
from returns.people_lines import lines_of
from returns.views.group_head import head_of, visible_group
from returns.views.person_head import seen


@require_GET
@door(Permission.SEE_PEOPLE)
def kept_back(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Whoever tested positive, and the family: who stays, who may travel, and what is still to be decided."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    questions = list(infections.questions_of(group)[:200])
    people = group.people.living_records().filter(pk__in=[question.case.person_id for question in questions])
    lines = {line.pk: line for line in lines_of(people, at=at)}
    seen(request, dict.fromkeys(line.public_id for line in lines.values()), at=at)
    context = {
        **head_of(group, viewer=request.viewer, at=at, tab="samples"),
        "entries": [(question, lines[question.case.person_id]) for question in questions],
        "is_open": any(not question.answer for question in questions),
        "may_decide": request.viewer.may(Permission.PLAN_CROSSINGS),
        "answers": TravelAnswer.choices,
    }
    return render(request, "returns/laboratory/kept_back.html", context)


@require_POST
@door(Permission.PLAN_CROSSINGS)
def infection_decide(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Decide whether one of them travels."""
    rows = TravelQuestion.objects.visible_to(request.viewer).select_related("case__person__group")
    question = get_object_or_404(rows, public_id=public_id)
    form = TravelForm(request.POST)
    try:
        if not form.is_valid():
            raise infections.InfectionError("why", _("Choose who travels and write why."))  # noqa: TRY301
        infections.decide(question=question, by=request.viewer.actor, at=clock.now(), **form.cleaned_data)
    except infections.InfectionError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The decision is written down."))
    group = question.case.person.group
    return redirect("returns:kept_back", group.public_id) if group else redirect("returns:groups")
