"""Signing in through one's own organisation: out to its provider, and back."""

from __future__ import annotations

from typing import cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import providers
from accounts.stages import BY_PROVIDER
from common import audit, clock, limits
from common.actors import Actor
from common.audience import Audience, announce
from common.enums import ActorKind
from partners import single_sign_on


@never_cache
@require_safe
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Sends the browser to the provider of an organisation."""
    provider = _provider(code)
    announce(Audience.signing_in())
    try:
        return providers.begin(request, provider, back=_back(provider))
    except providers.ProviderError as error:
        return _refused(request, provider, error)


@never_cache
@require_safe
def back(request: HttpRequest, code: str) -> HttpResponse:
    """The browser comes back: opens an invited account of that organisation, after our second factor if theirs is none."""
    provider = _provider(code)
    announce(Audience.signing_in())
    try:
        proven = providers.finish(request, provider)
        user = single_sign_on.account_of(proven=proven, provider=provider, by=_actor(provider), at=clock.now())
    except providers.ProviderError as error:
        return _refused(request, provider, error)
    record_authentication(request, user, "single_sign_on", provider=code)
    return cast("HttpResponse", perform_login(request, Login(user=user, state={BY_PROVIDER: proven.has_second_factor})))


def _provider(code: str) -> providers.Provider:
    try:
        return providers.providers()[code]
    except KeyError:
        raise Http404 from None


def _back(provider: providers.Provider) -> str:
    """Built from the public address, never from what the request says of its host."""
    return settings.PUBLIC_ADDRESS.rstrip("/") + reverse("partners:single_sign_on_back", args=[provider.code])


def _actor(provider: providers.Provider) -> Actor:
    return Actor(ActorKind.LINK, provider.code, provider.name)


def _refused(request: HttpRequest, provider: providers.Provider, error: providers.ProviderError) -> HttpResponse:
    """One sentence for every reason: whoever tries learns nothing; the audit has the reason."""
    limits.count("wrong_link", limits.address_of(request))
    subject = f"single-sign-on:{provider.code}"
    audit.record_subject("single sign-on refused", subject, by=_actor(provider), at=clock.now(), why=error.reason)
    messages.error(
        request,
        _("%(name)s did not open an account here. Ask the administrator of your office.") % {"name": provider.name},
    )
    return redirect("account_login")
