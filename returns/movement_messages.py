"""The message "movement": plain values stored with the alert, and what the templates get in each language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from notifications.hours import local_times
from returns.enums import CheckpointKind

KIND = "movement"
TRANSIT_NEAR, TRANSIT_LATE = "transit_near", "transit_late"
HEADS_DIFFER, HEADS_AGREE = "heads_differ", "heads_agree"


def context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get; `language` is the active one. A bus may be named, a person never is."""
    zones = alert["zones"]
    point = alert.get("point")
    return {
        "what": alert["what"],
        "name": alert["name"],
        "corridor": alert["corridor"],
        "started": _hours(alert["started_at"], zones),
        "due": _hours(alert["due_at"], zones),
        "bus": alert.get("bus", ""),
        "point": CheckpointKind(point).label if point else "",
        "heads": alert.get("heads"),
        "expected": alert.get("expected"),
        "counted": _hours(alert.get("counted_at"), zones),
        "language": language,
    }


def _hours(instant: str | None, zones: list[str]) -> str:
    return local_times(datetime.fromisoformat(instant), zones) if instant else ""
