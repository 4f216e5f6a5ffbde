"""The policy as it stands in the code, and why somebody can or cannot see something. No case is shown on either page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from common import clock
from partners.access import INCOMPATIBLE, POLICY, SCOPE, Permission
from partners.doors import DOOR, SignedInRequest, door
from partners.enums import Role
from partners.explaining import Page, explain
from partners.forms.accounts import ExplainForm


@require_GET
@door(Permission.EXPLAIN_ACCESS)
def policy(request: SignedInRequest) -> HttpResponse:
    """Roles × permissions, how far each role reaches, and which roles nobody may hold together."""
    roles = list(Role)
    context = {
        "roles": roles,
        "lines": [
            {"words": permission.value, "held": [permission in POLICY[role] for role in roles]}
            for permission in Permission
        ],
        "scopes": [{"role": role.label, "scope": SCOPE[role]} for role in roles],
        "pairs": [
            {"role": Role(one).label, "others": [Role(other).label for other in Role if other in others]}
            for one, others in INCOMPATIBLE.items()
        ],
    }
    return render(request, "partners/policy.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.EXPLAIN_ACCESS)
def why(request: SignedInRequest) -> HttpResponse:
    """An account and an address or reference; POST answers, because asking is written down."""
    form, decision, user = ExplainForm(request.POST if request.method == "POST" else None), None, None
    if request.method == "POST" and form.is_valid():
        user = User.objects.filter(email__iexact=form.cleaned_data["email"]).first()
        asked = _asked(form.cleaned_data["what"])
        if user is None:
            form.add_error("email", _("Nobody has this address. Look it up under “People with access”."))
        elif asked is None:
            form.add_error(
                "what", _("This is no address of a page, nor a reference. Copy it from the browser or a row.")
            )
        else:
            decision = explain(user=user, **asked, by=request.viewer.actor, at=clock.now())
    context = {"form": form, "decision": decision, "account": user}
    return render(request, "partners/why.html", context, status=422 if form.errors else 200)


def _asked(written: str) -> dict[str, Any] | None:
    """What was written, as a page or a reference; None where it is neither."""
    try:
        return {"page": None, "reference": UUID(written.strip())}
    except ValueError:
        page = page_at(urlsplit(written.strip()).path)
    return None if page is None else {"page": page, "reference": None}


def page_at(path: str) -> Page | None:
    """The page behind a door at `path`; None where there is none, or where it opens without one."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    opens_to = getattr(match.func, DOOR, None)
    return None if opens_to is None else Page(opens_to, match.view_name, match.kwargs)
