"""After the return: who is due to be asked how things are, what they said, and who helps them to settle in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.forms import blaming
from common.wall_time import as_shown
from migrants.enums import ReferralAnswer
from migrants.models import Migrant
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import follow_ups, reintegration
from returns.enums import FollowUpState
from returns.forms.aftercare import (
    REACHED,
    FollowUpForm,
    ReintegrationAnswerForm,
    ReintegrationDoneForm,
    ReintegrationForm,
    ReintegrationStopForm,
)
from returns.forms.laid import LaidForm
from returns.models import FollowUp, Reintegration
from returns.views.person_head import act_page, back_saying, seen, visible_person

MOST = 200


def _zone(request: SignedInRequest) -> ZoneInfo:
    return ZoneInfo((request.viewer.zones or ("UTC",))[0])


@require_GET
@door(Permission.KEEP_AFTERCARE)
def aftercare(request: SignedInRequest) -> HttpResponse:
    """Follow-ups that are due within a week or were missed, and what organisations were asked and have not done yet."""
    at = clock.now()
    rows = FollowUp.objects.visible_to(request.viewer).select_related("person", "movement__group")
    today = follow_ups.today_of(request.viewer.zones, at=at)
    due = list(follow_ups.due(rows, today=today, at=at)[:MOST])
    asked = reintegration.waiting(Reintegration.objects.visible_to(request.viewer))
    helped = list(asked.select_related("person", "organisation", "consent")[:MOST])
    seen(request, {row.person.public_id for row in due} | {row.person.public_id for row in helped}, at=at)
    context = {
        "due": due,
        "helped": helped,
        "today": today,
        "zones": request.viewer.zones,
    }
    return render(request, "returns/aftercare/list.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.KEEP_AFTERCARE)
def follow_up(request: SignedInRequest, public_id: UUID, follow_up_id: UUID) -> HttpResponse:
    """Write down what one call or visit gave."""
    at, person, zone = clock.now(), visible_person(request.viewer, public_id), _zone(request)
    row = get_object_or_404(FollowUp, person=person, public_id=follow_up_id)
    form = FollowUpForm(request.POST or None, zone=zone, initial={"tried_at": as_shown(at, zone), "how": "call"})
    if form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        is_reached, needs = said.pop("result") == REACHED, said.pop("needs")
        with blaming(form):
            if is_reached:
                follow_ups.reached(follow_up=row, needs=needs, **said, by=request.viewer.actor, at=at)
            else:
                follow_ups.missed(follow_up=row, **said, by=request.viewer.actor, at=at)
            return back_saying(request, person, _("It is written down."))
    return act_page(
        request,
        person,
        form,
        title=_("How are things? (%(stage)s)") % {"stage": row.get_stage_display()},
        lead=_("Due on %(day)s. Ask whether it suits, and stop where the person does not want to speak.")
        % {"day": f"{row.due_on:%d.%m.%Y}"},
        button=_("Write it down"),
    )


@require_POST
@door(Permission.KEEP_AFTERCARE)
def follow_up_plan(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Plan what is still to come for somebody who agreed after the journey."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    try:
        rows = follow_ups.plan_of(person=person, by=request.viewer.actor, at=at)
    except follow_ups.FollowUpError as error:
        messages.error(request, error.sentence)
    else:
        said = ngettext("%(n)d follow-up is planned.", "%(n)d follow-ups are planned.", len(rows)) % {"n": len(rows)}
        messages.success(request, said)
    return redirect("returns:person", person.public_id)


@require_http_methods(["GET", "POST"])
@door(Permission.KEEP_AFTERCARE)
def reintegration_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Ask an organisation to help; nothing is sent, the officer tells it."""
    at, person, zone = clock.now(), visible_person(request.viewer, public_id), _zone(request)
    form = ReintegrationForm(request.POST or None, zone=zone, initial={"referred_at": as_shown(at, zone)})
    if form.is_bound and form.is_valid():
        with blaming(form):
            reintegration.refer(person=person, **form.cleaned_data, by=request.viewer.actor, at=at)
            return back_saying(request, person, _("It is written down whom you asked to help."))
    return act_page(
        request,
        person,
        form,
        title=_("Ask an organisation to help to settle in"),
        lead=_("Nothing is sent: tell the organisation yourself, and no more than the person agreed to."),
        button=_("Write it down"),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.KEEP_AFTERCARE)
def reintegration_follow(request: SignedInRequest, public_id: UUID, referral_id: UUID) -> HttpResponse:
    """Write down what the organisation answered, and after that what came of it; or that it was told of a yes taken back."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    rows = Reintegration.objects.select_related("organisation", "consent")
    row = get_object_or_404(rows, person=person, public_id=referral_id)
    act, kind, title, lead = _next_word(row)
    form = kind(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            act(referral=row, **form.cleaned_data, by=request.viewer.actor, at=at)
            return back_saying(request, person, _("It is written down."))
    title %= {"name": row.organisation.name}
    return act_page(request, person, form, title=title, lead=lead, button=_("Write it down"))


def _next_word(row: Reintegration) -> tuple[Callable[..., Reintegration], type[LaidForm], str, str]:
    """Give what can be written down next of a referral: the act, its form, the title and what stands above."""
    if reintegration.is_taken_back(row):
        lead = _("The person took the yes back. The organisation is shown nothing any more; tell it to stop.")
        return reintegration.stop, ReintegrationStopForm, _("Was %(name)s told?"), lead
    lead = _("When it is declined or done, the organisation is shown nothing of the person any more.")
    if row.answer == ReferralAnswer.ACCEPTED:
        return reintegration.finish, ReintegrationDoneForm, _("What came of it with %(name)s?"), lead
    return reintegration.answer, ReintegrationAnswerForm, _("What did %(name)s answer?"), lead


def aftercare_of(person: Migrant, *, at: datetime) -> dict[str, Any]:
    """What the page of a person says of the time after the return; four queries."""
    rows = list(person.follow_ups.all())
    waits = set(follow_ups.waiting(person.follow_ups.all(), at=at).values_list("pk", flat=True)) if rows else set()
    return {
        "follow_ups": [
            {"row": row, "is_open": row.pk in waits, "needs": follow_ups.labels_of(follow_ups.needs_of(row))}
            for row in rows
            if row.pk in waits or row.state != FollowUpState.WAITING
        ],
        "reintegrations": person.reintegrations.select_related("organisation", "consent"),
        "came_home": follow_ups.came_home_by(person) is not None,
    }
