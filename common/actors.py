"""Who did something. Stored as values beside the fact, never as a key to a user: people change, the record stays."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import models

from common.enums import ActorKind


@dataclass(frozen=True, slots=True)
class Actor:
    """Arguments: `kind` and `ref` say how the actor was recognised (a user's public id, a delivery's public id, a task's
    name); `printed_name` is what a page shows; `organisation_ref` the code of the organisation acted for;
    `on_behalf_of` names who spoke when a colleague wrote it down; `recorded_by` who wrote it down.
    """

    kind: str
    ref: str
    printed_name: str
    organisation_ref: str = ""
    on_behalf_of: str = ""
    recorded_by: str = ""

    def __str__(self) -> str:
        return self.on_behalf_of or self.printed_name

    @classmethod
    def task(cls, name: str) -> Actor:
        return cls(ActorKind.TASK, name, name.replace("_", " "))

    @classmethod
    def command(cls, name: str) -> Actor:
        return cls(ActorKind.COMMAND, name, name)


class ActorField(models.JSONField):
    """Keeps an `Actor` as one small JSON value."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Actor | None:
        stored = super().from_db_value(value, expression, connection)
        return None if stored is None else Actor(**stored)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(_as_json(value), connection, prepared)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(_as_json(value), connection)

    def to_python(self, value: Any) -> Actor | None:
        return Actor(**value) if isinstance(value, dict) else value

    def value_to_string(self, obj: models.Model) -> Any:
        return _as_json(self.value_from_object(obj))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(_as_json(value), model_instance)


def _as_json(value: Any) -> Any:
    """Leaves out what is empty, so that a row says only what is known."""
    if not isinstance(value, Actor):
        return value
    return {key: text for key, text in asdict(value).items() if text}
