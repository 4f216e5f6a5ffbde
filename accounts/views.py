"""Signing in and one's own security page: the library's views, in our words, with every act written down."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote
from uuid import UUID

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, PasswordResetFromKeyView, PasswordResetView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts import models, second_factor, sign_ins
from accounts.forms import FirstPasskey, SetUpApp
from accounts.models import User
from accounts.providers import providers
from accounts.stages import SetUpSecondFactor, keep_on_device
from common import clock, limits

Kind = Authenticator.Type
ANSWER_SECONDS = 0.8
"""How long the answer about a new password takes at least: longer than handing a mail over."""


def _note(user: User, what: str, kind: str) -> None:
    second_factor.note(user=user, what=what, kind=kind, by=user.actor, at=clock.now())


class SignIn(LoginView):  # type: ignore[misc]  # the library carries no types
    """The first step: e-mail and password, a passkey, or one's own organisation."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"providers": list(providers().values())}


class AskNewPassword(PasswordResetView):  # type: ignore[misc]  # the same
    """Sends a link to whoever has an account, and takes as long for whoever has none: the clock should not tell."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        began = time.monotonic()
        answer: HttpResponse = super().post(request, *args, **kwargs)
        time.sleep(max(0.0, ANSWER_SECONDS - (time.monotonic() - began)))
        return answer


class ChooseNewPassword(PasswordResetFromKeyView):  # type: ignore[misc]  # the same
    """The page behind the link of a letter. Whoever tries links that open nothing must wait; the library counts no look."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        if getattr(answer, "context_data", None) and answer.context_data.get("token_fail"):  # type: ignore[attr-defined]
            limits.count("wrong_link", limits.address_of(request))
        return answer


class ShowSecondFactor(AuthenticateView):  # type: ignore[misc]  # the library carries no types
    """The second step: a code of the app, a recovery code or a passkey; asked once per device and shift."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.stage.login.user
        kinds = {one.type for one in second_factor.shown(user)}
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "has_app": Kind.TOTP in kinds,
            "has_passkey": Kind.WEBAUTHN in kinds,
            "demonstration_email": user.email if second_factor.is_of_demonstration(user) else "",
        }

    def form_valid(self, form: Any) -> HttpResponse:
        user = self.stage.login.user
        answer: HttpResponse = super().form_valid(form)
        if getattr(getattr(form, "authenticator", None), "type", "") == Kind.RECOVERY_CODES:
            _note(user, "recovery code used", Kind.RECOVERY_CODES)
            messages.warning(self.request, _words_for_codes(second_factor.codes_left(user)))
        if self.request.POST.get("remember"):
            device = sign_ins.remember(user=user, by=user.actor, at=clock.now(), real_at=clock.real_now())
            keep_on_device(answer, device)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        second_factor.note_failure(user=self.stage.login.user, by=self.stage.login.user.actor, at=clock.now())
        answer: HttpResponse = super().form_invalid(form)
        return answer


def _words_for_codes(left: int) -> str:
    return ngettext(
        "%(left)d recovery code is left. Make new ones under “Your sign-in”.",
        "%(left)d recovery codes are left. Make new ones under “Your sign-in” before they run out.",
        left,
    ) % {"left": left}


@method_decorator(login_stage_required(stage=SetUpSecondFactor.key, redirect_urlname="account_login"), name="dispatch")
class SetUpFirst(TemplateView):
    """Right after the password, for an account that must have a second factor and has none: an app or a passkey."""

    template_name = "account/second_factor_new.html"
    form: Any = None

    @property
    def user(self) -> User:
        user: User = self.request._login_stage.login.user  # type: ignore[attr-defined]  # set by the decorator
        return user

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.form or SetUpApp(user=self.user)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "form": form,
            "app": _app_for(self.user, getattr(form, "secret", "") or SetUpApp(user=self.user).secret),
            "passkey_form": FirstPasskey(user=self.user),
            "passkey_options": {"creation_options": passkeys.begin_registration(self.user, True)},
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        by_passkey = "credential" in request.POST
        form = (FirstPasskey if by_passkey else SetUpApp)(user=self.user, data=request.POST)
        if not form.is_valid():
            self.form = None if by_passkey else form
            if by_passkey:
                messages.error(request, _("This passkey could not be added. Try again, or use an app."))
            return self.get(request)
        user, kind = self.user, Kind.WEBAUTHN if by_passkey else Kind.TOTP
        if by_passkey:
            passkeys.WebAuthn.add(user, form.cleaned_data["name"], form.cleaned_data["credential"])
        else:
            TOTP.activate(user, form.secret)
            clear_totp_secret(request)
        RecoveryCodes.activate(user)
        _note(user, "second factor set", kind)
        record_authentication(request, user, "mfa", type=kind, reauthenticated=True)
        return _codes_first(request._login_stage.exit())  # type: ignore[attr-defined]  # set by the decorator


def _codes_first(answer: HttpResponse) -> HttpResponse:
    """Shows the recovery codes before the page that was asked for; they are shown this once."""
    if not isinstance(answer, HttpResponseRedirect):
        return answer
    return redirect(f"{reverse('mfa_view_recovery_codes')}?next={quote(answer.url)}")


def _app_for(user: User, secret: str) -> dict[str, str]:
    """What an app needs to be set up: the address, its QR code, and the secret in groups for typing."""
    adapter = get_adapter()
    url = adapter.build_totp_url(user, secret)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return {"qr": "data:image/svg+xml;utf8," + quote(adapter.build_totp_svg(url)), "secret": groups, "url": url}


class OwnSecurity(IndexView):  # type: ignore[misc]  # the library carries no types
    """One's own sign-in: second factor, recovery codes, password, and where one is signed in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: User = self.request.user
        left = second_factor.codes_left(user)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "factors": second_factor.shown(user),
            "codes_left": left,
            "codes_are_few": left <= second_factor.FEW,
            "sign_ins": sign_ins.of(user, real_at=clock.real_now()),
            "this_sign_in": self.request.session.get(sign_ins.MARK),
        }


