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
LONG_ENOUGH, MIXED_ENOUGH, SHORTEST = 40, 10, 12
"""Letters of a secret key · different letters or bytes in one · letters of a password that only machines use."""
FIRST_TRIED = frozenset({"homeward_app", "homeward_owner", "passwordpassword", "changemechangeme", "postgrespostgres"})
SUPERUSERS = frozenset({"postgres", "root", "rdsadmin", "azure_superuser", "cloudsqladmin"})
"""Roles which no row security holds."""
COOKIES = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY")
A_MONTH = 30 * 24 * 3600


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

    yield from _guessable()
    yield from _open_doors()
    yield from _unarmoured(real_now().date())


def _guessable() -> Iterator[CheckMessage]:
    """Secrets that somebody could guess, or that stand in a handbook."""
    if len(settings.SECRET_KEY) < LONG_ENOUGH or len(set(settings.SECRET_KEY)) < MIXED_ENOUGH:
        yield Error(f"SECRET_KEY is too short or too plain: whoever guesses it signs in as anybody. Let bin/secrets make "
                    f"one of at least {LONG_ENOUGH} letters.", id="homeward.E013")  # fmt: skip
    if settings.LIVE_ADDRESS and (len(settings.LIVE_KEY) < LONG_ENOUGH or settings.LIVE_KEY == settings.SECRET_KEY):
        yield Error("LIVE_KEY is missing, too short, or SECRET_KEY once more: the live process would know what signs sessions. "
                    "Let bin/secrets make one.", id="homeward.E025")  # fmt: skip
    if weak := [name for name, key in _ring().items() if len(set(key)) < MIXED_ENOUGH]:
        yield Error(f"SEALING_KEYS: {', '.join(weak)} is not random. Let bin/secrets make the keys, then seal anew "
                    "(docs/operating.md, “Keys”).", id="homeward.E014")  # fmt: skip
    for alias, database in settings.DATABASES.items():
        by_network = not str(database["HOST"] or "/").startswith("/")  # a socket of this machine may know who calls
        if by_network and _plain(str(database.get("PASSWORD") or ""), str(database["USER"])):
            yield Error(f"The password of {database['USER']} in the address of the database “{alias}” is missing or one that "
                        "everybody tries first. Give the role another.", id="homeward.E015")  # fmt: skip
        if alias == "default" and database["USER"] in SUPERUSERS:
            yield Error(f"DATABASE_URL names {database['USER']}, whom the database refuses nothing: the wall would not hold. "
                        "Give what serves a role of its own.", id="homeward.E016")  # fmt: skip
    redis = urlsplit(settings.REDIS_URL)
    if redis.scheme != "unix" and _plain(redis.password or "", redis.username or ""):
        yield Error("Redis asks for no password, or for one that everybody tries first. Set requirepass there, and "
                    "REDIS_URL=redis://:password@host:6379/0.", id="homeward.E017")  # fmt: skip


def _open_doors() -> Iterator[CheckMessage]:
    """What stands open that the code meant to be shut."""
    if settings.DEBUG:
        yield Error("DEBUG is on: every error would show what the server holds. Set DEBUG=false.", id="homeward.E018")
    if wild := [host for host in settings.ALLOWED_HOSTS if host.startswith(("*", "."))]:
        yield Error(f"ALLOWED_HOSTS holds {', '.join(wild)}: a letter could be made to carry a stranger's address. Name each "
                    "host in full.", id="homeward.E019")  # fmt: skip
    if foreign := [each for each in settings.CSRF_TRUSTED_ORIGINS if not each.startswith("https://") or "*" in each]:
        yield Error(f"CSRF_TRUSTED_ORIGINS trusts {', '.join(foreign)}: forms could be sent from there by anybody on the line. "
                    "Name hosts in full, by https://.", id="homeward.E024")  # fmt: skip
    if loose := [name for name in COOKIES if not getattr(settings, name)]:
        yield Error(f"{', '.join(loose)} is off: cookies could be read on the line or by a script.", id="homeward.E021")
    if settings.SECURE_HSTS_SECONDS < A_MONTH or not settings.SECURE_SSL_REDIRECT:
        yield Error("Browsers are not told to come by https alone (HSTS) for at least a month.", id="homeward.E022")
    if "totp" not in settings.MFA_SUPPORTED_TYPES or "accounts.middleware.SignedIn" not in settings.MIDDLEWARE:
        yield Error("The second step of signing in is switched off: a password that leaked would open cases.",
                    id="homeward.E023")  # fmt: skip


def _ring() -> dict[str, bytes]:
    try:
        return ring()
    except ImproperlyConfigured:
        return {}  # E001 says so


def _plain(password: str, user: str) -> bool:
    return len(password) < SHORTEST or password.lower() in FIRST_TRIED or password == user


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
