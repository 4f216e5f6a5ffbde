"""Cases and journeys of a person: how each ended, on which bus, who was told there, and what happened on the way."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from common import countries
from migrants.models import MovedPerson, TravelledLeg
from returns.models import (
    Absence,
    Incident,
    ManifestEntry,
    ManifestRow,
    ReturnCase,
    Seat,
    Slip,
    Waiver,
)
from returns.subject_access.shapes import Section, Subject, Value


def cases_section(subject: Subject) -> Section:
    rows = ReturnCase.objects.filter(person__in=subject.records).order_by("opened_at")
    waivers = Waiver.objects.filter(case__person__in=subject.records).select_related("authority")
    excused = _("Waiver of %(authority)s")
    return Section(
        "cases",
        _("Your case"),
        (("what", _("What")), ("value", _("Number")), ("from", _("From")), ("until", _("Until"))),
        (
            *(
                (
                    _("Case"),
                    " · ".join(filter(None, (row.number, row.get_outcome_display()))),
                    row.opened_at,
                    row.closed_at,
                )
                for row in rows
            ),
            *(
                (
                    excused % {"authority": row.authority.name},
                    row.reference,
                    row.recorded_at,
                    row.valid_until,
                )
                for row in waivers
            ),
        ),
    )


def journeys_section(subject: Subject) -> Section:
    return Section(
        "journeys",
        _("Your journey, and the lists on which you stand"),
        (("what", _("What")), ("value", _("What stands there")), ("at", _("When"))),
        tuple(_journey_rows(subject)),
    )


def _journey_rows(subject: Subject) -> Iterator[tuple[Value, ...]]:
    lines = ManifestRow.objects.filter(person__in=subject.records).select_related("upload")
    for line in lines.order_by("upload__uploaded_at"):
        yield _("Line of a list that was sent to us"), line.row_number, line.upload.uploaded_at
    for leg in TravelledLeg.objects.filter(person__in=subject.records):
        place = ", ".join(part for part in (leg.place, countries.name(leg.country)) if part)
        yield _("On the way to us"), f"{place} ({leg.get_mode_display()})", leg.left_on
    moves = MovedPerson.objects.filter(person__in=subject.records).select_related("move__from_group", "move__to_group")
    for each in moves.order_by("move__moved_at"):
        way = f"{each.move.from_group.code} → {each.move.to_group.code}"
        yield _("Went to another group"), way, each.move.moved_at
    seats = Seat.objects.filter(person__in=subject.records).select_related("movement__group", "vehicle")
    for seat in seats.order_by("movement__depart_at"):
        yield _("Seat"), seat.vehicle.label if seat.vehicle else _("not travelling"), seat.boarded_at
    for slip in Slip.objects.filter(person__in=subject.records):
        yield _("Slip of paper with your number"), _("ended") if slip.ended_at else _("valid"), slip.printed_at
    entries = ManifestEntry.objects.filter(person__in=subject.records).select_related("manifest__movement__group")
    for entry in entries.order_by("manifest__frozen_at"):
        version = _("%(movement)s, version %(number)d") % {
            "movement": entry.manifest.movement,
            "number": entry.manifest.number,
        }
        yield _("On the manifest"), version, entry.manifest.frozen_at
    for absence in Absence.objects.filter(person__in=subject.records).select_related("difference"):
        yield _("Not with the others on the way"), absence.difference.get_kind_display(), absence.recorded_at
    happened = Incident.objects.filter(person__in=subject.records)
    for incident in happened if subject.with_protection else happened.filter(is_confidential=False):
        words = f"{incident.get_kind_display()}: {incident.sealed_note or ''}"
        yield _("What happened on the way"), words, incident.happened_at
