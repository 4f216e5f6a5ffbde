"""The hour at the barrier of a group, and waivers by name."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import audit, clock
from common.wall_time import as_typed
from migrants.models import Migrant
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import cases
from returns.forms.plans import PlanForm, WaiverForm
from returns.matrix import in_the_way, matrix_of
from returns.models import Plan
from returns.views.group_head import head_of, visible_group
from returns.ways import zones_of


@require_http_methods(["GET", "POST"])
@door(Permission.PLAN_CROSSINGS)
def group_plan(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Agree on the hour; the whole group is judged for it at once."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    standing = Plan.objects.filter(group=group).first()
    form = PlanForm(request.POST or None, group=group, crossing=group.crossing, initial=_initial(standing))
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


@require_http_methods(["GET", "POST"])
@door(Permission.WAIVE)
def group_waive(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Write down that an authority excuses one person by name from one requirement."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    entered = ZoneInfo(zones_of(group)[-1])
    matrix = matrix_of(group, zone=entered, at=at)
    lacking = {row.judged.placed.case: row.person for row in matrix.rows if in_the_way(row)}
    form = WaiverForm(
        request.POST or None,
        group=group,
        rules=matrix.rules,
        lacking=lacking,
        initial={"case": request.GET.get("case", "")},
    )
    audit.record_views(
        Migrant.objects.filter(pk__in=lacking.values()).values_list("public_id", flat=True),
        page=f"waivers {group.code}",
        by=request.viewer.actor,
        at=at,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                cases.waive(
                    case=given["case"],
                    requirement=given["requirement"],
                    authority=given["authority"],
                    reference=given["reference"],
                    valid_until=cases.instant_of(as_typed(given["valid_until"]), entered.key),
                    by=request.viewer.actor,
                    at=at,
                )
        except cases.CaseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The waiver is written down."))
            return redirect("returns:group_readiness", group.public_id)
    context = {**head_of(group, viewer=request.viewer, at=at, tab="readiness"), "form": form}
    return render(request, "returns/readiness/waive.html", context, status=422 if form.errors else 200)
