"""What lies closed on the page of a person, opened part by part; who opened what is written into the access log."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common import clock
from common.audit import record_views
from migrants.models import Migrant
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.views.person_head import visible_person

PARTS = ("contacts", "numbers", "note")


@require_GET
@door(Permission.SEE_PEOPLE)
def person_open(request: SignedInRequest, public_id: uuid.UUID, part: str) -> HttpResponse:
    """Show phones and next of kin, the numbers of documents, or the note. In the page of the person where htmx asks for it,
    on a page of its own without; the access log says which part it was.
    """
    if part not in PARTS:
        raise Http404
    at, person = clock.now(), visible_person(request.viewer, public_id)
    record_views([person.public_id], page=f"returns:person_open {part}", by=request.viewer.actor, at=at)
    is_part = request.headers.get("HX-Request") == "true"
    context = {
        "person": person,
        "part": part,
        "base": "returns/people/opened_part.html" if is_part else "returns/people/opened.html",
    }
    return render(request, f"returns/people/open_{part}.html", context)


def closed_of(person: Migrant) -> dict[str, bool]:
    """Which parts of a person hold anything, so that the page offers no empty one; nothing of them is unsealed."""
    held = person.__dict__
    return {
        "contacts": held.get("phone") is not None or person.phones.exists() or person.kin.exists(),
        "numbers": any(document.__dict__.get("number") is not None for document in person.documents.all()),
        "note": held.get("note") is not None,
        "pictures": person.pictures.exists(),
    }
