"""The closed room, for protection officers alone: holds with their reasons, and children who are alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common import clock, countries
from common.audit import record_views
from migrants import protection
from migrants.enums import AloneStatus
from migrants.models import ChildArrangement, Migrant, ProtectionHold
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import registering
from returns.forms.people import ChildForm, ClearHoldForm, HoldForm
from returns.people_lines import line_of
from returns.views.people import visible_person
from returns.ways import zones_of


@require_GET
@door(Permission.SEE_PROTECTION)
def person_protection(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Holds of a person with their reasons, and what is arranged for a child who is alone."""
    row = visible_person(request.viewer, public_id)
    record_views([row.public_id], page="returns:person_protection", by=request.viewer.actor, at=clock.now())
    return _page(request, row)


@require_POST
@door(Permission.DECIDE_PROTECTION)
def hold_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    at, row = clock.now(), visible_person(request.viewer, public_id)
    form = HoldForm(request.POST)
    if form.is_valid():
        try:
            protection.set_hold(person=row, by=request.viewer.actor, at=at, **form.cleaned_data)
        except protection.ProtectionError as error:
            form.add_error(error.field or None, str(error.sentence))
    if not form.is_valid():
        return _page(request, row, status=422, hold_form=form)
    return _written(request, row, at)


@require_POST
@door(Permission.DECIDE_PROTECTION)
def hold_clear(request: SignedInRequest, public_id: uuid.UUID, hold_id: uuid.UUID) -> HttpResponse:
    """Clear a hold; whoever set it cannot."""
    at, row = clock.now(), visible_person(request.viewer, public_id)
    hold = get_object_or_404(ProtectionHold, person=row, public_id=hold_id)
    form = ClearHoldForm(request.POST)
    if form.is_valid():
        try:
            protection.clear_hold(hold=hold, reason=form.cleaned_data["reason"], by=request.viewer.actor, at=at)
        except protection.ProtectionError as error:
            form.add_error(error.field or None, str(error.sentence))
    if not form.is_valid():
        return _page(request, row, status=422, clear_form=form)
    return _written(request, row, at)


@require_POST
@door(Permission.DECIDE_PROTECTION)
def child_arrange(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    at, row = clock.now(), visible_person(request.viewer, public_id)
    form = ChildForm(request.POST)
    if form.is_valid():
        try:
            protection.arrange_child(person=row, by=request.viewer.actor, at=at, **form.cleaned_data)
        except protection.ProtectionError as error:
            form.add_error(error.field or None, str(error.sentence))
    if not form.is_valid():
        return _page(request, row, status=422, child_form=form)
    return _written(request, row, at)


def _page(request: SignedInRequest, row: Migrant, *, status: int = 200, **bound: Any) -> HttpResponse:
    holds = list(row.holds.order_by("cleared_at", "-set_at"))
    shown = [{"hold": hold, "against": ", ".join(countries.name(code) for code in hold.against)} for hold in holds]
    arranged = ChildArrangement.objects.filter(person=row).first()
    filled = {name: getattr(arranged, name) for name in ChildForm.base_fields} if arranged else {}
    context = {
        "person": row,
        "line": line_of(row, on=clock.now().date()),
        "zones": zones_of(row.group) if row.group else ["UTC"],
        "holds": shown,
        "arranged": arranged,
        "is_alone": row.alone != AloneStatus.NO,
        "hold_form": HoldForm(),
        "clear_form": ClearHoldForm(),
        "child_form": ChildForm(initial=filled),
        "may_decide": request.viewer.may(Permission.DECIDE_PROTECTION),
    }
    return render(request, "returns/people/protection.html", context | bound, status=status)


def _written(request: SignedInRequest, row: Migrant, at: Any) -> HttpResponse:
    registering.facts_changed([row], at=at)
    messages.success(request, _("Recorded."))
    return redirect("returns:person_protection", row.public_id)
