"""A bare Django view of fifty cases, as the limit of our list: sessions, accounts, one page of rows, a plain template."""

from __future__ import annotations

from collections.abc import Callable

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.template import Context, Engine
from django.test import override_settings
from django.urls import path

from bench.faces import Face
from returns.models import ReturnCase

PAGE = 50
TEMPLATE = Engine().from_string(
    "<!doctype html><title>Cases</title><table>{% for case in cases %}<tr><td>{{ case.person.number }}<td>"
    "{{ case.person.full_name }}<td>{{ case.person.latin_name }}<td>{{ case.person.sex }}<td>{{ case.person.birth_year }}"
    "<td>{{ case.person.family.code }}<td>{% for row in case.person.nationalities.all %}{{ row.code }} {% endfor %}<td>"
    "{% for row in case.person.documents.all %}{{ row.kind }} {{ row.expires_on }}{% endfor %}<td>"
    "{{ case.person.group.code }}<td>{{ case.readiness.worst }}</tr>{% endfor %}</table>"
)


def cases(request: HttpRequest) -> HttpResponse:
    """Show the first fifty open cases at a crossing."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    rows = (
        ReturnCase.objects.filter(closed_at=None, person__group__crossing__code=request.GET["crossing"])
        .select_related("person__group", "person__family", "readiness")
        .prefetch_related("person__nationalities", "person__documents")
        .order_by("person__number")
    )
    return HttpResponse(TEMPLATE.render(Context({"cases": rows[:PAGE]})))


urlpatterns = [path("", cases)]


def with_our_addresses(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answered(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return answer(request)

    return answered


BARE = [
    "bench.bare_list.with_our_addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]


class Bare(Face):
    """The same browser before a site that has nothing but this view."""

    def __init__(self, cookie: str) -> None:
        self.cookie = cookie
        with override_settings(MIDDLEWARE=BARE):
            self.application = WSGIHandler()
