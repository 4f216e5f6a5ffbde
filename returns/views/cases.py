"""The people behind a number of the board: open cases by what stands in their way."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from common import audit, clock
from migrants.models import Migrant
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.enums import STANDS_IN_THE_WAY, Verdict
from returns.models import ReturnCase
from returns.people_lines import lines_of
from returns.views.links import address

PAGE = 50
PLACE = ("crossing", "from", "to")


@require_GET
@door(Permission.SEE_PEOPLE)
def case_list(request: SignedInRequest) -> HttpResponse:
    """Open cases of groups that wait; `show` is stopped, all or one verdict; keyset pages of 50; an access row each."""
    show, wanted = asked_for(request)
    rows = rows_of(request, show, wanted)
    page = list(rows[: PAGE + 1])
    at = clock.now()
    people = Migrant.objects.filter(pk__in=[case.person_id for case in page[:PAGE]])
    lines = {line.pk: line for line in lines_of(people, at=at)}
    by, seen = request.viewer.actor, [line.public_id for line in lines.values()]
    audit.record_views(seen, page="cases", by=by, at=at)
    after = page[PAGE - 1].person.number if len(page) > PAGE else ""
    context = {
        "rows": [
            {"case": case, "line": lines[case.person_id], "url": address("returns:person", case.person.public_id)}
            for case in page[:PAGE]
            if case.person_id in lines
        ],
        "next_url": f"?{urlencode({'show': show, **wanted, 'after': after})}" if after else "",
        "show": show,
        "choices": [
            {
                "value": value,
                "label": label,
                "url": f"?{urlencode({'show': value, **wanted})}",
                "current": value == show,
            }
            for value, label in (("stopped", ""), *((verdict.value, verdict.label) for verdict in Verdict), ("all", ""))
        ],
        "where": " ".join(wanted.values()),
        "list_url": f"{reverse('returns:case_list_file')}?{urlencode({'show': show, **wanted})}",
    }
    return render(request, "returns/board/cases.html", context)


def asked_for(request: SignedInRequest) -> tuple[str, dict[str, str]]:
    """Give what the address asks for: `show`, and the place and direction where it names them."""
    return request.GET.get("show", "stopped"), {name: request.GET[name] for name in PLACE if request.GET.get(name)}


def rows_of(request: SignedInRequest, show: str, wanted: dict[str, str]) -> Any:
    """Give the open cases of groups that wait, as far as the viewer sees them, by number of the person."""
    rows = (
        ReturnCase.objects.visible_to(request.viewer)
        .open()
        .living()
        .filter(person__group__closed_at__isnull=True, readiness__isnull=False)
        .select_related("person__group", "readiness")
        .order_by("person__number")
    )
    if show == "stopped":
        rows = rows.filter(readiness__worst__in=STANDS_IN_THE_WAY)
    elif show in Verdict.values:
        rows = rows.filter(readiness__worst=show)
    paths = {"crossing": "crossing__code", "from": "from_country", "to": "to_country"}
    for name, value in wanted.items():
        rows = rows.filter(**{f"person__group__{paths[name]}": value})
    return rows.filter(person__number__gt=request.GET["after"]) if request.GET.get("after") else rows
