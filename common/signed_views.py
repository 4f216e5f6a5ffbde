"""Addresses at which one account can look at one stored file for some minutes."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

MINUTES = 5
"""For how long, in real time, an address opens a file."""


def key_for(stored: UUID, *, account: UUID, kind: str) -> str:
    """Give what must stand behind a file's address (public ids) so that this account, and no other, can open it."""
    return signing.TimestampSigner(salt=kind).sign_object([str(stored), str(account)])


def opens(key: str, stored: UUID, *, account: UUID, kind: str) -> bool:
    """Tell whether the key is ours, for this file and this account, and not older than five minutes."""
    try:
        named = signing.TimestampSigner(salt=kind).unsign_object(key, max_age=MINUTES * 60)
    except (signing.BadSignature, ValueError):
        return False
    return bool(named == [str(stored), str(account)])
