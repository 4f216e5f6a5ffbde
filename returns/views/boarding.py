"""At the door of the bus, on a phone: tick who is on board, count heads on the way, say why they differ."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common import audit, clock
from common.forms import blame, blaming
from common.references import reference
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import absences, boarding, checkpoints, explaining, reconciliation
from returns.checkpoints import DifferentCheckpointError
from returns.forms.movements import AbsentForm, CheckpointForm, ExplanationForm
from returns.models import Checkpoint, Movement, Seat
from returns.movement_picture import next_count, picture_of, seats_by_bus
from returns.movements import MovementError
from returns.views.movements import head_of_movement, visible_movement
from returns.way_points import point_in_words


@require_http_methods(["GET", "POST"])
@door(Permission.COUNT_MOVEMENTS)
def movement_boarding(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """GET shows one bus with who is still to come; POST ticks those who are marked, by the version that was shown.

    Where that is refused, the page comes back with the same marks.
    """
    found, at = visible_movement(request.viewer, public_id), clock.now()
    buses = [(bus, taken) for bus, taken in seats_by_bus(found) if bus is not None]
    chosen = request.GET.get("bus", "")
    bus, taken = next((entry for entry in buses if str(entry[0].public_id) == chosen), _first_open(buses))
    here = f"{request.path}?bus={bus.public_id}" if bus else request.path
    is_refused = request.method == "POST" and not _board(request, found, at)
    if request.method == "POST" and not is_refused:
        return redirect(here)
    audit.record_views(
        [seat.person.public_id for seat in taken], page=f"boarding of {found}", by=request.viewer.actor, at=at
    )
    context = {
        **head_of_movement(found, request.viewer),
        "buses": [(each, sum(seat.boarded_at is not None for seat in seats), len(seats)) for each, seats in buses],
        "bus": bus,
        "waiting": [seat for seat in taken if seat.boarded_at is None],
        "on_board": [seat for seat in taken if seat.boarded_at is not None],
        "manifest": found.manifests.last(),
        "here": here,
        "left_to_tick": sum(seat.boarded_at is None for _each, seats in buses for seat in seats),
        "marked": request.POST.getlist("seat"),
    }
    return render(request, "returns/movements/boarding.html", context, status=422 if is_refused else 200)


def _first_open(buses: list[Any]) -> Any:
    """The first bus that somebody is still to board; the first one where all are on board."""
    waiting = (entry for entry in buses if any(seat.boarded_at is None for seat in entry[1]))
    return next(waiting, buses[0] if buses else (None, []))


def _board(request: SignedInRequest, found: Movement, at: datetime) -> bool:
    """Tick those who are marked, and say what came of it; False where it was refused."""
    written = request.POST.get("manifest", "")
    try:
        marked = [UUID(ref) for ref in request.POST.getlist("seat")]
        with transaction.atomic():
            fresh = boarding.board(
                movement=found,
                manifest=int(written) if written.isdecimal() else 0,
                seats=marked,
                by=request.viewer.actor,
                at=at,
            )
        words = ngettext("%(n)d person is on board.", "%(n)d people are on board.", fresh) % {"n": fresh}
    except MovementError as error:
        messages.error(request, error.sentence)
    except ValueError:
        messages.error(request, _("Somebody of this list has no seat any more. Open the page again."))
    else:
        messages.success(request, words)
        return True
    return False


@require_POST
@door(Permission.COUNT_MOVEMENTS)
def movement_step_down(request: SignedInRequest, public_id: UUID, seat_id: UUID) -> HttpResponse:
    """Take one tick back."""
    found = visible_movement(request.viewer, public_id)
    seat = get_object_or_404(Seat.objects.filter(movement=found).select_related("vehicle"), public_id=seat_id)
    try:
        boarding.step_down(movement=found, seat=seat, by=request.viewer.actor, at=clock.now())
    except MovementError as error:
        messages.error(request, error.sentence)
    bus = f"?bus={seat.vehicle.public_id}" if seat.vehicle else ""
    return redirect(f"{reverse('returns:movement_boarding', args=[found.public_id])}{bus}")


@require_http_methods(["GET", "POST"])
@door(Permission.COUNT_MOVEMENTS)
def movement_count(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """GET shows the phone page; POST stores a count (form-encoded, or JSON as checkpoint.js sends it)."""
    found = visible_movement(request.viewer, public_id)
    if request.method == "GET":
        return _count_page(request, found, _form(found, initial=_initial(found)))
    if request.content_type == "application/json":
        return _count_from_device(request, found)
    form = _form(found, data=request.POST)
    row, is_new, error = _stored(request, found, form)
    if row is None:
        return _count_page(request, found, form, status=409 if isinstance(error, DifferentCheckpointError) else 422)
    words = _("%(bus)s: %(n)d heads recorded.") if is_new else _("%(bus)s: this count was recorded before.")
    messages.success(request, words % {"bus": row.vehicle, "n": row.heads})
    if row.difference:
        return redirect("returns:movement_explain", found.public_id, row.public_id)
    found.refresh_from_db()
    return redirect("returns:movement" if next_count(picture_of(found, at=clock.now())) is None else request.path)


def _count_from_device(request: SignedInRequest, found: Movement) -> HttpResponse:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        sentence = _("Send one JSON object with the fields of the form.")
        return JsonResponse({"errors": {"__all__": [sentence]}}, status=400)
    form = _form(found, data={name: value for name, value in body.items() if value is not None})
    row, is_new, error = _stored(request, found, form)
    if row is None:
        status = 409 if isinstance(error, DifferentCheckpointError) else 422
        return JsonResponse({"errors": {name: list(said) for name, said in form.errors.items()}}, status=status)
    answer = {
        "client_id": str(row.public_id),
        "difference": row.difference,
        "url": reverse("returns:movement", args=[found.public_id]),
        "now": clock.now().isoformat(),
    }
    return JsonResponse(answer, status=201 if is_new else 200)


def _stored(
    request: SignedInRequest, found: Movement, form: CheckpointForm
) -> tuple[Checkpoint, bool, None] | tuple[None, bool, MovementError | None]:
    """Store what the form says; where it cannot be stored the form carries the sentence."""
    if not form.is_valid():
        return None, False, None
    at, said = clock.now(), form.cleaned_data
    try:
        with transaction.atomic():
            row, is_new = checkpoints.count(
                public_id=said["client_id"],
                movement=found,
                vehicle=form.bus,
                kind=form.point,
                heads=said["heads"],
                counted_at=said["counted_at"] or at,
                by=request.viewer.actor,
                at=at,
            )
    except MovementError as error:
        blame(form, error)
        return None, False, error
    return row, is_new, None


def _form(found: Movement, *, data: Any = None, initial: Any = None) -> CheckpointForm:
    vehicles, corridor = list(found.vehicles.all()), found.corridor_version.corridor
    return CheckpointForm(data, vehicles=vehicles, corridor=corridor, initial=initial)


def _initial(found: Movement) -> dict[str, Any]:
    """The next bus at the next point, under a fresh id."""
    following = next_count(picture_of(found, at=clock.now()))
    if following is None:
        return {"client_id": uuid.uuid4()}
    kind, bus = following
    return {"client_id": uuid.uuid4(), "kind": kind.value, "vehicle": str(bus.public_id) if bus else ""}


def _count_page(request: SignedInRequest, found: Movement, form: CheckpointForm, *, status: int = 200) -> HttpResponse:
    context = {
        **head_of_movement(found, request.viewer),
        "form": form,
        "picture": picture_of(found, at=clock.now()),
        "viewer_ref": str(request.viewer.user.public_id),
    }
    return render(request, "returns/movements/count.html", context, status=status)


@require_http_methods(["GET", "POST"])
@door(Permission.COUNT_MOVEMENTS)
def movement_explain(request: SignedInRequest, public_id: UUID, checkpoint_id: UUID) -> HttpResponse:
    """One difference: between which counts, in which bus, and why."""
    found, at = visible_movement(request.viewer, public_id), clock.now()
    rows = Checkpoint.objects.filter(movement=found).select_related("vehicle", "movement")
    row = get_object_or_404(rows, public_id=checkpoint_id)
    difference = next(iter(reconciliation.differences(found, [row])), None)
    entries = list(absences.may_be_named(row)) if row.difference < 0 else []
    form = ExplanationForm(
        request.POST or None,
        kinds=difference.kinds if difference else [],
        entries=entries,
        initial={"heads": difference.open if difference else 0},
    )
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            explaining.explain(checkpoint=row, **form.cleaned_data, by=request.viewer.actor, at=at)
            messages.success(request, _("The difference is explained."))
            return redirect("returns:movement", found.public_id)
    return _explain_page(request, found, row, form, status=422 if form.errors else 200)


@require_POST
@door(Permission.COUNT_MOVEMENTS)
def movement_absent(request: SignedInRequest, public_id: UUID, checkpoint_id: UUID) -> HttpResponse:
    """Say who it was that an explanation given before is about."""
    found = visible_movement(request.viewer, public_id)
    row = get_object_or_404(
        Checkpoint.objects.filter(movement=found).select_related("vehicle"), public_id=checkpoint_id
    )
    said = reference(request.POST.get("explanation", ""))
    explanation = get_object_or_404(row.explanations.select_related("checkpoint__movement"), public_id=said)
    form = AbsentForm(request.POST, entries=absences.may_be_named(row))
    if form.is_valid():
        with blaming(form):
            absences.name_absent(
                difference=explanation, people=form.cleaned_data["people"], by=request.viewer.actor, at=clock.now()
            )
            messages.success(request, _("It is written down who it was."))
            return redirect("returns:movement", found.public_id)
    messages.error(request, " ".join(str(line) for lines in form.errors.values() for line in lines))
    return redirect("returns:movement_explain", found.public_id, row.public_id)


def _explain_page(
    request: SignedInRequest, found: Movement, row: Checkpoint, form: ExplanationForm, *, status: int
) -> HttpResponse:
    explanations = list(row.explanations.prefetch_related("absences__person").order_by("pk"))
    entries = list(absences.may_be_named(row)) if row.difference < 0 else []
    seen = [absence.person for said in explanations for absence in said.absences.all()]
    seen += [entry.person for entry in entries]
    audit.record_views(
        {person.public_id for person in seen}, page=f"difference in {found}", by=request.viewer.actor, at=clock.now()
    )
    context = {
        **head_of_movement(found, request.viewer),
        "row": row,
        "where": point_in_words(row.kind, found.corridor_version.corridor),
        "difference": next(iter(reconciliation.differences(found, [row])), None),
        "explanations": [(said, said.heads - len(said.absences.all())) for said in explanations],
        "asks_who": absences.ABSENT,
        "form": form,
        "who": AbsentForm(entries=entries),
    }
    return render(request, "returns/movements/explain.html", context, status=status)
