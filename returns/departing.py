"""What stops the buses of a frozen manifest from leaving: asked again at the exit, whatever the freeze said hours before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.audience import reaching_for
from corridors.enums import CorridorState
from corridors.models import CorridorVersion
from corridors.standings import Standing, standing_of
from returns.corridor_stops import Stop
from returns.enums import OWN_CONDITIONS
from returns.models import Movement, ReturnCase, Seat
from returns.movements import MovementError, buses_out
from returns.onward import asked_onward
from returns.road_decisions import allowed_since

_OF_THE_PLAN = 1 << OWN_CONDITIONS.index("plan")
"""A late bus has outlived the planned hour; what is asked of people is judged for now then, and that is what counts."""


def stops_before_exit(movement: Movement, *, at: datetime) -> list[Stop]:
    """Give everything that keeps the buses that have not left from leaving `at`; a constant number of queries.

    The corridor as it stands at that hour, a rule of the way that changed since, and everybody on board by the stored
    judgement of the case and by what the crossings further on ask. A bus that has left is not called back.
    """
    out = buses_out(movement)
    return [
        *_corridor_stops(movement, at=at),
        *_person_stops(movement, out),
        *_onward_stops(movement, out, at=at),
    ]


@reaching_for("what stops the buses is asked")
def refuse_exit(movement: Movement, *, at: datetime) -> None:
    """Raise MovementError with the first thing that stops the buses and what to do, and how many more there are.

    It asks about everybody on board, whoever counts at the barrier, and names nobody.
    """
    stops = stops_before_exit(movement, at=at)
    if not stops:
        return
    sentence = f"{stops[0].sentence} {stops[0].remedy}"
    if more := len({stop.sentence for stop in stops}) - 1:
        words = ngettext("%(n)d more thing stops the buses.", "%(n)d more things stop the buses.", more)
        sentence = f"{sentence} {words % {'n': more}}"
    raise MovementError("kind", sentence)


def _corridor_stops(movement: Movement, *, at: datetime) -> list[Stop]:
    """What the corridor says at that hour, but for what a party has let the buses pass by since (`road_decisions`)."""
    version = movement.corridor_version
    standing, allowed = standing_of(version, at=at), allowed_since(movement)
    stops = []
    since = _stopped_since(standing, version, at=at)
    if standing.state != CorridorState.OPEN and since is not None and not (allowed and allowed >= since):
        stops.append(
            Stop(
                _("No bus may leave: the corridor is not open (%(state)s).") % {"state": standing.words},
                _("Wait, or write down what the party says under “What is decided on the road”."),
            )
        )
    changed = version.requirement_changed_at
    if changed is not None and changed <= at and not (allowed and allowed >= changed):
        stops.append(
            Stop(
                _("No bus may leave: a requirement on the way has changed since the manifest was frozen."),
                _("Have a new version of the corridor decided, plan the group on it, and freeze again."),
            )
        )
    return stops


def _stopped_since(standing: Standing, version: CorridorVersion, *, at: datetime) -> datetime | None:
    """The hour of the last word before `at` that stopped the corridor; None where all of them came later than that."""
    if standing.state == CorridorState.SUSPENDED:
        said = [stop.since for stop in standing.stops]
    elif standing.state == CorridorState.WITHDRAWN:
        said = [word.said_at for word in standing.withdrawn_by]
    else:
        return version.closes_at if version.closes_at is not None and version.closes_at <= at else at
    return max((since for since in said if since <= at), default=None)


def _person_stops(movement: Movement, out: Collection[int]) -> list[Stop]:
    """Whoever has a seat in a bus that has not left and may not travel as things stand; why stays with the casework."""
    expiring, unknown = F("readiness__expiring"), F("readiness__unknown")
    lacks = F("readiness__missing").bitor(expiring).bitor(unknown)  # type: ignore[arg-type]  # the stubs know numbers alone
    may_travel = (
        ReturnCase.objects.open()
        .filter(person=OuterRef("person"))
        .annotate(lacks=lacks.bitand(~_OF_THE_PLAN))
        .filter(lacks=0)
    )
    seats = Seat.objects.filter(~Exists(may_travel), movement=movement, vehicle__isnull=False)
    return [
        Stop(
            _("No bus may leave: somebody on board may not travel any more."),
            _("Take this person and the family off, or put right what is missing; then freeze again."),
            seat.person,
        )
        for seat in seats.exclude(vehicle__in=out).select_related("person").order_by("person__sort_key", "pk")
    ]


def _onward_stops(movement: Movement, out: Collection[int], *, at: datetime) -> list[Stop]:
    """Whoever would be held up at a crossing further on: which one, and what is asked there."""
    seats = Seat.objects.filter(movement=movement, vehicle__isnull=False).exclude(vehicle__in=out)
    people = {seat.person_id: seat.person for seat in seats.select_related("person")}
    return [
        Stop(
            _("No bus may leave: somebody on board would be held up at %(way)s, where this is asked: %(requirement)s.")
            % {"way": each.where, "requirement": each.requirement},
            _("Take this person and the family off, or put right what is missing; then freeze again."),
            people[each.case.person],
        )
        for each in asked_onward(movement.corridor_version, people, at=at)
        if each.stops
    ]
