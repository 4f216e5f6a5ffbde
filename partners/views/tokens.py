"""Tokens of the API: everybody issues and ends their own, an administrator ends those of others."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import tokens
from accounts.models import User
from common import clock
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.forms.accounts import TokenForm


@never_cache
@require_http_methods(["GET", "POST"])
@door(*Permission)
def own_tokens(request: SignedInRequest) -> HttpResponse:
    """One's own tokens; POST issues one and shows it, this once."""
    form, issued, user = TokenForm(request.POST if request.method == "POST" else None), None, request.viewer.user
    if request.method == "POST" and form.is_valid():
        try:
            issued = tokens.issue(user=user, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
        except tokens.TokenError as error:
            form.add_error(None, str(error))
        else:
            form = TokenForm()
    context = {"form": form, "issued": issued, "tokens": tokens.of(user), "real_now": clock.real_now()}
    return render(request, "partners/own_tokens.html", context, status=422 if form.errors else 200)


@require_POST
@door(*Permission)
def own_token_end(request: SignedInRequest, token_id: UUID) -> HttpResponse:
    _end(request, request.viewer.user, token_id)
    return redirect("partners:own_tokens")


@require_POST
@door(Permission.MANAGE_ACCOUNTS)
def token_end(request: SignedInRequest, public_id: UUID, token_id: UUID) -> HttpResponse:
    _end(request, get_object_or_404(User, public_id=public_id), token_id)
    return redirect("partners:account", public_id)


def _end(request: SignedInRequest, user: User, token_id: UUID) -> None:
    try:
        tokens.end(user=user, public_id=token_id, by=request.viewer.actor, at=clock.now())
    except tokens.TokenError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The token has ended."))
