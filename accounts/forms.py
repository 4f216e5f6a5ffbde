"""The library's forms for the second factor, where ours ask for more."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core.cache import cache
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
