"""Make a rule surer that was only reported: a second person, or a paper, and the impact before anybody is told again."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blaming
from corridors import requirements
from corridors.enums import Certainty
from corridors.ledger import newest, sentence_of
from corridors.lines import zones_of
from corridors.models import Requirement
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.forms.restating import RestateForm
from returns.ways import way_of_line


@require_http_methods(["GET", "POST"])
@door(Permission.PUBLISH_REQUIREMENTS)
def change_restate(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Write down that the newest rule of a line is corroborated or confirmed; the next page shows the impact."""
    rows = Requirement.objects.select_related("crossing").prefetch_related("crossing__sides")
    line = get_object_or_404(rows, public_id=public_id)
    last = newest(line)
    if last is None:
        raise Http404
    surer = Certainty.CONFIRMED if last.certainty == Certainty.CORROBORATED else Certainty.CORROBORATED
    initial = {"certainty": surer, "source_tier": last.source_tier, "authority": last.authority}
    form = RestateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            draft = requirements.restate(requirement=line, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
            return redirect("returns:change", draft.public_id)
    context = {
        "form": form,
        "line": line,
        "last": last,
        "sentence": sentence_of(last),
        "way": way_of_line(line),
        "zones": zones_of(line),
    }
    return render(request, "returns/changes/restate.html", context, status=422 if form.errors else 200)
