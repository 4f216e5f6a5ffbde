"""Acts on many cases: chosen on the list, foreseen, done, and taken back within minutes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blaming
from common.references import reference
from migrants.models import TravelGroup
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import acts_on_many, undoing_many
from returns.acts_on_many import MOST, UNDO_WITHIN, ManyError, Outlook
from returns.case_lists import asked_of
from returns.colleagues import colleagues_of_each
from returns.enums import ManyKind
from returns.forms.acts_on_many import form_of
from returns.models import ActOnMany, ReturnCase
from returns.views.cases import rows_of
from returns.ways import zones_of


@require_http_methods(["GET", "POST"])
@door(Permission.PLAN_CROSSINGS)
def act_on_many(request: SignedInRequest) -> HttpResponse:
    """What is to be done to the cases that the address names, or to all that it asks for; POST foresees it, then does it."""
    asked, at = request.GET.get("kind", ""), clock.now()
    kind = asked if asked in ManyKind.values else ManyKind.PLAN.value
    chosen = _chosen(request)
    groups = list(
        TravelGroup.objects.filter(pk__in={case.person.group_id for case in chosen})
        .select_related("crossing")
        .prefetch_related("crossing__sides")
        .order_by("pk")
    )
    named = colleagues_of_each(groups, at=at) if kind == ManyKind.TASK else {}
    form: Any = form_of(
        kind,
        request.POST or None,
        colleagues=sorted({each for found in named.values() for each in found}, key=lambda each: each.name),
        crossings={group.crossing for group in groups},
        zone=zones_of(groups[0])[0] if groups else "UTC",
        at=at,
    )
    outlook = None
    if request.method == "POST" and form.is_valid():
        common = {"kind": kind, "cases": chosen, "said": form.said, "by": request.viewer.actor, "at": at}
        with blaming(form):
            if request.POST.get("step") == "do":
                done = acts_on_many.act_on_many(
                    **common, foreseen=request.POST.get("foreseen", ""), account=request.viewer.user.public_id
                )
                return redirect("returns:acted_on_many", done.public_id)
            outlook = acts_on_many.foresee(**common)
    return _page(request, kind, chosen, form, outlook)


def _chosen(request: SignedInRequest) -> list[ReturnCase]:
    """Give the cases that are ticked, or without a tick all that the list shows; one more than may be, where there are."""
    named = [reference(text) for text in request.GET.getlist("case")]
    if named:
        rows = ReturnCase.objects.visible_to(request.viewer).living().filter(public_id__in=named)
        return list(rows.select_related("person")[: MOST + 1])
    return list(rows_of(request, asked_of(request.GET))[: MOST + 1])


def _page(
    request: SignedInRequest, kind: str, chosen: list[ReturnCase], form: Any, outlook: Outlook | None
) -> HttpResponse:
    context = {
        "kind": ManyKind(kind),
        "form": form,
        "chosen": len(chosen),
        "too_many": len(chosen) > MOST,
        "most": MOST,
        "outlook": outlook,
        "hits": len(outlook.hits) if outlook else 0,
        "leaves": [{"why": why, "n": len(keys)} for why, keys in outlook.leaves.items()] if outlook else [],
        "minutes": int(UNDO_WITHIN.total_seconds() // 60),
        "back": f"{reverse('returns:case_list')}?{urlencode(asked_of(request.GET))}",
    }
    return render(request, "returns/casework/many.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.PLAN_CROSSINGS)
def acted_on_many(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What an act on many has done; POST takes it back while it may be."""
    at = clock.now()
    act = get_object_or_404(ActOnMany.objects.visible_to(request.viewer), public_id=public_id)
    refusal = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                act = undoing_many.undo(act=act, by=request.viewer.actor, at=at)
        except ManyError as error:
            refusal = str(error.sentence)
        else:
            n = act.how_many_undone or 0
            messages.success(
                request, ngettext("Taken back for %(n)d case.", "Taken back for %(n)d cases.", n) % {"n": n}
            )
            return redirect("returns:acted_on_many", act.public_id)
    context = {
        "act": act,
        "until": act.made_at + UNDO_WITHIN,
        "may_undo": act.undone_at is None and at <= act.made_at + UNDO_WITHIN,
        "left": act.how_many - (act.how_many_undone or 0),
        "refusal": refusal,
        "zones": request.viewer.zones,
        "list_url": reverse("returns:case_list"),
    }
    return render(request, "returns/casework/acted.html", context, status=422 if refusal else 200)
