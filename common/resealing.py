"""Turning the key ring: everything that an older key sealed is sealed anew with the first one, while people work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.apps import apps
from django.db import connection, models

from common import audit
from common.actors import Actor
from common.audience import Audience, asking
from common.sealed import BlindIndexField, SealedTextField, SealError, ring, seal_bytes, unseal_bytes

BATCH = 500
AUDIENCE = Audience.command("reseal")


class Elsewhere(Protocol):
    """Seals anew like `reseal` does, for a place that it cannot find by itself."""

    def __call__(self, *, by: Actor, at: datetime, batch: int) -> Iterator[Resealed]: ...


ELSEWHERE: list[Elsewhere] = []
"""What seals anew where no sealed field is ours: tables of a library. The floor that knows them adds its own."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """What happened to one sealed column: how many values were sealed anew, and how many no key of the ring opens."""

    column: str
    sealed: int
    unreadable: int


def sealed_fields() -> list[SealedTextField]:
    """Give every sealed field of every app."""
    models_here = sorted(apps.get_models(), key=lambda model: model._meta.label)
    return [
        field for model in models_here for field in model._meta.concrete_fields if isinstance(field, SealedTextField)
    ]


def reseal(*, by: Actor, at: datetime, batch: int = BATCH) -> Iterator[Resealed]:
    """Seal anew, column by column, whatever the first key of the ring has not sealed; yield the figures of each column.

    Each batch is a transaction of its own with its rows locked, so it may be stopped and begun again at any moment, and
    a row that somebody is writing to is waited for. What no key opens stays as it is and is counted.
    """
    for field in sealed_fields():
        sealed = unreadable = last = 0
        while True:
            with asking(AUDIENCE):
                rows = _older(field, after=last, most=batch)
                done = _seal_anew(field, rows)
                if done:
                    record(_name(field), done, by=by, at=at)
            if not rows:
                break
            last, sealed, unreadable = rows[-1][0], sealed + done, unreadable + len(rows) - done
        yield Resealed(_name(field), sealed, unreadable)
    for elsewhere in ELSEWHERE:
        yield from elsewhere(by=by, at=at, batch=batch)


def record(column: str, sealed: int, *, by: Actor, at: datetime) -> None:
    """The audit row of a batch of one column."""
    audit.record_subject("sealed anew", f"sealing-key:{next(iter(ring()))}", by=by, at=at, why=f"{column}: {sealed}")


def index_anew(*, batch: int = BATCH) -> Iterator[Resealed]:
    """Compute every blind index with the oldest key of the ring: needed before the key that made them is dropped."""
    for field in sealed_fields():
        for index in field.model._meta.concrete_fields:
            if isinstance(index, BlindIndexField) and index.of == field.name:
                yield Resealed(_name(index), _index_column(field, index, batch), 0)


def _older(field: SealedTextField, *, after: int, most: int) -> list[tuple[int, object, bytes]]:
    """Give (key, public id, sealed value) of rows which another key than the first sealed, locked."""
    table, column, key = _quoted(field)  # names of our own tables
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {key}, public_id, {column} from {table} where {column} is not null and {key} > %s"  # noqa: S608  # nosec B608
            f" and substring({column} from 3 for get_byte({column}, 1)) <> %s order by {key} limit %s for update",
            [after, next(iter(ring())).encode(), most],
        )
        return [(row, public_id, bytes(value)) for row, public_id, value in cursor.fetchall()]


def _seal_anew(field: SealedTextField, rows: list[tuple[int, object, bytes]]) -> int:
    table, column, key = _quoted(field)  # names of our own tables
    anew = []
    for row, public_id, value in rows:
        bound_to = field.bound_to(public_id)
        try:
            anew.append((seal_bytes(unseal_bytes(value, bound_to=bound_to), bound_to=bound_to), row))
        except SealError:
            continue
    with connection.cursor() as cursor:
        cursor.executemany(f"update {table} set {column} = %s where {key} = %s", anew)  # noqa: S608  # nosec B608
    return len(anew)


def _index_column(field: SealedTextField, index: BlindIndexField, batch: int) -> int:
    model: type[models.Model] = field.model
    keys = model._base_manager.filter(**{f"{field.name}__isnull": False}).order_by("pk").values_list("pk", flat=True)
    done = last = 0
    while True:
        with asking(AUDIENCE):
            rows = list(model._base_manager.select_for_update().filter(pk__in=list(keys.filter(pk__gt=last)[:batch])))
            for row in rows:
                row.save(update_fields=[index.name])
        if not rows:
            return done
        last, done = max(row.pk for row in rows), done + len(rows)


def _quoted(field: models.Field) -> tuple[str, str, str]:  # type: ignore[type-arg]  # any field
    meta, quote = field.model._meta, connection.ops.quote_name
    return quote(meta.db_table), quote(str(field.column)), quote(str(meta.pk.column))


def _name(field: models.Field) -> str:  # type: ignore[type-arg]  # any field
    return f"{field.model._meta.label}.{field.name}"