class SetUpAnApp(ActivateTOTPView):  # type: ignore[misc]  # the same
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"app": _app_for(self.request.user, context["form"].secret)}

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _note(self.request.user, "second factor set", Kind.TOTP)
        return answer


class RemoveApp(DeactivateTOTPView):  # type: ignore[misc]  # the same
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _note(self.request.user, "second factor removed", Kind.TOTP)
        return answer


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]  # the same
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _note(self.request.user, "second factor set", Kind.WEBAUTHN)
        return answer


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]  # the same
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if second_factor.is_last(self.object) and self.object.user.must_use_second_factor:
            messages.error(self.request, _("This is your only second step. Add another one first."))
            return redirect("mfa_index")
        answer: HttpResponse = super().form_valid(form)
        _note(self.request.user, "second factor removed", Kind.WEBAUTHN)
        return answer


class RecoveryCodesPage(ViewRecoveryCodesView):  # type: ignore[misc]  # the same
    """The codes, once; after that only how many are left."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        onward = get_next_redirect_url(self.request) or reverse("mfa_index")
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"onward": onward}


class NewRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]  # the same
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _note(self.request.user, "recovery codes made", Kind.RECOVERY_CODES)
        return answer


@login_required
@require_POST
def end_sign_in(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ends one of one's own sessions."""
    user: Any = request.user
    row = get_object_or_404(models.SignIn, public_id=public_id, user=user)
    sign_ins.end(sign_in=row, by=user.actor, at=clock.now(), why="by the owner")
    messages.success(request, _("That device is signed out."))
    return redirect("mfa_index")


@login_required
@require_POST
def end_other_sign_ins(request: HttpRequest) -> HttpResponse:
    """Ends all of one's own sessions but this one, and asks every device for the second step again."""
    user: Any = request.user
    sign_ins.end_all(
        user=user, keep=request.session.get(sign_ins.MARK, ""), by=user.actor, at=clock.now(), why="by the owner"
    )
    messages.success(request, _("Every other device is signed out."))
    return redirect("mfa_index")
