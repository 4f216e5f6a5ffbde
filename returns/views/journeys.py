"""The way of a group to the halt, and the mood of the halt: each look and each leg as somebody wrote it down."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock, countries
from common.audit import record_views
from common.forms import blaming
from migrants import moods, travelled
from migrants.enums import Sex, TravelMode
from migrants.models import Family, TravelGroup, TravelledLeg
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.flow import BANDS, UNKNOWN, flow_of
from returns.forms.journeys import LegForm, MoodForm
from returns.views.counts import mission_of
from returns.views.group_head import head_of, visible_group
from returns.ways import zones_of

MOST_MOODS = 200


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_PEOPLE)
def group_journey(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Origin and legs of the group, and of the families and people whose way was another; POST adds a leg.

    A person who is named here is written into the access log.
    """
    at, group = clock.now(), visible_group(request.viewer, public_id)
    legs = list(group.legs.select_related("family", "person"))
    families = Family.objects.filter(group=group, people__merged_into__isnull=True).distinct().order_by("code")
    form = LegForm(request.POST or None, legs=legs, families=families, within=group.people.living_records())
    if form.is_bound and form.is_valid():
        asked: dict[str, Any] = {"leg": form.leg, "of": form.whose, "before": form.next_leg}
        with blaming(form):
            travelled.add_leg(group=group, by=request.viewer.actor, at=at, **asked)
            messages.success(request, _("The leg is written down."))
            return redirect("returns:group_journey", group.public_id)
    named = {leg.person.public_id for leg in legs if leg.person}
    record_views(named, page=request.path, by=request.viewer.actor, at=at)
    context = head_of(group, viewer=request.viewer, at=at, tab="journey") | {
        "ways": _ways(legs),
        "form": form,
        **_flow(group, at=at),
    }
    return render(request, "returns/groups/journey.html", context, status=422 if form.is_bound else 200)


def _flow(group: TravelGroup, *, at: datetime) -> dict[str, Any]:
    """The line of the flow log, with its people as rows by sex and columns by age band."""
    flow = flow_of(group, at=at)
    bands = [*(name for _end, name in BANDS), UNKNOWN]
    sexes = ((Sex.MALE, _("male")), (Sex.FEMALE, _("female")), (UNKNOWN, _("not recorded")))
    rows = [(words, [flow.people.get((sex, band), 0) for band in bands]) for sex, words in sexes]
    mix = [(countries.name(code), n) for code, n in flow.nationalities.items()]
    return {"flow": flow, "flow_rows": rows, "flow_mix": mix, "flow_mode": TravelMode(flow.mode).label}


def _ways(legs: list[TravelledLeg]) -> list[tuple[str, list[TravelledLeg]]]:
    """The legs by whose they are: those of the group first."""
    found: dict[str, list[TravelledLeg]] = {"": []}
    for leg in legs:
        whose = _("Family %(code)s") % {"code": leg.family.code} if leg.family else leg.person and leg.person.number
        found.setdefault(whose or "", []).append(leg)
    return list(found.items())


@require_POST
@door(Permission.REGISTER_PEOPLE)
def leg_remove(request: SignedInRequest, public_id: uuid.UUID, leg_id: uuid.UUID) -> HttpResponse:
    """Take a leg away that was written down by mistake."""
    group = visible_group(request.viewer, public_id)
    travelled.remove_leg(leg=get_object_or_404(group.legs, public_id=leg_id), by=request.viewer.actor, at=clock.now())
    messages.success(request, _("The leg is taken away."))
    return redirect("returns:group_journey", group.public_id)


@require_http_methods(["GET", "POST"])
@door(Permission.COUNT_GROUPS)
def group_mood(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Every look at the mood of the halt, newest first; POST adds one and overwrites none."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    form = MoodForm(request.POST or None, zone=zones_of(group)[0])
    if form.is_bound and form.is_valid() and _keep(request, group, form):
        messages.success(request, _("The mood is written down."))
        return redirect("returns:group_mood", group.public_id)
    looks = moods.moods_of(group, most=MOST_MOODS)
    context = head_of(group, viewer=request.viewer, at=at, tab="needs") | {"looks": looks, "form": form}
    return render(request, "returns/groups/mood.html", context, status=422 if form.is_bound else 200)


def _keep(request: SignedInRequest, group: TravelGroup, form: MoodForm) -> bool:
    at, said = clock.now(), form.cleaned_data
    with blaming(form):
        moods.record_mood(
            public_id=said["mood_id"],
            group=group,
            mood=said["mood"],
            note=said["note"],
            seen_at=said["seen_at"] or at,
            mission=mission_of(request.viewer),
            by=request.viewer.actor,
            at=at,
        )
        return True
    return False
