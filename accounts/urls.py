"""Sign-in. Only these pages of the sign-in library exist; nobody opens an account for themselves."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from allauth.mfa.base.views import reauthenticate
from allauth.mfa.webauthn.views import login_webauthn, reauthenticate_webauthn
from django.http import HttpResponseNotAllowed
from django.urls import path, re_path

from accounts.views import (
    AddPasskey,
    AskNewPassword,
    ChooseNewPassword,
    NewRecoveryCodes,
    OwnSecurity,
    RecoveryCodesPage,
    RemoveApp,
    RemovePasskey,
    SetUpAnApp,
    SetUpFirst,
    ShowSecondFactor,
    SignIn,
    end_other_sign_ins,
    end_sign_in,
)
from common.audience import Audience, announce
from common.headers import forgotten_by_the_browser

METHODS = ("GET", "HEAD", "POST")


def at_the_door(view: Callable[..., Any]) -> Callable[..., Any]:
    """Before anybody is known a page of sign-in reaches accounts and nothing else, then the own account.

    OPTIONS is refused as on every page; the library would answer it.
    """

    @wraps(view)
    def asked(request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        known = request.user.is_authenticated
        announce(Audience.account(request.user.public_id) if known else Audience.signing_in())
        return view(request, *args, **kwargs)

    return asked


urlpatterns = [
    path("login/", SignIn.as_view(), name="account_login"),
    path("passkey/", login_webauthn, name="mfa_login_webauthn"),
    path("second-factor/", ShowSecondFactor.as_view(), name="mfa_authenticate"),
    path("second-factor/new/", SetUpFirst.as_view(), name="account_second_factor_new"),
    path("again/", views.reauthenticate, name="account_reauthenticate"),
    path("again/code/", reauthenticate, name="mfa_reauthenticate"),
    path("again/passkey/", reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("security/", OwnSecurity.as_view(), name="mfa_index"),
    path("security/app/", SetUpAnApp.as_view(), name="mfa_activate_totp"),
    path("security/app/remove/", RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("security/passkeys/add/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/remove/", RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("security/codes/", RecoveryCodesPage.as_view(), name="mfa_view_recovery_codes"),
    path("security/codes/new/", NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("security/sign-ins/<uuid:public_id>/end/", end_sign_in, name="account_end_sign_in"),
    path("security/sign-ins/end/", end_other_sign_ins, name="account_end_other_sign_ins"),
    path("security/password/", views.password_change, name="account_change_password"),
    path("logout/", forgotten_by_the_browser(views.logout), name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/reset/", AskNewPassword.as_view(), name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(  # the key has hyphens of its own: only the first one separates
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        ChooseNewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
for page in urlpatterns:
    page.callback = at_the_door(page.callback)
