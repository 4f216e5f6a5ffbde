"""The message "travel documents are asked for": a number of the request and how many, never for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from notifications.hours import local_times

KIND = "document_request"


def context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get."""
    return {
        "number": alert["number"],
        "how_many": alert["how_many"],
        "answer_by": local_times(datetime.fromisoformat(alert["answer_by"]), alert["zones"]),
        "language": language,
    }


def sample() -> dict[str, Any]:
    """An invented request, to look at the messages."""
    zones = ["Asia/Dushanbe", "Asia/Almaty"]
    return {"number": "D-12", "how_many": 3, "answer_by": "2020-10-02T08:00:00+00:00", "zones": zones}
