"""The papers and lists of a movement: what was given out, and making another one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blaming
from common.limits import limited
from migrants.exports import CONDITION
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.models import Organisation
from returns.enums import JourneyPaper
from returns.forms.papers import JourneyPaperForm
from returns.models import Movement
from returns.movement_papers import Wanted, print_for, recipients_of
from returns.paper_issues import issues_of
from returns.views.file_answers import file_answer
from returns.views.movements import head_of_movement, visible_movement

MOST_SHOWN = 20


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_MOVEMENTS)
@limited("export")
def movement_papers(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """GET shows the last papers and asks what is wanted, POST gives the file."""
    found = visible_movement(request.viewer, public_id)
    asked = {"kind": request.GET.get("kind", ""), "recipient": request.GET.get("for", "")}
    form = JourneyPaperForm(request.POST or None, recipients=recipients_of(found), initial=asked)
    if form.is_bound and form.is_valid():
        with blaming(form):
            return _file(request, found, **form.cleaned_data)
    context = {
        **head_of_movement(found, request.viewer),
        "form": form,
        "condition": CONDITION,
        "issues": issues_of(found)[:MOST_SHOWN],
    }
    return render(request, "returns/papers/movement.html", context, status=422 if form.is_bound else 200)


def _file(
    request: SignedInRequest, movement: Movement, *, kind: str, recipient: str, language: str, purpose: str
) -> HttpResponse:
    to = get_object_or_404(Organisation, code=recipient) if recipient else None
    wanted = Wanted(JourneyPaper(kind), to, language, purpose)
    made, name = print_for(movement=movement, wanted=wanted, by=request.viewer.actor, at=clock.now())
    return file_answer(made, name=name)
