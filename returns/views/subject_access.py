"""A person is given what is held about them: who saw it and who received it included."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common import clock
from common.audience import reaching_for
from common.forms import blaming
from common.limits import limited
from migrants.models import Migrant
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from returns.case_numbers import numbers_of
from returns.forms.subject_access import FindForm, SubjectAccessForm
from returns.subject_access.sections import report_of
from returns.subject_access.writing import export_report
from returns.views.file_answers import file_answer
from returns.views.person_head import scope_of, zones_at
from returns.views.retention import tabs


@require_http_methods(["GET", "POST"])
@door(Permission.KEEP_RETENTION)
def access_find(request: SignedInRequest) -> HttpResponse:
    """For oversight, who sees no cases: the person by number."""
    with reaching_for("subject access"):
        form = FindForm(request.POST or None)
        if form.is_bound and form.is_valid() and form.about is not None:
            return redirect("returns:person_access", form.about.public_id)
    context = {"form": form, "tabs": tabs("access_find")}
    return render(request, "returns/retention/find.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.GIVE_ACCESS)
@limited("export")
def person_access(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What would be in it, as figures; POST makes the file."""
    viewer = request.viewer
    with reaching_for("subject access"):
        person = _person(viewer, public_id)
        with_protection = viewer.may(Permission.SEE_PROTECTION)
        form = SubjectAccessForm(request.POST or None, initial={"language": _language(person)})
        if form.is_bound and form.is_valid():
            with blaming(form):
                made = export_report(
                    person=person,
                    with_protection=with_protection,
                    zone=zones_at(person)[0],
                    by=viewer.actor,
                    at=clock.now(),
                    **form.cleaned_data,
                )
                return file_answer(made, name=f"{made.export.number}.{form.cleaned_data['kind']}")
        sections = report_of(person, with_protection=with_protection)
        number = numbers_of([person.pk])[person.pk]
    context = {
        "person": person,
        "number": number,
        "knows_name": viewer.may(Permission.SEE_PEOPLE),
        "sections": [(section.title, len(section.rows)) for section in sections],
        "with_protection": with_protection,
        "form": form,
    }
    return render(request, "returns/people/access.html", context, status=422 if form.is_bound else 200)


def _person(viewer: Viewer, public_id: UUID) -> Migrant:
    """Somebody in the viewer's scope; for oversight, which has none, anybody by reference."""
    oversees = viewer.may(Permission.KEEP_RETENTION)
    rows = Migrant.objects.living_records() if oversees else scope_of(viewer)
    return get_object_or_404(
        rows.select_related("group__crossing", "family").prefetch_related("group__crossing__sides"), public_id=public_id
    )


def _language(person: Migrant) -> str:
    return person.language if person.language in dict(settings.LANGUAGES) else "en"
