"""A letter as it goes over the wire: rendered and stored once for a language and head count, spliced for each recipient.

Building a message costs far more than sending it, and storing it whole for each more than splicing it. What is the
recipient's own stands in its delivery. A splice must never leave another organisation's link in a letter, so the parts are
8bit (quoted-printable would break a token over two lines), and each is counted when it is queued and before it is sent.
"""

from __future__ import annotations

import json
import re
import secrets
import textwrap
from dataclasses import asdict, dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cached_property

from django.conf import settings
from django.core.mail.message import sanitize_address
from django.utils.html import escape

from notifications.messages import LINK_DOORS, MessageError, letter
from notifications.models import Alert, Letter

LONGEST_LINE = 900
"""Bytes; SMTP ends at 998, and a folded line must still fit after the splice."""
LINKS_IN_A_LETTER = 2
"""One in the text, one in the HTML."""

_DOORS = tuple(f"/{door}/".encode() for door in LINK_DOORS.values())
_PLAIN = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
"""What nearly every address looks like; all others are looked at in full."""


@dataclass(frozen=True)
class Master:
    """A letter of one language with marks where organisation and link belong. Use `splice`."""

    raw: str
    plain_mark: str
    html_mark: str
    link_mark: str

    def splice(self, *, address: str, organisation: str, link: str, message_id: str, replies_to: str = "") -> bytes:
        """The whole message for one recipient. Raises MessageError when it would not hold exactly its own link."""
        organisation = " ".join(organisation.split())
        head = f"To: {_header_address(address)}\r\nMessage-ID: {message_id}\r\n"
        if replies_to:
            head += f"In-Reply-To: {replies_to}\r\nReferences: {replies_to}\r\n"
        own = {
            self.link_mark: link.encode(),
            self.plain_mark: organisation.encode(),
            self.html_mark: escape(organisation).encode(),
        }
        first, following = self._pieces
        body = first + b"".join([own[mark] + piece for mark, piece in following])
        doors = sum(map(body.count, _DOORS))
        if body.count(own[self.link_mark]) != LINKS_IN_A_LETTER or doors != LINKS_IN_A_LETTER:
            raise MessageError(f"A letter must hold its own link {LINKS_IN_A_LETTER} times and no other.")
        return head.encode() + body

    @cached_property
    def _pieces(self) -> tuple[bytes, list[tuple[str, bytes]]]:
        """The letter cut at its marks once for all, as it goes over the wire: what comes first, then each mark with what
        follows it.
        """
        first, *cut = re.split(f"({self.link_mark}|{self.plain_mark}|{self.html_mark})", self.raw)
        return first.encode(), [(mark, piece.encode()) for mark, piece in zip(cut[::2], cut[1::2], strict=True)]

    def to_json(self) -> str:
        """What is stored of it. Raises MessageError where it would not hold the link of its recipient, or any other."""
        if self.raw.count(self.link_mark) != LINKS_IN_A_LETTER or has_door(self.raw):
            raise MessageError(f"A letter must hold its own link {LINKS_IN_A_LETTER} times and no other.")
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of(cls, letter: Letter) -> Master:
        """What was stored. Raises SealError where no key opens it, MessageError where its time is over."""
        if letter.content is None:
            raise MessageError("The letter was erased when its time had run out.")
        return cls(**json.loads(letter.content))


def own_part(*, organisation: str, link: str, replies_to: str = "") -> str:
    """What a recipient's letter has of its own: the arguments of `Master.splice` that stand in no other row. Raises
    MessageError for a name that looks like a link.
    """
    if has_door(organisation):
        raise MessageError("The name of an organisation must hold no link.")
    return json.dumps({"organisation": organisation, "link": link, "replies_to": replies_to}, ensure_ascii=False)


def has_door(text: str) -> bool:
    """Whether a text holds what stands before the token of a link."""
    return any(f"/{door}/" in text for door in LINK_DOORS.values())


def stored(alert: Alert, language: str, *, head_count: int | None, reminder: bool, at: datetime) -> Letter:
    """Renders the letter of `language` at business time `at` and stores it, sealed."""
    made = master_of(alert, language, head_count=head_count, reminder=reminder, at=at)
    return Letter.objects.create(
        alert=alert,
        language=language,
        head_count=head_count,
        is_reminder=reminder,
        written_at=at,
        content=made.to_json(),
    )


def master_of(alert: Alert, language: str, *, head_count: int | None, reminder: bool, at: datetime) -> Master:
    """Renders the letter of `language` written at business time `at`."""
    mark = secrets.token_hex(8)
    plain, html, link = f"organisation{mark}", f"organisation-html{mark}", f"link{mark}"
    message = letter(
        alert, language, organisation=plain, link=link, head_count=head_count, reminder=reminder, printed_at=at
    )
    mail = EmailMessage(policy=SMTP.clone(cte_type="8bit"))
    mail["From"] = settings.MAIL_FROM
    mail["Date"] = format_datetime(at)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(short_lines(message.text), charset="utf-8", cte="8bit")
    mail.add_alternative(short_lines(message.html.replace(plain, html)), subtype="html", charset="utf-8", cte="8bit")
    mail["Content-Language"] = language  # afterwards: the parts would take it with them
    # By the older class: the newer one loses blanks between words where it folds a Cyrillic subject.
    subject = Header(message.subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
    return Master(f"Subject: {subject}\r\n{mail.as_bytes().decode()}", plain, html, link)


def mail_address(address: str) -> str:
    """The address as mail goes to it. Raises ValueError where it is none."""
    if _PLAIN.fullmatch(address):
        return address
    made = sanitize_address(address, "utf-8")
    made.encode("ascii")
    return made


def _header_address(address: str) -> str:
    """The address as a header may hold it. One that is none must not keep the others from being told: the transport
    refuses it, and the next contact takes its place.
    """
    try:
        return mail_address(address)
    except ValueError:
        return "not-an-address@homeward.invalid"


def short_lines(text: str) -> str:
    """Breaks lines, at blanks, that SMTP would not carry."""
    lines: list[str] = []
    for line in text.splitlines():
        if len(line.encode()) <= LONGEST_LINE:
            lines.append(line)
        else:
            # A letter of our languages takes at most two bytes, of any language four.
            lines += textwrap.wrap(line, LONGEST_LINE // 4, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines) + "\n"
