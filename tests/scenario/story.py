"""What a step of the story has at hand: browsers by role, the mail that arrived, the clock, and notes for later steps."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.scenario.browser import Browser
from tests.support.waiting import wait_until


class BrokenPromiseError(Exception):
    """The product did not show what it promised; the sentence says what was seen instead."""


def expect(true: object, sentence: str) -> None:
    """Raises BrokenPromiseError with the sentence unless `true`."""
    if not true:
        raise BrokenPromiseError(sentence)


@dataclass(frozen=True)
class Figure:
    """What was measured during the story, in the unit that `words` name; it is kept while it is under its goal."""

    words: str
    value: float
    under: float

    @property
    def kept(self) -> bool:
        return self.value < self.under

    def __str__(self) -> str:
        return f"{'ok  ' if self.kept else 'FAIL'} {self.words}: {self.value:.2f} (goal: under {self.under:g})"


@dataclass
class Story:
    """Arguments: `base_url` of the pages, `mail_folder` of the mail server, `accounts`: e-mail by role, their `password`.

    `patience` is the longest that any step waits, in seconds.
    """

    base_url: str
    mail_folder: Path
    accounts: dict[str, str]
    password: str
    notes: dict[str, Any] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)
    patience: float = 60
    figures: list[Figure] = field(default_factory=list)
    opened_by: Callable[[str, str], Browser] = Browser
    """Gives a person's browser by base address and name."""

    def as_(self, account: str) -> Browser:
        """The browser of a demonstration account, signed in."""
        if account not in self.browsers:
            browser = self.opened_by(self.base_url, account)
            page = browser.get("/accounts/login/")
            address = self.accounts[account]
            after = browser.submit(page, page.form_with("login", "password"), login=address, password=self.password)
            expect("/accounts/second-factor/" in after.address, f"{account} is not asked for more: {after.text[:200]}")
            after = browser.submit(after, after.form_with("code"), code=code_of(address))
            expect("/accounts/" not in after.address, f"{account} cannot sign in: {after.text[:200]}")
            browser.read_in("en")
            self.browsers[account] = browser
        return self.browsers[account]

    def stranger(self) -> Browser:
        """A browser without any account."""
        return self.opened_by(self.base_url, "a stranger")

    def clock(self, local: str, zone: str = "Asia/Almaty") -> None:
        """Moves the product's clock to a local wall time (`2020-10-01T09:05`)."""
        call_command("clock", "set", local, zone, stdout=_Quiet())

    def mails(self) -> list[EmailMessage]:
        """Every message that the mail server has accepted, oldest first."""
        return [_message(file, file.stat().st_mtime_ns) for file in sorted(self.mail_folder.glob("*.eml"))]

    def wait(self, happened: Callable[[], Any], what: str, *, seconds: float = 30) -> Any:
        """Looks until `happened()` gives something, no longer than the patience of this story.

        Raises WaitedInVainError with `what` after so many seconds.
        """
        return wait_until(happened, what, seconds=min(seconds, self.patience))


@lru_cache(maxsize=2000)
def _message(file: Path, _written: int) -> EmailMessage:
    """Reads a message once, however often a step looks for its own."""
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def code_of(email: str) -> str:
    """What the app of a demonstration account shows now."""
    words = StringIO()
    call_command("second_factor_code", email, stdout=words)
    return words.getvalue().strip()


class _Quiet:
    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass
