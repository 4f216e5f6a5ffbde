"""What each crossing asks, for anybody: a list, a notice for the wall, alerts for programs, and the grammar of rules.

No account, no person, no source in its own words. Nothing here can be changed by looking at it, and nothing is hidden but what
was never published.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from common import clock, languages
from corridors import cap, rules
from corridors.models import BorderCrossing, RequirementChange
from corridors.places import find_crossings
from corridors.public_rules import directions_published, earlier_changes, lines_of, published_crossings
from corridors.views.feeds import in_wished_language, page_of_change
from corridors.views.paging import address, page_of
from corridors.ways import way_in, way_of

RECENT = timedelta(days=7)
YEARS = range(1990, 2100)


@require_safe
@in_wished_language
def crossing_rules(request: HttpRequest) -> HttpResponse:
    """The crossings of which something was published, with a page for each direction; keyset pages."""
    written = request.GET.get("q", "")[:100]
    rows = published_crossings()
    if written:
        rows = rows.filter(pk__in=find_crossings(written))
    after = request.GET.get("after", "")[:20]
    if after:
        rows = rows.filter(Q(code__gt=after))
    page, has_more = page_of(rows)
    directions = directions_published(page)
    language = translation.get_language() or "en"
    context = {
        "written": written,
        "crossings": [
            (place, place.title_in(language), [(pair, way_of(place, *pair)) for pair in directions.get(place.pk, [])])
            for place in page
        ],
        "next_url": address(q=written, lang=languages.wished(request), after=page[-1].code) if has_more else "",
        "lang": languages.wished(request),
        "paper_languages": languages.choices(request.path, q=written, after=after),
    }
    return render(request, "corridors/public_rules.html", context)


@require_safe
@in_wished_language
def way_rules(request: HttpRequest, code: str, from_country: str, to_country: str) -> HttpResponse:
    """The notice of one direction: what is asked now, what is known to come, and what changed since a day."""
    place = _published(code)
    if (from_country, to_country) not in directions_published([place]).get(place.pk, []):
        raise Http404
    at = clock.now()
    way = way_of(place, from_country, to_country)
    written = request.GET.get("since", "")[:40]
    since, misread = _since(written, way.zones[0], at=at)
    lines = lines_of(place, from_country, to_country, at=at, since=since)
    context = {
        "crossing": place,
        "title": way_in(translation.get_language() or "", place, from_country, to_country),
        "way": way,
        "names": [[side.name, *side.other_names] for side in place.way(from_country, to_country)],
        "at": at,
        "since": since,
        "misread": misread,
        "lang": languages.wished(request),
        "since_day": since.astimezone(ZoneInfo(way.zones[0])).date(),
        "lines": lines,
        "asked": [line for line in lines if line.asked],
        "ahead": [(line, piece) for line in lines for piece in line.ahead],
        "gone": [line for line in lines if line.gone],
        "changed": any(line.changed for line in lines),
        "paper_languages": languages.choices(request.path, since=written),
        "address": settings.PUBLIC_ADDRESS + request.path,
    }
    return render(request, "corridors/public_way.html", context)


def _since(written: str, zone: str, *, at: datetime) -> tuple[datetime, str]:
    """The beginning of the day that was asked for, there; else a week ago, with what of the day cannot be meant."""
    if not written.strip():
        return at - RECENT, ""
    try:
        day = date.fromisoformat(written.strip())
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        words = _(
            "“%(day)s” is no day that can be meant; give it as 2020-09-27. Marked is what changed in the last seven days."
        )
        return at - RECENT, words % {"day": written}
    return datetime.combine(day, time.min, ZoneInfo(zone)), ""


def _published(code: str) -> BorderCrossing:
    return get_object_or_404(published_crossings(), code=code)


@require_safe
@conditional_page
def change_alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One published change as an alert of the Common Alerting Protocol."""
    rows = RequirementChange.objects.select_related(
        "version__requirement__crossing", "version__authority", "previous__requirement"
    ).prefetch_related("version__requirement__crossing__sides")
    change = get_object_or_404(rows, version__public_id=public_id)
    answer = HttpResponse(
        cap.cap_of(change, earlier_changes(change), page=page_of_change(change)), content_type=cap.CONTENT_TYPE
    )
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
@conditional_page
def rule_schema(request: HttpRequest) -> JsonResponse:
    """The grammar of a rule as JSON Schema."""
    answer = JsonResponse(rules.json_schema(), json_dumps_params={"indent": 2}, content_type="application/schema+json")
    answer["Cache-Control"] = "no-cache"
    return answer
