"""The hour at the barrier of a group."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.wall_time import as_typed
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import cases
from returns.forms.plans import PlanForm
from returns.models import Plan
from returns.views.group_head import head_of, visible_group


@require_http_methods(["GET", "POST"])
@door(Permission.PLAN_CROSSINGS)
def group_plan(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Agree on the hour; the whole group is judged for it at once."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    standing = Plan.objects.filter(group=group).first()
    form = PlanForm(request.POST or None, group=group, crossing=group.crossing, at=at, initial=_initial(standing))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                cases.set_plan(
                    group=group,
                    crossing=group.crossing,
                    corridor_version=given["corridor_version"],
                    local_time=as_typed(given["local_time"]),
                    zone=given["zone"],
                    queue_minutes=given["queue_minutes"],
                    mode=given["mode"],
                    by=request.viewer.actor,
                    at=at,
                )
        except cases.PlanError as error:
            form.add_error("local_time", str(error))
        else:
            messages.success(request, _("The hour is agreed, and everybody in the group has been judged for it."))
            if outside := cases.outside_the_window(group.plan, at=at):
                messages.warning(request, outside)
            return redirect("returns:group_readiness", group.public_id)
    context = {**head_of(group, viewer=request.viewer, at=at, tab="readiness"), "form": form, "plan": standing}
    return render(request, "returns/readiness/plan.html", context, status=422 if form.errors else 200)


def _initial(plan: Plan | None) -> dict[str, Any]:
    if plan is None:
        return {}
    return {
        "local_time": plan.local_time.replace(tzinfo=None),
        "zone": plan.zone,
        "queue_minutes": plan.queue_minutes,
        "mode": plan.mode,
        "corridor_version": plan.corridor_version,
    }
