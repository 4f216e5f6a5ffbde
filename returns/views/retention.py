"""How long what is kept: periods with their reasons, what runs out when, and the legal holds that stop it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.audience import reaching_for
from common.forms import blaming
from migrants import legal_holds
from migrants.enums import KeptKind
from migrants.erasure import PERSONAL
from migrants.models import LegalHold, RetentionPeriod
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import retention
from returns.case_numbers import numbers_of
from returns.forms.retention import LegalHoldForm, LiftForm, PeriodForm
from returns.views.person_head import seen_by_number

MOST = 200


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages that belong together."""
    pages = (
        ("retention", _("Periods")),
        ("legal_holds", _("Legal holds")),
        ("erasures", _("Erasures")),
        ("access_find", _("What is held")),
    )
    return [{"label": label, "url": reverse(f"returns:{name}"), "current": name == current} for name, label in pages]


@require_GET
@door(Permission.KEEP_RETENTION)
def periods(request: SignedInRequest) -> HttpResponse:
    """Every kind with its period, what is due now, and what in the 90 days ahead."""
    at = clock.now()
    with reaching_for("retention"):
        lines = retention.preview(at=at, real_at=clock.real_now())
    context = {
        "lines": lines,
        "for_good": retention.FOR_GOOD,
        "tabs": tabs("retention"),
        "zones": [request.viewer.user.time_zone],
    }
    return render(request, "returns/retention/periods.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.KEEP_RETENTION)
def period(request: SignedInRequest, kind: str) -> HttpResponse:
    """One kind: day by day how many are due, by case number whose, and the period itself, which POST changes."""
    if kind not in retention.DEFAULTS:
        raise Http404
    at, now = clock.now(), retention.periods()[KeptKind(kind)]
    form = PeriodForm(request.POST or None, initial={"days": now.days})
    if form.is_bound and form.is_valid():
        with blaming(form):
            retention.set_period(kind=now.kind, by=request.viewer.actor, at=at, **form.cleaned_data)
            messages.success(request, _("The period is set; it counts from the next night."))
            return redirect("returns:retention")
    with reaching_for("retention"):
        line = next(each for each in retention.preview(at=at, real_at=clock.real_now()) if each.period.kind == kind)
        due = retention.case_numbers(now, at=at, most=MOST) if now.kind in PERSONAL else []
        seen_by_number(request, (key for key, _number, _on in due), at=at)
    context = {
        "line": line,
        "numbers": [(number, on) for _key, number, on in due],
        "most": MOST,
        "earlier": list(RetentionPeriod.objects.filter(kind=kind)[:20]),
        "form": form,
        "zones": [request.viewer.user.time_zone],
    }
    return render(request, "returns/retention/period.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.KEEP_RETENTION)
def hold_list(request: SignedInRequest) -> HttpResponse:
    """Legal holds, those that stand first; POST sets one on a person or a group."""
    with reaching_for("retention"):
        form = LegalHoldForm(request.POST or None)
        if form.is_bound and form.is_valid() and form.about is not None:
            with blaming(form):
                legal_holds.set_legal_hold(
                    about=form.about, reason=form.cleaned_data["reason"], by=request.viewer.actor, at=clock.now()
                )
                messages.success(request, _("The hold stands: nothing of it is erased."))
                return redirect("returns:legal_holds")
        rows = list(LegalHold.objects.select_related("group").order_by("-lifted_at", "-set_at")[:MOST])
        numbers = numbers_of([row.person_id for row in rows if row.person_id])
        seen_by_number(request, numbers, at=clock.now())
    context = {
        "lines": [(row, row.group.code if row.group else numbers.get(row.person_id or 0, "")) for row in rows],
        "form": form,
        "tabs": tabs("legal_holds"),
        "zones": [request.viewer.user.time_zone],
    }
    return render(request, "returns/retention/legal_holds.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.KEEP_RETENTION)
def hold_lift(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Lift a legal hold, with the reason."""
    hold = get_object_or_404(LegalHold, public_id=public_id)
    form = LiftForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            with reaching_for("retention"):
                legal_holds.lift_legal_hold(hold=hold, by=request.viewer.actor, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("The hold is lifted; the clocks run again."))
            return redirect("returns:legal_holds")
    context = {"hold": hold, "form": form, "zones": [request.viewer.user.time_zone]}
    return render(request, "returns/retention/lift.html", context, status=422 if form.is_bound else 200)
