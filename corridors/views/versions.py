"""Versions of a corridor: written, laid before the parties, suspended and resumed."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from django.contrib import messages as flash
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.forms import blame, blaming
from common.wall_time import WallTimeError, instant_of
from corridors import approvals, transit
from corridors.carrying import judged
from corridors.forms import AskForm, ReasonForm
from corridors.forms.versions import MOST_ROWS, VersionForm, as_typed_in, hours_typed, legs_typed, waivers_typed
from corridors.legs import crossings_between, legs_of, with_wording
from corridors.models import Approval, BorderCrossing, CorridorVersion, TransitCorridor
from corridors.parties import authorities, suggested
from corridors.request_letters import LetterBeforehand, letters_beforehand
from corridors.terms import window_of_terms, wording_alone
from corridors.usual import WORDED, template_of
from corridors.views.corridors import corridor_named
from corridors.windows import window_of, zones_meant, zones_of
from partners.access import Permission
from partners.directory import unreachable
from partners.doors import SignedInRequest, door
from partners.models import Organisation


@require_http_methods(["GET", "POST"])
@door(Permission.ARRANGE_CORRIDORS)
def version_new(request: SignedInRequest, code: str) -> HttpResponse:
    """Writes the next version; the form begins with what the last one said, the first with what is usual there."""
    way = corridor_named(code)
    last = way.versions.select_related("requested_by").order_by("-number").first()
    like = request.GET.get("like", "")
    form = _form(request, way, initial=_initial(last, way, like=like))
    if form.is_valid():
        with blaming(form):
            made = transit.make_version(corridor=way, **form.said(), by=request.viewer.actor, at=clock.now())
            flash.success(
                request, _("Version %(number)d is written down. Nobody has been asked yet.") % {"number": made.number}
            )
            return redirect("corridors:corridor", way.code)
    context = {"corridor": way, "form": form, "last": last, "number": last.number + 1 if last else 1}
    context["usual"] = last is None and "head_count_cap" in form.initial
    return render(request, "corridors/version.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.ARRANGE_CORRIDORS)
def version_edit(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """Rewrites a draft; what lies before its parties is not rewritten."""
    version = _version(code, number)
    way = version.corridor
    if request.method == "GET" and version.approvals.exists():
        flash.info(request, _("What lies before its parties stays as it is. Write the next version instead."))
        return redirect("corridors:corridor", way.code)
    form = _form(request, way, initial=_initial(version, way))
    if form.is_valid():
        wording = transit.Wording(**form.said())
        with blaming(form):
            transit.rewrite_draft(version=version, wording=wording, by=request.viewer.actor, at=clock.now())
            flash.success(request, _("The draft is rewritten. Nobody has been asked yet."))
            return redirect("corridors:corridor", way.code)
    context = {"corridor": way, "form": form, "draft": version, "number": version.number}
    return render(request, "corridors/version.html", context, status=422 if form.errors else 200)


def _form(request: SignedInRequest, way: TransitCorridor, *, initial: dict[str, Any]) -> VersionForm:
    """The form of a version on this way; of one through several countries with a leg for each.

    Where somebody asks for more rows it is what was typed so far, with the rows, and nothing is stored or refused yet.
    """
    between: list[list[BorderCrossing]] = []
    if way.is_chain:
        land = list(BorderCrossing.objects.filter(is_airport=False).prefetch_related("sides"))
        between = [crossings_between(one, other, land) for one, other in pairwise(way.through)]
    about: dict[str, Any] = {"zones": zones_of(way), "way": way, "between": between}
    form = VersionForm(request.POST or None, **about, initial=initial)
    more = request.POST.get("more", "")
    return VersionForm(None, **about, initial=form.with_more(more)) if more in MOST_ROWS else form


def _version(code: str, number: int) -> CorridorVersion:
    rows = CorridorVersion.objects.select_related("corridor__entry", "corridor__exit", "requested_by")
    rows = with_wording(rows).prefetch_related("corridor__entry__sides", "corridor__exit__sides")
    return get_object_or_404(rows, corridor__code=code, number=number)


def _initial(version: CorridorVersion | None, way: TransitCorridor, *, like: str = "") -> dict[str, Any]:
    """What the form shows at first; the entered side's clock where nothing was agreed yet."""
    entered = way.entry.way(way.from_country, way.transit_country)[-1].zone
    if version is None:
        usual = template_of(way, like=like)
        return {"zone": entered, **(as_typed_in(usual) if usual else {})}
    window = window_of(version)
    return {
        "requested_by": version.requested_by,
        "document_reference": version.document_reference,
        "opens_local": window.opens_local if window else None,
        "closes_local": window.closes_local if window else None,
        "zone": version.zone or entered,
        **legs_typed(legs_of(version)),
        **hours_typed(window.hours if window else ()),
        **waivers_typed(version.waivers.select_related("requirement", "authority"), version.zone or entered),
        **as_typed_in({name: getattr(version, name) for name in WORDED}),
    }


