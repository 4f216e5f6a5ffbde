"""The component set: every tag that a page of Homeward is put together from. `/ui/` shows each in each state.

A tag with an `end…` tag wraps what stands between. Where a part of it belongs elsewhere (the buttons of a banner, the
tools in the head of a panel), it stands first, in `{% actions %}…{% endactions %}`.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from common.templatetags import ui_forms, ui_times, ui_words

register = template.Library()
Words = str | Promise

STATES: dict[str, tuple[str, str, Words]] = {
    # given name: (look, icon, word)
    "ready": ("ready", "circle-check", _("ready")),
    "met": ("ready", "circle-check", _("met")),
    "missing": ("missing", "circle-x", _("missing")),
    "not_ready": ("missing", "circle-x", _("not ready")),
    "expiring": ("expiring", "clock-exclamation", _("runs out first")),
    "unknown": ("unknown", "help-circle", _("unknown")),
    "waived": ("waived", "shield-check", _("waived")),
    "exempt": ("exempt", "shield", _("exempt")),
}
"""The five looks (ready, missing, runs out first, unknown, exempt or waived), by verdict of a finding or case."""

TONES = {"missing": "alert-triangle", "expiring": "clock-exclamation", "ready": "circle-check", "plain": "info-circle"}
_MARK = SafeString("<!--actions-->")


# ---------------------------------------------------------------- small parts


@register.simple_tag
def icon(name: str, label: str = "", large: bool = False) -> SafeString:
    """An icon of the sprite (frontend/icons.txt). Decoration unless it has a label: `{% icon "phone" %}`."""
    return _icon(name, label, large)


@lru_cache(maxsize=512)
def _icon(name: str, label: str, large: bool) -> SafeString:
    """Kept, for a list shows the same few a hundred times."""
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        " icon-large" if large else "",
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        static("build/icons.svg"),
        name,
    )


@register.simple_tag
def state(kind: str, words: Words = "", url: str = "") -> SafeString:
    """State as icon + word + colour: `{% state finding.verdict "not taken" %}`; without words, the usual word."""
    look, picture, usual = STATES[str(kind).lower()]
    inside = format_html("{}<span>{}</span>", icon(picture), words or usual)
    if url:
        return format_html('<a class="state state-{}" href="{}">{}</a>', look, url, inside)
    return format_html('<span class="state state-{}">{}</span>', look, inside)


@register.simple_tag
def count(number: int, words: Words = "", tone: str = "alert") -> SafeString:
    """How many want attention; nothing at zero. `words`, heard only, say of what. Tone: alert | quiet."""
    if not number:
        return SafeString("")
    spoken = format_html('<span class="visually-hidden"> {}</span>', words) if words else ""
    return format_html('<span class="count{}">{}{}</span>', " count-alert" if tone == "alert" else "", number, spoken)


@register.filter
def attention(navigation: list[Mapping[str, Any]]) -> int:
    """How much wants attention behind the fifth place of the phone's bar, where the rest of the navigation is."""
    return sum(item["count"] or 0 for item in navigation[4:]) if navigation else 0


@register.simple_tag
def stat(label: Words, value: Any, url: str = "", note: Words = "", tone: str = "") -> SafeString:
    """A figure of a board. `url` leads to exactly the rows that it counts. `tone="alert"` where somebody must act."""
    figure = (
        format_html('<a class="stat-value" href="{}">{}<span class="visually-hidden"> {}</span></a>', url, value, label)
        if url
        else format_html('<span class="stat-value">{}</span>', value)
    )
    return format_html(
        '<div class="stat{}"><span class="stat-label"{}>{}</span>{}{}</div>',
        " stat-alert" if tone == "alert" else "",
        mark_safe(' aria-hidden="true"') if url else "",
        label,
        figure,
        format_html('<span class="stat-note">{}</span>', note) if note else "",
    )


@register.simple_tag
def names(written: str, latin: str = "", url: str = "") -> SafeString:
    """Both names: as written, and in Latin letters below unless they are the same."""
    top: str = format_html('<span class="names-written">{}</span>', written)
    if url:
        top = format_html('<a href="{}">{}</a>', url, top)
    below = format_html('<span class="names-latin">{}</span>', latin) if latin and latin != written else ""
    return format_html('<span class="names">{}{}</span>', top, below)


