"""What each crossing asks, for anybody: a list, a notice for the wall, feeds, alerts for programs, and the grammar of rules.

No account, no person, no source in its own words. Nothing here can be changed by looking at it, and nothing is hidden but what
was never published.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock, countries, languages
from common.printable import printable
from corridors import cap, rules
from corridors.models import BorderCrossing, RequirementChange
from corridors.places import find_crossings
from corridors.public_rules import changes_at, directions_published, earlier_changes, lines_of, published_crossings
from corridors.views.paging import address, page_of
from corridors.ways import way_in, way_of

RECENT = timedelta(days=7)
ENTRIES = 50
View = Callable[..., HttpResponse]


def in_wished_language(view: View) -> View:
    """The page in the language of `?lang=`, else in that of the browser."""

    @wraps(view)
    def worded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(languages.wished(request) or translation.get_language()):
            return view(request, *args, **kwargs)

    return worded


@require_safe
@in_wished_language
def crossing_rules(request: HttpRequest) -> HttpResponse:
    """The crossings of which something was published, with a page for each direction; keyset pages."""
    written = request.GET.get("q", "")[:100]
    rows = published_crossings()
    if written:
        rows = rows.filter(pk__in=find_crossings(written))
    if after := request.GET.get("after", "")[:20]:
        rows = rows.filter(Q(code__gt=after))
    page, has_more = page_of(rows)
    directions = directions_published(page)
    context = {
        "written": written,
        "crossings": [
            (place, [(pair, way_of(place, *pair)) for pair in directions.get(place.pk, [])]) for place in page
        ],
        "next_url": address(q=written, lang=languages.wished(request), after=page[-1].code) if has_more else "",
        "paper_languages": languages.choices(request.path),
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
    since = _since(request.GET.get("since", ""), way.zones[0], at=at)
    lines = lines_of(place, from_country, to_country, at=at, since=since)
    context = {
        "crossing": place,
        "title": way_in(translation.get_language() or "", place, from_country, to_country),
        "way": way,
        "names": [[side.name, *side.other_names] for side in place.way(from_country, to_country)],
        "at": at,
        "since": since,
        "since_day": since.astimezone(ZoneInfo(way.zones[0])).date(),
        "lines": lines,
        "asked": [line for line in lines if line.asked],
        "ahead": [(line, piece) for line in lines for piece in line.ahead],
        "gone": [line for line in lines if line.gone],
        "changed": any(line.changed for line in lines),
        "paper_languages": languages.choices(request.path),
        "address": settings.PUBLIC_ADDRESS + request.path,
    }
    return render(request, "corridors/public_way.html", context)


def _since(written: str, zone: str, *, at: datetime) -> datetime:
    """The beginning of the day that was asked for, there; a week ago where none can be read."""
    try:
        return datetime.combine(date.fromisoformat(written[:10]), time.min, ZoneInfo(zone))
    except ValueError:
        return at - RECENT


def _published(code: str) -> BorderCrossing:
    return get_object_or_404(published_crossings(), code=code)


@require_safe
@in_wished_language
def crossing_feed(request: HttpRequest, code: str) -> HttpResponse:
    """The newest changes at a crossing as Atom."""
    place = _published(code)
    changes = changes_at(crossing=place, most=ENTRIES)
    return _feed(request, changes, title=_("Requirements at %(place)s") % {"place": place.title})


@require_safe
@in_wished_language
def country_feed(request: HttpRequest, country: str) -> HttpResponse:
    """The newest changes at all crossings with a side in a country as Atom."""
    if not published_crossings().filter(sides__country=country).exists():
        raise Http404
    changes = changes_at(country=country, most=ENTRIES)
    return _feed(
        request, changes, title=_("Requirements at crossings of %(country)s") % {"country": countries.name(country)}
    )


def _feed(request: HttpRequest, changes: list[RequirementChange], *, title: str) -> HttpResponse:
    language = translation.get_language() or "en"
    own = settings.PUBLIC_ADDRESS + request.path
    feed = Atom1Feed(
        printable(title),
        settings.PUBLIC_ADDRESS + reverse("corridors:crossing_rules"),
        "",
        language=language,
        feed_url=own,
    )
    for change in changes:
        version = change.version
        written = version.entered_at.astimezone(ZoneInfo(version.zone))
        feed.add_item(
            title=printable(cap.headline(change, language)),
            link=_page_of(change),
            description=printable(cap.description(change, language)),
            unique_id=f"urn:uuid:{version.public_id}",
            pubdate=written,
            updateddate=written,
            categories=[version.requirement.subject, version.certainty],
            enclosures=[Enclosure(_cap_of(change), "0", "application/cap+xml")],
            author_name="Homeward",
        )
    answer = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _page_of(change: RequirementChange) -> str:
    line = change.version.requirement
    if line.crossing is None:
        return settings.PUBLIC_ADDRESS + reverse("corridors:crossing_rules")
    way = [line.crossing.code, line.from_country, line.to_country]
    return settings.PUBLIC_ADDRESS + reverse("corridors:way_rules", args=way)


def _cap_of(change: RequirementChange) -> str:
    return settings.PUBLIC_ADDRESS + reverse("corridors:change_alert", args=[change.version.public_id])


@require_safe
def change_alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One published change as an alert of the Common Alerting Protocol."""
    rows = RequirementChange.objects.select_related(
        "version__requirement__crossing", "version__authority", "previous__requirement"
    ).prefetch_related("version__requirement__crossing__sides")
    change = get_object_or_404(rows, version__public_id=public_id)
    answer = HttpResponse(
        cap.cap_of(change, earlier_changes(change), page=_page_of(change)), content_type=cap.CONTENT_TYPE
    )
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def rule_schema(request: HttpRequest) -> JsonResponse:
    """The grammar of a rule as JSON Schema."""
    answer = JsonResponse(rules.json_schema(), json_dumps_params={"indent": 2}, content_type="application/schema+json")
    answer["Cache-Control"] = "no-cache"
    return answer
