"""Documents and health tests of one person: each recorded on a page of its own, then the case is judged anew."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.forms import blame, blaming
from common.nudges import nudge
from migrants import documents, health
from migrants.enums import DocumentState
from migrants.models import TravelDocument
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import registering
from returns.forms.people_acts import DocumentStateForm, NewDocumentForm, TestForm
from returns.views.person_head import act_page, scope_of, visible_person, written, zones_at


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def document_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a document that the person has, or one that comes in the place of another (`?replaces=`)."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    standing = [row for row in person.documents.all() if row.state != DocumentState.REPLACED]
    initial = {"replaces": request.GET.get("replaces", ""), "document_state": DocumentState.HELD}
    form = NewDocumentForm(request.POST or None, documents=standing, initial=initial)
    document = form.document() if form.is_bound and form.is_valid() else None
    if document is not None:
        try:
            registering.add_document(
                person=person,
                document=document,
                replaces=form.replaced,
                within=scope_of(request.viewer),
                by=request.viewer.actor,
                at=at,
            )
        except documents.DocumentError as error:
            field = error.field if error.field == "replaces" else f"document_{error.field}"
            blame(form, documents.DocumentError(field, error.sentence))
        else:
            return written(request, person, _("The document is recorded."), at=at)
    return act_page(
        request,
        person,
        form,
        title=_("Record a document"),
        lead=_("The old one is never deleted: a new document takes its place and both stay on record."),
        button=_("Record the document"),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def document_state(request: SignedInRequest, public_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """Say where a document stands now: expired, lost, with the employer, applied for, held again."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    document = get_object_or_404(
        TravelDocument.objects.exclude(state=DocumentState.REPLACED), person=person, public_id=document_id
    )
    form = DocumentStateForm(request.POST or None, state=document.state)
    if form.is_bound and form.is_valid():
        with blaming(form):
            state = form.cleaned_data["state"]
            documents.change_state(document=document, state=state, by=request.viewer.actor, at=at)
            return written(request, person, _("It is recorded where the document stands."), at=at)
    return act_page(
        request,
        person,
        form,
        title=_("Where is the %(kind)s?") % {"kind": document.get_kind_display()},
        lead=_("Its number and last day stay as recorded."),
    )


@require_POST
@door(Permission.REGISTER_PEOPLE)
def document_none(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down that the person was asked and has no document."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    documents.record_none(person=person, by=request.viewer.actor, at=at)
    return written(request, person, _("It is recorded that the person was asked and has no document."), at=at)


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def test_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a health test; its clock starts when the sample was taken, on the clock of the side where they wait."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    form = TestForm(request.POST or None, zone=ZoneInfo(zones_at(person)[0]))
    if form.is_bound and form.is_valid():
        with blaming(form):
            health.record_test(person=person, by=request.viewer.actor, at=at, **form.cleaned_data)
            nudge("health-tests")
            return written(request, person, _("The test is recorded."), at=at)
    return act_page(
        request,
        person,
        form,
        title=_("Record a test"),
        lead=_("The result stays with IOM; others learn only until when a requirement is met."),
        button=_("Record the test"),
    )


test_new.__test__ = False  # type: ignore[attr-defined]  # a page, not something for pytest to collect
