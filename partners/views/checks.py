"""Whether somebody answers behind a channel: whoever holds the link of a test message says so. Without an account, on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common import clock, languages, limits
from common.audience import Audience, announce
from common.forms import blaming
from common.signed_pages import leaves_no_trace
from partners import verification
from partners.forms.directory import AnsweredForm

PAGE = "partners/channel_check.html"


@leaves_no_trace
@never_cache
@csrf_exempt  # the token in the address is the only proof, and a browser that sends no referrer could not pass the check
@require_http_methods(["GET", "POST"])
def channel_check(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows which desk is asked and changes nothing, for scanners open links; POST says who answered."""
    limits.count("link", token)
    announce(Audience.link(""))
    wished = languages.wished(request)
    check = verification.find(token, real_at=clock.real_now())
    if check is None:
        limits.count("wrong_link", limits.address_of(request))
        with override(wished or "en"):
            return render(request, PAGE, {"paper_languages": languages.choices(request.path)}, status=410)
    contact = check.channel.contact
    with override(wished or contact.language):
        form = AnsweredForm(request.POST if request.method == "POST" else None)
        context = {
            "check": check,
            "organisation": contact.office.organisation.name,
            "form": form,
            "paper_languages": languages.choices(request.path),
        }
        if request.method == "POST" and form.is_valid():
            with blaming(form):
                verification.answer(token=token, at=clock.now(), real_at=clock.real_now(), **form.cleaned_data)
                return render(request, PAGE, {"answered": True, "paper_languages": context["paper_languages"]})
        return render(request, PAGE, context, status=422 if form.errors else 200)
