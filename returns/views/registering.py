"""Register one person: by form or from the lines of a passport, with likely duplicates shown before anything is stored."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock, countries
from common.forms import blame
from migrants import mrz
from migrants.ages import age_words, may_be_child
from migrants.entries import PersonEntry
from migrants.models import Migrant, TravelGroup
from migrants.passports import entry_of_passport
from migrants.registration import Match, RegistrationError
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import pair_sides, registering
from returns.forms.registering import PassportForm, PersonForm, values_of_entry
from returns.people_lines import line_of
from returns.views.counts import mission_of
from returns.views.group_head import visible_group
from returns.views.person_head import scope_of, seen
from returns.views.uploads import is_taken

ANOTHER, UNSURE = "another", "unsure"


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def person_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Register one person. Whom it may be is asked first: `decision` is another, or unsure and to be decided later.

    The decision counts for the people that the page has shown (`seen`); somebody registered meanwhile is asked about.
    `?after=` is the person registered before, of whose family the next one may be.
    """
    at, group = clock.now(), visible_group(request.viewer, public_id)
    asked: dict[str, Any] = {"near": _country_of(group), "account": request.viewer.user.public_id}
    if request.method == "GET":
        before = _registered_before(request, group)
        return _page(request, group, PersonForm(today=at.date(), initial=_as_before(before), **asked), before=before)
    form = PersonForm(request.POST, request.FILES, today=at.date(), **asked)
    if not is_taken(form, request):
        return _page(request, group, form, status=422)
    met = registering.whom_it_may_be(form.entry(), within=scope_of(request.viewer))
    likely = {str(candidate.person.public_id) for candidate in met.candidates}
    decision = request.POST.get("decision", "")
    is_decided = decision in (ANOTHER, UNSURE) and likely <= set(request.POST.getlist("seen"))
    if likely and not is_decided:
        return _page(request, group, form, status=409, met=met, entered=form.entry())
    return _register(request, group, form, met if decision == ANOTHER else Match())


def _register(request: SignedInRequest, group: TravelGroup, form: PersonForm, apart: Match) -> HttpResponse:
    at, viewer = clock.now(), request.viewer
    try:
        person = registering.register_with_case(
            group=group,
            mission=mission_of(viewer),
            entry=form.entry(),
            photograph=form.cleaned_data["photograph"],
            within=scope_of(viewer),
            apart_from=[candidate.person for candidate in apart.candidates],
            by=viewer.actor,
            at=at,
        )
    except RegistrationError as error:
        blame(form, error)
        return _page(request, group, form, status=422)
    messages.success(request, _said_of(person, at))
    if request.POST.get("decision") == UNSURE:
        messages.info(request, _("The two records wait among the duplicates, for somebody to decide."))
    if "next" in request.POST:
        address = reverse("returns:person_new", args=[group.public_id])
        return redirect(f"{address}?{urlencode({'after': person.public_id})}")
    return redirect("returns:person", person.public_id)


@require_POST
@door(Permission.REGISTER_PEOPLE)
def person_from_passport(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Read the machine readable lines and show them as the filled-in form with who it may be; nothing is stored yet."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    before = _registered_before(request, group)
    asked: dict[str, Any] = {"near": _country_of(group), "account": request.viewer.user.public_id}
    form = PassportForm(request.POST)
    read = mrz.parse(form.cleaned_data["lines"], today=at.date()) if form.is_valid() else None
    for problem in read.problems if read else ():
        form.add_error("lines", problem.sentence)
    if read is None or read.problems:
        empty = PersonForm(today=at.date(), initial=_as_before(before), **asked)
        return _page(request, group, empty, status=422, passport=form, before=before)
    entry = entry_of_passport(read)
    said = {name: value for name, value in values_of_entry(entry).items() if value not in (None, "")}
    filled = PersonForm(today=at.date(), initial=_as_before(before) | said, **asked)
    met = registering.whom_it_may_be(entry, within=scope_of(request.viewer))
    remarks = [remark.sentence for remark in read.remarks]
    return _page(request, group, filled, met=met, entered=entry, is_read=True, remarks=remarks, before=before)


def _said_of(person: Migrant, at: Any) -> str:
    """Tell the number under which somebody is registered and, of whoever may be a child, that they count as one."""
    birth = (person.birth_year, person.birth_month, person.birth_day)
    words = {"name": person.full_name, "number": person.number, "age": age_words(birth, on=at.date())}
    if words["age"] and may_be_child(birth, on=at.date()):
        return _("%(name)s is registered under number %(number)s: %(age)s years, treated as a child.") % words
    return _("%(name)s is registered under number %(number)s.") % words


def _country_of(group: TravelGroup) -> str:
    """The country (alpha-2) where the group waits: of its networks is a number that is said without a country."""
    return countries.alpha3_to_alpha2().get(group.from_country, "")


def _registered_before(request: SignedInRequest, group: TravelGroup) -> Migrant | None:
    """The person of this group whom the officer has registered just before, if the page was reached that way."""
    try:
        public_id = uuid.UUID(request.GET.get("after", ""))
    except ValueError:
        return None
    rows = scope_of(request.viewer).filter(public_id=public_id, group=group).select_related("family")
    return rows.prefetch_related("nationalities").first()


def _as_before(before: Migrant | None) -> dict[str, Any]:
    """What stays selected for the next person: family, nationality and language."""
    if before is None:
        return {}
    codes = [row.code for row in before.nationalities.all()]
    family = before.family.code if before.family else ""
    return {"family_code": family, "nationality": codes[0] if len(codes) == 1 else "", "language": before.language}


def _page(
    request: SignedInRequest,
    group: TravelGroup,
    form: PersonForm,
    *,
    status: int = 200,
    met: Match | None = None,
    entered: PersonEntry | None = None,
    before: Migrant | None = None,
    **more: Any,
) -> HttpResponse:
    at = clock.now()
    candidates = met.candidates if met else ()
    shown = [candidate.person.public_id for candidate in candidates]
    seen(request, [*shown, *([before.public_id] if before else [])], at=at)
    passport = more.pop("passport", None) or PassportForm()
    if passport.is_bound or not (form.is_bound or more.get("is_read")):
        passport.begin()
    else:
        form.begin_at("family_code" if more.get("is_read") and not candidates else "")
    sides = pair_sides.sides_of([candidate.person.pk for candidate in candidates], at=at) if candidates else {}
    context = {
        "group": group,
        "form": form,
        "passport": passport,
        "before": before,
        "candidates": [
            {
                "line": line_of(candidate.person, on=at.date()),
                "group": candidate.person.group,
                "score": round(candidate.score.value * 100),
                "reasons": candidate.score.reasons,
                "rows": pair_sides.beside(entered, sides[candidate.person.pk]) if entered else [],
            }
            for candidate in candidates
        ],
    }
    return render(request, "returns/people/new.html", context | more, status=status)
