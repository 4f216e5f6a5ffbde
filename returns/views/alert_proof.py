"""Who knew of a notice when, as a file for whoever asks for proof."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from common import clock
from common.limits import limited
from notifications.readers import alerts_for
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.alert_papers import KINDS, proof_file
from returns.views.file_answers import file_answer


@require_GET
@door(Permission.SEE_NOTICES)
@limited("export")
def alert_proof(request: SignedInRequest, public_id: UUID, kind: str) -> HttpResponse:
    """One alert with every organisation, as CSV or PDF; it leaves a row of exports."""
    if kind not in KINDS:
        raise Http404
    alert = get_object_or_404(alerts_for(request.viewer), public_id=public_id)
    made = proof_file(alert, kind=kind, by=request.viewer.actor, at=clock.now())
    return file_answer(made, name=f"who-knew-when-{alert.number}.{kind}")