@register.simple_tag
def bar(full: int, part: int = 0, total: int = 0, words: Words = "") -> SafeString:
    """A bar of `full` (registered), `part` (counted only) and the rest up to `total` (an SVG, not a style)."""
    whole = max(total, full + part, 1)
    first, second = round(46 * full / whole, 1), round(46 * part / whole, 1)
    return format_html(
        '<svg class="bar" viewBox="0 0 46 6" preserveAspectRatio="none" {}>'
        '<rect class="bar-rest" width="46" height="6"></rect><rect class="bar-full" width="{}" height="6"></rect>'
        '<rect class="bar-part" x="{}" width="{}" height="6"></rect></svg>',
        format_html('role="img" aria-label="{}"', words) if words else mark_safe('aria-hidden="true"'),
        str(first),
        str(first),
        str(second),
    )


@register.simple_tag
def facts(items: Iterable[tuple[Words, Any]]) -> SafeString:
    """A list of label and value: `{% facts pairs %}` with pairs `[(label, value), …]`."""
    rows = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", items)
    return format_html('<dl class="facts">{}</dl>', rows)


@register.simple_tag
def tel(number: str, words: Words = "") -> SafeString:
    """A telephone number that can be called by touch."""
    return format_html(
        '<a class="tel" href="tel:{}">{}</a>', "".join(c for c in str(number) if c in "+0123456789"), words or number
    )


# ---------------------------------------------------------------- parts that wrap others


def _split(content: str) -> tuple[SafeString, SafeString]:
    """What `{% actions %}` marked, and the rest."""
    before, mark, after = content.partition(_MARK)
    return (mark_safe(before), mark_safe(after)) if mark else (SafeString(""), mark_safe(content))  # noqa: S308  # nosec


@register.simple_block_tag
def actions(content: str) -> SafeString:
    """Buttons and links of the part around it; they come first inside that part. Elsewhere, a row of buttons."""
    return format_html('<div class="actions">{}</div>{}', content, _MARK)


@register.simple_block_tag
def banner(content: str, title: Words, tone: str = "missing", picture: str = "", level: int = 2) -> SafeString:
    """The worst thing first, in a sentence, with one primary action. Tone: missing | expiring | ready | plain."""
    buttons, words = _split(content)
    return format_html(
        '<section class="banner banner-{}">{}<div class="banner-words"><h{} class="banner-title">{}</h{}>{}</div>{}'
        "</section>",
        tone,
        icon(picture or TONES[tone]),
        level,
        title,
        level,
        words,
        buttons,
    )


@register.simple_block_tag
def panel(
    content: str, title: Words, picture: str = "", *, flush: bool = False, anchor: str = "", level: int = 2
) -> SafeString:
    """One thing with a heading. `flush` leaves out the padding, for a table or a list that reaches the edges."""
    tools, body = _split(content)
    return format_html(
        '<section class="panel"{}><header class="panel-head"><h{} class="panel-title">{}{}</h{}>{}</header>{}'
        "</section>",
        format_html(' id="{}"', anchor) if anchor else "",
        level,
        icon(picture) if picture else "",
        title,
        level,
        tools,
        body if flush else format_html('<div class="panel-body">{}</div>', body),
    )


@register.simple_block_tag
def empty(content: str, title: Words, picture: str = "circle-dashed", level: int = 3) -> SafeString:
    """Nothing here yet: say so, and what to do next. The next step goes into `{% actions %}`."""
    buttons, words = _split(content)
    return format_html(
        '<div class="empty">{}<h{} class="empty-title">{}</h{}>{}{}</div>',
        icon(picture, large=True),
        level,
        title,
        level,
        words,
        buttons,
    )


@register.simple_block_tag
def page_head(content: str, title: Words) -> SafeString:
    """The heading of a page (its only h1), a line below it, and figures or buttons at the right in `{% actions %}`."""
    buttons, words = _split(content)
    below = format_html("<p>{}</p>", words) if words.strip() else ""
    return format_html(
        '<header class="page-head"><div class="page-words"><h1>{}</h1>{}</div>{}</header>', title, below, buttons
    )


