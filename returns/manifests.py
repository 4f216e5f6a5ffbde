"""A list of people: staged row by row, shown with what will happen, then stored in one transaction (design, slice 4)."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.sheets import (
    ORDINAL,
    Heading,
    Sheet,
    SheetError,
    read_rows,
    read_table,
    with_error_column,
)
from migrants import exports
from migrants.entries import PersonEntry
from migrants.enums import ExportKind
from migrants.exports import Made
from migrants.models import Migrant, TravelGroup
from migrants.models.people import MigrantQuerySet
from migrants.registration import Match, match, register_many
from partners.models import Office
from returns import cases
from returns.enums import RowOutcome, UploadState
from returns.manifest_columns import LABELS, VOCABULARY, names_somebody
from returns.manifest_customs import customs_of
from returns.manifest_rows import ReadRow, read_row
from returns.manifest_store import entry_from_json, entry_to_json, heading_of, sheet_from_text, sheet_to_text
from returns.models import ManifestRow, ManifestUpload
from returns.remembered_columns import heading_for, remember

BATCH = 1000
NEW, LATER = "new", "later"


class ManifestError(ValueError):
    """A list that cannot be taken as it is. `sentence` says what is wrong and how to mend it."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Content:
    """What the sealed `entry` of a row says: the entry or its faults, and whom it meets."""

    entry: PersonEntry | None
    faults: list[dict[str, str]]
    remarks: list[str]
    candidates: list[dict[str, Any]]
    twin: int | None
    text: str
    reason: str


@transaction.atomic
def stage(
    *,
    group: TravelGroup,
    mission: Office,
    file: BinaryIO,
    name: str,
    size: int | None,
    within: MigrantQuerySet,
    by: Actor,
    at: datetime,
    sender: str = "",
) -> ManifestUpload:
    """Read a file and keep it sealed with what will happen to each row. Nobody is registered yet.

    The same file for the same group, while it waits to be confirmed, is staged once. Columns chosen before for lists of
    this `sender` hold again. Raises SheetError.
    """
    sheet = read_rows(file, name=name, size=size)
    kept = sheet_to_text(sheet)
    digest = hashlib.sha256(kept.encode()).hexdigest()
    group = TravelGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    waiting = ManifestUpload.objects.filter(group=group, digest=digest, state=UploadState.STAGED).first()
    if waiting is not None:
        return waiting
    heading = heading_for(sheet, mission=mission, sender=sender)
    upload = ManifestUpload.objects.create(
        group=group,
        mission=mission,
        sender=sender[:120],
        file_name=name[-200:],
        digest=digest,
        sheet=kept,
        heading_row=heading.row_number,
        columns=dict(heading.columns),
        uploaded_at=at,
        by=by,
    )
    audit.record("list uploaded", upload, by=by, at=at)
    _write_rows(upload, sheet, heading, within=within, at=at)
    return upload


def refuse_size(size: int) -> None:
    """Raise SheetError for a file that is too large, before anything of it is received."""
    read_rows(io.BytesIO(), name="", size=size)


@transaction.atomic
def correct_columns(
    *, upload: ManifestUpload, columns: Mapping[str, int], within: MigrantQuerySet, by: Actor, at: datetime
) -> ManifestUpload:
    """Read the kept list again with the columns that a person chose. Raises ManifestError."""
    upload = _locked(upload)
    if upload.state != UploadState.STAGED:
        raise ManifestError(_("This list was settled already. Upload it again to read it in another way."))
    twice = [index for index, times in Counter(columns.values()).items() if times > 1]
    if twice:
        raise ManifestError(_("One column was chosen for two things. Choose each column once."))
    sheet = sheet_from_text(upload.sheet)
    if any(index < 0 or index >= sheet.width for index in columns.values()) or set(columns) - set(LABELS):
        raise ManifestError(_("A column was chosen that the list does not have. Choose from the list."))
    kept = {ORDINAL: upload.columns[ORDINAL]} if ORDINAL in upload.columns else {}
    upload.columns = {name: index for name, index in kept.items() if index not in columns.values()} | dict(columns)
    upload.save(update_fields=["columns"])
    audit.record("columns corrected", upload, by=by, at=at)
    heading = heading_of(sheet, row_number=upload.heading_row, columns=upload.columns)
    remember(mission=upload.mission, sender=upload.sender, sheet=sheet, heading=heading, by=by, at=at)
    _write_rows(upload, sheet, heading, within=within, at=at)
    return upload


