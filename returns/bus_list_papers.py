"""The list of each bus: for whoever may see names, and for the driver, who gets hours, heads and places to count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.actors import Actor
from common.templatetags.ui_times import lasting
from corridors.legs import legs_in_words, legs_of
from corridors.terms import window_of_terms, wording_alone
from migrants.exports import Made, Mark
from notifications.hours import local_times
from partners.models import Organisation
from returns import bus_names
from returns.enums import PaperKind
from returns.journey_facts import condition_for, facts_of, in_words, way_of, zones_of_way
from returns.manifest_papers import Bus, paper_of
from returns.models import Manifest, Movement
from returns.paper_issues import About, give_out
from returns.paper_parts import fingerprint_of, frame, listed, said
from returns.reconciliation import standing_counts
from returns.transit_clock import ends_at
from returns.way_points import counted_by_bus, point_in_words

DRIVERS = "drivers"
"""For whom a list without names is, where no organisation is."""


def print_bus_list(
    *, manifest: Manifest, recipient: Organisation | None, language: str, purpose: str, by: Actor, at: datetime
) -> Made:
    """Print the list of each bus, with names of those alone whom the recipient may see, and a place to tick.

    Raises ExportError without a purpose, PaperError where it would print badly.
    """
    paper, movement = paper_of(manifest, recipient=recipient, at=at), manifest.movement
    about = About(
        kind=PaperKind.BUS_LIST,
        number=manifest.number,
        fingerprint=paper.fingerprint,
        title=f"bus list {movement}, version {manifest.number}",
        mission=manifest.mission,
        movement=movement,
        manifest=manifest,
        version=movement.corridor_version,
        recipient=recipient,
        people=paper.people,
    )

    def values(mark: Mark, address: str) -> dict[str, Any]:
        version = (_("Version"), str(manifest.number))
        only = _("This list names those who agreed to be shown to %(organisation)s, and nobody else.")
        return frame(
            title=_("Bus list %(movement)s") % {"movement": movement},
            lead=way_of(movement),
            facts=facts_of(movement, recipient, mark, more=[version], by=by, at=at),
            note="" if recipient is None else only % {"organisation": in_words(recipient)},
            blocks=[_with_names(bus) for bus in paper.buses],
            mark=mark,
            language=(get_language() or "en")[:2],
            fingerprint=paper.fingerprint,
            address=address,
            condition=condition_for(in_words(recipient) if recipient else ""),
            signatures=[_("Counted at the door by"), _("Driver")],
        )

    return give_out(about=about, values=values, language=language, purpose=purpose, by=by, at=at)


def _with_names(bus: Bus) -> dict[str, Any]:
    columns = (("", 8), (_("On board"), 16), (_("Number"), 24), (_("Name"), 0), (_("In Latin letters"), 0))
    counted = "" if bus.heads is None else _("%(n)d heads counted") % {"n": bus.heads}
    rows = [
        (place, "☐", entry.number, entry.full_name, entry.latin_name)
        for place, entry in enumerate(bus.entries, start=1)
    ]
    named = _("%(n)d on this list") % {"n": len(rows)} if rows else ""
    return listed(
        bus_names.in_words(bus.label), columns, rows, count=" · ".join(part for part in (named, counted) if part)
    )


def print_drivers_list(
    *, manifest: Manifest, carrier: Organisation | None = None, language: str, purpose: str, by: Actor, at: datetime
) -> Made:
    """Print what the drivers need: hours, conditions, seats and counted heads of each bus; no name and no number of anybody.

    For a carrier the buses that it drives, and no other. Raises ExportError without a purpose, PaperError where it would
    print badly.
    """
    movement = manifest.movement
    content = _of_buses(movement, carrier)
    made_for = carrier.code if carrier else DRIVERS
    fingerprint = fingerprint_of(
        {"movement": str(movement.public_id), "version": manifest.number, "for": made_for, "buses": content}
    )
    about = About(
        kind=PaperKind.BUS_LIST,
        number=manifest.number,
        fingerprint=fingerprint,
        title=f"list for drivers {movement}, version {manifest.number}",
        mission=manifest.mission,
        movement=movement,
        manifest=manifest,
        version=movement.corridor_version,
        recipient=carrier,
        recipient_name="" if carrier else DRIVERS,
    )

    def values(mark: Mark, address: str) -> dict[str, Any]:
        to = in_words(carrier) if carrier else _("the drivers")
        return frame(
            title=_("List for the drivers, %(movement)s") % {"movement": movement},
            lead=way_of(movement),
            facts=facts_of(movement, None, mark, made_for=to, more=_agreed(movement), by=by, at=at),
            note=_(
                "Count the heads at each point and write the figure down. Nobody boards or leaves between two points."
            ),
            blocks=_for_drivers(movement, content),
            mark=mark,
            language=(get_language() or "en")[:2],
            fingerprint=fingerprint,
            address=address,
            condition=condition_for(to),
            signatures=[_("Driver"), _("Head of the convoy")],
        )

    return give_out(about=about, values=values, language=language, purpose=purpose, by=by, at=at)


def _of_buses(movement: Movement, carrier: Organisation | None) -> list[Mapping[str, Any]]:
    """Each bus, of a carrier its own ones, with its plate, seats, and the heads counted at each point so far."""
    points = counted_by_bus(movement.corridor_version.corridor)
    heads = {(row.vehicle_id, row.kind): row.heads for row in standing_counts(movement)}
    return [
        {
            "label": bus.label,
            "plate": bus.plate,
            "seats": bus.seats,
            "heads": [heads.get((bus.pk, kind.value)) for kind in points],
        }
        for bus in movement.vehicles.all()
        if carrier is None or bus.carrier_id == carrier.pk
    ]


def _agreed(movement: Movement) -> list[tuple[str, str]]:
    version, zones = movement.corridor_version, zones_of_way(movement)
    legs = legs_in_words(legs_of(version))
    facts = [(_("Longest transit"), "; ".join(legs) or lasting(version.longest_transit))]
    if window := window_of_terms(wording_alone(version), zones):
        facts.append((_("May enter"), window))
    if ends := ends_at(movement):
        facts.append((_("Out again by"), local_times(ends, zones)))
    return facts


def _for_drivers(movement: Movement, buses: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    corridor = movement.corridor_version.corridor
    points = [capfirst(point_in_words(kind, corridor)) for kind in counted_by_bus(corridor)]
    columns = [(_("Bus"), 22), (_("Number plate"), 26), (_("Seats"), 14), *((point, 0) for point in points)]
    rows = [
        (
            bus_names.in_words(bus["label"]),
            bus["plate"] or "–",
            bus["seats"],
            *("____" if heads is None else heads for heads in bus["heads"]),
        )
        for bus in buses
    ]
    agreed = [str(words) for words in movement.corridor_version.conditions_in_words]
    blocks = [listed(_("Heads at each point"), columns, rows)]
    return [*blocks, said(_("What was agreed"), agreed)] if agreed else blocks
