"""How sign-in differs from the library's default: invited accounts only, two steps, sealed secrets, everything written down."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast
from uuid import UUID

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import unstash_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts import letters, second_factor, sign_ins
from accounts.models import User
from common import audit, clock

NOBODY = User(public_id=UUID(int=0))
"""Whom a failed sign-in with an unknown address is about: the same work is done, so that the time tells nothing."""
SAID = {"account/messages/password_changed.txt": _("Your password is changed.")}
SHOWN_IN = {"mfa": "type", "device": "method", "provider": "method"}


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # the library carries no types
    """Signing in and out. Nobody opens an account for themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["accounts.stages.AskSecondFactor", "accounts.stages.SetUpSecondFactor"]

    def pre_login(self, request: HttpRequest, user: User, **given: Any) -> Any:
        """Whichever way somebody comes in, an account that was switched off or has ended stays shut."""
        if not user.stands(clock.now()):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **given)

    def login(self, request: HttpRequest, user: User) -> None:
        """Signs in: the session gets a new key, a row that can be ended, and what showed the second factor."""
        super().login(request, user)
        sign_ins.begin(
            user=user, session=request.session, user_agent=request.META.get("HTTP_USER_AGENT", ""),
            address=self.get_client_ip(request), factor=_second_factor_shown(request, user), by=user.actor,
            at=clock.now(), real_at=clock.real_now(),
        )  # fmt: skip

    def logout(self, request: HttpRequest) -> None:
        user: Any = request.user
        row = user.sign_ins.filter(public_id=request.session.get(sign_ins.MARK)).first()
        if row is not None:
            sign_ins.end(sign_in=row, by=user.actor, at=clock.now(), why="signed out")
        logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = User.objects.filter(email__iexact=credentials.get("email", "")).first() or NOBODY
        audit.record("sign-in failed", user, by=user.actor, at=clock.now())

    def set_password(self, user: User, password: str) -> None:
        """Keeps a new password, and ends every session and remembered device of the account but the one at work."""
        super().set_password(user, password)
        here = self.request.session.get(sign_ins.MARK, "") if self.request.user == user else ""
        sign_ins.end_all(user=user, keep=here, by=user.actor, at=clock.now(), why="password chosen")
        audit.record("password chosen", user, by=user.actor, at=clock.now())
        letters.tell(user, "password chosen")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *_values: Any, message: str | None = None
    ) -> None:
        """Says what is worth saying, in our words; the library congratulates on every step."""
        if words := SAID.get(message_template, message):
            super().add_message(request, level, message=str(words))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends in the language of the account, of the page for an address without one."""
        user = context.get("user")
        with override(user.language if user else get_language()):
            super().send_mail(template_prefix, email, context)


def _second_factor_shown(request: HttpRequest, user: User) -> str:
    """By what the second factor was shown on the way here: `totp`, `webauthn`, `recovery_codes`, `device`, `provider`."""
    records = get_authentication_records(request, user)
    shown = [str(one[SHOWN_IN[one["method"]]]) for one in records if one["method"] in SHOWN_IN]
    return shown[-1] if shown else ""


class SealedSecondFactor(DefaultMFAAdapter):  # type: ignore[misc]  # the library carries no types
    """The second factor: its secrets are sealed for the account at hand, and the last one stays where one is due."""

    def encrypt(self, text: str) -> str:
        return second_factor.sealed_for(self._owner(), text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor.opened_for(self._owner(), encrypted_text)

    def _owner(self) -> User:
        """Whoever is signed in, or on the way between password and second factor."""
        request = context.request
        if request.user.is_authenticated:
            return cast("User", request.user)
        return cast("User", unstash_login(request, peek=True).user)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not authenticator.user.must_use_second_factor or not second_factor.is_last(authenticator)

    def get_totp_issuer(self) -> str:
        return "Homeward"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Homeward"}

    def build_totp_svg(self, url: str) -> str:
        """The QR code in black on white whatever the theme: cameras need it so."""
        drawn = BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", border=3, scale=5, light="#fff", xmldecl=False)
        return drawn.getvalue().decode()
