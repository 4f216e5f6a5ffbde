"""Closing a case by hand with its outcome, and how many cases ended how."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.forms import blaming
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import ending
from returns.forms.ending import EndingForm
from returns.outcomes import outcomes_of
from returns.views.person_head import act_page, visible_person

YEARS = 5


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def case_close(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Close the case of a person whom no handover ends, with its outcome."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    form = EndingForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            ending.end_case(person=person, **form.cleaned_data, by=request.viewer.actor, at=at)
            messages.success(request, _("The case is closed."))
            return redirect("returns:person_case", person.public_id)
    return act_page(
        request,
        person,
        form,
        title=_("Close the case"),
        lead=_("A seat that waits is freed. Whoever sees the person for the journey sees them no more, but after “home” and"
               " “in hospital”."),
        button=_("Close the case"),
        danger=True,
    )  # fmt: skip


@require_GET
@door(Permission.SEE_BOARD)
def outcomes(request: SignedInRequest) -> HttpResponse:
    """How the cases of a year ended: figures that may be passed on."""
    at = clock.now()
    asked = request.GET.get("year", "")
    years = [at.year - back for back in range(YEARS)]
    year = int(asked) if asked in {str(each) for each in years} else at.year
    found = outcomes_of(
        since=datetime(year, 1, 1, tzinfo=UTC), until=datetime(year + 1, 1, 1, tzinfo=UTC), at=at
    )  # fmt: skip
    context = {"found": found, "year": str(year), "years": [(str(each), each == year) for each in years]}
    context |= {"at": at, "zones": request.viewer.zones or ("UTC",)}
    return render(request, "returns/aftercare/outcomes.html", context)
