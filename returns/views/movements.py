"""Movements: the list, one movement with its one next act, its buses and seats, freezing and calling off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import audit, clock
from common.forms import blaming
from common.references import older_than, reference
from migrants.models import Migrant
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from returns import freezing, incidents, movements, seating
from returns.enums import CheckpointKind
from returns.forms.movements import BusesForm, SeatsForm
from returns.forms.road import RoadDecisionForm
from returns.models import Movement, Vehicle
from returns.movement_alerts import parties_of
from returns.movement_picture import Picture, picture_of, seats_by_bus
from returns.movements import BEFORE_THE_ROAD, MovementError
from returns.road_map import road_map_of
from returns.transit_clock import is_late, left
from returns.views.group_head import visible_group
from returns.ways import way, zones_of

PAGE = 50


def visible_movement(viewer: Viewer, public_id: UUID) -> Movement:
    """Give a movement that `viewer` may see, with its corridor; everybody else gets 404."""
    rows = Movement.objects.visible_to(viewer).select_related(
        "group__crossing", "corridor_version__corridor__entry", "corridor_version__corridor__exit", "handover__receiver"
    )
    return get_object_or_404(
        rows.prefetch_related("group__crossing__sides", "corridor_version__corridor__exit__sides"), public_id=public_id
    )


def head_of_movement(movement: Movement, viewer: Viewer) -> dict[str, Any]:
    """What the head of every page of a movement shows: the way, the clocks of both ends, and what the viewer may do."""
    corridor = movement.corridor_version.corridor
    zones = [*zones_of(movement.group), *(side.zone for side in corridor.exit.sides.all())]
    return {
        "movement": movement,
        "corridor": corridor,
        "exit_way": way(corridor.exit, corridor.last_country, corridor.to_country),
        "zones": list(dict.fromkeys(zones)),
        "may_send": viewer.may(Permission.SEND_MOVEMENTS),
        "may_count": viewer.may(Permission.COUNT_MOVEMENTS),
    }


@require_GET
@door(Permission.SEE_MOVEMENTS)
def movement_list(request: SignedInRequest) -> HttpResponse:
    """Movements, those that run first; keyset pages of 50."""
    at = clock.now()
    rows = Movement.objects.visible_to(request.viewer).select_related("group", "corridor_version__corridor")
    rows = older_than(rows, request.GET.get("after", ""))
    show = "all" if request.GET.get("show") == "all" else "running"
    if show == "running":
        rows = rows.filter(ended_at__isnull=True)
    page = list(rows.prefetch_related("group__crossing__sides").order_by("-pk")[: PAGE + 1])
    context = {
        "lines": [
            {"movement": row, "zones": zones_of(row.group), "left": left(row, at=at), "late": is_late(row, at=at)}
            for row in page[:PAGE]
        ],
        "next_url": f"?show={show}&after={page[PAGE - 1].public_id}" if len(page) > PAGE else "",
        "show": show,
    }
    return render(request, "returns/movements/list.html", context)


@require_POST
@door(Permission.SEND_MOVEMENTS)
def movement_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Make the movement of a group from its plan."""
    group = visible_group(request.viewer, public_id)
    try:
        made = movements.make_movement(group=group, by=request.viewer.actor, at=clock.now())
    except MovementError as error:
        messages.error(request, error.sentence)
        return redirect("returns:group", group.public_id)
    return redirect("returns:movement", made.public_id)


