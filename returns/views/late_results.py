"""Results that came too late to stop anybody, for protection officers alone."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.forms import blaming
from migrants.models import Migrant
from notifications.hours import local_times
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import late_results as late
from returns.forms.laboratory import LateResultForm
from returns.models import LateResult
from returns.people_lines import lines_of
from returns.views.person_head import act_page, seen, visible_person, zones_at

MOST_SHOWN = 200


@require_GET
@door(Permission.SEE_PROTECTION)
def late_results(request: SignedInRequest) -> HttpResponse:
    """What nobody has taken up yet, or with `?show=all` the last 200."""
    at, show = clock.now(), "all" if request.GET.get("show") == "all" else "open"
    rows = LateResult.objects.visible_to(request.viewer).filter(person__merged_into__isnull=True)
    rows = rows.select_related("test", "movement__group")
    found = list((rows if show == "all" else rows.open())[:MOST_SHOWN])
    lines = {line.pk: line for line in lines_of(Migrant.objects.filter(pk__in={row.person_id for row in found}), at=at)}
    seen(request, dict.fromkeys(line.public_id for line in lines.values()), at=at)
    context = {
        "entries": [(row, lines[row.person_id]) for row in found],
        "show": show,
        "zones": list(dict.fromkeys(request.viewer.zones)) or ["UTC"],
        "may_decide": request.viewer.may(Permission.DECIDE_PROTECTION),
    }
    return render(request, "returns/laboratory/late.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.DECIDE_PROTECTION)
def late_result_take_up(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down what was done about one of them."""
    at = clock.now()
    rows = LateResult.objects.visible_to(request.viewer).select_related("person", "test")
    row = get_object_or_404(rows, public_id=public_id)
    person = visible_person(request.viewer, row.person.public_id)
    form = LateResultForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            late.take_up(late=row, by=request.viewer.actor, at=at, **form.cleaned_data)
            messages.success(request, _("It is written down what was done."))
            return redirect("returns:late_results")
    lead = _("%(test)s, %(result)s, sampled %(sampled)s.") % {
        "test": row.test.get_kind_display(),
        "result": row.test.get_result_display(),
        "sampled": local_times(row.test.sampled_at, zones_at(person)),
    }
    return act_page(request, person, form, title=_("Take up a late result"), lead=lead, button=_("Write it down"))
