"""Ask for what a halt needs by its head count, and write down what was given."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blaming
from common.wall_time import as_shown
from migrants.groups import latest_counts
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import assistance, standards
from returns.forms.assistance import AidForm, CountNeedsForm
from returns.models import Need
from returns.views.group_head import head_of, visible_group
from returns.ways import way_of, zones_of

LONGEST_DAYS = 30


@require_http_methods(["GET", "POST"])
@door(Permission.RECORD_AID)
def needs_from_count(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What so many heads need, proposed by the figures of Sphere; every quantity can be corrected."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    count = latest_counts([group]).get(group.pk)
    if count is None:
        messages.info(request, _("Count the group first: quantities follow the head count."))
        return redirect("returns:group_needs", group.public_id)
    written = request.GET.get("days", "")
    days = min(max(int(written), 1), LONGEST_DAYS) if written.isdecimal() and len(written) < 4 else 1
    form = CountNeedsForm(
        request.POST or None,
        proposed=standards.propose(count.total, days=days),
        noted=[kind for need in count.needs for kind in standards.IN_COUNT.get(need, ())],
        asked={need.kind: need for need in assistance.open_in_kind(group)},
    )
    if form.is_bound and form.is_valid():
        with blaming(form):
            asked = assistance.ask_for_count(
                head_count=count, quantities=form.quantities, by=request.viewer.actor, at=at
            )
            said = ngettext("%(n)d thing is asked for.", "%(n)d things are asked for.", len(asked))
            messages.success(request, said % {"n": len(asked)})
            return redirect("returns:group_needs", group.public_id)
    context = {**head_of(group, viewer=request.viewer, at=at, tab="needs"), "form": form, "count": count, "days": days}
    return render(request, "returns/assistance/ask.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.RECORD_AID)
def aid_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down what somebody gave against a need: how much, who, when."""
    at = clock.now()
    rows = Need.objects.visible_to(request.viewer).select_related("group__crossing")
    need = get_object_or_404(rows.prefetch_related("group__crossing__sides"), public_id=public_id)
    zones = zones_of(need.group)
    given = assistance.given_of([need])[need.pk]
    initial = {"given_at": as_shown(at, ZoneInfo(zones[0])), "quantity": given.open or None}
    form = AidForm(request.POST or None, need=need, zone=ZoneInfo(zones[0]), initial=initial)
    if form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        with blaming(form):
            assistance.give(
                public_id=said.pop("client_id"), need=need, unit=need.unit, by=request.viewer.actor, at=at, **said
            )
            messages.success(request, _("It is written down what was given."))
            return redirect("returns:need", need.public_id)
    context = {"need": need, "form": form, "given": given, "way": way_of(need.group), "zones": zones}
    return render(request, "returns/assistance/aid.html", context, status=422 if form.is_bound else 200)