@transaction.atomic
def confirm(
    *,
    upload: ManifestUpload,
    decisions: Mapping[int, str],
    within: MigrantQuerySet,
    by: Actor,
    at: datetime,
    partial: bool = False,
) -> ManifestUpload:
    """Store what the preview has shown, compared anew with everybody known by now; all or nothing, and once only.

    `decisions` say of rows in doubt: "new", the public id of a known person, "row:17" for the person of that row, or
    "later". Rows that cannot be read are left out only where somebody chose so (`partial`). Confirming again changes
    nothing. Raises ManifestError.
    """
    upload = _locked(upload)
    if upload.state == UploadState.CONFIRMED:
        return upload
    if upload.state == UploadState.DISCARDED:
        raise ManifestError(_("This list was thrown away. Upload it again."))
    if not names_somebody(upload.columns):
        raise ManifestError(_("No column holds the name. Choose the column in which the names stand."))
    read = list(upload.rows.exclude(outcome=RowOutcome.SKIP))
    rows = [row for row in read if row.outcome != RowOutcome.REJECT]
    if len(rows) < len(read) and not partial:
        raise ManifestError(
            _("Some rows cannot be read. Mend the file and upload it again, or choose to store the right rows only.")
        )
    contents = [content_of(row) for row in rows]
    matches = match([_entry(content) for content in contents], within=within)
    for row, met in zip(rows, matches, strict=True):
        row.outcome, row.person = outcome_of(met), met.known.person if met.known else None
    _settle(upload, rows, contents, matches, decisions=decisions, within=within, by=by, at=at)
    upload.state, upload.settled_at = UploadState.CONFIRMED, at
    upload.save(update_fields=["state", "settled_at"])
    audit.record("list confirmed", upload, by=by, at=at)
    return upload


@transaction.atomic
def decide(
    *, upload: ManifestUpload, decisions: Mapping[int, str], within: MigrantQuerySet, by: Actor, at: datetime
) -> ManifestUpload:
    """Decide about rows of a confirmed list that were left in doubt; those decided already stay as they are."""
    upload = _locked(upload)
    if upload.state != UploadState.CONFIRMED:
        raise ManifestError(_("Confirm the list first."))
    rows = list(upload.rows.filter(outcome=RowOutcome.DECIDE, row_number__in=decisions))
    contents = [content_of(row) for row in rows]
    matches = match([_entry(content) for content in contents], within=within)
    _settle(upload, rows, contents, matches, decisions=decisions, within=within, by=by, at=at)
    return upload


@transaction.atomic
def discard(*, upload: ManifestUpload, by: Actor, at: datetime) -> ManifestUpload:
    """Throw a staged list away, with everything that was read from it."""
    upload = _locked(upload)
    if upload.state == UploadState.STAGED:
        upload.rows.all().delete()
        upload.state, upload.settled_at, upload.sheet = UploadState.DISCARDED, at, None
        upload.save(update_fields=["state", "settled_at", "sheet"])
        audit.record("list thrown away", upload, by=by, at=at)
    return upload


@transaction.atomic
def error_file(*, upload: ManifestUpload, by: Actor, at: datetime) -> Made:
    """Export the same list as XLSX with a column that says what to mend, row by row. Raises ManifestError."""
    if upload.sheet is None:
        raise ManifestError(_("This list was thrown away. Upload it again."))
    sheet = sheet_from_text(upload.sheet)
    rows = upload.rows.filter(outcome=RowOutcome.REJECT)
    errors = {
        row.row_number: [f"{fault['column']}: {fault['sentence']}" for fault in content_of(row).faults] for row in rows
    }
    audit.record("list given back", upload, by=by, at=at)
    return exports.export(
        kind=ExportKind.LIST_TO_MEND,
        title=f"list to mend, group {upload.group.code}",
        purpose=_("to be mended by whoever wrote it"),
        recipient_name=_("whoever sent the list"),
        people=upload.rows.filter(person__isnull=False).values_list("person__public_id", flat=True),
        make=lambda mark: with_error_column(sheet, errors, heading_row=upload.heading_row, mark=str(mark)),
        by=by,
        at=at,
    )


