"""Screening and referrals, for protection officers alone: dated, repeated, needs and never scores."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.forms import blaming
from common.wall_time import as_shown
from migrants import screening
from migrants.models import HoldQuestion, Migrant, Referral, Screening
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.forms.screening import AnswerReferralForm, CloseReferralForm, ReferralForm, ScreeningForm
from returns.people_lines import lines_of
from returns.views.group_head import head_of, visible_group
from returns.views.person_head import act_page, back_saying, seen, visible_person, zones_at

ROOM = "returns:person_protection"
PAGE = 50


@require_GET
@door(Permission.SEE_PROTECTION)
def group_screening(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who of a group was screened when; who was not yet stands first. What was found stands on no list."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    people = Migrant.objects.living_records().filter(group=group)
    screened = people.filter(screenings__isnull=False).distinct().count()
    show = "all" if request.GET.get("show") == "all" else "open"
    rows: Any = people.annotate(last=Max("screenings__screened_at")).order_by("number")
    if show == "open":
        rows = rows.filter(last__isnull=True)
    after = request.GET.get("after", "")
    page = list((rows.filter(number__gt=after) if after.isalnum() else rows)[: PAGE + 1])
    shown = {row.pk: row for row in page[:PAGE]}
    lines = sorted(lines_of(Migrant.objects.filter(pk__in=shown), at=at), key=lambda line: line.number)
    seen(request, [line.public_id for line in lines], at=at)
    context = {
        **head_of(group, viewer=request.viewer, at=at, tab="screening"),
        "questions": HoldQuestion.objects.filter(group=group, answered_at__isnull=True).select_related(
            "hold", "person"
        ),
        "entries": [(line, shown[line.pk].last) for line in lines],
        "screened": screened,
        "show": show,
        "next_url": f"?show={show}&after={page[PAGE - 1].number}" if len(page) > PAGE else "",
    }
    return render(request, "returns/people/screening_list.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.DECIDE_PROTECTION)
def screening_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write a screening down; earlier ones stay as they are."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    zone = ZoneInfo(zones_at(person)[0])
    initial = {"screened_at": as_shown(at, zone), "stage": "before"}
    form = ScreeningForm(request.POST or None, zone=zone, initial=initial)
    if form.is_bound and form.is_valid():
        with blaming(form):
            screening.screen(person=person, by=request.viewer.actor, at=at, **form.cleaned_data)
            return back_saying(request, person, _("The screening is recorded."), page=ROOM)
    return act_page(
        request,
        person,
        form,
        title=_("Screen a person"),
        lead=_("Speak alone, with an interpreter whom the person accepts. What is found stays in the closed room."),
        button=_("Record the screening"),
        back=_back(person),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.DECIDE_PROTECTION)
def referral_new(request: SignedInRequest, public_id: uuid.UUID, screening_id: uuid.UUID) -> HttpResponse:
    """Refer a person after a screening; nothing is sent, the officer tells the organisation."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    row = get_object_or_404(Screening, person=person, public_id=screening_id)
    zone = ZoneInfo(zones_at(person)[0])
    form = ReferralForm(request.POST or None, zone=zone, initial={"referred_at": as_shown(at, zone)})
    if form.is_bound and form.is_valid():
        with blaming(form):
            screening.refer(screening=row, by=request.viewer.actor, at=at, **form.cleaned_data)
            return back_saying(request, person, _("The referral is recorded."), page=ROOM)
    return act_page(
        request,
        person,
        form,
        title=_("Refer a person"),
        lead=_("Nothing is sent. The organisation sees at most how many are referred to it, never who or why."),
        button=_("Record the referral"),
        back=_back(person),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.DECIDE_PROTECTION)
def referral_answer(request: SignedInRequest, public_id: uuid.UUID, referral_id: uuid.UUID) -> HttpResponse:
    """Write down whether the organisation accepted or declined."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    row = get_object_or_404(Referral.objects.select_related("organisation"), person=person, public_id=referral_id)
    form = AnswerReferralForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            screening.answer_referral(referral=row, by=request.viewer.actor, at=at, **form.cleaned_data)
            return back_saying(request, person, _("The answer is recorded."), page=ROOM)
    return act_page(
        request,
        person,
        form,
        title=_("What did %(name)s answer?") % {"name": row.organisation.name},
        lead=_("A referral that is declined is closed with it; refer the person to somebody else."),
        button=_("Record the answer"),
        back=_back(person),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.DECIDE_PROTECTION)
def referral_close(request: SignedInRequest, public_id: uuid.UUID, referral_id: uuid.UUID) -> HttpResponse:
    """Write down what came of a referral."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    row = get_object_or_404(Referral.objects.select_related("organisation"), person=person, public_id=referral_id)
    form = CloseReferralForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            screening.close_referral(referral=row, by=request.viewer.actor, at=at, **form.cleaned_data)
            return back_saying(request, person, _("The referral is closed."), page=ROOM)
    return act_page(
        request,
        person,
        form,
        title=_("Close the referral to %(name)s") % {"name": row.organisation.name},
        button=_("Close the referral"),
        back=_back(person),
    )


def _back(person: Migrant) -> str:
    return reverse(ROOM, args=[person.public_id])
