"""The closed room, for protection officers alone: holds with their reasons, and children who are alone."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock, countries
from common.forms import blaming
from migrants import protection, screening
from migrants.enums import AloneStatus
from migrants.models import ChildArrangement, HoldQuestion, Migrant, ProtectionHold
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import holding
from returns.forms.people_protection import ChildForm, ClearHoldForm, HoldForm, HoldQuestionForm
from returns.people_lines import line_of
from returns.views.person_head import act_page, back_saying, seen, visible_person, written, zones_at

ROOM = "returns:person_protection"


@require_GET
@door(Permission.SEE_PROTECTION)
def person_protection(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Holds of a person with their reasons, and what is arranged for a child who is alone."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    seen(request, [person.public_id], at=at)
    holds = person.holds.select_related("question").order_by("-cleared_at", "-set_at")
    context = {
        "person": person,
        "line": line_of(person, on=at.date()),
        "zones": zones_at(person),
        "holds": [
            {"hold": hold, "against": _named(hold), "question": getattr(hold, "question", None)} for hold in holds
        ],
        "screenings": [
            {"row": row, "needs": screening.needs_of(row), "referrals": row.referrals.all()}
            for row in person.screenings.prefetch_related("referrals__organisation")
        ],
        "arranged": ChildArrangement.objects.filter(person=person).first(),
        "is_alone": person.alone != AloneStatus.NO,
        "may_decide": request.viewer.may(Permission.DECIDE_PROTECTION),
    }
    return render(request, "returns/people/protection.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.DECIDE_PROTECTION)
def hold_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Stop every transfer to some countries; nothing chosen means every nationality of the person."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    form = HoldForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            holding.hold(
                person=person,
                reason=form.cleaned_data["reason"],
                against=form.countries,
                by=request.viewer.actor,
                at=at,
            )
            return written(request, person, _("The hold stands."), at=at, page=ROOM)
    return act_page(
        request,
        person,
        form,
        title=_("Set a hold"),
        lead=_("It stops every transfer to these countries at once. To partners the person is simply not travelling."),
        button=_("Set the hold"),
        danger=True,
        **_back(person),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.DECIDE_PROTECTION)
def hold_clear(request: SignedInRequest, public_id: uuid.UUID, hold_id: uuid.UUID) -> HttpResponse:
    """Clear a hold; whoever set it cannot, nor whoever registered the person where the passport's code set it."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    hold = get_object_or_404(ProtectionHold, person=person, public_id=hold_id)
    if hold.cleared_at is not None:
        messages.info(request, _("That hold was cleared already."))
        return redirect(ROOM, person.public_id)
    form = ClearHoldForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            protection.clear_hold(hold=hold, reason=form.cleaned_data["reason"], by=request.viewer.actor, at=at)
            return written(request, person, _("The hold is cleared."), at=at, page=ROOM)
    return act_page(
        request,
        person,
        form,
        title=_("Clear the hold against %(countries)s") % {"countries": _named(hold)},
        lead=_("A second person must clear it. Set by %(by)s: %(reason)s") % {"by": hold.set_by, "reason": hold.reason},
        button=_("Clear this hold"),
        **_back(person),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.DECIDE_PROTECTION)
def hold_question(request: SignedInRequest, public_id: uuid.UUID, hold_id: uuid.UUID) -> HttpResponse:
    """Does the hold concern others of the group? Whoever is named is held against the same countries."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    rows = HoldQuestion.objects.select_related("hold", "group")
    question = get_object_or_404(rows, person=person, hold__public_id=hold_id)
    if question.answered_at is not None:
        messages.info(request, _("That question was answered already."))
        return redirect(ROOM, person.public_id)
    within = question.group.people.living_records().exclude(pk=person.pk)
    form = HoldQuestionForm(request.POST or None, within=within, family=person.family_id)
    if form.is_bound and form.is_valid():
        with blaming(form):
            holding.spread(question=question, by=request.viewer.actor, at=at, **form.cleaned_data)
            return back_saying(request, person, _("The question is answered."), page=ROOM)
    return act_page(
        request,
        person,
        form,
        title=_("Does the hold concern others of group %(group)s?") % {"group": question.group.code},
        lead=_("Against %(countries)s. Ask first; nobody is held only because they travel together.")
        % {"countries": _named(question.hold)},
        button=_("Answer"),
        **_back(person),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.DECIDE_PROTECTION)
def child_arrange(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record best interests, escort and receiver of a child who is alone; recorded again, it is corrected."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    arranged = ChildArrangement.objects.filter(person=person).first()
    standing = {name: getattr(arranged, name) for name in ChildForm.base_fields} if arranged else {}
    form = ChildForm(request.POST or None, initial=standing)
    if form.is_bound and form.is_valid():
        with blaming(form):
            protection.arrange_child(person=person, by=request.viewer.actor, at=at, **form.cleaned_data)
            return written(request, person, _("It is recorded what is arranged for the child."), at=at, page=ROOM)
    return act_page(
        request,
        person,
        form,
        title=_("Arrange for a child who is alone"),
        lead=_("The child travels only when all of this is decided."),
        **_back(person),
    )


def _named(hold: ProtectionHold) -> str:
    return ", ".join(countries.name(code) for code in hold.against)


def _back(person: Migrant) -> dict[str, str]:
    return {"back": reverse(ROOM, args=[person.public_id])}
