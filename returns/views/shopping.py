"""What is to be bought for a group, by when samples must be taken, and the list as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.forms import blaming
from common.limits import limited
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.forms.shopping import PaceForm
from returns.matrix import matrix_of
from returns.models import Plan
from returns.shopping import Pace, say_pace, shopping_list, usual_pace
from returns.shopping_papers import KINDS, REASONS, sentences, shopping_file
from returns.views.file_answers import file_answer
from returns.views.group_head import head_of, visible_group
from returns.views.readiness import money_of
from returns.ways import zones_of


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_PEOPLE)
def group_shopping(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The list, and below it the pace of the laboratory, which whoever plans crossings may say."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    plan = Plan.objects.filter(group=group).first()
    may_say = request.viewer.may(Permission.PLAN_CROSSINGS) and plan is not None
    if request.method == "POST" and not may_say:
        raise Http404
    form = PaceForm(request.POST or None, initial=_said(plan))
    if request.method == "POST" and plan is not None and form.is_valid() and _told(form, plan, request):
        return redirect("returns:group_shopping", group.public_id)
    zones = zones_of(group)
    zone = ZoneInfo(zones[0])
    matrix = matrix_of(group, zone=zone, at=at)
    listed = shopping_list(group, matrix, zone=zone, at=at)
    context = {
        **head_of(group, viewer=request.viewer, at=at, tab="readiness"),
        "listed": listed,
        "lines": sentences(listed, zones),
        "items": [(item, REASONS.get(item.line.reason, item.line.reason)) for item in listed.items],
        "kinds": KINDS,
        **money_of(group, matrix),
        "may_ask": request.viewer.may(Permission.RECORD_PLEDGES),
        "plan": plan,
        "form": form,
        "may_say": may_say,
    }
    return render(request, "returns/readiness/shopping.html", context, status=422 if form.errors else 200)


def _said(plan: Plan | None) -> dict[str, Any]:
    pace = usual_pace(plan)
    if pace is None:
        return {"result_minutes": 240}
    return {
        "laboratory": pace.laboratory,
        "an_hour": pace.an_hour,
        "result_minutes": pace.result_minutes,
        "opens": pace.opens,
        "closes": pace.closes,
    }


def _told(form: PaceForm, plan: Plan, request: SignedInRequest) -> bool:
    with blaming(form):
        say_pace(plan=plan, pace=Pace(**form.cleaned_data), by=request.viewer.actor, at=clock.now())
        messages.success(request, _("Written down; the hours below follow it."))
        return True
    return False


@require_GET
@door(Permission.SEE_PEOPLE)
@limited("export")
def shopping_list_file(request: SignedInRequest, public_id: UUID, kind: str) -> HttpResponse:
    """The list as a file; with `numbers=1` each line names its cases by number, for a laboratory."""
    if kind not in KINDS:
        raise Http404
    group, at = visible_group(request.viewer, public_id), clock.now()
    zones = zones_of(group)
    zone, with_numbers = ZoneInfo(zones[0]), request.GET.get("numbers") == "1"
    listed = shopping_list(group, matrix_of(group, zone=zone, at=at), zone=zone, at=at, with_numbers=with_numbers)
    made = shopping_file(group, listed, kind=kind, zones=zones, by=request.viewer.actor, at=at)
    return file_answer(made, name=f"shopping-{group.code}.{kind}")
