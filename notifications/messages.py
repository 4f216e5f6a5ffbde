"""What a notice says. Each kind of alert has a folder of templates and one function that gives their context.

A floor registers its kind from `AppConfig.ready()`; `templates/messages/<kind>/` holds `subject.txt`, `text.txt`,
`body.html` (a fragment: the mail and the signed page both show it), `short.txt` (for a text message: a reference and a few
words, `notifications.short_messages`), `call.txt` (what a caller reads out) and, for the people who wait, `readout.txt`.
Three optional keys of an alert's context are read here: `zones` (IANA names of both sides, the side that is meant first),
`version` (of what the alert is about), and `until` (the hour until which its links open, where they serve longer than an
answer is waited for).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.backends.django import Template as DjangoTemplate
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from notifications.enums import LinkPurpose
from notifications.models import Alert, Notice
from partners.models import Organisation

LINK_DOORS = {LinkPurpose.ACKNOWLEDGE: "a", LinkPurpose.DECIDE: "d"}
"""What stands before the token in the address of a link, by its purpose."""
SAMPLE_TOKEN = "…"  # noqa: S105 (stands where a link's token would be)


class MessageError(Exception):
    """A message cannot be built: its kind is unknown, or it would not be safe to send."""


@dataclass(frozen=True)
class MessageKind:
    """`context(alert_context, language)` gives the templates plain values; it runs with that language active.

    `purpose` is what a link in such a message is for. Where a kind asks for more than that somebody has it, `answered_at`
    gives the address of the page on which a signed-in partner answers its notice, and the steps follow the alert's end.
    `label` names the kind for people; `sample` gives an invented context, by which its messages are looked at beforehand.
    What is `of_a_mission` follows the policy of that mission; the rest, such as trouble of the engine, is everybody's.
    `by_interest` says that whoever has an interest in a place is told, and may choose to be told of this kind alone.
    """

    kind: str
    templates: str
    context: Callable[[dict[str, Any], str], dict[str, Any]]
    purpose: str = LinkPurpose.ACKNOWLEDGE
    answered_at: Callable[[Notice], str] | None = None
    label: str | Promise = ""
    sample: Callable[[], dict[str, Any]] | None = None
    of_a_mission: bool = True
    by_interest: bool = False

    @property
    def decides(self) -> bool:
        """Whether an answer is a decision, due by the end of the alert."""
        return self.purpose == LinkPurpose.DECIDE


@dataclass(frozen=True)
class RenderedMessage:
    """`html` is safe to show as it is."""

    subject: str
    text: str
    html: SafeString


_kinds: dict[str, MessageKind] = {}


def register(kind: str, message: MessageKind) -> None:
    """Makes `kind` an alert that can be raised. Registering again replaces."""
    _kinds[kind] = message


def deciding_kinds() -> list[str]:
    """The kinds of alerts that ask for a decision."""
    return [kind for kind, message in _kinds.items() if message.decides]


def known_kinds() -> list[str]:
    """The kinds of alerts that can be raised, in order."""
    return sorted(_kinds)


def kinds_by_interest() -> dict[str, str | Promise]:
    """The kinds that an organisation may ask for alone, each with its name for people."""
    return {row.kind: row.label or row.kind for row in kinds() if row.by_interest}


def kinds() -> list[MessageKind]:
    """Every registered kind, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def language_of(wished: str) -> str:
    """The language in which we write to somebody who wished for `wished`: it, or English where we do not have it."""
    return wished if wished in dict(settings.LANGUAGES) else "en"


def zones_of(alert: Alert) -> list[str]:
    """The zones whose local times are printed, the side that is meant first."""
    return list(alert.context.get("zones") or ["UTC"])


def link_ends(alert: Alert) -> datetime:
    """The hour at which the links of an alert end: when no answer is waited for any longer, or later where it says so."""
    until = alert.context.get("until")
    return max(alert.expires_at, datetime.fromisoformat(until)) if until else alert.expires_at


def require(kind: str) -> MessageKind:
    """The registered kind. Raises MessageError."""
    if kind not in _kinds:
        raise MessageError(f"No message is registered for alerts of kind “{kind}”; register it in AppConfig.ready().")
    return _kinds[kind]


def context_of(alert: Alert, language: str, *, head_count: int | None = None) -> dict[str, Any]:
    """What every template of this alert knows. Call it with `language` active."""
    kind = require(alert.kind)
    common = {
        "alert": alert,
        "reference": str(alert.number or "…"),
        "language": language,
        "zones": zones_of(alert),
        "version": alert.context.get("version"),
        "head_count": head_count,
        "decides": kind.decides,
    }
    return common | kind.context(alert.context, language)


