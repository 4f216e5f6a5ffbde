"""Groups that wait: the list, opening one, and the pages of one group."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.audit import record_views
from common.forms import blaming
from common.references import older_than
from corridors.models import BorderCrossing
from migrants import groups
from migrants.enums import NeedOfGroup
from migrants.group_moves import history_of
from migrants.heads import heads_of
from migrants.models import CompanyQuestion, Family, HeadCount, TravelGroup
from migrants.travelled import origins_of
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import assistance, board_counts, funding, moving, registering, timeline
from returns.forms.groups import CloseForm, FamilyForm, GroupForm
from returns.models import Need, ReturnCase
from returns.people_lines import lines_of
from returns.views.counts import mission_of
from returns.views.group_head import head_of, left_at, visible_group
from returns.views.timelines import older_url, span_of
from returns.ways import way_of, zones_of

PAGE = 50


@require_GET
@door(Permission.SEE_GROUPS)
def group_list(request: SignedInRequest) -> HttpResponse:
    """Groups in the viewer's scope, those that wait first, newest first; keyset pages of 50."""
    shown = request.GET.get("show", "waiting")
    rows = TravelGroup.objects.visible_to(request.viewer).select_related("crossing").prefetch_related("crossing__sides")
    rows = older_than(rows, request.GET.get("after", ""))
    if shown != "all":
        rows = rows.waiting()
    for name, path in (("crossing", "crossing__code"), ("from", "from_country"), ("to", "to_country")):
        if request.GET.get(name):
            rows = rows.filter(**{path: request.GET[name]})
    page = list(rows.order_by("-pk")[: PAGE + 1])
    heads = heads_of(group.pk for group in page[:PAGE])
    left = left_at(group.pk for group in page[:PAGE])
    lines = [
        {
            "group": group,
            "way": way_of(group),
            "zones": zones_of(group),
            "heads": heads[group.pk],
            "left_at": left.get(group.pk),
        }
        for group in page[:PAGE]
    ]
    context = {
        "lines": lines,
        "next_url": f"?show={shown}&after={page[PAGE - 1].public_id}" if len(page) > PAGE else "",
        "shown": shown,
        "at": clock.now(),
        "may_count": request.viewer.may(Permission.COUNT_GROUPS),
    }
    return render(request, "returns/groups/list.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.COUNT_GROUPS)
def group_new(request: SignedInRequest) -> HttpResponse:
    """Open a group with source, confidence and an estimate, before anybody in it is registered."""
    places = BorderCrossing.objects.filter(is_airport=False).prefetch_related("sides")
    if request.viewer.crossings is not None:
        places = places.filter(code__in=request.viewer.crossings)
    initial = {"crossing": request.GET.get("crossing", ""), "confidence": "plausible"}
    form = GroupForm(request.POST or None, crossings=places, initial=initial)
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            group = _open(request, form)
            messages.success(request, _("Group %(code)s is open.") % {"code": group.code})
            return redirect("returns:group", group.public_id)
    return render(request, "returns/groups/new.html", {"form": form}, status=422 if form.is_bound else 200)


@transaction.atomic
def _open(request: SignedInRequest, form: GroupForm) -> TravelGroup:
    at, by, mission = clock.now(), request.viewer.actor, mission_of(request.viewer)
    crossing, from_country, to_country = form.chosen_way
    values = form.cleaned_data
    group_id = values["group_id"] or uuid.uuid4()
    group = groups.open_group(
        public_id=group_id,
        crossing=crossing,
        from_country=from_country,
        to_country=to_country,
        waiting_since=values["waiting_since"],
        source=values["source"],
        confidence=values["confidence"],
        mission=mission,
        by=by,
        at=at,
    )
    if values["estimate"]:
        counted = groups.Counted(counted_at=at, total=values["estimate"], exact=values["exact"])
        count_id = uuid.uuid5(group_id, "first estimate")
        groups.record_head_count(public_id=count_id, group=group, counted=counted, mission=mission, by=by, at=at)
        board_counts.count_heads(group)
    return group


@require_GET
@door(Permission.SEE_GROUPS)
def group(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is known of the group at one look, and the next step."""
    at = clock.now()
    row = visible_group(request.viewer, public_id)
    counts = list(row.head_counts.all()[:4])
    context = head_of(row, viewer=request.viewer, at=at, tab="overview") | {
        "counts": counts,
        "needs": _needs(counts[:1]),
        "entries": timeline.of_group(row, most=8),
        "uploads": row.uploads.order_by("-uploaded_at")[:3],
        "moves": history_of(row),
        "origin": origins_of([row.pk]).get(row.pk),
    }
    return render(request, "returns/groups/overview.html", context)


def _needs(counts: list[HeadCount]) -> list[str]:
    return [str(NeedOfGroup(need).label) for count in counts for need in count.needs]


@require_GET
@door(Permission.SEE_GROUPS)
def group_needs(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Every head count of the group, newest first, with needs and mood; nothing is ever overwritten."""
    row = visible_group(request.viewer, public_id)
    counts = list(row.head_counts.all()[:200])
    for each in counts:
        each.need_words = _needs([each])  # type: ignore[attr-defined]
    context = head_of(row, viewer=request.viewer, at=clock.now(), tab="needs") | {
        "counts": counts,
        "needs": _asked_for(row),
        "may_ask": row.closed_at is None and request.viewer.may(Permission.RECORD_AID),
    }
    return render(request, "returns/groups/needs.html", context)


def _asked_for(group: TravelGroup) -> list[dict[str, Any]]:
    """What is asked for and not closed, with what was given and promised; three queries."""
    needs = list(Need.objects.filter(group=group, closed_at__isnull=True).order_by("kind", "pk"))
    given, gaps = assistance.given_of(needs), funding.gaps(needs)
    return [{"need": need, "given": given[need.pk], "gap": gaps[need.pk]} for need in needs]


@require_GET
@door(Permission.SEE_GROUPS)
def group_timeline(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """All that happened to a group, newest first; `before` an hour, in parts."""
    row = visible_group(request.viewer, public_id)
    entries, older = timeline.part_of(row, span_of(request))
    context = head_of(row, viewer=request.viewer, at=clock.now(), tab="timeline")
    return render(
        request, "returns/groups/timeline.html", context | {"entries": entries, "older_url": older_url(older)}
    )


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_PEOPLE)
def group_families(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Families by link, with their members; whoever registers people puts more of them together.

    Each person shown is written into the access log.
    """
    at = clock.now()
    row = visible_group(request.viewer, public_id)
    form = FamilyForm(request.POST or None, within=row.people.living_records())
    if form.is_bound and form.is_valid():
        with blaming(form):
            registering.put_in_family(
                group=row,
                people=form.cleaned_data["numbers"],
                code=form.cleaned_data["code"],
                by=request.viewer.actor,
                at=at,
            )
            messages.success(request, _("They are one family."))
            return redirect("returns:group_families", row.public_id)
    families = list(Family.objects.filter(group=row, people__merged_into__isnull=True).distinct().order_by("code"))
    people = lines_of(row.people.living_records().filter(family__isnull=False), at=at)
    by_family = [(family, [line for line in people if line.family == family.code]) for family in families]
    record_views([line.public_id for line in people], page=request.path, by=request.viewer.actor, at=at)
    asked = CompanyQuestion.objects.open().filter(person__group=row).select_related("person")
    context = head_of(row, viewer=request.viewer, at=at, tab="families") | {
        "families": by_family,
        "form": form,
        "asked": asked,
    }
    return render(request, "returns/groups/families.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.COUNT_GROUPS)
def group_close(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Close a group that waits no more, after the page has said what that means."""
    at, row = clock.now(), visible_group(request.viewer, public_id)
    if row.closed_at is not None:
        messages.info(request, _("Group %(code)s was closed already.") % {"code": row.code})
        return redirect("returns:group", row.public_id)
    form = CloseForm(request.POST or None)
    if form.is_bound and form.is_valid():
        moving.close(group=row, why=form.cleaned_data["why"], by=request.viewer.actor, at=at)
        messages.success(request, _("Group %(code)s is closed.") % {"code": row.code})
        return redirect("returns:group", row.public_id)
    context = head_of(row, viewer=request.viewer, at=at, tab="") | {
        "form": form,
        "open_cases": ReturnCase.objects.filter(person__group=row, closed_at__isnull=True).count(),
    }
    return render(request, "returns/groups/close.html", context, status=422 if form.is_bound else 200)