@require_http_methods(["GET", "POST"])
@door(Permission.ARRANGE_CORRIDORS)
def version_ask(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """Lays a version before its parties: those that are usual here, or were asked last, are chosen already."""
    version = _version(code, number)
    zone = version.zone or zones_of(version.corridor)[-1]
    asked = set(version.approvals.values_list("organisation", flat=True))
    offered = authorities(version).exclude(pk__in=asked)
    form = AskForm(
        request.POST or None,
        parties=offered,
        zone=zone,
        is_first=not asked,
        initial={"parties": [] if asked else suggested(version), "answer_by": _latest_use(version, at=clock.now())},
    )
    asks = request.method == "POST" and "look" not in request.POST
    if asks and form.is_valid() and (told := _asked(request, form, version)):
        flash.success(request, _asked_words(told))
        return redirect("corridors:corridor", code)
    zones = zones_meant(version)
    context = {
        "corridor": version.corridor,
        "version": version,
        "form": form,
        "zones": zones,
        "window": window_of_terms(wording_alone(version), zones),
        "judged": sorted(
            judged(version, by=request.viewer.actor, at=clock.now()).values(), key=lambda found: not found.holds
        ),
        "out_of_reach": unreachable(Organisation.objects.filter(pk__in=offered.values("pk"))),
        "letters": _letters(request, form, version),
    }
    return render(request, "corridors/ask.html", context, status=422 if form.errors else 200)


def _letters(request: SignedInRequest, form: AskForm, version: CorridorVersion) -> list[LetterBeforehand]:
    """What the parties will read, with the hour that stands in the form."""
    hour = form.cleaned_data.get("answer_by") if form.is_bound and form.is_valid() else form.initial.get("answer_by")
    if hour is None:
        return []
    try:
        answer_by = instant_of(hour, form.zone)
    except WallTimeError as error:
        form.add_error("answer_by", str(error))
        return []
    return letters_beforehand(version, answer_by=answer_by, by=request.viewer.actor, at=clock.now())


def _latest_use(version: CorridorVersion, *, at: datetime) -> datetime | None:
    """The hour at which the window opens, or closes where it is open already: later an answer helps nobody."""
    window = window_of(version)
    if window is None or version.opens_at is None:
        return None
    return window.opens_local if version.opens_at > at else window.closes_local


def _asked_words(told: list[Approval]) -> str:
    """How many are asked, and how many decisions hold."""
    held = sum(row.carried_from_id is not None for row in told)
    asked = len(told) - held
    said = []
    if asked:
        said.append(ngettext("%(n)d party is asked.", "%(n)d parties are asked.", asked) % {"n": asked})
    if held:
        words = ngettext("%(n)d decision holds as it is.", "%(n)d decisions hold as they are.", held)
        said.append(words % {"n": held})
    return " ".join(said)


def _asked(request: SignedInRequest, form: AskForm, version: CorridorVersion) -> list[Approval]:
    """The rows of all who were told; none where the form says why not."""
    try:
        answer_by: datetime = instant_of(form.cleaned_data["answer_by"], form.zone)
        with transaction.atomic():
            return approvals.ask_parties(
                version=version,
                parties=list(form.cleaned_data["parties"]),
                answer_by=answer_by,
                needed=form.cleaned_data.get("needed"),
                musts=[party.code for party in form.cleaned_data.get("musts", ())],
                by=request.viewer.actor,
                at=clock.now(),
            )
    except WallTimeError as error:
        form.add_error("answer_by", str(error))
    except approvals.ApprovalError as error:
        blame(form, error)
    return []


@require_POST
@door(Permission.ARRANGE_CORRIDORS)
def version_suspend(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """Stops the version at once."""
    return _stop_or_go(request, _version(code, number), approvals.suspend, _("The corridor is suspended."))


@require_POST
@door(Permission.ARRANGE_CORRIDORS)
def version_resume(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """Lets the version be used again."""
    return _stop_or_go(request, _version(code, number), approvals.resume, _("The corridor may be used again."))


def _stop_or_go(request: SignedInRequest, version: CorridorVersion, act: Any, done: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        with transaction.atomic():
            act(version=version, reason=reason, by=request.viewer.actor, at=clock.now())
    except approvals.ApprovalError as error:
        flash.error(request, error.sentence)
    else:
        flash.success(request, done)
    return redirect("corridors:corridor", version.corridor.code)
