"""Files in which the virus scanner found something, as a page for whoever answers for them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common import clock
from partners import quarantine
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.models import QuarantinedUpload

MOST = 200


@require_GET
@door(Permission.SEE_QUARANTINE)
def quarantined(request: SignedInRequest) -> HttpResponse:
    """The newest first. Neither names nor contents of files are shown: both may name people."""
    rows = QuarantinedUpload.objects.defer("file_name", "content")[:MOST]
    return render(request, "partners/quarantine.html", {"rows": rows, "zones": [request.viewer.user.time_zone]})


@require_POST
@door(Permission.SEE_QUARANTINE)
def quarantined_destroy(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Empty one file for good."""
    row = get_object_or_404(QuarantinedUpload.objects.defer("file_name", "content"), public_id=public_id)
    quarantine.destroy(row=row, by=request.viewer.actor, at=clock.now())
    messages.success(request, _("The file is destroyed. What was found in it stays written down."))
    return redirect("partners:quarantine")
