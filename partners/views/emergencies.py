"""What was opened in an emergency, for whoever answers for data protection: listed, looked into, and closed by a review."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.forms import blaming
from partners import emergencies
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.forms.accounts import ReviewForm
from partners.models import EmergencyAccess


@require_GET
@door(Permission.REVIEW_EMERGENCIES)
def emergency_list(request: SignedInRequest) -> HttpResponse:
    """What waits for a review first, then the last that were reviewed."""
    at = clock.now()
    reviewed = EmergencyAccess.objects.filter(reviewed_at__isnull=False).select_related("mission__organisation")
    context = {
        "waiting": [
            {"access": access, "is_open": access.ended_at is None and access.until > at}
            for access in emergencies.unreviewed(at=at)
        ],
        "reviewed": reviewed.order_by("-reviewed_at", "-pk")[:50],
        "zones": [request.viewer.user.time_zone],
    }
    return render(request, "partners/emergencies.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.REVIEW_EMERGENCIES)
def emergency(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One of them: why, by whom, whom they looked at; POST says whether it was justified."""
    access = get_object_or_404(EmergencyAccess.objects.select_related("mission__organisation"), public_id=public_id)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            emergencies.review(access=access, **form.cleaned_data, by=request.viewer.actor, at=clock.now())
            messages.success(request, _("Reviewed."))
            return redirect("partners:emergencies")
    context = {
        "access": access,
        "form": form,
        "looks": emergencies.looks_under(access),
        "zones": [request.viewer.user.time_zone],
    }
    return render(request, "partners/emergency.html", context, status=422 if form.errors else 200)
