"""What an embassy sees: whom it may expect, and the arrival that it acknowledges. Nothing here reads the table of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.audit import record_views
from common.forms import blaming
from common.references import reference
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import arrival_needs, handover
from returns import incoming as projection
from returns.enums import ReceptionState
from returns.forms.incoming import EVERYBODY, ReceptionForm
from returns.incoming import zones_of_arrival
from returns.models import Handover, Movement

PAGE = 50


@require_GET
@door(Permission.SEE_INCOMING)
def incoming(request: SignedInRequest) -> HttpResponse:
    """Nationals who agreed to be shown to the viewer's embassy, by name, 50 a page; and the movements that arrive."""
    at, organisations = clock.now(), request.viewer.organisations
    everybody = projection.in_order(organisations, at=at)
    page = _after(everybody, request.GET.get("after", ""))[: PAGE + 1]
    people = projection.completed(projection.of_these(key for key, _public_id in page[:PAGE]), at=at)
    _seen(request, people)
    context = {
        "arrivals": lines_of_arrivals(projection.arrivals(organisations, at=at)),
        "people": people,
        "how_many": len(everybody),
        "next_url": f"?after={page[PAGE - 1][1]}" if len(page) > PAGE else "",
        "zones": request.viewer.zones,
    }
    return render(request, "returns/incoming/list.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_INCOMING)
def arrival(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One movement: who of those shown is on board; POST acknowledges the heads and who is here."""
    at, organisations = clock.now(), request.viewer.organisations
    movement = get_object_or_404(projection.movements_to(organisations), public_id=public_id)
    people = projection.completed(list(projection.on_board(movement, organisations, at=at)), at=at)
    zone = ZoneInfo(zones_of_arrival(movement)[0])
    initial = {
        "received_at": at.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
        "name": request.viewer.user.printed_name,
    }
    form = ReceptionForm(request.POST or None, initial=initial, shown=[row.public_id for row in people], zone=zone)
    if form.is_bound and form.is_valid() and _received(request, form, movement):
        return redirect("returns:arrival", movement.public_id)
    _seen(request, people)
    done = Handover.objects.filter(movement=movement).select_related("receiver").first()
    is_told = arrival_needs.may_be_told(movement, organisations)
    context = {
        "movement": movement,
        "way": place_of(movement),
        "zones": zones_of_arrival(movement),
        "arrives_at": projection.arrives_at(movement),
        "people": [{"row": row, "answer": answer} for row, answer in _answers(request, form, people).items()],
        "states": ReceptionState.choices,
        "present": sum(row.reception == ReceptionState.PRESENT for row in people),
        "handover": done,
        "is_told": is_told,
        "needs": arrival_needs.in_words(movement) if is_told else (),
        "form": form,
    }
    return render(request, "returns/incoming/arrival.html", context, status=422 if form.errors else 200)


def lines_of_arrivals(arrivals: Iterable[projection.Arrival]) -> list[dict[str, Any]]:
    """Each arrival with the place in words and the clocks there."""
    return [
        {"arrival": arrival, "way": place_of(arrival.movement), "zones": zones_of_arrival(arrival.movement)}
        for arrival in arrivals
    ]


def _received(request: SignedInRequest, form: ReceptionForm, movement: Movement) -> bool:
    country = movement.corridor_version.corridor.to_country
    receiver = next(each for each in request.viewer.organisations if each.country == country)
    with blaming(form):
        done = handover.receive(
            movement=movement,
            receiver=receiver,
            answers=form.answers,
            **form.cleaned_data,
            by=request.viewer.actor,
            at=clock.now(),
        )
        said = ngettext("%(n)d head is acknowledged.", "%(n)d heads are acknowledged.", done.heads) % {"n": done.heads}
        messages.success(request, said)
        return True
    return False


def _answers(
    request: SignedInRequest, form: ReceptionForm, people: Iterable[projection.Expected]
) -> Mapping[projection.Expected, str]:
    """What stands ticked for each person: what was sent, or everybody present where that was asked for."""
    usual = ReceptionState.PRESENT if request.GET.get("here") == EVERYBODY and not form.is_bound else ""
    given = form.answers if form.is_bound else {}
    return {row: given.get(row.public_id, usual) for row in people}


def _after(everybody: list[tuple[int, UUID]], asked: str) -> list[tuple[int, UUID]]:
    """Goes on after the row that the address names; from the beginning where it is not shown any more."""
    wanted = reference(asked)
    places = (place for place, (_key, public_id) in enumerate(everybody) if public_id == wanted)
    return everybody[next(places, -1) + 1 :]


def _seen(request: SignedInRequest, people: Iterable[projection.Expected]) -> None:
    page = request.resolver_match.view_name if request.resolver_match else request.path
    record_views([row.person for row in people], page=page, by=request.viewer.actor, at=clock.now())


def place_of(movement: Movement) -> str:
    """The crossing of arrival, by the names of both sides."""
    corridor = movement.corridor_version.corridor
    return " → ".join(side.name_latin for side in corridor.exit.way(corridor.last_country, corridor.to_country))
