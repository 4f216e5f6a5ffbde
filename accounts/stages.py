"""The steps between password and first page: the second factor, or setting one up. Nobody is signed in before them."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts import second_factor, sign_ins
from accounts.models import RememberedDevice, User
from common import clock

BY_PROVIDER = "second_factor_by_provider"
"""Set in the state of a sign-in whose own organisation's provider says that it asked for a second factor."""
COOKIE = "device"
SALT = "accounts.remembered-device"


class AskSecondFactor(AuthenticateStage):  # type: ignore[misc]  # the library carries no types
    """Asks for the second factor, once per device and shift."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if not super()._should_handle(request):
            return False
        user = self.login.user
        if self.login.state.get(BY_PROVIDER):
            record_authentication(request, user, "provider")
        elif is_remembered_here(request, user):
            record_authentication(request, user, "device")
        else:
            return True
        return False


class SetUpSecondFactor(LoginStage):  # type: ignore[misc]  # the library carries no types
    """Leads an account that must have a second factor and has none to set one up; until then it opens nothing."""

    key = "second_factor_new"
    urlname = "account_second_factor_new"

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if self.login.state.get(BY_PROVIDER):
            record_authentication(self.request, user, "provider")
        elif user.must_use_second_factor and not second_factor.shown(user):
            return headed_redirect_response(self.urlname), True
        return None, True


def is_remembered_here(request: HttpRequest, user: User) -> bool:
    """Tells whether this device may leave the second factor out for this account."""
    try:
        ref = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=sign_ins.SHIFT)
    except signing.BadSignature:
        return False
    return sign_ins.is_remembered(user, ref, real_at=clock.real_now())


def keep_on_device(response: HttpResponse, device: RememberedDevice) -> None:
    """Gives the device what `is_remembered_here` looks for."""
    response.set_cookie(
        COOKIE, signing.dumps(str(device.public_id), salt=SALT), max_age=sign_ins.SHIFT, path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
