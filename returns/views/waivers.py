"""Waivers of a group: written down for one, several or all who lack something, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common import audit, clock
from common.wall_time import as_typed
from corridors.models import Requirement
from migrants.models import Migrant, TravelGroup
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import cases, waivers
from returns.enums import STANDS_IN_THE_WAY
from returns.forms.plans import WaiverForm
from returns.headings import heading
from returns.matrix import Matrix, in_the_way, matrix_of
from returns.models import GroupWaiver, ReturnCase, Waiver
from returns.views.group_head import head_of, visible_group
from returns.ways import zones_of


@require_http_methods(["GET", "POST"])
@door(Permission.WAIVE)
def group_waive(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Write down that an authority excuses people by name from one requirement; those who are excused stand below."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    zones = zones_of(group)
    entered = ZoneInfo(zones[-1])
    matrix = matrix_of(group, zone=entered, at=at)
    lacking = {row.judged.placed.case: row.person for row in matrix.rows if in_the_way(row)}
    form = WaiverForm(
        request.POST or None,
        group=group,
        rules=matrix.rules,
        lacking=lacking,
        initial={"case": [request.GET["case"]] if request.GET.get("case") else []},
    )
    standing = waivers.standing_of(group, at=at)
    audit.record_views(
        Migrant.objects.filter(pk__in={*lacking.values(), *(waiver.case.person_id for waiver in standing)}).values_list(
            "public_id", flat=True
        ),
        page=f"waivers {group.code}",
        by=request.viewer.actor,
        at=at,
    )
    if request.method == "POST" and form.is_valid() and _written(form, group, matrix, request, zone=entered.key, at=at):
        return redirect("returns:group_readiness", group.public_id)
    names = {rule.requirement: heading(rule.content, rule.subject) for rule in matrix.rules}
    context = {
        **head_of(group, viewer=request.viewer, at=at, tab="readiness"),
        "form": form,
        "zones": zones,
        "standing": [_line(waiver, names) for waiver in standing],
        "whole": [_line(waiver, names) for waiver in waivers.standing_with(group, at=at)],
    }
    return render(request, "returns/readiness/waive.html", context, status=422 if form.errors else 200)


def _line(waiver: Waiver | GroupWaiver, names: Mapping[int, str]) -> dict[str, Any]:
    return {"waiver": waiver, "what": names.get(waiver.requirement_id, waiver.requirement.get_subject_display())}


def _written(
    form: WaiverForm, group: TravelGroup, matrix: Matrix, request: SignedInRequest, *, zone: str, at: datetime
) -> bool:
    given = form.cleaned_data
    paper = {name: given[name] for name in ("requirement", "authority", "reference")}
    try:
        with transaction.atomic():
            until = cases.instant_of(as_typed(given["valid_until"]), zone)
            paper |= {"valid_until": until, "by": request.viewer.actor, "at": at}
            if given["whole_group"]:
                waivers.waive_group(group=group, **paper)
                said = _("The group is excused, with whoever joins it.")
            else:
                written = waivers.waive(cases=_chosen(given, matrix), **paper)
                said = ngettext("%(n)d person is excused.", "%(n)d people are excused.", len(written))
                said %= {"n": len(written)}
    except cases.CaseError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, said)
    return True


def _chosen(given: Mapping[str, Any], matrix: Matrix) -> list[ReturnCase]:
    if not given["everybody"]:
        return list(given["case"])
    return list(ReturnCase.objects.open().filter(pk__in=_who_lack(matrix, given["requirement"])))


def _who_lack(matrix: Matrix, requirement: Requirement) -> list[int]:
    """The cases for which this requirement itself stands in the way."""
    keys = {rule.key for rule in matrix.rules if rule.requirement == requirement.pk}
    return [
        row.judged.placed.case
        for row in matrix.rows
        if any(row.judged.findings[key].verdict in STANDS_IN_THE_WAY for key in keys & set(row.judged.findings))
    ]


@require_POST
@door(Permission.WAIVE)
def waiver_withdraw(request: SignedInRequest, public_id: UUID, waiver_id: UUID) -> HttpResponse:
    """End a waiver that the authority took back, with a reason."""
    group = visible_group(request.viewer, public_id)
    told: dict[str, Any] = {"why": request.POST.get("why", ""), "by": request.viewer.actor, "at": clock.now()}
    whole = GroupWaiver.objects.filter(group=group, public_id=waiver_id).first()
    try:
        if whole is not None:
            waivers.withdraw_from_group(waiver=whole, **told)
        else:
            waivers.withdraw(waiver=get_object_or_404(_waivers_of(group), public_id=waiver_id), **told)
    except cases.CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The waiver has ended; who was excused is judged without it."))
    return redirect("returns:group_waive", group.public_id)


def _waivers_of(group: TravelGroup) -> Any:
    return Waiver.objects.filter(case__person__group=group)
