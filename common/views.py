"""Faces that belong to no app above: the gallery of components and the worker of the count page."""

from pathlib import Path

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
