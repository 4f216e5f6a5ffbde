"""A notice in the forms that are no letter: a short message, a chat message, the words of a template, an event for a machine.

Rendered once for a language and head count like a letter (`letters`), with marks where organisation and link belong.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from notifications.messages import LINK_DOORS, MessageError, in_few_words, letter
from notifications.models import Alert, Delivery
from notifications.short_messages import fitted
from partners.enums import ChannelKind

LONGEST_CHAT = 4096
"""Characters that Telegram takes."""
LONGEST_WORD = 900
"""Characters of one word of a WhatsApp template; the whole may have 1,024."""


@dataclass(frozen=True)
class ShortMaster:
    """One notice in one language with marks where organisation and link belong. Use `payload`."""

    alert: Alert
    language: str
    head_count: int | None
    subject: str
    short: str
    text: str
    organisation_mark: str
    link_mark: str

    def payload(self, delivery: Delivery, *, organisation: str, link: str) -> str:
        """The whole message of one recipient. Raises MessageError when it would not hold exactly its own link."""
        organisation = " ".join(organisation.split())
        made = {
            ChannelKind.SMS: self._sms,
            ChannelKind.TELEGRAM: self._chat,
            ChannelKind.WHATSAPP: self._template,
            ChannelKind.WEBHOOK: self._event,
        }[ChannelKind(delivery.channel_kind)](delivery, organisation, link)
        doors = sum(made.count(f"/{door}/") for door in LINK_DOORS.values())
        if made.count(link) != 1 or doors != 1:
            raise MessageError("A message must hold its own link once and no other.")
        return made

    def _sms(self, delivery: Delivery, organisation: str, link: str) -> str:
        return fitted(self.alert, self.short, link=link)

    def _chat(self, delivery: Delivery, organisation: str, link: str) -> str:
        whole = self.text.replace(self.organisation_mark, organisation).replace(self.link_mark, link)
        return whole if len(whole) <= LONGEST_CHAT else f"{_cut(self.short, LONGEST_CHAT - len(link) - 2)}\n\n{link}"

    def _template(self, delivery: Delivery, organisation: str, link: str) -> str:
        """No line breaks may stand in a word of a template."""
        words = (_cut(organisation, 100), _cut(" ".join(self.short.split()), LONGEST_WORD - len(link) - 100), link)
        return json.dumps(words, ensure_ascii=False)

    def _event(self, delivery: Delivery, organisation: str, link: str) -> str:
        body = public_content(self.alert, subject=self.subject, text=self.short, language=self.language)
        notice = delivery.notice
        own = {"notice": str(notice.public_id), "organisation": notice.organisation.code, "answer_at": link}
        if self.head_count is not None:
            own["head_count"] = self.head_count  # type: ignore[assignment]  # a number beside texts
        body["data"] |= own
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def public_content(alert: Alert, *, subject: str, text: str, language: str) -> dict[str, dict[str, object]]:
    """What a machine outside is told of an alert: `type`, `timestamp` and `data`, as Standard Webhooks has them."""
    content: dict[str, object] = {
        "type": f"notice.{alert.kind}",
        "timestamp": _hour(alert.raised_at),
        "data": {
            "alert": alert.number,
            "kind": alert.kind,
            "about": alert.subject,
            "version": alert.context.get("version"),
            "language": language,
            "subject": subject,
            "text": text,
            "expires_at": _hour(alert.expires_at),
        },
    }
    return content  # type: ignore[return-value]  # of the three only `data` is written to


def short_master_of(
    alert: Alert, language: str, *, head_count: int | None, reminder: bool, at: datetime
) -> ShortMaster:
    """Renders the short forms of `language`, written at business time `at`."""
    mark = secrets.token_hex(8)
    organisation, link = f"organisation{mark}", f"link{mark}"
    said = letter(
        alert, language, organisation=organisation, link=link, head_count=head_count, reminder=reminder, printed_at=at
    )
    return ShortMaster(
        alert=alert,
        language=language,
        head_count=head_count,
        subject=said.subject,
        short=in_few_words(alert, language),
        text=f"{said.subject}\n\n{said.text.strip()}",
        organisation_mark=organisation,
        link_mark=link,
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _hour(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
