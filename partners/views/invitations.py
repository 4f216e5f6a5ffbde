"""Accepting an invitation: whoever holds the link chooses a password, once. Without an account, so on paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common import clock, limits
from common.actors import Actor
from common.audience import Audience, announce
from common.enums import ActorKind
from common.forms import blaming
from partners import invitations
from partners.forms.accounts import PasswordForm


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows who is invited and changes nothing; POST opens the account with the password chosen."""
    limits.count("link", token)
    announce(Audience.signing_in())
    found = invitations.find(token, real_at=clock.real_now())
    if found is None:
        limits.count("wrong_link", limits.address_of(request))
        return render(request, "partners/invitation_closed.html", status=410)
    with override(found.user.language):
        form = PasswordForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            by = Actor(ActorKind.LINK, str(found.public_id), found.user.printed_name)
            with blaming(form):
                invitations.accept(
                    token=token, password=form.cleaned_data["password"], by=by, at=clock.now(),
                    real_at=clock.real_now(),
                )  # fmt: skip
                messages.success(
                    request, _("Your account is open. Sign in with the password that you have just chosen.")
                )
                return redirect("account_login")
        roles = found.user.memberships.select_related("office__organisation")
        context = {"form": form, "account": found.user, "roles": list(roles)}
        return render(request, "partners/invitation.html", context, status=422 if form.errors else 200)
