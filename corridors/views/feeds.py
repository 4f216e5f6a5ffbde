"""What changed at a crossing, or at those of a country, as Atom (RFC 4287) in pages (RFC 5005), for anybody who watches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import conditional_page, require_safe

from common import clock, countries, languages
from common.printable import printable
from corridors import cap
from corridors.models import BorderCrossing, RequirementChange
from corridors.public_rules import changes_at
from corridors.views.paging import address

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
@conditional_page
@in_wished_language
def crossing_feed(request: HttpRequest, code: str) -> HttpResponse:
    """The changes at a crossing, the newest first; empty where nothing was published yet, so that it can be watched."""
    place = get_object_or_404(BorderCrossing.objects.prefetch_related("sides"), code=code)
    return _feed(
        request,
        _("Requirements at %(place)s") % {"place": place.title_in(translation.get_language() or "en")},
        crossing=place,
    )


@require_safe
@conditional_page
@in_wished_language
def country_feed(request: HttpRequest, country: str) -> HttpResponse:
    """The same of all crossings with a side in a country; its code of two letters leads to that of three."""
    code = countries.find(country) or ""
    if not BorderCrossing.objects.filter(sides__country=code).exists():
        raise Http404
    if code != country:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse("corridors:country_feed", args=[code]) + query)
    title = _("Requirements at crossings of %(country)s") % {"country": countries.name(code)}
    return _feed(request, title, country=code)


class _Feed(Atom1Feed):
    """Atom with pages, in which each entry has its alert beside it."""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["next_url"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["next_url"]})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("link", "", {"rel": "enclosure", "type": "application/cap+xml", "href": item["alert"]})

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.feed["empty_since"]


def _feed(request: HttpRequest, title: str, **where: Any) -> HttpResponse:
    """One page of a feed. An empty one was last looked at today, so that it stays the same for a day."""
    before = request.GET.get("before", "")
    changes = changes_at(
        **where, most=ENTRIES + 1, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    shown = changes[:ENTRIES]
    language, lang = translation.get_language() or "en", languages.wished(request)
    own = settings.PUBLIC_ADDRESS + request.path
    feed = _Feed(
        printable(title),
        settings.PUBLIC_ADDRESS + reverse("corridors:crossing_rules") + (address(lang=lang) if lang else ""),
        "",
        language=language,
        feed_url=own + (address(lang=lang, before=before) if lang or before else ""),
        feed_guid=own,
        next_url=own + address(lang=lang, before=shown[-1].pk) if len(changes) > ENTRIES else "",
        empty_since=datetime.combine(clock.now().astimezone(UTC).date(), time.min, UTC),
    )
    for change in shown:
        _add_entry(feed, change, language)
    answer = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _add_entry(feed: _Feed, change: RequirementChange, language: str) -> None:
    """One change. Readers take its text for HTML, so what people wrote is escaped once more."""
    version = change.version
    written = version.entered_at.astimezone(ZoneInfo(version.zone))
    feed.add_item(
        title=printable(cap.headline(change, language)),
        link=page_of_change(change),
        description=escape(printable(cap.description(change, language))),
        unique_id=f"urn:uuid:{version.public_id}",
        pubdate=written,
        updateddate=written,
        categories=[version.requirement.subject, version.certainty],
        author_name="Homeward",
        alert=settings.PUBLIC_ADDRESS + reverse("corridors:change_alert", args=[version.public_id]),
    )


def page_of_change(change: RequirementChange) -> str:
    """The address of the public page on which a change stands."""
    line = change.version.requirement
    if line.crossing is None:
        return settings.PUBLIC_ADDRESS + reverse("corridors:crossing_rules")
    way = [line.crossing.code, line.from_country, line.to_country]
    return settings.PUBLIC_ADDRESS + reverse("corridors:way_rules", args=way)
