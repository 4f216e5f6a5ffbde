"""What `manage.py check` refuses: keys that cannot seal, and with `--deploy` what must never stand where real people do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  # that is what Django calls it
from django.core.exceptions import ImproperlyConfigured

from common.clock import real_now
from common.scanning import answers
from common.sealed import ring

RESERVED = (".example", "@example.org", "@example.com", ".invalid", ".test", ".localhost")
"""Ends of addresses which no mail can come from or reach (RFC 2606)."""


@register
def the_ring_holds_keys(**_asked: Any) -> list[CheckMessage]:
    """The same that stops web and worker at their start: without keys nothing confidential can be stored or read."""
    try:
        ring()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="homeward.E001")]
    return []


@register(deploy=True)
def nothing_of_a_demonstration(**_asked: Any) -> list[CheckMessage]:
    """What serves a demonstration or a developer must not serve people."""
    return list(_unsafe())


def _unsafe() -> Iterator[CheckMessage]:
    address = urlsplit(settings.PUBLIC_ADDRESS)
    sender = settings.MAIL_FROM.rstrip(">")
    if settings.DEMO_CLOCK:
        yield Error("DEMO_CLOCK is on: anybody at the console could move the hours of notices. Set DEMO_CLOCK=false.",
                    id="homeward.E002")  # fmt: skip
    if not settings.BEHIND_TLS or address.scheme != "https":
        yield Error("Links in mails and cookies must travel by https. Set BEHIND_TLS=true and PUBLIC_ADDRESS=https://…",
                    id="homeward.E003")  # fmt: skip
    if address.hostname not in settings.ALLOWED_HOSTS:
        yield Error(f"The links in mails name {address.hostname}, where the site does not answer. Add it to ALLOWED_HOSTS.",
                    id="homeward.E004")  # fmt: skip
    if sender.endswith(RESERVED):
        yield Error(f"No mail can come from {sender}. Set MAIL_FROM to an address of yours.", id="homeward.E005")
    if not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        yield Warning("Mail leaves unencrypted, and each carries a link. Use smtp+tls:// or smtp+ssl:// in EMAIL_URL, "
                      "unless the mail server stands on this machine.", id="homeward.W006")  # fmt: skip
    if "owner" in settings.DATABASES and _role("owner") == _role("default"):
        yield Error("DATABASE_URL and DATABASE_OWNER_URL name the same role: what serves could rewrite history. "
                    "Give what serves a role of its own.", id="homeward.E007")  # fmt: skip

    yield from _unarmoured(real_now().date())


def _unarmoured(today: date) -> Iterator[CheckMessage]:
    ends_on = settings.SECURITY_EXPIRES
    if not settings.SECURITY_CONTACT.startswith(("mailto:", "https://")) or ends_on is None:
        yield Error("Nobody would know whom to tell of a hole. Set SECURITY_CONTACT=mailto:… (or https://…) and "
                    "SECURITY_EXPIRES=YYYY-MM-DD.", id="homeward.E008")  # fmt: skip
    elif not today < ends_on <= today + timedelta(days=366):
        yield Error(f"SECURITY_EXPIRES is {ends_on}: it must lie ahead, and no more than a year. See that SECURITY_CONTACT "
                    "still holds, then set a new day.", id="homeward.E008")  # fmt: skip
    for name, (most, seconds) in settings.LIMITS.items():
        if not most or not seconds or most / seconds > 50:
            yield Error(f"RATE_LIMITS: {name}={most}/{seconds} is no limit that keeps anybody from trying. Take it out, or "
                        "set fewer times in more seconds.", id="homeward.E009")  # fmt: skip
    if within := {"127.0.0.1", "::1", "localhost", "169.254.169.254"} & set(settings.EGRESS_ALLOWED):
        yield Error(f"EGRESS_ALLOWED opens {', '.join(sorted(within))} to whoever names it: the site could be made to speak "
                    "to itself. Take it out.", id="homeward.E012")  # fmt: skip
    if settings.CLAMD_ADDRESS and not answers():
        yield Warning(f"No virus scanner answers at {settings.CLAMD_ADDRESS}: until one does, no file is taken. See that "
                      "clamd runs there, or empty CLAMD_ADDRESS.", id="homeward.W011")  # fmt: skip
    if not 0 < settings.DUPLICATE_OFFERED_FROM < settings.DUPLICATE_SURE_FROM <= 1:
        yield Error("DUPLICATE_OFFERED_FROM and DUPLICATE_SURE_FROM must lie between 0 and 1, the second above the first: else "
                    "an import would merge people whom nobody has compared.", id="homeward.E020")  # fmt: skip
    if not 1 <= settings.STATEMENT_SECONDS <= 55:
        yield Error("STATEMENT_SECONDS must lie between 1 and 55: a page that takes longer would hold its place for ever.",
                    id="homeward.E010")  # fmt: skip


def _role(alias: str) -> str:
    return str(settings.DATABASES[alias]["USER"])
