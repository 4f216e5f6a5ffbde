"""Needs, pledges and the gap between them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.forms import blaming
from common.references import older_than, reference
from corridors.models import RequirementVersion
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import assistance, funding, shopping
from returns.forms.funding import NeedForm, PledgeForm
from returns.models import Need
from returns.views.group_head import head_of, visible_group
from returns.ways import way_of, zones_of

PAGE = 50


@require_GET
@door(Permission.SEE_NEEDS)
def need_list(request: SignedInRequest) -> HttpResponse:
    """What is needed and what is still open, newest first; keyset pages of 50. Figures only, no names of people."""
    rows = Need.objects.visible_to(request.viewer).select_related("group__crossing", "requirement_version")
    rows = older_than(rows, request.GET.get("after", ""))
    show = "all" if request.GET.get("show") == "all" else "open"
    if show == "open":
        rows = rows.filter(closed_at__isnull=True)
    page = list(rows.prefetch_related("group__crossing__sides").order_by("-pk")[: PAGE + 1])
    gaps, given = funding.gaps(page[:PAGE]), assistance.given_of(page[:PAGE])
    context = {
        "lines": [
            {"need": need, "gap": gaps[need.pk], "given": given[need.pk], "way": way_of(need.group)}
            for need in page[:PAGE]
        ],
        "next_url": f"?show={show}&after={page[PAGE - 1].public_id}" if len(page) > PAGE else "",
        "show": show,
    }
    return render(request, "returns/funding/list.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_NEEDS)
def need(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One need with its pledges; whoever records pledges may add one and read the correspondence."""
    may_pledge = request.viewer.may(Permission.RECORD_PLEDGES)
    if request.method == "POST" and not may_pledge:
        raise Http404
    rows = Need.objects.visible_to(request.viewer).select_related("group__crossing", "requirement_version__requirement")
    found = get_object_or_404(rows.prefetch_related("group__crossing__sides"), public_id=public_id)
    form = PledgeForm(
        request.POST or None, initial={"currency": found.currency, "pledged_on": clock.now().date().isoformat()}
    )
    if request.method == "POST" and form.is_valid() and _pledged(form, found, request):
        return redirect("returns:need", found.public_id)
    pledges = found.pledges.select_related("donor").order_by("-pledged_on", "-pk")
    context = {
        "need": found,
        "gap": funding.gap(found),
        "given": assistance.given_of([found])[found.pk],
        "aid": found.aid.select_related("giver"),
        "may_aid": request.viewer.may(Permission.RECORD_AID) and found.closed_at is None,
        "pledges": pledges if may_pledge else pledges.defer("correspondence"),
        "may_pledge": may_pledge and found.closed_at is None,
        "may_read": may_pledge,
        "may_see_group": request.viewer.may(Permission.SEE_PEOPLE),
        "form": form,
        "way": way_of(found.group),
        "zones": zones_of(found.group),
    }
    return render(request, "returns/funding/need.html", context, status=422 if form.errors else 200)


def _pledged(form: PledgeForm, found: Need, request: SignedInRequest) -> bool:
    with blaming(form):
        funding.pledge(need=found, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
        messages.success(request, _("The pledge is written down."))
        return True
    return False


@require_POST
@door(Permission.RECORD_PLEDGES)
def need_ask(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Ask for what it costs now to meet one version of a requirement; asking twice is asking once."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    version = get_object_or_404(
        RequirementVersion.objects.select_related("requirement"), public_id=reference(request.POST.get("version", ""))
    )
    asked = shopping.ask_for(group=group, version=version, by=request.viewer.actor, at=at)
    if asked is None:
        messages.info(request, _("Nothing of this is missing any more; there is nothing to ask for."))
        return redirect("returns:group_readiness", group.public_id)
    return redirect("returns:need", asked.public_id)


@require_http_methods(["GET", "POST"])
@door(Permission.RECORD_PLEDGES, Permission.RECORD_AID)
def need_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Ask for anything else a group needs: blankets, water, shelter."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    form = NeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            asked = funding.ask(group=group, **form.cleaned_data, by=request.viewer.actor, at=at)
            return redirect("returns:need", asked.public_id)
    context = {**head_of(group, viewer=request.viewer, at=at, tab="needs"), "form": form}
    return render(request, "returns/funding/new.html", context, status=422 if form.errors else 200)


@require_POST
@door(Permission.RECORD_PLEDGES)
def need_close(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Close a need with a reason."""
    found = get_object_or_404(Need.objects.visible_to(request.viewer), public_id=public_id)
    try:
        funding.close(need=found, why=request.POST.get("why", ""), by=request.viewer.actor, at=clock.now())
    except funding.FundingError as error:
        messages.error(request, error.sentence)
    return redirect("returns:need", found.public_id)
