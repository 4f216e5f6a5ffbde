"""What every page about a person shares: who may open it, the access row it leaves, and the way back to the person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from common import clock
from common.audit import record_views
from migrants.models import Migrant
from migrants.models.people import MigrantQuerySet
from partners.access import Viewer
from partners.doors import SignedInRequest
from returns import registering
from returns.people_lines import line_of
from returns.ways import zones_of


def scope_of(viewer: Viewer) -> MigrantQuerySet:
    """Whom a list, a search or a duplicate warning may name: exactly those whom the viewer may see."""
    return Migrant.objects.visible_to(viewer)


def visible_person(viewer: Viewer, public_id: uuid.UUID) -> Migrant:
    """Give a person in the viewer's scope; everybody else gets 404."""
    rows = scope_of(viewer).select_related("group__crossing", "family", "mission")
    return get_object_or_404(
        rows.prefetch_related("nationalities", "documents", "names", "group__crossing__sides"), public_id=public_id
    )


def zones_at(person: Migrant) -> list[str]:
    """Give the zones of the crossing at which the person waits, that of the waiting side first."""
    return zones_of(person.group) if person.group else ["UTC"]


def seen(request: SignedInRequest, public_ids: Iterable[uuid.UUID], *, at: datetime) -> None:
    """Write into the access log whom this page has shown."""
    page = request.resolver_match.view_name if request.resolver_match else request.path
    record_views(public_ids, page=page, by=request.viewer.actor, at=at)


def seen_by_number(request: SignedInRequest, people: Iterable[int], *, at: datetime) -> None:
    """The same for whom a page of oversight shows by number alone (keys)."""
    seen(request, Migrant.objects.filter(pk__in=set(people)).values_list("public_id", flat=True), at=at)


def back_saying(request: SignedInRequest, person: Migrant, words: str, *, page: str = "returns:person") -> HttpResponse:
    """Say what was done, and go back to the person, or to another page about the person."""
    messages.success(request, words)
    return redirect(page, person.public_id)


def written(
    request: SignedInRequest, person: Migrant, words: str, *, at: datetime, page: str = "returns:person"
) -> HttpResponse:
    """Judge the case anew for what was just recorded, then go back as `back_saying` does."""
    registering.facts_changed([person], at=at)
    return back_saying(request, person, words, page=page)


def act_page(request: SignedInRequest, person: Migrant, form: forms.Form, **words: Any) -> HttpResponse:
    """A page with one form about one person. Words: title, lead, button, `danger`, and `back` where it is not the person."""
    at = clock.now()
    seen(request, [person.public_id], at=at)
    context = {
        "person": person,
        "line": line_of(person, on=at.date()),
        "form": form,
        "button": _("Record"),
        **words,
    }
    return render(request, "returns/people/act.html", context, status=422 if form.is_bound else 200)
