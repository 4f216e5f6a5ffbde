"""Writing a text of ours into every field that somebody may write in, to see afterwards where it comes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from django.apps import apps
from django.db import DatabaseError, models, transaction

from common.sealed import SealedBytesField, SealedTextField

KEPT = re.compile(
    r"code|zone|language|country|countries|kind|state|digest|index|key|keys|subject|source|purpose|ref|currency|email|"
    r"password|address|phone|payload|role|mode|public_id|token|request_id|message_id|crossings|app_label|model|session_data|codename"
)
"""Names of fields that hold a word of a list or a reference, and no writing of a person."""
SEALED_WORDS = {"needs", "answer", "entry", "sheet", "content"}
"""Names of sealed fields that hold codes, JSON or a file."""


def every_row(model: type[models.Model]) -> Iterable[models.Model]:
    return model._base_manager.all()


def plant(text: str, rows: Callable[[type[models.Model]], Iterable[models.Model]] = every_row) -> set[str]:
    """Writes `text` into every field that holds writing, sealed or open, of these rows; returns the fields that took it."""
    took = set()
    for model in apps.get_models():
        if model._meta.pk.name == "pk":
            continue  # the logs, which nobody may rewrite
        for row in rows(model):
            took |= {f"{model._meta.label}.{field}" for field in _writing(model) if _took(row, field, text)}
    return took


def _writing(model: type[models.Model]) -> list[str]:
    """The names of the fields of a model in which somebody writes."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | SealedTextField)
        and not field.choices
        and not isinstance(field, SealedBytesField)
        and not any(KEPT.fullmatch(part) for part in field.name.split("_"))
        and not (isinstance(field, SealedTextField) and field.name in SEALED_WORDS)
    ]


def _took(row: models.Model, name: str, text: str) -> bool:
    length = getattr(row._meta.get_field(name), "max_length", None)
    setattr(row, name, text[:length] if length else text)
    try:
        with transaction.atomic():
            row.save(update_fields=[name])
    except (DatabaseError, ValueError):
        return False
    return True
