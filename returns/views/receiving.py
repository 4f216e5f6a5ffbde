"""A receiver beside the embassy: who of a journey is shown to it, and signing who was there."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blaming
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import receiving
from returns.enums import ReceptionState
from returns.forms.incoming import EVERYBODY, ReceiverForm
from returns.incoming import arrives_at, zones_of_arrival
from returns.views.incoming import place_of
from returns.views.person_head import seen


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_OWN_JOURNEYS)
def day_arrival(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One journey with those of it who are shown to the viewer's organisation; POST signs who is here."""
    at, organisations = clock.now(), request.viewer.organisations
    movement = get_object_or_404(receiving.journeys_with(organisations, at=at), public_id=public_id)
    people = list(receiving.expected_by(movement, organisations, at=at))
    receiver = receiving.next_to_sign(movement, people)
    people = [row for row in people if row.recipient_id == receiver.pk]
    zones = zones_of_arrival(movement)
    zone = ZoneInfo(zones[0])
    initial = {
        "received_at": at.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
        "name": request.viewer.user.printed_name,
    }
    form = ReceiverForm(request.POST or None, initial=initial, shown=[row.public_id for row in people], zone=zone)
    if form.is_bound and form.is_valid():
        with blaming(form):
            receiving.sign(
                movement=movement,
                receiver=receiver,
                answers=form.answers,
                **form.cleaned_data,
                by=request.viewer.actor,
                at=at,
            )
            messages.success(request, _("It is signed who is here."))
            return redirect("returns:day_arrival", movement.public_id)
    seen(request, [row.person.public_id for row in people], at=at)
    word = receiving.word_of(movement, receiver)
    met = dict(word.answers.values_list("disclosure", "state")) if word else {}
    usual = ReceptionState.PRESENT if request.GET.get("here") == EVERYBODY and not form.is_bound else ""
    given = form.answers if form.is_bound else {}
    context = {
        "movement": movement,
        "way": place_of(movement),
        "zones": zones,
        "arrives_at": arrives_at(movement),
        "people": [
            {"row": row, "answer": given.get(row.public_id, usual), "met": met.get(row.pk, "")} for row in people
        ],
        "states": ReceptionState.choices,
        "word": word,
        "form": form,
    }
    return render(request, "returns/day/arrival.html", context, status=422 if form.errors else 200)
