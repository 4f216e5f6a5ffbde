"""Which accounts count: those that are switched on and have not ended, at sign-in and at every request after it."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from common import clock


class StandingAccounts(AuthenticationBackend):  # type: ignore[misc]  # the library carries no types
    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active and (user.ends_at is None or user.stands(clock.now()))
