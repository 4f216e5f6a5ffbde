"""The message "movement": plain values stored with the alert, and what the templates get in each language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from common import countries
from notifications.hours import local_times
from returns import bus_names
from returns.enums import CheckpointKind

KIND = "movement"
DEPARTED, ARRIVED, RECEPTION = "movement_departed", "movement_arrived", "reception_asked"
TRANSIT_NEAR, TRANSIT_LATE = "transit_near", "transit_late"
HEADS_DIFFER, HEADS_AGREE = "heads_differ", "heads_agree"
_SAMPLE = {
    "movement": "",
    "name": "ZHI-0929-1 / 1",
    "corridor": "Zhibek Zholy – Oybek",
    "zones": ["Asia/Tashkent", "Asia/Almaty"],
}


def context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get; `language` is the active one. A bus may be named, a person never is."""
    zones = alert["zones"]
    point = alert.get("point")
    return {
        "what": alert["what"],
        "name": alert["name"],
        "corridor": alert["corridor"],
        "country": countries.name(alert["country"], language) if alert.get("country") else "",
        "started": _hours(alert["started_at"], zones),
        "due": _hours(alert["due_at"], zones),
        "bus": bus_names.in_words(alert.get("bus", "")),
        "point": CheckpointKind(point).label if point else "",
        "heads": alert.get("heads"),
        "expected": alert.get("expected"),
        "counted": _hours(alert.get("counted_at"), zones),
        "language": language,
    }


def way_context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of a departure, an arrival and a reception get: counted heads and buses, no person."""
    zones = alert["zones"]
    return {
        "name": alert["name"],
        "corridor": alert["corridor"],
        "buses": alert["buses"],
        "heads": alert["heads"],
        "happened": _hours(alert["happened_at"], zones),
        "expected": _hours(alert["expected_at"], zones),
        "country": countries.name(alert["to_country"], language),
    }


def sample() -> dict[str, Any]:
    """An invented bus whose heads differ, to look at the messages."""
    return {
        **_SAMPLE,
        "what": HEADS_DIFFER,
        "started_at": "2020-10-02T01:40:00+00:00",
        "due_at": "2020-10-02T05:40:00+00:00",
        "bus": "B2",
        "point": CheckpointKind.ENTERED,
        "heads": 50,
        "expected": 51,
        "counted_at": "2020-10-02T01:40:00+00:00",
    }


def way_sample() -> dict[str, Any]:
    """An invented journey, to look at the messages."""
    return {
        **_SAMPLE,
        "buses": 2,
        "heads": 102,
        "happened_at": "2020-10-02T01:20:00+00:00",
        "expected_at": "2020-10-02T05:40:00+00:00",
        "to_country": "TJK",
    }


def _hours(instant: str | None, zones: list[str]) -> str:
    return local_times(datetime.fromisoformat(instant), zones) if instant else ""
