"""Before a group arrives: what an embassy asks the mission, what the mission answers, and that the reception is ready."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.forms import blaming
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.models import Organisation
from returns import consular_questions, incoming, reception
from returns.forms.consular import AnswerForm, QuestionForm, ReadyForm
from returns.incoming import zones_of_arrival
from returns.models import ConsularQuestion, Movement
from returns.views.incoming import place_of
from returns.views.person_head import seen


def _arrival(request: SignedInRequest, public_id: UUID) -> tuple[Movement, Organisation]:
    """A movement to the country of the viewer's embassy, and that embassy; everybody else gets 404."""
    organisations = request.viewer.organisations
    movement = get_object_or_404(incoming.movements_to(organisations), public_id=public_id)
    country = movement.corridor_version.corridor.to_country
    return movement, next(each for each in organisations if each.country == country)


@require_GET
@door(Permission.SEE_INCOMING)
def own_questions(request: SignedInRequest) -> HttpResponse:
    """What the viewer's embassy asked, and what was answered."""
    at = clock.now()
    rows = consular_questions.of_embassies(request.viewer.organisations, at=at)
    seen(request, [row.disclosure.person.public_id for row in rows if row.disclosure], at=at)
    return render(request, "returns/questions/own.html", {"rows": rows, "zones": request.viewer.zones})


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_INCOMING)
def question_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Ask the mission about a group that comes, or about somebody of it who is shown."""
    at = clock.now()
    movement, embassy = _arrival(request, public_id)
    shown = list(incoming.on_board(movement, [embassy], at=at))
    form = QuestionForm(request.POST or None, people=[(row.public_id, row.person.full_name) for row in shown])
    if form.is_bound and form.is_valid():
        with blaming(form):
            consular_questions.ask(
                movement=movement, organisation=embassy, **form.cleaned_data, by=request.viewer.actor, at=at
            )  # fmt: skip
            messages.success(request, _("Asked. The answer stands here."))
            return redirect("returns:own_questions")
    seen(request, [row.person.public_id for row in shown], at=at)
    context = {"movement": movement, "way": place_of(movement), "form": form}
    return render(request, "returns/questions/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_INCOMING)
def arrival_ready(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Say that the reception of a group is ready, before it is here."""
    movement, embassy = _arrival(request, public_id)
    zones = zones_of_arrival(movement)
    form = ReadyForm(request.POST or None, initial={"name": request.viewer.user.printed_name}, zone=ZoneInfo(zones[0]))
    if form.is_bound and form.is_valid():
        with blaming(form):
            reception.confirm(
                movement=movement,
                organisation=embassy,
                **form.cleaned_data,
                by=request.viewer.actor,
                at=clock.now(),
            )
            messages.success(request, _("Written down: you are ready to receive the group."))
            return redirect("returns:arrival_ready", movement.public_id)
    said = [row for row in reception.standing(movement) if row.organisation_id == embassy.pk]
    context = {"movement": movement, "way": place_of(movement), "zones": zones, "form": form, "said": said}
    return render(request, "returns/questions/ready.html", context, status=422 if form.errors else 200)


@require_GET
@door(Permission.SEND_MOVEMENTS)
def questions(request: SignedInRequest) -> HttpResponse:
    """What embassies asked the missions, those without an answer first."""
    at = clock.now()
    rows = ConsularQuestion.objects.visible_to(request.viewer).select_related(
        "organisation", "movement__group", "disclosure__person"
    )
    shown = list(rows.order_by("answered_at", "-asked_at")[:200])
    shown.sort(key=lambda row: row.answered_at is not None)
    seen(request, [row.disclosure.person.public_id for row in shown if row.disclosure], at=at)
    return render(request, "returns/questions/list.html", {"rows": shown, "zones": request.viewer.zones})


@require_http_methods(["GET", "POST"])
@door(Permission.SEND_MOVEMENTS)
def question(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One question of an embassy; POST answers it."""
    at = clock.now()
    rows = ConsularQuestion.objects.visible_to(request.viewer)
    rows = rows.select_related("organisation", "movement__group", "disclosure__person")
    found = get_object_or_404(rows, public_id=public_id)
    form = AnswerForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            consular_questions.answer(question=found, **form.cleaned_data, by=request.viewer.actor, at=at)
            messages.success(request, _("Answered."))
            return redirect("returns:questions")
    seen(request, [found.disclosure.person.public_id] if found.disclosure else [], at=at)
    context = {"row": found, "form": form, "zones": request.viewer.zones}
    return render(request, "returns/questions/answer.html", context, status=422 if form.errors else 200)
