"""Who is signed in. The one place that every page and the API ask, so that a session which must not count counts nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts import sign_ins
from accounts.models import User
from common import clock


class SignedIn(AuthenticationMiddleware):
    """`request.user` is somebody only while the session stands: within its shift, with a second factor where one is due."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = cast("User", SimpleLazyObject(lambda: _signed_in(request)))


def _signed_in(request: HttpRequest) -> User | AnonymousUser:
    if not hasattr(request, "_signed_in"):
        user = get_user(request)
        stands = isinstance(user, User) and sign_ins.stands(request.session, user, real_at=clock.real_now())
        request._signed_in = user if stands else AnonymousUser()  # type: ignore[attr-defined]  # kept for this request
    return request._signed_in  # type: ignore[attr-defined,no-any-return]  # the same


class LastUse:
    """Keeps when each session was last used."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if hasattr(request, "_signed_in"):
            sign_ins.note_use(request.session, real_at=clock.real_now())
        return response