def tally(upload: ManifestUpload) -> dict[str, int]:
    """Give how many rows have each outcome, every outcome named; one query."""
    found = dict(upload.rows.values_list("outcome").annotate(Count("pk")).order_by())
    return {outcome: found.get(outcome, 0) for outcome in RowOutcome.values}


def content_of(row: ManifestRow) -> Content:
    """Open what a row says."""
    kept = json.loads(row.entry)
    entry = kept.pop("entry")
    return Content(entry=None if entry is None else entry_from_json(entry), **kept)


def columns_of(upload: ManifestUpload) -> tuple[Sheet, Heading]:
    """Give the kept sheet and its heading, for the page that corrects columns."""
    sheet = sheet_from_text(upload.sheet)
    return sheet, heading_of(sheet, row_number=upload.heading_row, columns=upload.columns)


def outcome_of(met: Match) -> RowOutcome:
    """Say what happens to an entry."""
    if met.known is not None:
        return RowOutcome.MATCH
    return RowOutcome.DECIDE if met.is_doubtful else RowOutcome.CREATE


def _locked(upload: ManifestUpload) -> ManifestUpload:
    return ManifestUpload.objects.select_for_update(of=("self",)).select_related("group", "mission").get(pk=upload.pk)


def _write_rows(
    upload: ManifestUpload, sheet: Sheet, heading: Heading, *, within: MigrantQuerySet, at: datetime
) -> None:
    """Read every row and keep what will happen to it; a few statements however many rows there are."""
    upload.rows.all().delete()
    table = read_table(sheet, VOCABULARY, heading=heading)
    if not table.rows:
        raise SheetError(_("There is a heading and no person below it. Check that this is the right sheet."))
    customs = customs_of(table.rows, heading, starts_1904=sheet.starts_1904)
    named = names_somebody(heading.columns)
    read = [read_row(row, heading, today=at.date(), customs=customs) for row in table.rows] if named else []
    entered = [each for each in read if each.entry is not None]
    matches = dict(
        zip(
            (each.number for each in entered),
            match([each.entry for each in entered if each.entry], within=within),
            strict=True,
        )
    )
    numbers = [each.number for each in entered]
    rows = [_staged(upload, each, matches.get(each.number), numbers) for each in read]
    rows += [
        _row(upload, skipped.number, RowOutcome.SKIP, text=skipped.text, reason=str(skipped.reason))
        for skipped in table.skipped
    ]
    ManifestRow.objects.bulk_create(rows, batch_size=BATCH)


def _staged(upload: ManifestUpload, read: ReadRow, met: Match | None, numbers: Sequence[int]) -> ManifestRow:
    if read.entry is None or met is None:
        faults = [{"column": each.column, "field": each.field, "sentence": each.sentence} for each in read.faults]
        return _row(upload, read.number, RowOutcome.REJECT, faults=faults, text=read.name)
    row = _row(
        upload,
        read.number,
        outcome_of(met),
        entry=entry_to_json(read.entry),
        remarks=list(read.remarks),
        **_whom(met, numbers),
    )
    row.person = met.known.person if met.known and row.outcome == RowOutcome.MATCH else None
    return row


def _whom(met: Match, numbers: Sequence[int]) -> dict[str, Any]:
    """Whom an entry meets, as kept: reasons by their code, so that each reader has them in their own language."""
    known = [
        {
            "person": str(candidate.person.public_id),
            "score": round(candidate.score.value, 2),
            "reasons": [reason.code for reason in candidate.score.reasons if reason.weight > 0],
        }
        for candidate in met.candidates
    ]
    return {"candidates": known, "twin": None if met.twin is None else numbers[met.twin]}


