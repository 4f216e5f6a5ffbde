"""What the pages share on which something is written about a group or one of its cases: whose it is, the form, the way back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from common.references import reference
from migrants.models import TravelGroup
from partners.doors import SignedInRequest
from returns.models import ReturnCase
from returns.views.group_head import head_of
from returns.views.person_head import seen


def case_in(request: SignedInRequest, group: TravelGroup) -> ReturnCase | None:
    """Give the case of the group that the address or the form names; a strange one is as none that exists: 404."""
    named = request.POST.get("case") or request.GET.get("case") or ""
    if not named:
        return None
    rows = ReturnCase.objects.visible_to(request.viewer).filter(person__group=group)
    return get_object_or_404(rows.select_related("person"), public_id=reference(named))


def back_to(group: TravelGroup, case: ReturnCase | None) -> HttpResponse:
    """Go back to the case of the person, or to that of the group."""
    if case is not None:
        return redirect("returns:person_case", case.person.public_id)
    return redirect("returns:group_case", group.public_id)


def form_page(
    request: SignedInRequest, group: TravelGroup, case: ReturnCase | None, form: forms.Form, at: datetime, **words: Any
) -> HttpResponse:
    """Show a form about the group or the case, with what is to be mended in it."""
    seen(request, [case.person.public_id] if case else [], at=at)
    context = {**head_of(group, viewer=request.viewer, at=at, tab="case"), "case": case, "form": form, **words}
    return render(request, "returns/casework/act.html", context, status=422 if form.is_bound else 200)
