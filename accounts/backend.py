"""Which accounts count: those that are switched on and have not ended, at sign-in and at every request after it.

The account is looked up before anybody is known, under an audience that reaches accounts and nothing else.
"""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from common import clock
from common.audience import Audience, asking


class StandingAccounts(AuthenticationBackend):  # type: ignore[misc]  # the library carries no types
    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active and (user.ends_at is None or user.stands(clock.now()))

    def authenticate(self, request: Any, **credentials: Any) -> User | None:
        with asking(Audience.signing_in()):
            found: User | None = super().authenticate(request, **credentials)
            return found

    def get_user(self, user_id: Any) -> User | None:
        with asking(Audience.signing_in()):
            found: User | None = super().get_user(user_id)
            return found
