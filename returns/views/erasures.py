"""Erasures on request: the data protection officer asks, somebody of the casework confirms; and the proofs of all."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.audience import reaching_for
from common.forms import blaming
from migrants import erasure
from migrants.models import Erasure, ErasureRequest, Migrant
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from returns.case_numbers import numbers_of
from returns.forms.retention import AskForm, RefuseForm
from returns.views.person_head import seen_by_number
from returns.views.retention import tabs

MOST = 100


@require_http_methods(["GET", "POST"])
@door(Permission.KEEP_RETENTION, Permission.ANSWER_ERASURES)
def erasure_list(request: SignedInRequest) -> HttpResponse:
    """What is asked for, and for oversight every proof; POST of the data protection officer asks for another."""
    may_ask = request.viewer.may(Permission.KEEP_RETENTION)
    form = AskForm(request.POST or None) if may_ask else None
    with reaching_for("erasure"):
        if form is not None and form.is_bound and form.is_valid() and isinstance(form.about, Migrant):
            with blaming(form):
                asked = erasure.ask(
                    person=form.about, why=form.cleaned_data["why"], by=request.viewer.actor, at=clock.now()
                )
                messages.success(request, _("It is asked for. A coordinator or a protection officer must confirm it."))
                return redirect("returns:erasure", asked.public_id)
        requests = list(_visible_to(request.viewer).order_by("-answered_at", "-asked_at")[:MOST])
        numbers = numbers_of([row.person_id for row in requests])
        seen_by_number(request, numbers, at=clock.now())
        proofs = list(Erasure.objects.select_related("person")[:MOST]) if may_ask else []
    context = {
        "lines": [(row, numbers.get(row.person_id, "")) for row in requests],
        "proofs": proofs,
        "form": form,
        "tabs": tabs("erasures") if may_ask else [],
        "zones": [request.viewer.user.time_zone],
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "returns/retention/erasures.html", context, status=status)


@require_http_methods(["GET", "POST"])
@door(Permission.KEEP_RETENTION, Permission.ANSWER_ERASURES)
def erasure_request(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One request; POST of a second person confirms it, or with a reason refuses it."""
    rows = _visible_to(request.viewer)
    row = get_object_or_404(rows, public_id=public_id)  # without the person, whom oversight does not reach
    may_answer = request.viewer.may(Permission.ANSWER_ERASURES) and row.answered_at is None
    form = RefuseForm()
    if request.method == "POST" and may_answer:
        form = RefuseForm(request.POST)
        with blaming(form):
            said = _answered(request, row, form)
            messages.success(request, said)
            return redirect("returns:erasures")
    with reaching_for("erasure"):
        number = numbers_of([row.person_id]).get(row.person_id, "")
        seen_by_number(request, [row.person_id], at=clock.now())
        proofs = list(Erasure.objects.filter(person=row.person_id))
    context = {
        "row": row,
        "number": number,
        "proofs": proofs,
        "form": form,
        "may_answer": may_answer,
        "zones": [request.viewer.user.time_zone],
    }
    return render(request, "returns/retention/erasure.html", context, status=422 if form.is_bound else 200)


def _visible_to(viewer: Viewer) -> QuerySet[ErasureRequest]:
    """What is asked for: oversight sees all of it, whoever answers only what is about people of their own scope."""
    if viewer.may(Permission.KEEP_RETENTION):
        return ErasureRequest.objects.all()
    return ErasureRequest.objects.filter(person__in=Migrant.objects.visible_to(viewer))


def _answered(request: SignedInRequest, row: ErasureRequest, form: RefuseForm) -> str:
    """Do what was pressed; give the words for it. Raises ErasureError."""
    by, at = request.viewer.actor, clock.now()
    if request.POST.get("do") == "confirm":
        erasure.confirm(request=row, by=by, at=at)
        return _("The person is erased. The figures and the proof stay.")
    erasure.refuse(request=row, answer=request.POST.get("answer", "")[:300], by=by, at=at)
    return _("It is refused; the reason is kept.")