@require_GET
@door(Permission.SEE_MOVEMENTS)
def movement(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One movement: the worst thing first, the one next act, its buses, its versions and what stops it."""
    found, at = visible_movement(request.viewer, public_id), clock.now()
    if found.state in BEFORE_THE_ROAD and not found.manifests.exists():
        freezing.follow_plan(found)
    return page_of_movement(request, found, at=at)


def page_of_movement(
    request: SignedInRequest,
    found: Movement,
    *,
    at: datetime,
    buses: BusesForm | None = None,
    decision: RoadDecisionForm | None = None,
) -> HttpResponse:
    """Give the page as it stands `at`; a form that was sent and refused comes back on it with its errors."""
    picture = picture_of(found, at=at)
    named = [stop.person.public_id for stop in (*picture.stops, *picture.departing) if stop.person is not None]
    shown = list(incidents.readable_by(request.viewer, found))
    named += [row.person.public_id for row in shown if row.person is not None]
    audit.record_views(set(named), page=f"movement {found}", by=request.viewer.actor, at=at)
    context = {
        **head_of_movement(found, request.viewer),
        "picture": picture,
        "next": picture.next.name,
        "steps": _steps(picture),
        "incidents": shown,
        "map": road_map_of(picture) if found.ended_at is None else None,
        "form": buses or BusesForm(),
        "decision_form": decision or _decision_form(found, picture),
        "points": [leg for leg in picture.legs if leg.kind != CheckpointKind.HANDED_OVER],
        "before_the_road": found.state in BEFORE_THE_ROAD,
        "on_the_road": found.state not in BEFORE_THE_ROAD and found.ended_at is None,
    }
    return render(request, "returns/movements/movement.html", context, status=422 if buses or decision else 200)


def _decision_form(found: Movement, picture: Picture) -> RoadDecisionForm | None:
    """The form of what is decided on the road, where something stops the buses or some may turn back."""
    if not picture.departing and not picture.may_turn:
        return None
    return RoadDecisionForm(parties=parties_of(found.corridor_version), vehicles=picture.may_turn)


def _steps(picture: Picture) -> list[dict[str, Any]]:
    """How far along: seats, manifest, boarding, then each point of the way."""
    done = [
        (bool(picture.seated) and not picture.without_seat, _("Seated: %(n)d") % {"n": picture.seated}),
        (picture.is_frozen, _("Manifest frozen") if picture.is_frozen else _("Manifest")),
        (
            picture.is_frozen and picture.on_board == picture.seated,
            _("On board: %(n)d of %(all)d") % {"n": picture.on_board, "all": picture.seated},
        ),
    ]
    for leg in picture.legs[1:]:
        heads = "" if leg.heads is None else f": {leg.heads}"
        done.append((leg.is_counted, f"{capfirst(leg.words)}{heads}"))
    current = next((index for index, (is_done, _name) in enumerate(done) if not is_done), len(done))
    return [
        {"label": label, "state": "done" if is_done else "current" if index == current else "ahead"}
        for index, (is_done, label) in enumerate(done)
    ]


@require_POST
@door(Permission.SEND_MOVEMENTS)
def movement_vehicles(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Add buses."""
    found, form = visible_movement(request.viewer, public_id), BusesForm(request.POST)
    if form.is_valid():
        with blaming(form):
            movements.add_vehicles(movement=found, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
    if form.errors:
        return page_of_movement(request, found, at=clock.now(), buses=form)
    return redirect("returns:movement", found.public_id)


@require_POST
@door(Permission.SEND_MOVEMENTS)
def vehicle_remove(request: SignedInRequest, public_id: UUID, vehicle_id: UUID) -> HttpResponse:
    """Take an empty bus away."""
    found = visible_movement(request.viewer, public_id)
    vehicle = get_object_or_404(Vehicle.objects.filter(movement=found), public_id=vehicle_id)
    return _acted(request, found, lambda at: movements.remove_vehicle(vehicle=vehicle, by=request.viewer.actor, at=at))


@require_POST
@door(Permission.SEND_MOVEMENTS)
def movement_propose(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Propose seats: families together, the buses even; a person corrects them."""
    found = visible_movement(request.viewer, public_id)

    def propose(at: Any) -> None:
        seated = seating.propose_seats(movement=found, by=request.viewer.actor, at=at)
        words = ngettext("%(n)d person has a seat now.", "%(n)d people have a seat now.", seated)
        messages.success(request, words % {"n": seated})

    return _acted(request, found, propose)


@require_http_methods(["GET", "POST"])
@door(Permission.SEND_MOVEMENTS)
def movement_seats(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Who sits where, by bus; each line may be given another bus, or left out."""
    found, at = visible_movement(request.viewer, public_id), clock.now()
    buses = seats_by_bus(found)
    seats = [seat for _bus, taken in buses for seat in taken]
    form = SeatsForm(request.POST or None, seats=seats, vehicles=[bus for bus, _taken in buses if bus])
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            changed = seating.move_seats(
                movement=found,
                wanted=form.wanted(),
                why=form.cleaned_data["why"],
                by=request.viewer.actor,
                at=at,
            )
            words = ngettext("%(n)d seat changed.", "%(n)d seats changed.", changed)
            messages.success(request, words % {"n": changed})
            return redirect("returns:movement", found.public_id)
    audit.record_views(
        [seat.person.public_id for seat in seats], page=f"seats of {found}", by=request.viewer.actor, at=at
    )
    context = {
        **head_of_movement(found, request.viewer),
        "buses": [(bus, [(seat, form[str(seat.public_id)]) for seat in taken]) for bus, taken in buses],
        "form": form,
        "before_the_road": found.state in BEFORE_THE_ROAD,
    }
    return render(request, "returns/movements/seats.html", context, status=422 if form.errors else 200)


@require_POST
@door(Permission.SEND_MOVEMENTS)
def movement_leave_out(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Decide that one person does not travel with this movement."""
    found = visible_movement(request.viewer, public_id)
    people = Migrant.objects.visible_to(request.viewer).filter(group=found.group_id)
    person = get_object_or_404(people, public_id=reference(request.POST.get("person", "")))
    return _acted(
        request,
        found,
        lambda at: seating.leave_out(movement=found, people=[person], by=request.viewer.actor, at=at),
    )


@require_POST
@door(Permission.SEND_MOVEMENTS)
def movement_freeze(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Freeze who travels as the next version; what stops it stands on the page."""
    found, why = visible_movement(request.viewer, public_id), request.POST.get("why", "")[:200]

    def freeze(at: Any) -> None:
        manifest = freezing.freeze(movement=found, why=why, by=request.viewer.actor, at=at)
        words = _("Version %(n)d is frozen: %(people)d people.")
        messages.success(request, words % {"n": manifest.number, "people": manifest.people})

    return _acted(request, found, freeze)


@require_POST
@door(Permission.SEND_MOVEMENTS)
def movement_call_off(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """End a movement that has not left."""
    found, why = visible_movement(request.viewer, public_id), request.POST.get("why", "")[:200]
    return _acted(
        request, found, lambda at: movements.call_off(movement=found, why=why, by=request.viewer.actor, at=at)
    )


def _acted(request: SignedInRequest, found: Movement, act: Callable[[Any], Any]) -> HttpResponse:
    """Do `act` at the hour of now, and go back to the movement with what it said."""
    try:
        with transaction.atomic():
            act(clock.now())
    except MovementError as error:
        messages.error(request, error.sentence)
    return redirect("returns:movement", found.public_id)
