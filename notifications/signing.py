"""Signatures of webhooks, ours and others': Standard Webhooks (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32
LEAST_BYTES, MOST_BYTES = 24, 64
"""What the specification allows a secret to have."""


class SecretError(ValueError):
    """A text that is no secret of Standard Webhooks."""


def new_secret() -> str:
    """A secret that nobody could guess."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The bytes behind a secret. Raises SecretError."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (ValueError, binascii.Error) as error:
        raise SecretError("A secret is whsec_ and base64 after it.") from error
    if not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise SecretError(f"A secret has {LEAST_BYTES} to {MOST_BYTES} bytes.")
    return key


def signature(body: bytes, *, message_id: str, seconds: int, keys: Sequence[str]) -> str:
    """What stands in `webhook-signature`: one signature for each secret, so that either opens while one is exchanged."""
    signed = f"{message_id}.{seconds}.".encode() + body
    made = (base64.b64encode(hmac.digest(key_of(secret), signed, "sha256")).decode() for secret in keys)
    return " ".join(f"v1,{each}" for each in made)
