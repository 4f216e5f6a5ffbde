"""A corridor that is stopped, or may be used again, told to all who rely on it: plain values, and what each language says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from corridors.enums import CorridorState
from corridors.messages import authority_name, named
from corridors.models import StandingChange
from corridors.windows import zones_meant
from notifications.hours import local_times
from partners.models import Organisation

KIND = "corridor_stopped"
GOES_ON = (CorridorState.OPEN, CorridorState.AWAITING)


def alert_context(change: StandingChange, *, speaker: Organisation | None, again: bool = False) -> dict[str, Any]:
    """What an alert keeps of a change: which institution made it (None: the hour alone); never who said so, nor why.

    `again` says that it still stands so, and that somebody has to end it.
    """
    version = change.version
    return {
        "corridor": str(version.corridor.public_id),
        "code": version.corridor.code,
        "name": version.corridor.name,
        "version": version.number,
        "who": named(speaker) if speaker else None,
        "was": change.was,
        "state": change.now,
        "changed_at": change.changed_at.isoformat(),
        "again": again,
        "zones": zones_meant(version),
    }


def context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get, worded in `language`, which must be the active one."""
    return {
        "name": alert["name"],
        "code": alert["code"],
        "number": alert["version"],
        "who": authority_name(alert["who"], language) if alert["who"] else "",
        "state": CorridorState(alert["state"]).label,
        "answer": CorridorState(alert["state"]).label,
        "is_open": alert["state"] == CorridorState.OPEN,
        "again": alert.get("again", False),
        "goes_on": alert["state"] in GOES_ON,
        "since": local_times(datetime.fromisoformat(alert["changed_at"]), alert["zones"]),
    }


def sample() -> dict[str, Any]:
    """An invented suspension, to look at the messages."""
    who = {
        "country": "UZB",
        "en": "Ministry of Foreign Affairs",
        "ru": "Министерство иностранных дел",
        "tg": "Вазорати корҳои хориҷӣ",
        "uz": "Tashqi ishlar vazirligi",
    }
    return {
        "corridor": "",
        "code": "TC-01",
        "name": "Zhibek Zholy – Oybek",
        "version": 2,
        "who": who,
        "was": CorridorState.OPEN,
        "state": CorridorState.SUSPENDED,
        "changed_at": "2020-10-02T02:20:00+00:00",
        "zones": ["Asia/Tashkent", "Asia/Almaty"],
    }
