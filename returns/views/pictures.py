"""Pictures of one person: a page that opens them, and addresses that last some minutes for the one who opened it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock, signed_views
from common.forms import blaming
from migrants import pictures
from migrants.models import Migrant, Picture
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.forms.pictures import PictureForm
from returns.people_lines import line_of
from returns.views.person_head import scope_of, seen, visible_person, zones_at
from returns.views.uploads import is_taken


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_PEOPLE)
def person_pictures(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the pictures of a person, and take another. Whoever opens the page is written into the access log."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    may_add = request.viewer.may(Permission.REGISTER_PEOPLE)
    if request.method == "GET":
        return _page(request, person, PictureForm() if may_add else None)
    if not may_add:
        raise Http404
    form = PictureForm(request.POST, request.FILES)
    if not is_taken(form, request):
        return _page(request, person, form, status=422)
    kind, upload = form.cleaned_data["kind"], form.cleaned_data["picture"]
    with blaming(form):
        pictures.keep(person=person, kind=kind, upload=upload, by=request.viewer.actor, at=at)
        messages.success(request, _("The picture is kept."))
        return redirect("returns:person_pictures", person.public_id)
    return _page(request, person, form, status=422)


def _page(request: SignedInRequest, person: Migrant, form: PictureForm | None, *, status: int = 200) -> HttpResponse:
    at = clock.now()
    seen(request, [person.public_id], at=at)
    account = request.viewer.user.public_id
    context = {
        "person": person,
        "line": line_of(person, on=at.date()),
        "form": form,
        "zones": zones_at(person),
        "minutes": signed_views.MINUTES,
        "shown": [
            {"row": row, "key": pictures.key_for(row.public_id, account=account)}
            for row in person.pictures.defer("content")
        ],
    }
    return render(request, "returns/people/pictures.html", context, status=status)


@require_GET
@door(Permission.SEE_PEOPLE)
def person_picture(request: SignedInRequest, public_id: uuid.UUID, picture_id: uuid.UUID) -> HttpResponse:
    """The picture itself, for whom its page has given a key (`?key=`), while the key lasts; 404 for everybody else."""
    if not pictures.opens(request.GET.get("key", ""), picture_id, account=request.viewer.user.public_id):
        raise Http404
    person = get_object_or_404(scope_of(request.viewer), public_id=public_id)
    picture = get_object_or_404(Picture, person=person, public_id=picture_id)
    seen(request, [person.public_id], at=clock.now())
    return HttpResponse(picture.content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})
