"""Messages of the road that stop somebody: a movement is late, or its corridor no longer stands; plain values, no person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from corridors.enums import CorridorState
from notifications.hours import local_times

LATE, HALTED = "movement_late", "movement_halted"
DEPARTURE, BARRIER = "departure", "barrier"


def late_context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of a late movement get: where it should be by now, and how many buses were counted there."""
    return {
        "name": alert["name"],
        "corridor": alert["corridor"],
        "departs": alert["what"] == DEPARTURE,
        "expected": local_times(datetime.fromisoformat(alert["expected_at"]), alert["zones"]),
        "counted": alert["counted"],
        "buses": alert["buses"],
    }


def halted_context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of a stopped movement get: where the corridor stands, since when, and how many buses are out."""
    return {
        "name": alert["name"],
        "corridor": alert["corridor"],
        "state": CorridorState(alert["state"]).label,
        "is_open": alert["state"] == CorridorState.OPEN,
        "since": local_times(datetime.fromisoformat(alert["changed_at"]), alert["zones"]),
        "out": alert["out"],
        "buses": alert["buses"],
    }


def late_sample() -> dict[str, Any]:
    """An invented journey that has not left, to look at the messages."""
    return {**_SAMPLE, "what": DEPARTURE, "expected_at": "2020-10-02T02:00:00+00:00", "counted": 1, "buses": 3}


def halted_sample() -> dict[str, Any]:
    """An invented journey whose corridor was suspended, to look at the messages."""
    said = {"state": CorridorState.SUSPENDED.value, "changed_at": "2020-10-02T02:20:00+00:00"}
    return {**_SAMPLE, **said, "out": 2, "buses": 3}


_SAMPLE = {
    "movement": "",
    "name": "ZHI-0929-1",
    "corridor": "Zhibek Zholy – Oybek",
    "zones": ["Asia/Tashkent", "Asia/Almaty"],
}