@register.simple_block_tag
def table(content: str, caption: Words, fixed: bool = False) -> SafeString:
    """A dense table. On a phone each row becomes a card.

    Give every `td` a `data-label`, and the naming cell as `th scope="row"`. `caption` is heard only.
    `fixed` keeps the columns on a phone too and scrolls sideways (a matrix).
    Classes of cells: `num` figures, `cell-wide` both columns of a card, `cell-none` nothing to show on a phone.
    `class="row-alert"` marks a row where somebody must act.
    """
    inside = format_html('<caption class="visually-hidden">{}</caption>{}', caption, content)
    if not fixed:
        return format_html('<table class="table">{}</table>', inside)
    return format_html(
        '<div class="table-scroll" role="region" tabindex="0" aria-label="{}">'
        '<table class="table table-fixed">{}</table></div>',
        caption,
        inside,
    )


@register.simple_block_tag
def confirm_bar(content: str, sentence: Words) -> SafeString:
    """Stays in sight at the foot of a long page: says what will happen; the button does it."""
    buttons, words = _split(content)
    return format_html(
        '<div class="confirm"><p class="confirm-words">{}</p>{}{}</div>',
        sentence,
        words,
        buttons,
    )


# ---------------------------------------------------------------- parts with a template of their own


@register.inclusion_tag("ui/crumbs.html")
def crumbs(*pairs: str) -> dict[str, Any]:
    """The way here: `{% crumbs "Groups" groups_url "Zhibek Zholy" crossing_url %}`, the page itself left out."""
    return {"items": list(zip(pairs[::2], pairs[1::2], strict=True))}


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: Words) -> dict[str, Any]:
    """Views of one thing, as links: items `{label, url, current, figure}`; `figure` ("2 of 9") is optional."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/steps.html")
def steps(items: Iterable[Mapping[str, Any]], label: Words) -> dict[str, Any]:
    """How far along: items `{label, state, url}` with state done | current | ahead; `url` is optional."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/timeline.html", takes_context=True)
def timeline(context: template.Context, entries: Iterable[Mapping[str, Any]], zones: Any) -> dict[str, Any]:
    """What happened, newest first: entries `{at, words, by, tone}`; `at` aware UTC, tone missing | ready or absent."""
    return {"entries": entries, "zones": zones, "page_now": context.get("page_now")}


@register.inclusion_tag("ui/pager.html")
def pager(shown: Words, next_url: str = "", previous_url: str = "") -> dict[str, Any]:
    """Keyset pages: "50 of 102 shown", the way on and the way back."""
    return {"shown": shown, "next_url": next_url, "previous_url": previous_url}


@register.inclusion_tag("ui/progress.html")
def progress(done: int, total: int, words: Words, url: str = "", goes_on: bool = False) -> dict[str, Any]:
    """Long work, drawn by the server. While unfinished it asks `url` every second for its own replacement.

    `goes_on`: it is unfinished, whatever was done of the part that is counted.
    """
    finished = bool(total) and done >= total and not goes_on
    return {"done": done, "total": total, "words": words, "url": url, "finished": finished}


@register.inclusion_tag("ui/copy.html")
def copy_field(label: Words, value: str, anchor: str) -> dict[str, Any]:
    """A value to take elsewhere (a link, a reference), with a button that copies it."""
    return {"label": label, "value": value, "id": anchor}


register.inclusion_tag("ui/call.html", takes_context=True)(ui_words.call_card)
register.simple_tag(ui_words.diff)
register.inclusion_tag("ui/field.html")(ui_forms.field)
register.inclusion_tag("ui/errors.html")(ui_forms.error_summary)
register.simple_tag(ui_times.both_times, takes_context=True)
register.simple_tag(ui_times.one_time, takes_context=True)
register.simple_tag(ui_times.clock)
register.filter("city", ui_times.city)
register.filter("lasting", ui_times.lasting)
register.filter("in_hours", ui_times.in_hours)
