"""A silent part of the engine, told to the missions: as an alert, so that somebody has to say that they know."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from common.actors import Actor
from notifications.alerts import Told, raise_alert
from notifications.hours import local_times
from notifications.models import Alert
from partners.models import Office

KIND = "engine_trouble"
ANSWER_WITHIN = timedelta(days=1)


def tell_of_silence(*, part: str, since: datetime, by: Actor, at: datetime) -> Alert | None:
    """Tells every mission that `part` has been silent `since` (wall time), once for each silence; None without a mission."""
    missions = list(Office.objects.filter(is_mission=True).select_related("organisation").order_by("pk"))
    if not missions:
        return None
    return raise_alert(
        kind=KIND,
        source=f"engine:{part}:{since.isoformat()}",
        subject=f"engine:{part}",
        context={"part": part, "since": since.isoformat(), "zones": list(dict.fromkeys(row.zone for row in missions))},
        told=[Told(organisation) for organisation in {row.organisation: None for row in missions}],
        expires_at=at + ANSWER_WITHIN,
        by=by,
        at=at,
    )


def message(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get, worded in `language`, which must be the active one."""
    parts = {
        "deliveries": _("the sender of messages"),
        "escalation": _("the engine that follows up notices without an answer"),
        "webhooks": _("the sender of notices to other systems"),
        "beat": _("the clock that wakes everything else"),
    }
    return {
        "part": parts.get(alert["part"], alert["part"]),
        "since": local_times(datetime.fromisoformat(alert["since"]), alert["zones"]),
        "language": language,
    }


def sample() -> dict[str, Any]:
    """An invented silence, to look at the messages."""
    return {"part": "deliveries", "since": "2020-10-01T03:00:00+00:00", "zones": ["Asia/Tashkent", "Asia/Almaty"]}
