"""Sessions behind the wall: who holds the key of one reaches that one and no other."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import cached_db

from common.audience import Audience, asking


class SessionStore(cached_db.SessionStore):
    """The library's store, which says at each look into the database whose key it holds."""

    cache_key_prefix = "accounts.sessions"

    def _get_session_from_db(self) -> Any:
        with asking(Audience("session", str(self.session_key))):
            return super()._get_session_from_db()  # type: ignore[misc]  # the types do not know it

    def exists(self, session_key: str) -> bool:
        with asking(Audience("session", session_key)):
            return super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()  # names it, and saves it under its name
            return
        with asking(Audience("session", self.session_key)):
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        with asking(Audience("session", str(session_key or self.session_key))):
            super().delete(session_key)
