"""Who is signed in. The one place that every page and the API ask, so that a session which must not count counts nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from accounts import sign_ins
from accounts.models import User
from common import clock

KEPT_FOR = 365 * 24 * 60 * 60
"""How long a device keeps the language that was chosen on it, in seconds."""


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


class OwnLanguage:
    """Whoever is signed in reads the pages in the language of the account, or in the one chosen on this device.

    A choice (`?reading=tg`, from the menu of every page) is kept in a cookie; it goes before what the browser asks for,
    which in an office is often only what its computer was bought with.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
            return self.answer(request)
        chosen = _ours(request.GET.get("reading", ""))
        kept = _ours(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
        language = chosen or kept or _ours(request.user.language)
        if not language:
            return self.answer(request)
        with translation.override(language):
            response = self.answer(request)
        response.headers.setdefault("Content-Language", language)
        if chosen:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=KEPT_FOR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def _ours(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else ""


class LastUse:
    """Keeps when each session was last used."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if hasattr(request, "_signed_in"):
            sign_ins.note_use(request.session, real_at=clock.real_now())
        return response