def subject_of(alert: Alert, language: str) -> str:
    """The subject alone, on one line: what lists and headings show."""
    with override(language):
        return _subject(require(alert.kind), context_of(alert, language))


def answer_page(notice: Notice) -> str:
    """The page on which a signed-in partner answers this notice, where its kind has one of its own."""
    found = require(notice.alert.kind).answered_at
    return found(notice) if found else ""


def render(alert: Alert, language: str, *, head_count: int | None = None) -> RenderedMessage:
    """The message itself, without the letter around it."""
    kind = require(alert.kind)
    with override(language):
        context = context_of(alert, language, head_count=head_count)
        text = _plain(f"{kind.templates}/text.txt", context)
        html = get_template(f"{kind.templates}/body.html").render(context)
        return RenderedMessage(_subject(kind, context), text, mark_safe(html.strip()))  # noqa: S308  # nosec


def readout(alert: Alert, language: str) -> str:
    """What is read out to the people who wait. Raises MessageError where the kind has no such text."""
    return _spoken(alert, language, ("readout.txt",))


def call_script(alert: Alert, language: str) -> str:
    """What a caller reads out to an organisation: `call.txt`, or the text of the message."""
    return _spoken(alert, language, ("call.txt", "text.txt"))


def in_few_words(alert: Alert, language: str) -> str:
    """What a text message says: `short.txt` on one line, or the subject where the kind has none."""
    return _one_line(_spoken(alert, language, ("short.txt", "subject.txt")))


def _spoken(alert: Alert, language: str, names: tuple[str, ...]) -> str:
    kind = require(alert.kind)
    with override(language):
        context = context_of(alert, language)
        for name in names:
            try:
                return _plain(f"{kind.templates}/{name}", context)
            except TemplateDoesNotExist:
                continue
    raise MessageError(f"Alerts of kind “{alert.kind}” have no text to read out.")


def letter(
    alert: Alert,
    language: str,
    *,
    organisation: str,
    link: str,
    head_count: int | None = None,
    reminder: bool = False,
    printed_at: datetime | None = None,
) -> RenderedMessage:
    """The whole letter: the message, for whom it is, and the link that answers it.

    `printed_at` is the hour at which it is written; the letter gives it in the local time of each side.
    """
    body = render(alert, language, head_count=head_count)
    with override(language):
        inside = {
            **context_of(alert, language, head_count=head_count),
            "organisation": organisation,
            "link": link,
            "reminder": reminder,
            "printed_at": printed_at or alert.raised_at,
            "link_ends": link_ends(alert),
        }
        text = _plain("messages/letter.txt", {**inside, "body": body.text})
        html = get_template("messages/letter.html").render({**inside, "body": body.html, "subject": body.subject})
        subject = _plain("messages/letter_subject.txt", {**inside, "subject": body.subject})
    return RenderedMessage(_one_line(subject), f"{text}\n", mark_safe(html))  # noqa: S308  # nosec


def preview(alert: Alert, language: str, organisation: Organisation | None = None) -> RenderedMessage:
    """The letter as it would go to `organisation`, with no working link. The alert need not be saved."""
    head_count = None
    if organisation is not None and alert.pk:
        counts = alert.notices.filter(organisation=organisation).values_list("head_count", flat=True)
        head_count = counts.first()
    name = organisation.name_in(language) if organisation else "…"
    return letter(
        alert,
        language,
        organisation=name,
        link=sample_link(alert),
        head_count=head_count,
    )


def sample_link(alert: Alert) -> str:
    """An address of the length and look of a link, which opens nothing."""
    return f"{settings.PUBLIC_ADDRESS}/{LINK_DOORS[LinkPurpose(require(alert.kind).purpose)]}/{SAMPLE_TOKEN}/"


def _subject(kind: MessageKind, context: dict[str, Any]) -> str:
    return _one_line(_plain(f"{kind.templates}/subject.txt", context))


def _plain(name: str, context: dict[str, Any]) -> str:
    """A template of plain text: nothing is escaped, and no more than one empty line stands in a row."""
    template = cast("DjangoTemplate", get_template(name)).template
    lines = [line.rstrip() for line in template.render(Context(context, autoescape=False)).strip().splitlines()]
    return "\n".join(line for number, line in enumerate(lines) if line or lines[number - 1])


def _one_line(text: str) -> str:
    return " ".join(text.split())
