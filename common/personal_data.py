"""Each field of each model says how it may travel. A test refuses a field that does not.

Put `@classified(public="…", personal="…")` above a model, each a list of field names divided by blanks. The primary key and
`public_id` are public everywhere and need not be named.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import models

from common.enums import Sensitivity

ModelClass = TypeVar("ModelClass", bound=type[models.Model])
ALWAYS_PUBLIC = {"id", "pk", "public_id"}


def classified(
    *, public: str = "", personal: str = "", sensitive: str = "", confidential: str = ""
) -> Callable[[ModelClass], ModelClass]:
    """Returns a class decorator that writes the classification of the model's fields down."""
    levels = {
        Sensitivity.PUBLIC: public,
        Sensitivity.PERSONAL: personal,
        Sensitivity.SENSITIVE: sensitive,
        Sensitivity.CONFIDENTIAL: confidential,
    }
    by_field = {name: level for level, names in levels.items() for name in names.split()}

    def mark(model: ModelClass) -> ModelClass:
        model.personal_data = by_field  # type: ignore[attr-defined]
        return model

    return mark


def undecided_fields(model: type[models.Model]) -> list[str]:
    """Names of concrete fields that carry no level, and of levels that name no field."""
    names = {field.name for field in model._meta.concrete_fields}
    decided = set(model.__dict__.get("personal_data", {}))
    return sorted((names - decided - ALWAYS_PUBLIC) | (decided - names))
