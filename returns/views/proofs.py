"""What is shown at a barrier beside documents and tests: recorded for one person, some of a group, or all of it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.forms import blaming
from migrants.models import Proof
from migrants.proofs import ProofError
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import proving
from returns.forms.proofs import GroupProofForm, ProofForm
from returns.proof_lines import lines_of
from returns.views.group_head import head_of, visible_group
from returns.views.person_head import act_page, visible_person


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def proof_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a permit, a vaccination, a letter, a payment or a booking of one person."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    form = ProofForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            proving.prove(people=[person], proof=form.proof(), by=request.viewer.actor, at=at)
            messages.success(request, _("It is recorded."))
            return redirect("returns:person", person.public_id)
    return act_page(
        request,
        person,
        form,
        title=_("Record what can be shown"),
        lead=_("What others see is whether a requirement is met, and until when."),
        button=_("Record it"),
    )


@require_POST
@door(Permission.REGISTER_PEOPLE)
def proof_withdraw(request: SignedInRequest, public_id: uuid.UUID, proof_id: uuid.UUID) -> HttpResponse:
    """Say that something of one person counts no longer, and why."""
    person = visible_person(request.viewer, public_id)
    _withdraw(request, get_object_or_404(Proof, person=person, public_id=proof_id))
    return redirect("returns:person", person.public_id)


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def group_proofs(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the whole group can show; record something for all of it or for some of its people."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    form = GroupProofForm(request.POST or None, within=group.people.living_records())
    if form.is_bound and form.is_valid():
        people = form.cleaned_data["numbers"]
        with blaming(form):
            if people is None:
                proving.prove_for_group(group=group, proof=form.proof(), by=request.viewer.actor, at=at)
            else:
                proving.prove(people=people, proof=form.proof(), by=request.viewer.actor, at=at)
            n = len(people or ())
            told = ngettext("It is recorded for %(n)d person.", "It is recorded for %(n)d people.", n) % {"n": n}
            messages.success(request, told if people else _("It is recorded for the whole group."))
            return redirect("returns:group_proofs", group.public_id)
    context = {"form": form, "proofs": lines_of(group.proofs.all())}
    context |= head_of(group, viewer=request.viewer, at=at, tab="readiness")
    return render(request, "returns/groups/proofs.html", context, status=422 if form.is_bound else 200)


@require_POST
@door(Permission.REGISTER_PEOPLE)
def group_proof_withdraw(request: SignedInRequest, public_id: uuid.UUID, proof_id: uuid.UUID) -> HttpResponse:
    """Say that something of a whole group counts no longer, and why."""
    group = visible_group(request.viewer, public_id)
    _withdraw(request, get_object_or_404(Proof, group=group, public_id=proof_id))
    return redirect("returns:group_proofs", group.public_id)


def _withdraw(request: SignedInRequest, proof: Proof) -> None:
    try:
        proving.withdraw(proof=proof, why=request.POST.get("why", ""), by=request.viewer.actor, at=clock.now())
    except ProofError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("It counts no longer; the reason is kept."))
