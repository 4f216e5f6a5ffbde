"""Faces that belong to no app above: the gallery, the worker of the count page, and what strangers' programs ask for."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common import clock
from common.gallery import samples


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state. Staff only; for everyone else there is nothing here."""
    if not request.user.is_staff:
        raise Http404
    return render(request, "ui/gallery.html", samples(clock.now()))


@require_safe
def count_worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the count page, at the root so that it may look after that page. It holds no data."""
    found = finders.find("js/count-worker.js")
    if found is None:
        raise Http404
    answer = HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """No search engine has anything to look for here."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116); nothing where no contact is set, or where it has expired."""
    ends_on = settings.SECURITY_EXPIRES
    if not settings.SECURITY_CONTACT or ends_on is None or ends_on <= clock.real_now().date():
        raise Http404
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {ends_on:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages: en, ru",
        f"Canonical: {settings.PUBLIC_ADDRESS}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
