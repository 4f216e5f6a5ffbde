"""What a halt cost in time: from the demand to the exit, each milestone with its hour and where that hour comes from.

Read from the rows that were written when it happened; nothing is entered for the report. Figures only, no person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridors.enums import ApprovalState
from corridors.lines import asked_at
from corridors.models import Approval, RequirementChange
from corridors.requirements import source_of
from migrants.models import HealthTest
from notifications.models import Acknowledgement, Alert, Notice
from returns.models import Manifest, Movement, Need, Pledge


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that had to happen. `at` is None where it did not; `source` says from which row the hour comes."""

    key: str
    words: str
    at: datetime | None
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """A milestone with the time that had passed since the demand; negative for what came before it."""

    milestone: Milestone
    after: timedelta | None


@dataclass(frozen=True, slots=True)
class Report:
    """The halt of one movement. `delay` runs from the demand to the hour at which the last bus was out of the transit."""

    demand: RequirementChange | None
    lines: tuple[Line, ...]
    delay: timedelta | None


def report_of(movement: Movement) -> Report:
    """Read the report of a movement; a constant number of queries. Without a demand there is no delay."""
    changes = list(_changes(movement))
    demand = changes[0] if changes else None
    began = demand.version.applies.lower if demand else None
    milestones = [*_telling(changes), *_putting_right(movement, changes), *_travelling(movement)]
    lines = tuple(Line(one, one.at - began if one.at and began else None) for one in milestones)
    delay = movement.left_at - began if movement.left_at and began else None
    return Report(demand, lines, delay)


def _changes(movement: Movement) -> list[RequirementChange]:
    """What was published for the way of the group while it waited, the first one being the demand, and its later versions."""
    group = movement.group
    until = movement.exited_at or movement.depart_at
    rows = RequirementChange.objects.filter(
        asked_at(group.crossing_id, group.from_country, group.to_country, path="version__requirement__"),
        at__gte=group.waiting_since,
        at__lte=until,
    ).select_related("version__requirement", "version__authority")
    found = list(rows.order_by("at", "pk"))
    return [change for change in found if change.version.requirement_id == found[0].version.requirement_id]


def _telling(changes: list[RequirementChange]) -> Iterator[Milestone]:
    if not changes:
        return
    demand = changes[0].version
    said = f"{demand.get_source_tier_display()}, {demand.get_certainty_display()}: {demand.source_text}"
    yield Milestone("demand", _("The demand"), demand.applies.lower, said)
    alerts = list(Alert.objects.filter(source__in=[source_of(change.version) for change in changes]).order_by("number"))
    if not alerts:
        return
    yield Milestone(
        "alerted",
        _("First alert"),
        alerts[0].raised_at,
        _("alert %(n)d, published by %(by)s") % {"n": alerts[0].number, "by": alerts[0].raised_by},
    )
    told = Notice.objects.filter(alert=alerts[0]).count()
    known = sorted(
        Acknowledgement.objects.filter(notice__alert__in=alerts)
        .values("notice__organisation")
        .annotate(first=Min("at"))
        .values_list("first", flat=True)
    )
    for key, words, needed in (
        ("half_acknowledged", _("Half of the organisations acknowledged"), ceil(told / 2)),
        ("all_acknowledged", _("All organisations acknowledged"), told),
    ):
        source = _("%(n)d of %(total)d organisations, whichever version they answered") % {
            "n": min(len(known), needed),
            "total": told,
        }
        yield Milestone(key, words, known[needed - 1] if 0 < needed <= len(known) else None, source)


def _putting_right(movement: Movement, changes: list[RequirementChange]) -> Iterator[Milestone]:
    versions = [change.version_id for change in changes]
    need = Need.objects.filter(group=movement.group_id, requirement_version__in=versions).order_by("asked_at").first()
    if need is not None:
        yield _covered(need)
    yield from _tested(movement, changes[0].version.applies.lower if changes else movement.group.waiting_since)
    decided = list(Approval.objects.filter(version=movement.corridor_version_id).values_list("state", "decided_at"))
    approved = [at for state, at in decided if state == ApprovalState.APPROVED and at]
    if decided:
        source = _("%(n)d of %(total)d parties, version %(version)d of the corridor") % {
            "n": len(approved),
            "total": len(decided),
            "version": movement.corridor_version.number,
        }
        yield Milestone("cleared", _("Corridor open"), max(approved) if len(approved) == len(decided) else None, source)


def _covered(need: Need) -> Milestone:
    """The hour of the pledge with which the money was enough."""
    needed, promised, at = need.quantity * need.unit_price, Decimal(0), None
    for pledge in Pledge.objects.filter(need=need).order_by("recorded_at", "pk"):
        promised += pledge.amount * pledge.rate
        if promised >= needed:
            at = pledge.recorded_at
            break
    source = _("pledges for %(n)d × %(kind)s") % {"n": need.quantity, "kind": need.get_kind_display()}
    return Milestone("money", _("Money confirmed"), at, source)


def _tested(movement: Movement, since: datetime) -> Iterator[Milestone]:
    """The last sample and the last result of those who stand on the newest manifest; who was exempt took none."""
    manifest = Manifest.objects.filter(movement=movement).order_by("-number").first()
    if manifest is None:
        return
    people = manifest.entries.values("person")
    tests = HealthTest.objects.filter(person__in=people, sampled_at__gte=since, replaced_by__isnull=True)
    taken = dict(tests.values("person").annotate(first=Min("sampled_at")).values_list("person", "first"))
    known = dict(
        tests.filter(result="negative")
        .values("person")
        .annotate(first=Min("recorded_at"))
        .values_list("person", "first")
    )
    for key, words, found in (
        ("sampled", _("All samples taken"), taken),
        ("tested", _("All results known"), known),
    ):
        said = ngettext("%(n)d of %(total)d traveller", "%(n)d of %(total)d travellers", manifest.people)
        yield Milestone(
            key, words, max(found.values(), default=None), said % {"n": len(found), "total": manifest.people}
        )


def _travelling(movement: Movement) -> Iterator[Milestone]:
    manifest = Manifest.objects.filter(movement=movement).order_by("-number").first()
    if manifest is not None:
        said = _("version %(n)d, %(people)d people") % {"n": manifest.number, "people": manifest.people}
        yield Milestone("frozen", _("Manifest frozen"), manifest.frozen_at, said)
    counted = _("counted bus by bus")
    yield Milestone("departed", _("Exit control passed"), movement.exited_at, counted)
    yield Milestone("entered", _("Entered the transit country"), movement.entered_at, counted)
    yield Milestone("left", _("Left the transit country"), movement.left_at, counted)
    received = getattr(movement, "handover", None)
    said = (
        _("%(heads)d heads, acknowledged by %(receiver)s")
        % {"heads": received.heads, "receiver": received.receiver.name}
        if received
        else _("counted together")
    )
    back = max((bus.returned_at for bus in movement.vehicles.all() if bus.returned_at), default=None)
    if back is not None:
        yield Milestone("returned", _("Buses that turned back are at the crossing again"), back, counted)
    yield Milestone("received", _("Received"), movement.handed_over_at, said)
    how = _("closed by hand, every difference explained") if movement.ended_at else ""
    yield Milestone("closed", _("Movement closed"), movement.ended_at, how)
