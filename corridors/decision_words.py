"""A party's decision on a version, told to whoever asked for the corridor: plain values, and what each language says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from corridors.enums import ApprovalState, CorridorState
from corridors.messages import authority_name, named
from corridors.models import Approval, CorridorVersion
from corridors.windows import zones_meant
from notifications.hours import local_times

KIND = "corridor_decision"


def alert_context(approval: Approval, version: CorridorVersion, *, state: str, at: datetime) -> dict[str, Any]:
    """What an alert keeps of a decision: which institution decided what; never who signed it, nor the note."""
    return {
        "corridor": str(version.corridor.public_id),
        "code": version.corridor.code,
        "name": version.corridor.name,
        "version": version.number,
        "who": named(approval.organisation),
        "answer": approval.state,
        "state": state,
        "decided_at": at.isoformat(),
        "zones": zones_meant(version),
    }


def context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get, worded in `language`, which must be the active one."""
    return {
        "name": alert["name"],
        "code": alert["code"],
        "number": alert["version"],
        "who": authority_name(alert["who"], language),
        "answer": ApprovalState(alert["answer"]).label,
        "state": CorridorState(alert["state"]).label,
        "decided": local_times(datetime.fromisoformat(alert["decided_at"]), alert["zones"]),
    }


def sample() -> dict[str, Any]:
    """An invented decision, to look at the messages."""
    who = {
        "country": "UZB",
        "en": "State Border Protection Committee",
        "ru": "Комитет по охране государственной границы",
        "tg": "Кумитаи ҳифзи сарҳади давлатӣ",
        "uz": "Davlat chegarasini qoʻriqlash qoʻmitasi",
    }
    return {
        "corridor": "",
        "code": "TC-01",
        "name": "Zhibek Zholy – Oybek",
        "version": 2,
        "who": who,
        "answer": ApprovalState.APPROVED,
        "state": CorridorState.AWAITING,
        "decided_at": "2020-10-01T09:10:00+00:00",
        "zones": ["Asia/Tashkent", "Asia/Almaty"],
    }
