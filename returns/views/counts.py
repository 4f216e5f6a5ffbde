"""The phone page for head counts: a form without a script, JSON from the device, each count stored once."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blame
from corridors.models import BorderCrossing
from migrants import groups
from migrants.models import HeadCount, TravelGroup
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from partners.models import Office
from returns import board_counts
from returns.forms.counts import HeadCountForm, as_form_values


@require_http_methods(["GET", "POST"])
@door(Permission.COUNT_GROUPS)
def count(request: SignedInRequest) -> HttpResponse:
    """GET shows the page; POST stores a count (form-encoded, or JSON as count.js sends it)."""
    if request.method == "GET":
        return _page(request, _form(request.viewer, initial=_initial(request)))
    if request.content_type == "application/json":
        return _count_from_device(request)
    form = _form(request.viewer, data=request.POST)
    row, created, problem = _stored(request, form)
    if row is None:
        return _page(request, form, status=409 if isinstance(problem, groups.DifferentCountError) else 422)
    if created:
        messages.success(request, _("Recorded: %(n)d people.") % {"n": row.total})
    else:
        messages.info(request, _("This count was recorded before; nothing was stored twice."))
    return redirect("returns:group", row.group.public_id)


def _count_from_device(request: SignedInRequest) -> HttpResponse:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return JsonResponse(
            {"errors": {"__all__": [_("Send one JSON object with the fields of the form.")]}}, status=400
        )
    form = _form(request.viewer, data=as_form_values(body))
    row, created, problem = _stored(request, form)
    if row is None:
        status = 409 if isinstance(problem, groups.DifferentCountError) else 422
        return JsonResponse({"errors": {name: list(said) for name, said in form.errors.items()}}, status=status)
    answer = {
        "client_id": str(row.public_id),
        "group": str(row.group.public_id),
        "code": row.group.code,
        "url": reverse("returns:group", args=[row.group.public_id]),
        "now": clock.now().isoformat(),
    }
    return JsonResponse(answer, status=201 if created else 200)


def _stored(
    request: SignedInRequest, form: HeadCountForm
) -> tuple[HeadCount, bool, None] | tuple[None, bool, groups.GroupError | None]:
    """Store what the form says; where it cannot be stored the form carries the sentences."""
    if not form.is_valid():
        return None, False, None
    at, viewer = clock.now(), request.viewer
    said: dict[str, Any] = {
        "public_id": form.client,
        "counted": form.counted(at=at),
        "mission": mission_of(viewer),
        "by": viewer.actor,
        "at": at,
    }
    try:
        if form.chosen_group is not None:
            row, is_new = groups.record_head_count(group=form.chosen_group, **said)
        else:
            crossing, from_country, to_country = form.chosen_way
            row, is_new = groups.count_at(crossing=crossing, from_country=from_country, to_country=to_country, **said)
    except groups.GroupError as error:
        blame(form, error)
        return None, False, error
    board_counts.count_heads(row.group)
    return row, is_new, None


def mission_of(viewer: Viewer) -> Office:
    """The IOM mission whose row a viewer's entry becomes: that of the first membership."""
    return Office.objects.select_related("organisation").get(pk=viewer.missions[0])


def _form(viewer: Viewer, *, data: Any = None, initial: Any = None) -> HeadCountForm:
    waiting = TravelGroup.objects.visible_to(viewer).waiting().select_related("crossing")
    places = BorderCrossing.objects.filter(is_airport=False)
    if viewer.crossings is not None:
        places = places.filter(code__in=viewer.crossings)
    return HeadCountForm(
        data,
        groups=list(waiting.prefetch_related("crossing__sides").order_by("-waiting_since", "code")[:200]),
        crossings=places.prefetch_related("sides"),
        initial=initial,
    )


def _initial(request: SignedInRequest) -> dict[str, Any]:
    return {
        "client_id": uuid.uuid4(),
        "group": request.GET.get("group", ""),
        "crossing": request.GET.get("crossing", ""),
        "exact": "true",
    }


def _page(request: SignedInRequest, form: HeadCountForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "count_url": request.path,
        "viewer_ref": str(request.viewer.user.public_id),
        "report_links": [{"label": _("Report a change"), "url": reverse("returns:barrier_report_new")}],
    }
    return render(request, "returns/count.html", context, status=status)
