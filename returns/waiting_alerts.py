"""A group that waits too long is said aloud: to its mission and to whoever serves the halt, once for each threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings

from common.actors import Actor
from common.templatetags.ui_times import lasting
from corridors.audiences import standing_audience, subject_of
from corridors.messages import crossing_name, side_name
from migrants.heads import heads_of
from migrants.models import TravelGroup
from notifications.alerts import Told, raise_alert
from notifications.hours import local_times
from notifications.models import Alert
from returns.on_the_road import without_departed

log = structlog.get_logger(__name__)
KIND = "group_waiting"
ANSWER_WITHIN = timedelta(days=2)
AT_A_TIME = 200


def tell_of_waiting(*, within: Callable[[], AbstractContextManager[None]], by: Actor, at: datetime) -> int:
    """Raises an alert for every group that has waited beyond a threshold (`WAITING_TOO_LONG_HOURS`) that was not told yet.

    The alert of a longer wait takes the place of the one before, so that it is answered anew. `within()` opens a transaction
    that has said who asks: each group has its own, so that publishing waits for one of them at most, and a group of which
    no message can be made holds up no other. Returns how many.
    """
    with within():
        turn, heads = _untold(at=at)
    told = 0
    for group, hours in turn.items():
        try:
            with within():
                _raise(group, hours, heads, by=by, at=at)
            told += 1
        except Exception as error:
            log.exception("group_not_told", group=group.code, error=type(error).__name__)
    return told


def _untold(*, at: datetime) -> tuple[dict[TravelGroup, int], Mapping[int, int | None]]:
    """The groups whose turn it is, each with its threshold in hours; the last count of each."""
    thresholds = sorted(int(hours) for hours in settings.WAITING_TOO_LONG_HOURS)
    if not thresholds:
        return {}, {}
    waiting = without_departed(TravelGroup.objects.waiting(), openly=True)  # a gap in the numbers of alerts tells too
    longest = waiting.filter(waiting_since__lte=at - timedelta(hours=thresholds[0])).order_by("waiting_since", "pk")
    groups = {group: _reached(group, thresholds, at=at) for group in longest.prefetch_related("crossing__sides")}
    sources = {source_of(group, hours): group for group, hours in groups.items()}
    told = set(Alert.objects.filter(source__in=list(sources)).values_list("source", flat=True))
    fresh = {source: group for source, group in sources.items() if source not in told}
    turn = {group: groups[group] for group in list(fresh.values())[:AT_A_TIME]}
    return turn, {group: found.counted for group, found in heads_of(group.pk for group in turn).items()}


def source_of(group: TravelGroup, hours: int) -> str:
    """How the alert of a group and a threshold is recognised."""
    return f"group-waiting:{group.public_id}:{hours}"


def _reached(group: TravelGroup, thresholds: list[int], *, at: datetime) -> int:
    return max(hours for hours in thresholds if group.waiting_since <= at - timedelta(hours=hours))


def _raise(group: TravelGroup, hours: int, heads: Mapping[int, int | None], *, by: Actor, at: datetime) -> Alert:
    """A head count goes only to whoever serves the halt, and is never taken from the people registered."""
    sides = group.crossing.way(group.from_country, group.to_country)
    audience = standing_audience(
        crossing=group.crossing, from_country=group.from_country, to_country=group.to_country, kind=KIND, at=at
    )
    told = {organisation: Told(organisation, heads.get(group.pk)) for organisation, serves in audience if serves}
    told.setdefault(group.mission.organisation, Told(group.mission.organisation, heads.get(group.pk)))
    earlier = Alert.objects.filter(source__startswith=source_of(group, 0)[:-1])
    return raise_alert(
        kind=KIND,
        source=source_of(group, hours),
        subject=subject_of(group.crossing),
        context={
            "group": group.code,
            "hours": hours,
            "since": group.waiting_since.isoformat(),
            "sides": [
                {
                    "country": side.country,
                    "latin": side.name_latin,
                    "local": side.name_local,
                    "ru": side.name_ru,
                    "zone": side.zone,
                }
                for side in sides
            ],
            "zones": list(dict.fromkeys(side.zone for side in sides)),
        },
        told=list(told.values()),
        expires_at=at + ANSWER_WITHIN,
        supersedes=earlier.newest_standing(),
        mission=group.mission.organisation.code,
        by=by,
        at=at,
    )


def message(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get: the code of the group, the place and how long; no person."""
    return {
        "group": alert["group"],
        "waited": lasting(timedelta(hours=alert["hours"])),
        "since": local_times(datetime.fromisoformat(alert["since"]), alert["zones"]),
        "crossing": crossing_name(alert["sides"], language),
        "place": side_name(alert["sides"][0], language),
    }


def sample() -> dict[str, Any]:
    """An invented group, to look at the messages."""
    side = {"country": "KAZ", "latin": "Zhibek Zholy", "local": "Жібек жолы", "ru": "Жибек Жолы", "zone": "Asia/Almaty"}
    return {
        "group": "ZHI-0929-1",
        "hours": 72,
        "since": "2020-09-28T13:00:00+00:00",
        "sides": [side],
        "zones": ["Asia/Almaty"],
    }