def _row(upload: ManifestUpload, number: int, outcome: RowOutcome, **content: Any) -> ManifestRow:
    nothing: dict[str, Any] = {
        "entry": None, "faults": [], "remarks": [], "candidates": [], "twin": None, "text": "", "reason": "",
    }  # fmt: skip
    return ManifestRow(
        upload=upload,
        mission_id=upload.mission_id,
        row_number=number,
        outcome=outcome,
        entry=json.dumps(nothing | content, ensure_ascii=False),
    )


def _entry(content: Content) -> PersonEntry:
    if content.entry is None:
        raise ManifestError(_("A row without a person cannot be stored."))
    return content.entry


def _settle(
    upload: ManifestUpload,
    rows: Sequence[ManifestRow],
    contents: Sequence[Content],
    matches: Sequence[Match],
    *,
    decisions: Mapping[int, str],
    within: MigrantQuerySet,
    by: Actor,
    at: datetime,
) -> None:
    """Register who is new, point the rows to their people, and open the cases; a constant number of statements."""
    named = _named_people(rows, matches, decisions, within=within)
    for row in rows:
        decision = decisions.get(row.row_number, LATER)
        if row.outcome == RowOutcome.DECIDE and decision == NEW:
            row.outcome = RowOutcome.CREATE
        elif row.outcome == RowOutcome.DECIDE and decision in named:
            row.outcome, row.person = RowOutcome.MATCH, named[decision]
    fresh = [place for place, row in enumerate(rows) if row.outcome == RowOutcome.CREATE]
    entries = [_entry(contents[place]) for place in fresh]
    people = register_many(group=upload.group, mission=upload.mission, entries=entries, by=by, at=at)
    for place, person in zip(fresh, people, strict=True):
        rows[place].person = person
    _follow_rows(upload, rows, decisions)
    ManifestRow.objects.bulk_update(rows, ["outcome", "person"], batch_size=BATCH)
    known = [row.person for row in rows if row.outcome == RowOutcome.MATCH and row.person is not None]
    _bring_in(upload.group, known, by=by, at=at)
    cases.open_cases(people=[*people, *known], by=by, at=at)


def _named_people(
    rows: Sequence[ManifestRow], matches: Sequence[Match], decisions: Mapping[int, str], *, within: MigrantQuerySet
) -> dict[str, Migrant]:
    """Give the people whom decisions name, as far as they are in scope and were candidates of a row."""
    offered = {str(each.person.public_id) for met in matches for each in met.candidates}
    wanted = {decisions[row.row_number] for row in rows if decisions.get(row.row_number) in offered}
    return {str(person.public_id): person for person in within.filter(public_id__in=wanted)} if wanted else {}


def _follow_rows(upload: ManifestUpload, rows: Sequence[ManifestRow], decisions: Mapping[int, str]) -> None:
    """Rows that were found to be written twice point to the person of the row before."""
    people = dict(upload.rows.filter(person__isnull=False).values_list("row_number", "person"))
    people |= {row.row_number: row.person_id for row in rows if row.person_id}
    for row in rows:
        _kind, _colon, number = decisions.get(row.row_number, "").partition("row:")
        if row.outcome == RowOutcome.DECIDE and number.isdecimal() and int(number) in people:
            row.outcome, row.person_id = RowOutcome.MATCH, people[int(number)]


def _bring_in(group: TravelGroup, people: Sequence[Migrant], *, by: Actor, at: datetime) -> None:
    """Known people whose own group is closed, or who have none, join the group of the list."""
    loose = Migrant.objects.filter(pk__in=[person.pk for person in people]).filter(
        Q(group__isnull=True) | Q(group__closed_at__isnull=False)
    )
    joining = list(loose.exclude(group=group))
    Migrant.objects.filter(pk__in=[person.pk for person in joining]).update(group=group, family=None)
    audit.record_many((("person joined group", person) for person in joining), by=by, at=at)
