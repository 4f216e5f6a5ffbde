"""The library's forms for the second factor, where ours ask for more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import second_factor

REPLAY_SECONDS = 3 * second_factor.STEP_SECONDS
"""A code is taken in its own half minute and in those beside it, so for so long it must not be taken again."""


DIGITS = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
"""A phone shows its digits at once and offers the code that it has just received."""


class _OnceOnly:
    """A code opens once. The library remembers used codes only for one half minute."""

    user: Any
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = dict(DIGITS)

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of the form that follows
        if not cache.add(f"second-factor-used:{self.user.pk}:{code.strip()}", 1, timeout=REPLAY_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class ShowSecondFactor(_OnceOnly, AuthenticateForm):  # type: ignore[misc]  # the library carries no types
    """The second step of signing in."""


class ShowSecondFactorAgain(_OnceOnly, ReauthenticateForm):  # type: ignore[misc]  # the same
    """The second factor once more, before something that others must not do at an open screen."""


class _CredentialField(forms.JSONField):
    """What a browser says of a passkey; anybody may send it, also what brings a reader down."""

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError."""
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""}) from error


class _CarefulCredential:
    """The library looks for parts of a passkey that a stranger leaves out, and would end in an error of ours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = _CredentialField(widget=forms.HiddenInput)  # type: ignore[attr-defined]

    def _careful(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class SignInByPasskey(_CarefulCredential, LoginWebAuthnForm):  # type: ignore[misc]  # the same
    """A passkey alone."""

    def clean_credential(self) -> Authenticator:
        return self._careful(super().clean_credential)


class ShowPasskey(_CarefulCredential, AuthenticateWebAuthnForm):  # type: ignore[misc]  # the same
    """A passkey as the second step."""

    def clean_credential(self) -> Authenticator:
        return self._careful(super().clean_credential)


class ShowPasskeyAgain(_CarefulCredential, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # the same
    """A passkey once more, before something that others must not do at an open screen."""

    def clean_credential(self) -> Authenticator:
        return self._careful(super().clean_credential)


class AddAPasskey(_CarefulCredential, AddWebAuthnForm):  # type: ignore[misc]  # the same
    """A new passkey."""

    def clean(self) -> Any:
        return self._careful(super().clean)


class FirstPasskey(_CarefulCredential, SignupWebAuthnForm):  # type: ignore[misc]  # the same
    """A passkey as the first second step."""

    def clean(self) -> Any:
        return self._careful(super().clean)


class SetUpApp(ActivateTOTPForm):  # type: ignore[misc]  # the same
    """The first code of a new app. Until it is right the secret waits in the session, sealed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session, user = context.request.session, kwargs["user"]
        waiting = session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].widget.attrs = DIGITS | {"autofocus": self.is_bound}
        if self.is_bound and waiting:
            self.secret = second_factor.opened_for(user, waiting)
        session[SECRET_SESSION_KEY] = second_factor.sealed_for(user, self.secret)
