"""Shapes of what the API takes and gives: exact types, no unknown names, references instead of keys."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

FIRST_YEAR, LAST_YEAR = 1900, 2200
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WALL = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d)?", re.ASCII)
_REFERENCE = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Entry(serializers.Serializer[Any]):
    """Something that is sent to us. A name that it does not have is refused, so that no typing error goes unnoticed."""

    def to_internal_value(self, data: Any) -> Any:
        """Raises ValidationError with one sentence for each name that is wrong."""
        if not isinstance(data, dict):
            raise serializers.ValidationError({"non_field_errors": [_("Send one JSON object.")]})
        unknown = {name: [_("There is no such field here. Leave it out.")] for name in data if name not in self.fields}
        if unknown:
            raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Text, and nothing that could be turned into text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number as JSON writes it."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float) or data != data // 1 or math.isinf(data):
            self.fail("invalid")
        return super().to_internal_value(int(data))


class Count(Whole):
    """A number of people or things."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", 0)
        options.setdefault("max_value", 100_000)
        super().__init__(**options)


class Truth(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Money(serializers.DecimalField):
    """An amount, usually with at most two decimals; given as text, so that nothing is rounded on the way."""

    def __init__(self, *, digits: int = 12, places: int = 2, **options: Any) -> None:
        super().__init__(max_digits=digits, decimal_places=places, **options)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            self.fail("invalid")
        if isinstance(data, str) and not re.fullmatch(r"-?[0-9]{1,16}(\.[0-9]{1,6})?", data):
            self.fail("invalid")
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """An instant. Without its offset from UTC nobody knows which hour is meant, so it must be there."""

    default_error_messages = {
        "offset": _("Give the hour with its offset from UTC, for example 2020-10-01T09:00:00+06:00."),
        "year": _("Check the year: it lies too far away to be meant."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            self.fail("offset")
        _refuse_year(self, value)
        return super().to_internal_value(value)


class WallTime(serializers.CharField):
    """What a clock on the wall shows at a place that is named beside it: date and hour without any offset."""

    default_error_messages = {
        "wall": _("Give date and hour as the clock there shows them, for example 2020-10-01T06:00, without an offset."),
        "year": _("Check the year: it lies too far away to be meant."),
    }

    def to_internal_value(self, data: Any) -> datetime:  # type: ignore[override]  # text outside, an hour inside
        if not isinstance(data, str) or not _WALL.fullmatch(data):
            self.fail("wall")
        _refuse_year(self, data)
        try:
            return datetime.fromisoformat(data)
        except ValueError:
            self.fail("wall")

    def to_representation(self, value: Any) -> str:
        return f"{value:%Y-%m-%dT%H:%M}"


class Day(serializers.DateField):
    """A day of the calendar."""

    default_error_messages = {"year": _("Check the year: it lies too far away to be meant.")}

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        _refuse_year(self, value)
        return super().to_internal_value(value)


def _refuse_year(field: serializers.Field[Any, Any, Any, Any], value: str) -> None:
    if not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        field.fail("year")


class Reference(serializers.UUIDField):
    """The public id of a row."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not _REFERENCE.fullmatch(data):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of a few words, as text."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Country(Text):
    """A country by its three letters (ISO 3166 or ICAO)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_length=3, max_length=3, **options)


class Actor(serializers.CharField):
    """Who did it, as others read the name. Only given, never taken."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> str:
        return str(value)

    def to_internal_value(self, data: Any) -> NoReturn:
        raise NotImplementedError("Nobody tells us who they are in a body.")


class Pointer(serializers.SlugRelatedField[Any]):
    """Another row, by its public id or code. Only given, never taken."""

    def __init__(self, slug_field: str = "public_id", **options: Any) -> None:
        super().__init__(slug_field=slug_field, read_only=True, **options)


class Problem(serializers.Serializer[Any]):
    """Why something was refused (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong and what to do.")
    instance = serializers.CharField()
    errors = serializers.ListField(  # type: ignore[assignment]  # the class itself never sees it: it becomes a field
        child=serializers.DictField(child=serializers.CharField()),
        required=False,
        help_text="One entry for each place: `pointer` into the body or `parameter` of the address, and `detail`.",
    )
