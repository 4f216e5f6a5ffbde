"""What each kind of alert says, in each language and on each way out: with an invented example, before the first real one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common import clock
from notifications.messages import kinds
from notifications.samples import Sample, sample_of
from partners.access import Permission
from partners.doors import SignedInRequest, door


@require_GET
@door(Permission.MANAGE_DIRECTORY, Permission.SEE_NOTICES)
def kinds_page(request: SignedInRequest) -> HttpResponse:
    """The kinds of alerts; one of them with all its messages in the language chosen."""
    shown = [kind for kind in kinds() if kind.sample is not None]
    languages = dict(settings.LANGUAGES)
    language = request.GET.get("lang", "")
    language = language if language in languages else "en"
    chosen = next((kind for kind in shown if kind.kind == request.GET.get("kind")), shown[0])
    sample: Sample = sample_of(chosen, language, by=request.viewer.actor, at=clock.now())
    page: dict[str, Any] = {
        "kinds": [
            {"label": kind.label, "url": f"?kind={kind.kind}&lang={language}", "current": kind is chosen}
            for kind in shown
        ],
        "chosen": chosen,
        "sample": sample,
        "language": language,
        "tabs": [
            {"label": name, "url": f"?kind={chosen.kind}&lang={code}", "current": code == language}
            for code, name in languages.items()
        ],
    }
    return render(request, "notifications/staff/kinds.html", page)
