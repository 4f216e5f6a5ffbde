"""Travel documents: the mission asks an embassy for them, the embassy says how far each is."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.forms import blaming
from migrants.models import TravelGroup
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import document_requests
from returns.forms.document_requests import DocumentAnswerForm, DocumentLetterForm
from returns.models import DocumentRequest, DocumentStep
from returns.people_lines import document_words
from returns.views.group_head import head_of, visible_group
from returns.views.person_head import seen
from returns.ways import zones_of

MOST = 500


@require_http_methods(["GET", "POST"])
@door(Permission.RECORD_CONSENT)
def group_documents(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What was asked of embassies for a group and how far it is; POST asks one for everybody who lacks a document."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    form = DocumentLetterForm(request.POST or None, zone=ZoneInfo(zones_of(group)[0]))
    if form.is_bound and form.is_valid() and _asked(request, form, group):
        return redirect("returns:group_documents", group.public_id)
    rows = DocumentRequest.objects.filter(person__group=group).select_related("person", "document", "recipient")
    lines = _lines(list(rows.order_by("-asked_at", "person__sort_key", "pk")[:MOST]), request)
    seen(request, [line["request"].person.public_id for line in lines], at=at)
    context = {"form": form, "lines": lines, **head_of(group, viewer=request.viewer, at=at, tab="people")}
    return render(request, "returns/documents/group.html", context, status=422 if form.errors else 200)


def _asked(request: SignedInRequest, form: DocumentLetterForm, group: TravelGroup) -> bool:
    with blaming(form):
        rows = document_requests.ask(group=group, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
        said = ngettext("Asked for %(n)d document.", "Asked for %(n)d documents.", len(rows)) % {"n": len(rows)}
        messages.success(request, said)
        return True
    return False


@require_GET
@door(Permission.SEE_INCOMING)
def document_list(request: SignedInRequest) -> HttpResponse:
    """What the viewer's embassy is asked for, of its nationals who are shown to it with documents."""
    at = clock.now()
    rows = document_requests.of_embassies(request.viewer.organisations, at=at)
    lines = _lines(list(rows[:MOST]), request)
    seen(request, [line["request"].person.public_id for line in lines], at=at)
    context = {"lines": lines, "zones": request.viewer.zones, "late_at": at}
    return render(request, "returns/documents/list.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_INCOMING)
def document_request(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One document that is asked for; POST says how far it is."""
    at = clock.now()
    rows = document_requests.of_embassies(request.viewer.organisations, at=at)
    asked = get_object_or_404(rows, public_id=public_id)
    form = DocumentAnswerForm(request.POST or None, initial={"name": request.viewer.user.printed_name})
    if form.is_bound and form.is_valid() and _answered(request, form, asked):
        return redirect("returns:document_request", asked.public_id)
    seen(request, [asked.person.public_id], at=at)
    context = {
        "line": _lines([asked], request)[0],
        "steps": asked.steps.all(),
        "form": form,
        "zones": request.viewer.zones,
    }
    return render(request, "returns/documents/request.html", context, status=422 if form.errors else 200)


def _answered(request: SignedInRequest, form: DocumentAnswerForm, asked: DocumentRequest) -> bool:
    with blaming(form):
        document_requests.answer(request=asked, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
        messages.success(request, _("Written down."))
        return True
    return False


def _lines(rows: list[DocumentRequest], request: SignedInRequest) -> list[dict[str, Any]]:
    """Each request with its last step and the document in words; one query."""
    last = {step.request_id: step for step in DocumentStep.objects.filter(request__in=rows).order_by("said_at", "pk")}
    on = clock.now().date()
    lines = []
    for row in rows:
        words, tone = document_words([row.document], on)
        is_open = row.document.state in document_requests.UNDER_WAY
        lines.append({"request": row, "words": words, "tone": tone, "step": last.get(row.pk), "is_open": is_open})
    return lines
