"""The door of every signed-in page: who is asking, may they, and the audience told to the database."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from accounts import field_devices
from common import clock
from common.audience import Audience, announce
from partners.access import Permission, Viewer, viewer_of

View = Callable[..., HttpResponse]
DEVICE_HEADER = "X-Field-Device"
DOOR = "opens_to"
"""Where a view behind a door keeps the permissions that open it, so that a test can walk around the house."""


class SignedInRequest(HttpRequest):
    """What a page behind `door` receives: the request with its `viewer`."""

    viewer: Viewer


def door(*permissions: Permission) -> Callable[[View], View]:
    """Opens a page to whoever holds any of `permissions`; sends strangers to sign in, answers 404 to everybody else."""

    def fit(view: View) -> View:
        @login_required
        @wraps(view)
        def opened(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            announce(Audience.account(request.user.public_id))  # what an account may do stands on rows of its own
            viewer = viewer_of(request.user, at=clock.now())
            if not any(viewer.may(permission) for permission in permissions):
                raise Http404
            request.viewer = viewer
            if (device := request.headers.get(DEVICE_HEADER)) and field_devices.is_revoked(device):
                return _refused()
            announce(viewer.audience)
            return view(request, *args, **kwargs)

        setattr(opened, DOOR, frozenset(permissions))
        return opened

    return fit


def _refused() -> HttpResponse:
    """What a phone is told whose device was revoked: nothing is taken from it, and it must wipe itself."""
    sentence = _(
        "This device was revoked, so nothing is taken from it. Write down what was not sent, then let it wipe."
    )
    return JsonResponse({"order": "wipe", "errors": {"__all__": [sentence]}}, status=410)
