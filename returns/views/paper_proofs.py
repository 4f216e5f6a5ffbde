"""The proof of a paper: whoever has it in hand learns whether it is in force, and of whom it speaks is not shown."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common import clock, languages, limits
from returns.paper_issues import proof_of
from returns.paper_parts import grouped


@never_cache
@require_safe
def paper_proof(request: HttpRequest, code: str) -> HttpResponse:
    """What paper it is, its version, hour and fingerprint, and whether it is in force: no name, no number of people,
    no organisation and no place.

    A code that was never given and one whose paper has ended get the same answer. Wrong codes are counted by address, so
    that nobody tries many.
    """
    proof = proof_of(code, at=clock.now())
    if proof is None:
        limits.count("wrong_link", limits.address_of(request))
    chosen = languages.wished(request) or (proof.issue.language if proof else translation.get_language())
    with translation.override(chosen):
        own = reverse("returns:paper_proof", args=[code])
        page = {"proof": proof, "paper_languages": languages.choices(own), "host": settings.PUBLIC_ADDRESS}
        if proof is not None:
            page["fingerprint"] = grouped(proof.issue.fingerprint)
            page["kind"] = proof.issue.get_kind_display()
        answer = render(request, "returns/papers/proof.html", page, status=200 if proof else 404)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
