"""Authenticated encryption of single fields, and blind indexes to find them again by exact value.

A sealed value is `version (1) | key id (1 + n) | nonce (12) | AES-256-GCM ciphertext`; the associated data is
`table.column:public_id`, so a value copied to another row or column does not open. The ring comes from `SEALING_KEYS`:
the first key seals, every key opens, so keys can be rotated while people work.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

VERSION = 1
NONCE_BYTES = 12
KEY_BYTES = 32


class SealError(Exception):
    """A sealed value does not open: its key is not in the ring, or it was moved or altered."""


@lru_cache
def _ring(entries: tuple[str, ...]) -> dict[str, bytes]:
    ring: dict[str, bytes] = {}
    for entry in entries:
        key_id, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not key_id or len(key_id) > 32 or len(key) != KEY_BYTES:
            raise ImproperlyConfigured(
                "SEALING_KEYS must be a comma-separated list of id:base64, where base64 holds exactly 32 random bytes "
                "(make one with: python -c 'import base64,os;print(base64.b64encode(os.urandom(32)).decode())')."
            )
        ring[key_id] = key
    if not ring:
        raise ImproperlyConfigured("SEALING_KEYS is empty: without a key nothing confidential can be stored or read.")
    return ring


def ring() -> dict[str, bytes]:
    """Key ids and 32-byte keys, the sealing key first. Raises ImproperlyConfigured with a remedy."""
    return _ring(tuple(settings.SEALING_KEYS or ()))


def seal(plain: str, *, bound_to: str) -> bytes:
    """Seals text so that it opens only where `bound_to` is the same."""
    return seal_bytes(plain.encode(), bound_to=bound_to)


def seal_bytes(plain: bytes, *, bound_to: str) -> bytes:
    """The same for anything that is no text."""
    key_id, key = next(iter(ring().items()))
    nonce = os.urandom(NONCE_BYTES)
    name = key_id.encode()
    header = bytes([VERSION, len(name)]) + name
    return header + nonce + _cipher(key).encrypt(nonce, plain, header + bound_to.encode())


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    """Make the cipher of a key once: that costs more than sealing a number with it."""
    return AESGCM(key)


def sealed_by(sealed: bytes) -> str:
    """The id of the key that sealed a value."""
    return sealed[2 : 2 + sealed[1]].decode(errors="replace")


def unseal(sealed: bytes, *, bound_to: str) -> str:
    """Opens what `seal` made. Raises SealError."""
    return unseal_bytes(sealed, bound_to=bound_to).decode()


def unseal_bytes(sealed: bytes, *, bound_to: str) -> bytes:
    """Opens what either of the two made. Raises SealError."""
    sealed = bytes(sealed)
    if len(sealed) < 2 or sealed[0] != VERSION:
        raise SealError("This is not a sealed value.")
    start = 2 + sealed[1]
    key = ring().get(sealed_by(sealed))
    if key is None:
        raise SealError("The key that sealed this value is not in SEALING_KEYS.")
    nonce, ciphertext = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
    try:
        return _cipher(key).decrypt(nonce, ciphertext, sealed[:start] + bound_to.encode())
    except InvalidTag as error:
        raise SealError("A sealed value was altered or belongs to another row.") from error


def blind(value: str, *, column: str) -> bytes:
    """A keyed digest (32 bytes) of a normalised value, the same for the same value in the same column.

    It is keyed with the last key of the ring (the oldest), so that rotation by adding keys in front keeps it valid.
    """
    oldest = list(ring().values())[-1]
    return hmac.digest(_blinding_key(oldest, column), value.encode(), "sha256")


@lru_cache(maxsize=64)
def _blinding_key(oldest: bytes, column: str) -> bytes:
    return hmac.digest(oldest, b"blind-index:" + column.encode(), "sha256")


class _Opened:
    """Descriptor: assign plain text, read plain text; what the row holds is sealed."""

    def __init__(self, field: SealedTextField) -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type | None = None) -> Any:
        if row is None:
            return self
        held = row.__dict__.get(self.field.attname)
        if held is None and self.field.attname not in row.__dict__:
            row.refresh_from_db(fields=[self.field.attname])
            held = row.__dict__.get(self.field.attname)
        if held is not None and self.field.is_sealed(held):
            held = self.field.opened(bytes(held), bound_to=self.field.bound_to(row.public_id))  # type: ignore[attr-defined]  # every such model has one
            row.__dict__[self.field.attname] = held
        return held

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]  # generic in the stubs only
    """Text that only this application can read. The model must have a `public_id`."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opened(self))

    def bound_to(self, public_id: object) -> str:
        """What a value of this column is bound to in the row with this public id."""
        return f"{self.model._meta.db_table}.{self.column}:{public_id}"

    def is_sealed(self, held: Any) -> bool:
        """Whether what a row holds in memory is as the table has it."""
        return isinstance(held, bytes | memoryview)

    def opened(self, sealed: bytes, *, bound_to: str) -> Any:
        """What was sealed. Raises SealError."""
        return unseal(sealed, bound_to=bound_to)

    def closed(self, plain: Any, *, bound_to: str) -> bytes:
        """What the table is to have."""
        return seal(str(plain), bound_to=bound_to)

    def pre_save(self, row: models.Model, add: bool) -> Any:
        held = row.__dict__.get(self.attname)
        if held is None or self.is_sealed(held):
            return held
        return self.closed(held, bound_to=self.bound_to(row.public_id))  # type: ignore[attr-defined]  # every such model has one

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            raise SealError(
                f"{self.name} is sealed row by row: save the row; it cannot be updated in bulk or searched."
            )
        return super().get_db_prep_value(value, connection, prepared)


class _Sealed(bytes):
    """Bytes as the table has them, told from those that somebody assigned."""


class SealedBytesField(SealedTextField):
    """The same for a picture or a file: assign and read plain bytes."""

    def from_db_value(self, value: Any, *_rest: Any) -> Any:
        return None if value is None else _Sealed(value)

    def is_sealed(self, held: Any) -> bool:
        return isinstance(held, _Sealed)

    def opened(self, sealed: bytes, *, bound_to: str) -> bytes:
        return unseal_bytes(sealed, bound_to=bound_to)

    def closed(self, plain: Any, *, bound_to: str) -> bytes:
        return _Sealed(seal_bytes(plain, bound_to=bound_to))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not self.is_sealed(value):
            raise SealError(f"{self.name} is sealed row by row: save the row; it cannot be updated in bulk.")
        return super().get_db_prep_value(value, connection, prepared)


class BlindIndexField(models.BinaryField):  # type: ignore[type-arg]  # generic in the stubs only
    """Follows a sealed field: the keyed digest of its normalised value, for exact look-up only."""

    def __init__(self, *args: Any, of: str = "", normalise: Callable[[str], str] = str, **kwargs: Any) -> None:
        self.of, self.normalise = of, normalise
        kwargs.setdefault("null", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def pre_save(self, row: models.Model, add: bool) -> bytes | None:
        plain = getattr(row, self.of)
        return self.digest(plain) if plain else None

    def digest(self, plain: str) -> bytes:
        """What to look for when searching for `plain`."""
        return blind(self.normalise(plain), column=f"{self.model._meta.db_table}.{self.of}")
