"""Opening a case beyond one's reach in an emergency, and shutting it again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock, limits
from common.forms import blaming
from migrants.emergencies import open_case
from partners import emergencies
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.models import EmergencyAccess
from returns.forms.emergencies import EmergencyForm


@require_http_methods(["GET", "POST"])
@door(Permission.OPEN_IN_EMERGENCY)
def emergency(request: SignedInRequest) -> HttpResponse:
    """What is open, and a form to open one more; POST opens it, tells a second person and leads there."""
    form, at = EmergencyForm(request.POST if request.method == "POST" else None), clock.now()
    if request.method == "POST":
        limits.count("emergency", limits.who(request))
    if request.method == "POST" and form.is_valid():
        given, viewer = form.cleaned_data, request.viewer
        with blaming(form):
            access = open_case(viewer=viewer, written=given["case"], reason=given["reason"], by=viewer.actor, at=at)
            messages.warning(
                request,
                _("%(label)s is open to you for two hours. A second person was told.") % {"label": access.label},
            )
            return redirect(_address(access))
    standing = EmergencyAccess.objects.filter(user=request.viewer.user).open(at).order_by("until")
    context = {
        "form": form,
        "may": request.viewer.may_break_glass,
        "standing": [{"access": access, "url": _address(access)} for access in standing],
        "zones": [request.viewer.user.time_zone],
    }
    return render(request, "returns/emergency.html", context, status=422 if form.errors else 200)


@require_POST
@door(Permission.OPEN_IN_EMERGENCY)
def emergency_end(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    access = get_object_or_404(EmergencyAccess, public_id=public_id, user=request.viewer.user)
    emergencies.end(access=access, by=request.viewer.actor, at=clock.now())
    messages.success(request, _("%(label)s is shut again.") % {"label": access.label})
    return redirect("returns:emergency")


def _address(access: EmergencyAccess) -> str:
    kind, _colon, public_id = access.subject.partition(":")
    return reverse(f"returns:{kind}", args=[public_id])
