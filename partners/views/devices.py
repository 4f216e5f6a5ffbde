"""Phones of the field: each says who it is, is listed for its owner and the administrator, and is told to wipe itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts import field_devices, sign_ins
from accounts.models import User
from common import clock, limits
from common.actors import Actor
from common.audience import Audience, announce
from common.enums import ActorKind
from partners.access import Permission
from partners.doors import SignedInRequest, door


@never_cache
@csrf_exempt  # it shows nothing and changes nothing of an account: whoever is signed out must still be told to wipe
@require_POST
def contact(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """What a phone asks whenever it is there: may it keep what it has, or must it wipe? Signed in, it is entered."""
    limits.count("link", str(device_id))
    announce(Audience.signing_in())
    at, real_at = clock.now(), clock.real_now()
    if field_devices.is_revoked(str(device_id)):
        if request.GET.get("wiped"):
            by = Actor(ActorKind.LINK, str(device_id), "device")
            field_devices.confirm_wipe(public_id=device_id, by=by, at=at, real_at=real_at)
        return JsonResponse({"order": "wipe"})
    if isinstance(request.user, User):
        user, agent = request.user, request.headers.get("User-Agent", "")
        row = field_devices.meet(
            user=user, public_id=device_id, user_agent=agent, by=user.actor, at=at, real_at=real_at
        )
        return JsonResponse({"order": "keep" if row else "rename"})
    return JsonResponse({"order": "keep"})


@require_GET
@door(*Permission)
def own_devices(request: SignedInRequest) -> HttpResponse:
    """One's own phones."""
    return render(request, "partners/own_devices.html", {"devices": field_devices.of(request.viewer.user)})


@require_POST
@door(*Permission)
def own_device_revoke(request: SignedInRequest, device_id: UUID) -> HttpResponse:
    _revoke(request, request.viewer.user, device_id, keep=request.session.get(sign_ins.MARK, ""))
    return redirect("partners:own_devices")


@require_POST
@door(Permission.MANAGE_ACCOUNTS)
def device_revoke(request: SignedInRequest, public_id: UUID, device_id: UUID) -> HttpResponse:
    _revoke(request, get_object_or_404(User, public_id=public_id), device_id)
    return redirect("partners:account", public_id)


def _revoke(request: SignedInRequest, user: User, device_id: UUID, *, keep: str = "") -> None:
    try:
        field_devices.revoke(
            user=user, public_id=device_id, keep=keep, by=request.viewer.actor, at=clock.now(), real_at=clock.real_now()
        )
    except field_devices.DeviceError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Revoked: it wipes itself at its next contact, and nothing more is taken from it."))
