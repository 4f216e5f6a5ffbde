"""Pictures of the papers behind versions: for staff, and, where somebody has marked one so, for anybody."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_safe

from corridors.models import Attachment
from partners.access import Permission
from partners.doors import SignedInRequest, door


@require_GET
@door(Permission.SEE_REQUIREMENTS)
def attachment(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One picture, for whoever may read the ledger."""
    return _shown(get_object_or_404(Attachment, public_id=public_id), cached="private, no-store")


@require_safe
def public_attachment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same for anybody, where it was marked for the public page; any other is as unknown as none."""
    return _shown(get_object_or_404(Attachment, public_id=public_id, is_public=True), cached="no-cache")


def _shown(row: Attachment, *, cached: str) -> HttpResponse:
    return HttpResponse(row.content, content_type="image/jpeg", headers={"Cache-Control": cached})
