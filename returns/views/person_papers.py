"""The papers of a person: an application for a travel document, who sees the person, and another slip."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blaming
from common.limits import limited
from migrants.exports import CONDITION
from migrants.models import Migrant
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.models import Organisation
from returns.enums import PersonPaper
from returns.forms.papers import PersonPaperForm
from returns.people_lines import line_of
from returns.person_papers import WantedOfPerson, consulates_of, print_of_person
from returns.views.file_answers import file_answer
from returns.views.person_head import seen, visible_person, zones_at


@require_http_methods(["GET", "POST"])
@door(Permission.RECORD_CONSENT)
@limited("export")
def person_papers(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """GET asks what is wanted, POST gives the PDF; a consulate is offered only where the person is shown to it."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    recipients = consulates_of(person, at=at)
    form = PersonPaperForm(request.POST or None, recipients=recipients, initial={"kind": request.GET.get("kind", "")})
    if form.is_bound and form.is_valid():
        with blaming(form):
            return _file(request, person, **form.cleaned_data)
    seen(request, [person.public_id], at=at)
    context = {"person": person, "line": line_of(person, on=at.date()), "form": form, "condition": CONDITION}
    return render(request, "returns/papers/person.html", context, status=422 if form.is_bound else 200)


def _file(
    request: SignedInRequest,
    person: Migrant,
    *,
    kind: str,
    recipient: str,
    language: str,
    purpose: str,
    with_name: bool,
) -> HttpResponse:
    to = get_object_or_404(Organisation, code=recipient) if recipient else None
    wanted = WantedOfPerson(PersonPaper(kind), to, language, purpose, with_name)
    zone = zones_at(person)[0]
    made, name = print_of_person(person=person, wanted=wanted, zone=zone, by=request.viewer.actor, at=clock.now())
    return file_answer(made, name=name)
