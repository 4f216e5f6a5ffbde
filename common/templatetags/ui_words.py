"""Words that need more than a template: what changed, and whom to call."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

_REMOVED = '<del><span class="visually-hidden">{}: </span>{}</del>'
_ADDED = '<ins><span class="visually-hidden">{}: </span>{}</ins>'


def diff(before: str, after: str) -> SafeString:
    """What changed between two texts, word by word: removed struck out, added underlined, both said aloud."""
    old, new = before.split(), after.split()
    parts: list[tuple[SafeString]] = []
    for change, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change == "equal":
            parts.append((format_html("{}", " ".join(old[a:b])),))
            continue
        if a < b:
            parts.append((format_html(_REMOVED, gettext("removed"), " ".join(old[a:b])),))
        if c < d:
            parts.append((format_html(_ADDED, gettext("added"), " ".join(new[c:d])),))
    return format_html('<span class="diff">{}</span>', format_html_join(" ", "{}", parts))


def call_card(
    context: template.Context,
    *,
    organisation: str,
    contact: str,
    number: str,
    about: Iterable[Mapping[str, Any]],
    desks_url: str = "",
    is_next: bool = True,
) -> dict[str, Any]:
    """Whom to call now: the organisation, who answers, the number as a link, and what `about`, one line each.

    A line has `why`, `since`, `zones`, `url` (where to record what came of it) and `tries` (what earlier calls came to).
    Without a number `desks_url` leads to the directory. In a list only the one to call next `is_next`: its number is the
    page's first action.
    """
    return {
        "page_now": context.get("page_now"),
        "organisation": organisation,
        "contact": contact,
        "number": number,
        "about": about,
        "desks_url": desks_url,
        "is_next": is_next,
    }
