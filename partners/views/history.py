"""What changed, row by row, and the seals over all three records: pages for whoever answers for them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import chain, clock
from common.models import HistoryCheck, HistoryErasure, HistoryRow
from partners import changes, oversight
from partners.access import Permission
from partners.changes import ContentError
from partners.doors import SignedInRequest, door
from partners.forms.accounts import ReasonForm
from partners.views.oversight import asked_day, next_page, record_tabs

MOST = 20


@require_GET
@door(Permission.SEE_AUDIT)
def change_list(request: SignedInRequest) -> HttpResponse:
    """What changed on a day, or of one row, person, request or transaction: which fields, never what they hold."""
    asked = asked_day(request, clock.real_now())  # history is of wall time
    found = changes.changes(**asked)
    more = len(found) > oversight.PAGE
    page = found[: oversight.PAGE]
    context = {
        "changes": page,
        "on": asked["on"],
        "written": asked["written"],
        "zones": [request.viewer.user.time_zone],
        "next_url": next_page(request, asked, str(page[-1].row.id) if more else ""),
        "tabs": record_tabs("changes"),
    }
    return render(request, "partners/changes.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_AUDIT)
def change(request: SignedInRequest, number: int) -> HttpResponse:
    """One change with the acts of its transaction. POST with a reason opens what the fields held; that is written down."""
    row = get_object_or_404(HistoryRow, id=number)
    form, held = ReasonForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            held = changes.open_content(
                row=row,
                why=form.cleaned_data["why"],
                page="partners:change",
                by=request.viewer.actor,
                at=clock.now(),
            )
        except ContentError as error:
            form.add_error(None, str(error))
    context: dict[str, Any] = {
        "change": changes.shown([row])[0],
        "row": row,
        "acts": changes.acts_of(row),
        "held": held,
        "form": form,
        "zones": [request.viewer.user.time_zone],
        "tabs": record_tabs("changes"),
    }
    return render(request, "partners/change.html", context, status=422 if form.errors else 200)


@require_GET
@door(Permission.SEE_AUDIT)
def chain_state(request: SignedInRequest) -> HttpResponse:
    """The last seal and its head, what waits for the next, when all was computed anew, and what erasures emptied."""
    last = chain.last_seal()
    context = {
        "last": last,
        "head": bytes(last.head).hex() if last else "",
        "waiting": chain.waiting(after=last),
        "checks": HistoryCheck.objects.order_by("-checked_at")[:MOST],
        "erasures": HistoryErasure.objects.order_by("-at", "-pk")[:MOST],
        "zones": [request.viewer.user.time_zone],
        "tabs": record_tabs("chain"),
        "title": _("Seals over the records"),
    }
    return render(request, "partners/chain.html", context)
