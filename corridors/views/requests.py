"""Requests to decide: a party's own, and a decision that a colleague writes down on behalf of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages as flash
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.actors import Actor
from common.forms import blaming
from corridors.approvals import decide
from corridors.decision_scans import link_letters, opens_scan
from corridors.enums import ApprovalState, PartyWordKind
from corridors.forms import DecisionForm, OnBehalfForm, WordForm, WordOnBehalfForm
from corridors.legs import with_wording
from corridors.models import Approval, DecisionScan
from corridors.party_words import say
from corridors.requests import own_requests, waiting_requests, words_left
from corridors.tracker import tracked
from notifications.calls import on_behalf, phone_numbers
from notifications.enums import AnsweredBy
from partners.access import Permission
from partners.doors import SignedInRequest, door

PAGE = 30


@require_GET
@door(Permission.DECIDE_REQUESTS)
def own_list(request: SignedInRequest) -> HttpResponse:
    """Requests to one's own organisations, newest first; those that wait for a decision unless `?show=all`."""
    at = clock.now()
    show_all = request.GET.get("show") == "all"
    rows = own_requests(request.viewer) if show_all else waiting_requests(request.viewer, at=at)
    if (before := request.GET.get("before", "")).isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    more = f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    versions = {row.version.pk: row for row in tracked([request.version for request in found[:PAGE]], at=at)}
    page = {
        "lines": [{"request": row, "tracked": versions[row.version_id]} for row in found[:PAGE]],
        "tabs": [
            {"label": _("Waiting for your decision"), "url": "?", "current": not show_all},
            {"label": _("All requests"), "url": "?show=all", "current": show_all},
        ],
        "show_all": show_all,
        "next_url": f"{more}&show=all" if more and show_all else more,
    }
    return render(request, "corridors/requests.html", page)


@require_http_methods(["GET", "POST"])
@door(Permission.DECIDE_REQUESTS)
def own_request(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One request with its wording; POST decides for one's own organisation, and later suspends or withdraws."""
    asked = get_object_or_404(own_requests(request.viewer), public_id=public_id)
    left, initial = words_left(asked, at=clock.now()), {"name": request.viewer.user.printed_name}
    form: DecisionForm | WordForm = DecisionForm(request.POST or None, initial=initial, zone=asked.version.zone)
    if _speaks(request, left):
        form = WordForm(request.POST or None, words=left or PartyWordKind.values, initial=initial)
    actor = Actor(
        request.viewer.actor.kind,
        request.viewer.actor.ref,
        request.viewer.actor.printed_name,
        organisation_ref=asked.organisation.code,
    )
    if request.method == "POST" and form.is_valid() and _decided(form, asked, by=actor):
        words = _("Your words are written down, and the coordinator has them.")
        decided = _("Your decision is written down, and the coordinator has it.")
        flash.success(request, words if isinstance(form, WordForm) else decided)
        return redirect("corridors:own_request", public_id)
    return render(request, "corridors/request.html", _page(asked, form), status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.ARRANGE_CORRIDORS)
def decision_on_behalf(request: SignedInRequest, code: str, public_id: UUID) -> HttpResponse:
    """Writes down what a party decided, or said later, by phone or by letter: who, as what, on which paper or call."""
    rows = Approval.objects.select_related(
        "organisation", "version__requested_by", "version__corridor__entry", "version__corridor__exit"
    ).prefetch_related(
        "version__corridor__entry__sides",
        "version__corridor__exit__sides",
    )
    asked = get_object_or_404(with_wording(rows, "version__"), public_id=public_id, version__corridor__code=code)
    left = words_left(asked, at=clock.now())
    form: DecisionForm | WordForm = OnBehalfForm(request.POST or None, request.FILES or None, zone=asked.version.zone)
    if _speaks(request, left):
        form = WordOnBehalfForm(request.POST or None, request.FILES or None, words=left or PartyWordKind.values)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actor = on_behalf(
            request.viewer.actor, name=said["name"], function=said["function"], organisation=asked.organisation
        )
        if _decided(form, asked, by=actor):
            flash.success(request, _("Written down: what %(who)s decided.") % {"who": asked.organisation.name})
            return redirect("corridors:corridor", code)
    link_letters([asked], account=request.viewer.user.public_id)
    page = _page(asked, form) | {
        "on_behalf": True,
        "numbers": phone_numbers([asked.organisation_id], at=clock.now()).get(asked.organisation_id, []),
    }
    return render(request, "corridors/request.html", page, status=422 if form.errors else 200)


@require_GET
@door(Permission.SEE_NOTICES)
def decision_scan(request: SignedInRequest, code: str, public_id: UUID) -> HttpResponse:
    """One page of a letter, for whom a page has given a key (`?key=`), while the key lasts; 404 for everybody else."""
    if not opens_scan(request.GET.get("key", ""), public_id, account=request.viewer.user.public_id):
        raise Http404
    of_corridor = Q(approval__version__corridor__code=code) | Q(word__version__corridor__code=code)
    scan = get_object_or_404(DecisionScan.objects.filter(of_corridor), public_id=public_id)
    return HttpResponse(scan.content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


def _speaks(request: SignedInRequest, left: Sequence[str]) -> bool:
    """Whether the page is about a word after the decision: such a one was sent, or is all that is left to say."""
    return "kind" in request.POST if request.method == "POST" else bool(left)


def _decided(form: DecisionForm | WordForm, asked: Approval, *, by: Actor) -> bool:
    """Decides or speaks with what the form says; a refusal of the domain stands beside its field."""
    how = "said_how" if isinstance(form, WordForm) else "decided_how"
    act = say if isinstance(form, WordForm) else decide
    said = {how: AnsweredBy.PAGE} | form.said()
    with blaming(form):
        act(approval=asked, **said, by=by, at=clock.now())
        return True
    return False


def _page(asked: Approval, form: DecisionForm | WordForm) -> dict[str, Any]:
    line = tracked([asked.version], at=clock.now())[0]
    party = next(party for party in line.parties if party.approval.pk == asked.pk)
    return {
        "asked": asked,
        "party": party,
        "line": line,
        "zones": line.zones,
        "corridor": asked.version.corridor,
        "version": asked.version,
        "may_decide": asked.state == ApprovalState.ASKED and party.waits and line.standing.state != "replaced",
        "said": asked.words.all(),
        "form": form,
    }
