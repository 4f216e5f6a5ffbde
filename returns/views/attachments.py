"""Attach the paper behind a version: the letter, the notice on the wall."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blaming
from corridors.attachments import attach
from corridors.ledger import sentence_of
from corridors.models import RequirementVersion
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.forms.barrier_reports import AttachmentForm
from returns.views.uploads import is_taken
from returns.ways import way_of_line


@require_http_methods(["GET", "POST"])
@door(Permission.PUBLISH_REQUIREMENTS)
def attachment_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The form, and the pages drawn anew; they stand on the ledger page of the line from then on."""
    rows = RequirementVersion.objects.select_related("requirement__crossing").prefetch_related(
        "requirement__crossing__sides"
    )
    version = get_object_or_404(rows, public_id=public_id)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and is_taken(form, request):
        given = form.cleaned_data
        with blaming(form):
            attach(
                version=version,
                kind=given["kind"],
                pages=given["picture"],
                caption=given["caption"],
                is_public=given["is_public"],
                by=request.viewer.actor,
                at=clock.now(),
            )
            messages.success(request, _("The paper is kept."))
            return redirect("corridors:requirement", version.requirement.public_id)
    context = {
        "form": form,
        "version": version,
        "way": way_of_line(version.requirement),
        "sentence": sentence_of(version),
    }
    return render(request, "returns/changes/attach.html", context, status=422 if form.errors else 200)
