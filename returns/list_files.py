"""Lists of a journey as spreadsheets: the same projection as the page or the paper, with the mark of the export inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.actors import Actor
from common.sheets import Cell, write_xlsx
from migrants import exports
from migrants.enums import ExportKind
from migrants.exports import ExportError, Made, Mark
from migrants.models import Migrant
from partners.models import Organisation
from returns import bus_names
from returns.document_requests import UNDER_WAY
from returns.enums import ReceptionState
from returns.incoming import Expected
from returns.manifest_papers import paper_of
from returns.models import DocumentRequest, Manifest, Movement
from returns.paper_parts import LANGUAGES
from returns.people_lines import PersonLine
from returns.reconciliation import differences, standing_counts
from returns.way_points import point_in_words

HEADING_ROW = 3
MOST_CASES = 5_000
"""The mark stands above the heading, with an empty row between them."""


def _list_file(
    *,
    title: str,
    language: str,
    purpose: str,
    recipient: Organisation | None,
    people: Sequence[UUID],
    rows: Iterable[Sequence[Cell]],
    name: str,
    by: Actor,
    at: datetime,
) -> Made:
    """Write rows, the heading first, into an XLSX that carries its mark; it leaves a row of exports."""
    made = list(rows)

    def make(mark: Mark) -> bytes:
        with override(language if language in LANGUAGES else "en"):
            return write_xlsx([[str(mark)], [], *made], name=name, heading_row=HEADING_ROW, mark=str(mark))

    return exports.export(
        kind=ExportKind.LIST, title=title, purpose=purpose, recipient=recipient, people=people, make=make, by=by, at=at
    )


def manifest_list(
    *, manifest: Manifest, recipient: Organisation | None, language: str, purpose: str, by: Actor, at: datetime
) -> Made:
    """Export a version of a manifest: everybody for ourselves, and for an organisation whom it may see.

    Raises ExportError without a purpose.
    """
    paper, movement = paper_of(manifest, recipient=recipient, at=at), manifest.movement
    with override(language):
        heading = [
            _("Bus"), _("Place"), _("Number"), _("Name"), _("In Latin letters"), _("Born"), _("Nationality"),
        ]  # fmt: skip
        rows: list[Sequence[Cell]] = [heading]
        for bus in paper.buses:
            rows += [
                [
                    bus_names.in_words(bus.label), str(place), entry.number, entry.full_name, entry.latin_name,
                    entry.born, ", ".join(entry.nationalities),
                ]
                for place, entry in enumerate(bus.entries, start=1)
            ]  # fmt: skip
    return _list_file(
        title=f"manifest list {movement}, version {manifest.number}", language=language, purpose=purpose,
        recipient=recipient, people=paper.people, rows=rows, name=f"manifest-{manifest.number}", by=by, at=at,
    )  # fmt: skip


def reconciliation_list(*, movement: Movement, zone: str, language: str, purpose: str, by: Actor, at: datetime) -> Made:
    """Export each count of each bus with what stood there before and what is not explained; it names nobody.

    `zone` is the one in which the hours stand. Raises ExportError without a purpose.
    """
    counts = standing_counts(movement)
    still_open = {found.checkpoint.pk: found.open for found in differences(movement, counts)}
    with override(language):
        rows: list[Sequence[Cell]] = [
            [
                _("Point"), _("Bus"), _("Heads"), _("Before"), _("Difference"), _("Not explained"),
                _("Counted (%(zone)s)") % {"zone": zone},
            ]
        ]  # fmt: skip
        rows += [
            [
                capfirst(point_in_words(row.kind, movement.corridor_version.corridor)),
                bus_names.in_words(row.vehicle.label) if row.vehicle else _("All"), str(row.heads),
                str(row.expected), f"{row.difference:+d}" if row.difference else "0", str(still_open.get(row.pk, 0)),
                row.counted_at.astimezone(ZoneInfo(zone)).strftime("%d.%m.%Y %H:%M"),
            ]
            for row in counts
        ]  # fmt: skip
    return _list_file(
        title=f"reconciliation {movement}", language=language, purpose=purpose, recipient=None, people=(), rows=rows,
        name="reconciliation", by=by, at=at,
    )  # fmt: skip


def arrivals_list(
    *, people: Sequence[Expected], recipient: Organisation, language: str, purpose: str, by: Actor, at: datetime
) -> Made:
    """Export whom an embassy may expect, as its own page shows it (`incoming.completed`). Raises ExportError."""
    with override(language):
        rows: list[Sequence[Cell]] = [
            [_("Name"), _("In Latin letters"), _("Born"), _("Document"), _("Expected (UTC)"), _("Bus"), _("Reception")]
        ]
    rows += [
        [
            row.full_name, row.latin_name, str(row.birth_year or ""), row.document,
            f"{row.arrives_at:%d.%m.%Y %H:%M}" if row.arrives_at else "", row.vehicle, row.reception,
        ]
        for row in people
    ]  # fmt: skip
    return _list_file(
        title="expected arrivals", language=language, purpose=purpose, recipient=recipient,
        people=[row.person for row in people], rows=rows, name="arrivals", by=by, at=at,
    )  # fmt: skip


def received_list(
    *,
    people: Sequence[tuple[Migrant, str]],
    recipient: Organisation,
    journey: str,
    language: str,
    purpose: str,
    by: Actor,
    at: datetime,
) -> Made:
    """Export who of a journey is shown to a receiver, each with its answer (`ReceptionState`, empty: none yet), as on its page.

    Raises ExportError.
    """
    with override(language):
        rows: list[Sequence[Cell]] = [[_("Name"), _("In Latin letters"), _("Year of birth"), _("Here?")]]
        rows += [
            [
                person.full_name, person.latin_name, str(person.birth_year or ""),
                str(ReceptionState(state).label) if state else "",
            ]
            for person, state in people
        ]  # fmt: skip
    return _list_file(
        title=f"arrival of group {journey}", language=language, purpose=purpose, recipient=recipient,
        people=[person.public_id for person, _state in people], rows=rows, name="arrival", by=by, at=at,
    )  # fmt: skip


def documents_list(
    *,
    asked: Sequence[tuple[DocumentRequest, str]],
    are_all: bool = True,
    recipient: Organisation,
    language: str,
    purpose: str,
    by: Actor,
    at: datetime,
) -> Made:
    """Export the travel documents that an embassy is asked for, each with how far it is in words, as on its page.

    Raises ExportError, also where these are not all.
    """
    if not are_all:
        raise ExportError("purpose", _("More than 5,000 documents are asked for. Answer some of them first."))
    with override(language):
        rows: list[Sequence[Cell]] = [
            [
                _("Name"),
                _("In Latin letters"),
                _("Year of birth"),
                _("Request"),
                _("Document"),
                _("Answer by (UTC)"),
            ]
        ]
    rows += [
        [
            row.person.full_name, row.person.latin_name, str(row.person.birth_year or ""), row.number, words,
            f"{row.answer_by:%d.%m.%Y %H:%M}" if row.document.state in UNDER_WAY else "",
        ]
        for row, words in asked
    ]  # fmt: skip
    return _list_file(
        title="travel documents asked for", language=language, purpose=purpose, recipient=recipient,
        people=[row.person.public_id for row, _words in asked], rows=rows, name="documents", by=by, at=at,
    )  # fmt: skip


def cases_list(
    *,
    lines: Sequence[tuple[str, PersonLine, str, str]],
    are_all: bool = True,
    language: str,
    purpose: str,
    by: Actor,
    at: datetime,
) -> Made:
    """Export cases, each as (number of the case, line of the person, stage, verdict or outcome).

    Raises ExportError, also where these are not all that were asked for: a list that ends early tells nobody so.
    """
    if not are_all:
        raise ExportError("purpose", _("More than 5,000 cases are like this. Narrow the list first."))
    with override(language):
        rows: list[Sequence[Cell]] = [
            [
                _("Case"),
                _("Number"),
                _("Name"),
                _("In Latin letters"),
                _("Age"),
                _("Nationality"),
                _("Document"),
                _("Stage"),
                _("State"),
            ]
        ]
    rows += [
        [
            number, line.number, line.full_name, line.latin_name, line.age, line.nationalities, line.document, stage, state,
        ]
        for number, line, stage, state in lines
    ]  # fmt: skip
    return _list_file(
        title="cases", language=language, purpose=purpose, recipient=None,
        people=[line.public_id for _number, line, _stage, _state in lines], rows=rows, name="cases", by=by, at=at,
    )  # fmt: skip
