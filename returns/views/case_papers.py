"""Papers of a case or a group: attached, looked at by addresses that last some minutes, and taken away with a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock, signed_views
from common.forms import blaming
from migrants import pictures
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import case_papers
from returns.forms.casework import PaperAwayForm, PaperForm
from returns.models import CasePage
from returns.views.case_head import back_to, case_in, form_page
from returns.views.group_head import visible_group
from returns.views.person_head import seen
from returns.views.uploads import is_taken
from returns.ways import zones_of


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_PEOPLE)
def case_paper_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Attach a paper to a group, or to one of its cases."""
    group, at = visible_group(request.viewer, public_id), clock.now()
    case = case_in(request, group)
    form = PaperForm(request.POST or None, request.FILES or None)
    if form.is_bound and is_taken(form, request):
        given = form.cleaned_data
        with blaming(form):
            case_papers.attach(
                group=group, case=case, title=given["title"], pages=given["paper"], by=request.viewer.actor, at=at
            )
            messages.success(request, _("The paper is kept."))
            return back_to(group, case)
    return form_page(request, group, case, form, at, title=_("A paper"), button=_("Keep it"), with_file=True)


@require_http_methods(["GET", "POST"])
@door(Permission.SEE_PEOPLE)
def case_paper(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The pages of a paper; whoever opens them is written into the access log. POST takes it away with a reason."""
    at, rows = clock.now(), CasePage.objects.visible_to(request.viewer).filter(paper=public_id).defer("content")
    pages = list(rows.select_related("group__crossing", "case__person").prefetch_related("group__crossing__sides"))
    if not pages:
        raise Http404
    first, form = pages[0], PaperAwayForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            case_papers.take_away(paper=public_id, **form.cleaned_data, by=request.viewer.actor, at=at)
            messages.success(request, _("The paper is taken away; its pages are destroyed."))
            return redirect("returns:case_paper", public_id)
    seen(request, [first.case.person.public_id] if first.case else [], at=at)
    account = request.viewer.user.public_id
    shown = [] if first.removed_at else sorted(pages, key=lambda page: page.rank)
    context = {
        "paper": first,
        "zones": zones_of(first.group),
        "pages": [{"page": page, "key": pictures.key_for(page.public_id, account=account)} for page in shown],
        "form": form,
        "minutes": signed_views.MINUTES,
    }
    return render(request, "returns/casework/paper.html", context, status=422 if form.errors else 200)


@require_GET
@door(Permission.SEE_PEOPLE)
def case_paper_page(request: SignedInRequest, public_id: UUID, page_id: UUID) -> HttpResponse:
    """One page of it, for whom its paper has given a key (`?key=`), while the key lasts; 404 for everybody else."""
    if not pictures.opens(request.GET.get("key", ""), page_id, account=request.viewer.user.public_id):
        raise Http404
    rows = CasePage.objects.visible_to(request.viewer).kept().select_related("case__person")
    page = get_object_or_404(rows, paper=public_id, public_id=page_id)
    seen(request, [page.case.person.public_id] if page.case else [], at=clock.now())
    return HttpResponse(page.content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})
