"""On the road: who stays behind, what is decided about buses that are stopped, the crew, and all counts against each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import audit, clock
from common.forms import blaming
from common.references import reference
from corridors.terms import terms_of
from migrants.models import Migrant
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import crew, evidence, road_decisions, taking_off
from returns.forms.road import CrewForm, EvidenceForm, RoadDecisionForm
from returns.models import CrewMember, Movement
from returns.movement_alerts import parties_of
from returns.movements import BEFORE_THE_ROAD, MovementError
from returns.reconciling import reconciliation_of
from returns.views.movements import head_of_movement, page_of_movement, visible_movement


@require_POST
@door(Permission.SEND_MOVEMENTS)
def movement_take_off(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Take people off with their families; the manifest is frozen anew afterwards."""
    found = visible_movement(request.viewer, public_id)
    asked = [reference(text) for text in request.POST.getlist("person")]
    people = list(Migrant.objects.visible_to(request.viewer).filter(group=found.group_id, public_id__in=asked))

    def take_off(at: Any) -> None:
        taken = taking_off.take_off(
            movement=found, people=people, why=request.POST.get("why", "")[:200], by=request.viewer.actor, at=at
        )
        words = ngettext("%(n)d person stays behind.", "%(n)d people stay behind.", taken) % {"n": taken}
        messages.success(request, f"{words} {_('Freeze the manifest anew for the others.')}")

    return _acted(request, found, take_off)


@require_POST
@door(Permission.SEND_MOVEMENTS)
def movement_decide(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Write down that the buses wait, or that a party lets them go on; what is refused comes back with its reason."""
    found, at = visible_movement(request.viewer, public_id), clock.now()
    form = RoadDecisionForm(request.POST, parties=parties_of(found.corridor_version), vehicles=found.vehicles.all())
    if form.is_valid():
        with blaming(form):
            road_decisions.decide_on_the_road(movement=found, **form.cleaned_data, by=request.viewer.actor, at=at)
    if form.errors:
        return page_of_movement(request, found, at=at, decision=form)
    messages.success(request, _("The decision is written down."))
    return redirect("returns:movement", found.public_id)


def _acted(request: SignedInRequest, found: Movement, act: Callable[[Any], Any]) -> HttpResponse:
    try:
        with transaction.atomic():
            act(clock.now())
    except MovementError as error:
        messages.error(request, error.sentence)
    return redirect("returns:movement", found.public_id)


@require_GET
@door(Permission.SEE_MOVEMENTS)
def movement_reconciliation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """All counts of the way against each other; whoever is named as missing leaves an access row."""
    found = visible_movement(request.viewer, public_id)
    picture = reconciliation_of(found)
    named = {absence.person.public_id for each in picture.explained for _why, people in each.why for absence in people}
    audit.record_views(named, page=f"reconciliation of {found}", by=request.viewer.actor, at=clock.now())
    context = {**head_of_movement(found, request.viewer), "picture": picture}
    return render(request, "returns/movements/reconciliation.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.COUNT_MOVEMENTS)
def movement_crew(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Who drives, escorts and leads, with their papers, and what is to be shown at the barrier; POST adds one."""
    found = visible_movement(request.viewer, public_id)
    form = CrewForm(request.POST or None, vehicles=list(found.vehicles.all()))
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            crew.add_to_crew(movement=found, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
            messages.success(request, _("Written down. Look at the paper itself, and mark it as checked."))
            return redirect("returns:movement_crew", found.public_id)
    return _crew_page(request, found, form, _evidence_form(found))


@require_POST
@door(Permission.COUNT_MOVEMENTS)
def movement_evidence(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Write down that something the corridor wants to see at the barrier is at hand."""
    found = visible_movement(request.viewer, public_id)
    form = _evidence_form(found, request.POST)
    if form.is_valid():
        with blaming(form):
            evidence.give(movement=found, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
            messages.success(request, _("Written down: it is at hand."))
            return redirect("returns:movement_crew", found.public_id)
    return _crew_page(request, found, CrewForm(vehicles=list(found.vehicles.all())), form)


def _evidence_form(found: Movement, said: Any = None) -> EvidenceForm:
    asked = evidence.asked_of(found, terms_of(found.corridor_version))
    return EvidenceForm(said, asked=[each for each in asked if each.is_written_down])


def _crew_page(request: SignedInRequest, found: Movement, form: CrewForm, given: EvidenceForm) -> HttpResponse:
    context = {
        **head_of_movement(found, request.viewer),
        "crew": found.crew.select_related("vehicle", "organisation"),
        "lacks": crew.not_named(found),
        "form": form,
        "evidence": evidence.asked_of(found, terms_of(found.corridor_version)),
        "evidence_form": given,
        "before_the_road": found.state in BEFORE_THE_ROAD,
    }
    status = 422 if form.errors or given.errors else 200
    return render(request, "returns/movements/crew.html", context, status=status)


@require_POST
@door(Permission.COUNT_MOVEMENTS)
def crew_check(request: SignedInRequest, public_id: UUID, crew_id: UUID) -> HttpResponse:
    """Somebody has seen the paper itself."""
    return _about_crew(request, public_id, crew_id, crew.check_paper)


@require_POST
@door(Permission.COUNT_MOVEMENTS)
def crew_off(request: SignedInRequest, public_id: UUID, crew_id: UUID) -> HttpResponse:
    """Take somebody off the crew."""
    return _about_crew(request, public_id, crew_id, crew.take_off_crew)


def _about_crew(request: SignedInRequest, public_id: UUID, crew_id: UUID, act: Callable[..., Any]) -> HttpResponse:
    found = visible_movement(request.viewer, public_id)
    member = get_object_or_404(CrewMember.objects.filter(movement=found).select_related("movement"), public_id=crew_id)
    try:
        with transaction.atomic():
            act(member=member, by=request.viewer.actor, at=clock.now())
    except MovementError as error:
        messages.error(request, error.sentence)
    return redirect("returns:movement_crew", found.public_id)
