"""The end of a movement: its report with the delay, closing it, and its figures for others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common import audit, clock
from common.limits import limited
from migrants.exports import ExportError
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import absences, figures, movements, reports
from returns.enums import MovementState
from returns.models import Movement
from returns.views.file_answers import file_answer
from returns.views.movements import head_of_movement, visible_movement


@require_GET
@door(Permission.SEE_MOVEMENTS)
def movement_report(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """From the demand to the exit: each hour in both clocks, how long after the demand, and where it comes from."""
    return render(
        request, "returns/movements/report.html", _context(request, visible_movement(request.viewer, public_id))
    )


def _context(request: SignedInRequest, movement: Movement) -> dict[str, Any]:
    ends = movement.state in (MovementState.HANDED_OVER, MovementState.TURNED_BACK) and movement.ended_at is None
    ending = absences.ending_of(movement) if ends else None
    if ending is not None:
        others = [case.person.public_id for case in (*ending.stay_open, *ending.changed_mind)]
        audit.record_views(others, page=f"closing of {movement}", by=request.viewer.actor, at=clock.now())
    return {
        "ending": ending,
        **head_of_movement(movement, request.viewer),
        "report": reports.report_of(movement),
        "handover": getattr(movement, "handover", None),
        "may_close": ends and request.viewer.may(Permission.SEND_MOVEMENTS),
    }


@require_POST
@door(Permission.SEND_MOVEMENTS)
def movement_close(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Close a movement that was handed over, with the cases of whoever travelled."""
    movement = visible_movement(request.viewer, public_id)
    try:
        with transaction.atomic():
            movements.close(movement=movement, why=request.POST.get("why", ""), by=request.viewer.actor, at=clock.now())
    except movements.MovementError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The movement is closed."))
    return redirect("returns:movement_report", movement.public_id)


@require_POST
@door(Permission.SEE_MOVEMENTS)
@limited("export")
def movement_figures(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The figures as CSV with HXL hashtags, made for a named recipient."""
    movement = visible_movement(request.viewer, public_id)
    try:
        made = figures.hxl(
            movement=movement,
            purpose=request.POST.get("purpose", "")[:200],
            recipient=request.POST.get("recipient", "")[:200],
            by=request.viewer.actor,
            at=clock.now(),
        )
    except ExportError as error:
        messages.error(request, error.sentence)
        return redirect("returns:movement_report", movement.public_id)
    return file_answer(made, name=f"figures-{movement.group.code}.csv")
