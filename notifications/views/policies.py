"""Escalation policies: which are in force, what each would do, and a new one, foreseen before it is saved."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.forms import blaming
from notifications.forms import PolicyForm, filled_in
from notifications.messages import kinds
from notifications.models import EscalationPolicy
from notifications.policies import Foreseen, end_policy, save_policy, simulate
from notifications.readers import missions_planned_by, policies_of, policies_planned_by
from notifications.schedule import fingerprint, standard, steps_of_policy
from partners.access import Permission
from partners.doors import SignedInRequest, door

USUAL_TIME = timedelta(days=2)
"""How long a notice usually waits for its answer: what shares are counted of where a policy is foreseen."""


@require_GET
@door(Permission.SEE_NOTICES, Permission.MANAGE_DIRECTORY)
def policies(request: SignedInRequest) -> HttpResponse:
    """The policies in force, and the house's own plan for what none of them covers."""
    labels = {kind.kind: kind.label or kind.kind for kind in kinds()}
    mine = set(policies_planned_by(request.viewer).values_list("pk", flat=True))
    at = clock.now()
    lines = [
        {
            "policy": row,
            "kind": labels.get(row.kind, row.kind),
            "foreseen": _foreseen(steps_of_policy(row), at),
            "may_end": row.pk in mine,
        }
        for row in policies_of(request.viewer)
    ]
    deciding = next((kind.kind for kind in kinds() if kind.decides), None)
    telling = next(kind.kind for kind in kinds() if not kind.decides)
    page = {
        "lines": lines,
        "standard": _foreseen(standard(telling), at),
        "standard_of_decisions": _foreseen(standard(deciding), at) if deciding else [],
        "may_plan": _may_plan(request),
        "zones": list(request.viewer.zones) or ["UTC"],
    }
    return render(request, "notifications/staff/policies.html", page)


def _foreseen(steps: list[Any], at: datetime) -> list[Foreseen]:
    return simulate(steps=steps, organisation=None, expires_at=at + USUAL_TIME, first_concerned_at=None, at=at)


def _may_plan(request: SignedInRequest) -> bool:
    return request.viewer.may(Permission.CALL_PARTNERS) or request.viewer.may(Permission.MANAGE_DIRECTORY)


@require_http_methods(["GET", "POST"])
@door(Permission.CALL_PARTNERS, Permission.MANAGE_DIRECTORY)
def policy_new(request: SignedInRequest) -> HttpResponse:
    """A new policy, from the one that is named or the house's own plan. POST foresees it; once that was seen, it saves."""
    at = clock.now()
    options: dict[str, Any] = {
        "missions": missions_planned_by(request.viewer),
        "for_all": request.viewer.may(Permission.MANAGE_DIRECTORY),
    }
    foreseen: list[Foreseen] = []
    form = PolicyForm(initial=_initial(request), **options)
    if request.method == "POST":
        form = PolicyForm(request.POST, **options)
        if form.is_valid():
            with blaming(form):
                foreseen = _what_would_happen(form, at)
                if request.POST.get("act") == "save":
                    policy = _save(request, form, at)
                    flash.success(request, _("In force from now on: %(name)s.") % {"name": policy.name})
                    return redirect("notifications:policies")
    zones = list(request.viewer.zones) or ["UTC"]
    seen = fingerprint(form.steps()) if foreseen else ""
    page = {"form": form, "foreseen": foreseen, "seen": seen, "zones": zones}
    return render(request, "notifications/staff/policy.html", page, status=400 if form.errors else 200)


def _initial(request: SignedInRequest) -> dict[str, Any]:
    wished = request.GET.get("from", "")
    row = next((row for row in policies_of(request.viewer) if str(row.public_id) == wished), None)
    if row is None:
        return filled_in(standard(next(kind.kind for kind in kinds() if not kind.decides)))
    mission = row.mission.public_id if row.mission else None
    return {"name": row.name, "mission": mission, "kind": row.kind, **filled_in(steps_of_policy(row))}


def _what_would_happen(form: PolicyForm, at: datetime) -> list[Foreseen]:
    hours = form.cleaned_data["hours"]
    return simulate(
        steps=form.steps(),
        organisation=form.cleaned_data["organisation"],
        expires_at=at + USUAL_TIME,
        first_concerned_at=at + timedelta(hours=float(hours)) if hours else None,
        at=at,
    )


def _save(request: SignedInRequest, form: PolicyForm, at: datetime) -> EscalationPolicy:
    said = form.cleaned_data
    return save_policy(
        name=said["name"],
        mission=said["mission"],
        kind=said["kind"],
        steps=form.steps(),
        foreseen=said["seen"],
        by=request.viewer.actor,
        at=at,
    )


@require_POST
@door(Permission.CALL_PARTNERS, Permission.MANAGE_DIRECTORY)
def policy_end(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Takes a policy out of force. One of another mission is as unknown as one that never was."""
    policy = get_object_or_404(policies_planned_by(request.viewer), public_id=public_id)
    end_policy(policy=policy, by=request.viewer.actor, at=clock.now())
    flash.success(request, _("No longer in force: %(name)s.") % {"name": policy.name})
    return redirect("notifications:policies")
