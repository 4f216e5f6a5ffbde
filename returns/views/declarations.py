"""The declaration of voluntary return: its text in large letters to read out, who read it, and its paper to sign."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.forms import blaming
from common.limits import limited
from common.wall_time import as_shown
from migrants import declaration_text, declarations
from migrants.models import Migrant
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import declaration_papers
from returns.forms.declarations import LanguageForm, ReadOutForm
from returns.people_lines import line_of
from returns.views.file_answers import file_answer
from returns.views.person_head import seen, visible_person, zones_at

NAMES = dict(settings.LANGUAGES)


@require_http_methods(["GET", "POST"])
@door(Permission.RECORD_CONSENT)
def person_declaration(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The text in one language, large enough to be read out from a phone; POST writes down who read it and when."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    language, zone = _language(request, person), ZoneInfo(zones_at(person)[0])
    initial = {"reader": request.viewer.user.printed_name, "read_out_at": as_shown(at, zone)}
    form = ReadOutForm(request.POST or None, zone=zone, initial=initial)
    if form.is_bound and form.is_valid():
        with blaming(form):
            declarations.read_out(person=person, language=language, by=request.viewer.actor, at=at, **form.cleaned_data)
            messages.success(request, _("It is written down that the declaration was read out and understood."))
            return redirect(f"{reverse('returns:person_declaration', args=[person.public_id])}?language={language}")
    seen(request, [person.public_id], at=at)
    with override(language):
        text = {
            "title": declaration_text.title(),
            "paragraphs": declaration_text.paragraphs(declarations.shown_of(person, at=at)),
        }
    context = {
        "person": person,
        "line": line_of(person, on=at.date()),
        "zones": zones_at(person),
        "text": text,
        "language": language,
        "languages": [(code, NAMES[code]) for code in declarations.LANGUAGES],
        "is_own": person.language == language,
        "declaration": declarations.open_of(person, language=language),
        "signed": person.declarations.filter(signatures__isnull=False).first(),
        "form": form,
    }
    return render(request, "returns/people/declaration.html", context, status=422 if form.errors else 200)


@require_POST
@door(Permission.RECORD_CONSENT)
@limited("export")
def person_declaration_paper(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give the paper out in one language."""
    person = visible_person(request.viewer, public_id)
    made = declaration_papers.print_declaration(
        person=person, language=_language(request, person), by=request.viewer.actor, at=clock.now()
    )
    return file_answer(made, name=f"declaration-{made.export.number}.pdf")


def _language(request: HttpRequest, person: Migrant) -> str:
    """The language asked for in the address, else that of the person where the text is kept in it, else Russian."""
    if "language" not in request.GET:
        return person.language if person.language in declarations.LANGUAGES else "ru"
    form = LanguageForm(request.GET)
    if not form.is_valid():
        raise Http404
    language: str = form.cleaned_data["language"]
    return language
