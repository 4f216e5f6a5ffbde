"""The head of every page of a group: figures, how far along it is, and the tabs. One call, a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corridors.enums import CorridorState
from corridors.standings import Standing, standing_of
from migrants.groups import latest_counts
from migrants.heads import Heads, heads_of
from migrants.models import Family, TravelGroup
from migrants.moods import latest_moods
from partners.access import Permission, Viewer
from returns.enums import CaseVerdict, CheckpointKind, MovementState
from returns.models import CaseReadiness, Movement, Plan
from returns.ways import way_of, zones_of

ON_THE_WAY = [kind.value for kind in CheckpointKind]
TABS = (
    # (name, label, address, permission)
    ("overview", _("Overview"), "returns:group", Permission.SEE_GROUPS),
    ("case", _("Case"), "returns:group_case", Permission.SEE_PEOPLE),
    ("readiness", _("Readiness"), "returns:group_readiness", Permission.SEE_PEOPLE),
    ("people", _("People"), "returns:group_people", Permission.SEE_PEOPLE),
    ("families", _("Families"), "returns:group_families", Permission.SEE_PEOPLE),
    ("journey", _("Way here"), "returns:group_journey", Permission.SEE_PEOPLE),
    ("needs", _("Counts and needs"), "returns:group_needs", Permission.SEE_GROUPS),
    ("samples", _("Tests"), "returns:group_samples", Permission.TAKE_SAMPLES),
    ("screening", _("Screening"), "returns:group_screening", Permission.SEE_PROTECTION),
    ("timeline", _("Timeline"), "returns:group_timeline", Permission.SEE_GROUPS),
)


def visible_group(viewer: Viewer, public_id: Any) -> TravelGroup:
    """Give a group that `viewer` may see, with its crossing and sides; everybody else gets 404."""
    rows = TravelGroup.objects.visible_to(viewer).select_related("crossing", "mission__organisation")
    return get_object_or_404(rows.prefetch_related("crossing__sides"), public_id=public_id)


def head_of(group: TravelGroup, *, viewer: Viewer, at: datetime, tab: str) -> dict[str, Any]:
    """Give the context of `returns/groups/base.html`: group, latest count, figures, steps, tabs; at most 14 queries."""
    count = latest_counts([group]).get(group.pk)
    heads = heads_of([group.pk])[group.pk]
    ready = CaseReadiness.objects.filter(case__person__group=group, verdict=CaseVerdict.READY).count()
    families = Family.objects.filter(group=group, people__isnull=False).distinct().count()
    movement = Movement.objects.filter(group=group).exclude(state=MovementState.CALLED_OFF).order_by("-number").first()
    left_at = movement.exited_at if movement and movement.state != MovementState.TURNED_BACK else None
    return {
        "group": group,
        "way": way_of(group),
        "zones": zones_of(group),
        "waiting": (left_at or group.closed_at or at) - group.waiting_since,
        "has_left": left_at is not None,
        "head_count": count,
        "heads": heads,
        "mood": latest_moods([group.pk]).get(group.pk),
        "registered": heads.registered,
        "unknown": heads.unknown,
        "movement": movement,
        "steps": _steps(heads, ready, movement, _corridor(group, at=at)),
        "may_send": viewer.may(Permission.SEND_MOVEMENTS),
        "tabs": _tabs(group, viewer, tab=tab, figures={"families": families, "people": heads.registered}),
        "may_count": viewer.may(Permission.COUNT_GROUPS),
        "may_register": viewer.may(Permission.REGISTER_PEOPLE),
    }


def left_at(groups: Iterable[int]) -> dict[int, datetime]:
    """When each of `groups` (by id) left the crossing, where it did and its buses have not turned back; one query."""
    stays = (MovementState.CALLED_OFF, MovementState.TURNED_BACK)
    rows = Movement.objects.filter(group__in=list(groups), exited_at__isnull=False).exclude(state__in=stays)
    return {group: at for group, at in rows.order_by("number").values_list("group", "exited_at") if at}


def _steps(of_group: Heads, ready: int, movement: Movement | None, corridor: Standing | None) -> list[dict[str, Any]]:
    """The way of a group home; the first thing that is not done is the current one."""
    heads, registered = of_group.present, of_group.registered
    of = {"heads": heads}
    reached = ON_THE_WAY.index(movement.state) if movement and movement.state in ON_THE_WAY else -1
    done = [
        (of_group.counted is not None, gettext("Counted")),
        (bool(heads) and registered >= heads, gettext("Registered: %(n)d of %(heads)d") % {"n": registered, **of}),
        (bool(heads) and ready >= heads, gettext("Ready to cross: %(n)d of %(heads)d") % {"n": ready, **of}),
        *([_corridor_step(corridor, has_left=reached >= 0)] if corridor else []),
        (reached >= 0, gettext("Boarded")),
        (reached >= 2, gettext("In transit")),
        (reached >= 4, gettext("Handed over")),
    ]
    current = next((index for index, (is_done, _name) in enumerate(done) if not is_done), len(done))
    return [
        {"label": label, "state": "done" if is_done else "current" if index == current else "ahead"}
        for index, (is_done, label) in enumerate(done)
    ]


def _corridor(group: TravelGroup, *, at: datetime) -> Standing | None:
    """Where the corridor of the group's plan stands; None where no party was asked about it."""
    plan = Plan.objects.filter(group=group).select_related("corridor_version").first()
    if plan is None or plan.corridor_version is None:
        return None
    standing = standing_of(plan.corridor_version, at=at)
    return standing if standing.required else None


def _corridor_step(standing: Standing, *, has_left: bool) -> tuple[bool, str]:
    """Open, or used already; a group that was on its way does not wait for a window that has closed since."""
    words = gettext("Corridor: %(n)d of %(of)d approved") % {"n": standing.approved, "of": standing.required}
    if not has_left and standing.state not in (CorridorState.OPEN, CorridorState.AWAITING):
        words = gettext("Corridor: %(state)s") % {"state": CorridorState(standing.state).label}
    return has_left or standing.state == CorridorState.OPEN, words


def _tabs(group: TravelGroup, viewer: Viewer, *, tab: str, figures: dict[str, int]) -> list[dict[str, Any]]:
    items = []
    for name, label, address, permission in TABS:
        if viewer.may(permission) and (url := _address(address, group)):
            item = {"label": label, "url": url, "current": name == tab, "figure": figures.get(name) or ""}
            items.append(item)
    return items


def _address(name: str, group: TravelGroup) -> str:
    try:
        return reverse(name, args=[group.public_id])
    except NoReverseMatch:
        return ""
