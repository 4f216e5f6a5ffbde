"""The message "an arrival is announced": how many come, when and where; counts and bands, nobody's name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from common import countries
from notifications.hours import local_times

KIND = "arrival_announced"
BANDS = {
    "men": gettext_lazy("men"),
    "women": gettext_lazy("women"),
    "children_5_17": gettext_lazy("children 5–17"),
    "children_under_5": gettext_lazy("children under 5"),
}
"""Ages as they are counted, in their order."""


def context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get."""
    bands = [f"{BANDS[name]}: {figure}" for name, figure in alert["bands"]]
    return {
        "name": alert["name"],
        "place": alert["place"],
        "heads": alert["heads"],
        "buses": alert["buses"],
        "bands": ", ".join(bands),
        "expected": local_times(datetime.fromisoformat(alert["arrives_at"]), alert["zones"]),
        "country": countries.name(alert["to_country"], language),
    }


def sample() -> dict[str, Any]:
    """An invented arrival, to look at the messages."""
    return {
        "name": "ZHI-0929-1",
        "place": "Oybek → Fotehobod",
        "heads": 102,
        "bands": [["men", 61], ["women", 24], ["children_5_17", 12], ["children_under_5", 5]],
        "buses": 3,
        "arrives_at": "2020-10-02T05:40:00+00:00",
        "zones": ["Asia/Dushanbe", "Asia/Tashkent"],
        "to_country": "TJK",
    }
