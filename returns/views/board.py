"""The home of whoever watches the crossings: one page and its polled panel, cheap while nothing happens."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common import clock
from corridors.enums import Certainty
from corridors.models import BarrierReport
from corridors.reporting import reports_for
from corridors.rules import parse_content
from notifications.books import last_successes
from notifications.messages import subject_of
from partners import unreached
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from partners.enums import ChannelKind
from returns.board import Board, Worst, board_of, version_of
from returns.ended_halts import ended_halts
from returns.enums import STANDS_IN_THE_WAY
from returns.headings import heading
from returns.last_hours import entries
from returns.maps import map_of
from returns.views.links import address, who_knows_of
from returns.ways import way_of, way_of_line

MOST_REPORTS = 5
HOMES = (
    (Permission.SEE_OWN_NOTICES, "notifications:own"),
    (Permission.MANAGE_DIRECTORY, "partners:organisations"),
    (Permission.SEE_AUDIT, "partners:acts"),
    (Permission.SEE_DIRECTORY, "partners:directory"),
)
"""Where whoever may not see the board begins, by what they may do."""


@require_GET
@door(*Permission)
def board(request: SignedInRequest) -> HttpResponse:
    """The board; somebody who has none is sent to the page that is theirs."""
    if not request.viewer.may(Permission.SEE_BOARD):
        return _home(request)
    at = clock.now()
    context = {**_context(request, at), "etag": _etag(request, at)}
    if request.viewer.may(Permission.CALL_PARTNERS):
        sent = last_successes(at=at)
        context["unreached"] = unreached.count_of()
        context["channels"] = [{"name": label, "at": sent[kind]} for kind, label in ChannelKind.choices]
    return render(request, "returns/board/page.html", context)


def _home(request: SignedInRequest) -> HttpResponse:
    for permission, name in HOMES:
        if request.viewer.may(permission) and (url := address(name)):
            return redirect(url)
    return render(request, "returns/board/nothing.html")


@require_GET
@door(Permission.SEE_BOARD)
def board_panel(request: SignedInRequest) -> HttpResponse:
    """The inside of the board for polling: 304 from one small query while nothing has changed."""
    at = clock.now()
    etag = _etag(request, at)
    unchanged = get_conditional_response(request, etag=etag)
    answer = unchanged or render(request, "returns/board/panel.html", _context(request, at))
    answer["ETag"] = etag
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def _etag(request: SignedInRequest, at: Any) -> str:
    viewer = request.viewer
    scope = (replace(viewer.audience, at=""), sorted(viewer.roles), request.LANGUAGE_CODE)
    if viewer.may(Permission.SEE_PEOPLE):
        shown = version_of(at=at)
    else:  # the rows behind it would tell that somebody was registered whom this viewer cannot see
        shown = render_to_string("returns/board/panel.html", _context(request, at), request)
    digest = hashlib.sha256(f"{scope}|{shown}".encode()).hexdigest()[:32]
    return f'W/"{digest}"'


def _context(request: SignedInRequest, at: Any) -> dict[str, Any]:
    viewer = request.viewer
    found = board_of(viewer, at=at)
    worst = found.worst
    zones = list(found.lines[0].zones if found.lines else viewer.zones or ["UTC"])
    return {
        "board": found,
        "at": at,
        "lines": [_line(line, viewer, at) for line in found.lines],
        "worst": worst,
        "worst_title": _title(worst, at=at) if worst else "",
        "is_announced": worst is not None and worst.version.applies.lower > at,
        "worst_url": who_knows_of(worst.alert) if worst else "",
        "longest": at - found.waiting_since if found.waiting_since else None,
        "figures": _figures(found),
        "entries": entries(viewer, at=at, most=12),
        "reports": _reports(viewer),
        "map": map_of(found.lines),
        "ended": ended_halts(viewer, at=at) if viewer.may(Permission.SEE_MOVEMENTS) else [],
        "zones": zones,
        "page_clocks": list(dict.fromkeys([viewer.user.time_zone, *zones]))[:2],
        "may_see_people": viewer.may(Permission.SEE_PEOPLE),
        "may_see_groups": viewer.may(Permission.SEE_GROUPS),
        "may_publish": viewer.may(Permission.PUBLISH_REQUIREMENTS),
        "notices_url": address("notifications:alerts") if viewer.may(Permission.SEE_NOTICES) else "",
        "requirements_url": address("corridors:requirements"),
        "corridors_url": address("corridors:corridors"),
    }


def _reports(viewer: Viewer) -> list[tuple[BarrierReport, str]]:
    """The newest words from a barrier that nobody has taken up, each with where, for whoever may see groups."""
    if not viewer.may(Permission.SEE_GROUPS):
        return []
    return [(row, way_of(row)) for row in reports_for(viewer).open()[:MOST_REPORTS]]


def _title(worst: Worst, *, at: datetime) -> str:
    """What changed and where, in one sentence; since or from when stands beside it in both local times."""
    if worst.version.certainty == Certainty.WITHDRAWN:
        return subject_of(worst.alert, get_language() or "en")
    line = worst.version.requirement
    asked = heading(parse_content(worst.version.content))
    place = way_of_line(line)
    if line.crossing is not None:
        place = place.rpartition(" → ")[2]
    words = {"place": place, "rule": asked[:1].lower() + asked[1:]}
    if worst.version.applies.lower > at:
        return _("%(place)s will ask: %(rule)s") % words
    return _("%(place)s now asks: %(rule)s") % words


def _figures(found: Board) -> dict[str, int]:
    return {verdict: found.having(verdict) for verdict in STANDS_IN_THE_WAY}


def _line(line: Any, viewer: Any, at: Any) -> dict[str, Any]:
    sees_people = viewer.may(Permission.SEE_PEOPLE)
    group = line.group
    where = f"crossing={line.crossing.code}&from={line.from_country}&to={line.to_country}"
    return {
        "line": line,
        "waiting_for": at - line.waiting_since if line.waiting_since else None,
        "groups_url": f"{reverse('returns:groups')}?{where}" if viewer.may(Permission.SEE_GROUPS) else "",
        "people_url": f"{reverse('returns:case_list')}?{where}&show=stopped" if sees_people else "",
        "readiness_url": reverse("returns:group_readiness", args=[group.public_id]) if group and sees_people else "",
        "alert_url": who_knows_of(line.alert) if line.alert and viewer.may(Permission.SEE_NOTICES) else "",
        "worst": line.worst,
    }
