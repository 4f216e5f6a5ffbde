"""A frozen manifest on paper, for one recipient: names only of those whom it may see, with fingerprint and QR code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from migrants.enums import DataCategory
from migrants.exports import Made, Mark
from notifications.hours import local_times
from partners.enums import OrganisationKind
from partners.models import Organisation
from returns import bus_names, incoming
from returns.enums import PaperKind
from returns.journey_facts import condition_for, in_words, way_of
from returns.models import Manifest, ManifestEntry
from returns.movement_alerts import parties_of
from returns.paper_issues import About, give_out
from returns.paper_parts import fingerprint_of, frame, language_of, listed
from returns.reconciliation import standing_counts


@dataclass(frozen=True, slots=True)
class Bus:
    """One bus on a paper. `heads` is the last count of it, only for who decides on the corridor; never from persons."""

    label: str
    heads: int | None
    entries: tuple[ManifestEntry, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What one recipient may have of one version. `recipient` None: our own, with everybody on it."""

    manifest: Manifest
    recipient: Organisation | None
    buses: tuple[Bus, ...]
    fingerprint: str

    @property
    def people(self) -> list[UUID]:
        """Public ids of everybody whose name stands on it, for the access log."""
        return [entry.person.public_id for bus in self.buses for entry in bus.entries]

    @property
    def named(self) -> int:
        return len(self.people)


def paper_of(manifest: Manifest, *, recipient: Organisation | None, at: datetime) -> Paper:
    """Give what `recipient` may have of `manifest` at business time `at`; a constant number of queries.

    Outside IOM a name stands on it only with a live disclosure to that organisation and without a hold; whoever has none
    is absent, and every count is one of that list. Who decides on the corridor has the heads counted in each bus besides.
    """
    own = recipient is None or recipient.kind == OrganisationKind.IOM
    entries = manifest.entries.select_related("vehicle", "person").order_by("vehicle__rank", "full_name", "number")
    if not own and recipient is not None:
        entries = entries.filter(
            person__in=incoming.shown_to([recipient], of=DataCategory.JOURNEY, at=at).values("person")
        )
    shown = list(entries)
    decides = own or recipient in parties_of(manifest.movement.corridor_version)
    counts = _heads(manifest) if decides else {}
    buses = tuple(
        Bus(
            vehicle.label,
            counts.get(vehicle.pk),
            tuple(entry for entry in shown if entry.vehicle_id == vehicle.pk),
        )
        for vehicle in manifest.movement.vehicles.all()
    )
    seen = tuple(bus for bus in buses if bus.entries or bus.heads is not None)
    mark = manifest.digest if own else _fingerprint(manifest, recipient, seen)
    return Paper(manifest, None if own else recipient, seen, mark)


def _heads(manifest: Manifest) -> dict[int | None, int]:
    """The last count of each bus: an observation, never made of names."""
    return {row.vehicle_id: row.heads for row in standing_counts(manifest.movement)}


def _fingerprint(manifest: Manifest, recipient: Organisation | None, buses: Sequence[Bus]) -> str:
    """The SHA-256 of this recipient's list alone: it says nothing of who is not on it."""
    buses_listed = [
        [bus.label, [[entry.number, entry.full_name, entry.latin_name, entry.born] for entry in bus.entries]]
        for bus in buses
    ]
    return fingerprint_of(
        {
            "movement": str(manifest.movement.public_id),
            "version": manifest.number,
            "for": recipient.code if recipient else "",
            "buses": buses_listed,
        }
    )


@transaction.atomic
def print_paper(paper: Paper, *, purpose: str, language: str, zones: Sequence[str], by: Actor, at: datetime) -> Made:
    """Export the paper as PDF for a purpose; the print is audited, and each person on it leaves an access row.

    `language` is one of ours, else that of the recipient's first desk. The QR code leads to the proof of this paper, which
    names nobody. Raises ExportError without a purpose, PaperError where it would print badly.
    """
    manifest, recipient = paper.manifest, paper.recipient
    audit.record(
        "manifest printed", manifest, by=by, at=at, why=f"for {recipient.code}" if recipient else "for ourselves"
    )
    about = About(
        kind=PaperKind.MANIFEST,
        number=manifest.number,
        fingerprint=paper.fingerprint,
        title=f"manifest paper {manifest.movement}, version {manifest.number}",
        mission=manifest.mission,
        movement=manifest.movement,
        manifest=manifest,
        version=manifest.movement.corridor_version,
        recipient=recipient,
        people=paper.people,
    )

    def values(mark: Mark, address: str) -> dict[str, Any]:
        return _values(paper, zones, mark, address, by=by, at=at)

    return give_out(
        about=about, values=values, language=language or language_of(recipient, at=at), purpose=purpose, by=by, at=at
    )


def _values(paper: Paper, zones: Sequence[str], mark: Mark, address: str, *, by: Actor, at: datetime) -> dict[str, Any]:
    manifest, movement, recipient = paper.manifest, paper.manifest.movement, paper.recipient
    to = in_words(recipient)
    facts = [
        (_("Version"), f"{manifest.number}" + (f" · {manifest.why}" if manifest.why and recipient is None else "")),
        (_("Frozen"), local_times(manifest.frozen_at, zones)),
        (_("At the barrier"), local_times(movement.depart_at, zones)),
        (_("Corridor"), f"{movement.corridor_version.corridor.name}, {movement.corridor_version.document_reference}"),
        (_("For"), to),
        (_("Made by"), f"{by}, {local_times(at, zones)}"),
        (_("What for"), mark.purpose),
        (_("Names on this list"), str(paper.named)),
    ]
    heads = [bus.heads for bus in paper.buses]
    if heads and None not in heads:
        facts.append((_("Heads at the last count"), str(sum(head or 0 for head in heads))))
    only = _("This list names those who agreed to be shown to %(organisation)s, and nobody else.")
    return frame(
        title=_("Manifest %(movement)s") % {"movement": movement},
        lead=way_of(movement),
        facts=facts,
        note="" if recipient is None else only % {"organisation": to},
        blocks=[_bus(bus) for bus in paper.buses],
        mark=mark,
        language=(get_language() or "en")[:2],
        fingerprint=paper.fingerprint,
        address=address,
        condition=condition_for(to if recipient else ""),
        signatures=[_("Handed over by"), _("Received by")],
    )


def _bus(bus: Bus) -> dict[str, Any]:
    named = _("%(n)d on this list") % {"n": len(bus.entries)}
    counted = "" if bus.heads is None else _("%(n)d heads counted") % {"n": bus.heads}
    columns = (
        ("", 8), (_("Name"), 0), (_("In Latin letters"), 0), (_("Born"), 20), (_("Nat."), 14), (_("Number"), 24),
    )  # fmt: skip
    return listed(
        bus_names.in_words(bus.label),
        columns,
        (
            (place, entry.full_name, entry.latin_name, entry.born, ", ".join(entry.nationalities), entry.number)
            for place, entry in enumerate(bus.entries, start=1)
        ),
        count=" · ".join(part for part in (named if bus.entries else "", counted) if part),
    )
