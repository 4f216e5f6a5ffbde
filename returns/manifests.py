"""A list of people: staged row by row, shown with what will happen, then stored in one transaction (design, slice 4)."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from common import audit
from common.actors import Actor
from common.sheets import MAX_BYTES, ORDINAL, Heading, Sheet, SheetError, read_rows, with_error_column
from common.sheets.own_file import with_errors_in_own_file
from migrants import exports
from migrants.enums import ExportKind
from migrants.exports import Made, Mark
from migrants.meeting import Twins
from migrants.models import TravelGroup
from migrants.models.people import MigrantQuerySet
from partners.models import Office
from returns.enums import RowOutcome, UploadState
from returns.manifest_columns import LABELS, names_somebody
from returns.manifest_customs import customs_of
from returns.manifest_files import file_as_sent
from returns.manifest_settling import decide_rows, settle_rows
from returns.manifest_staging import ManifestError, Manner, content_of, read_part, stage_part, whole_sheet
from returns.manifest_store import heading_of, sheet_from_text, sheet_to_text
from returns.models import ManifestUpload
from returns.remembered_columns import heading_for, remember

EMPTY = _lazy("There is a heading and no person below it. Check that this is the right sheet.")


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
    content = file.read(MAX_BYTES + 1)
    sheet = read_rows(io.BytesIO(content), name=name, size=size)
    digest = hashlib.sha256(content).hexdigest()
    return stage_sheet(
        group=group, mission=mission, sheet=sheet, name=name, digest=digest, within=within, by=by, at=at, sender=sender
    )


@transaction.atomic
def stage_sheet(
    *,
    group: TravelGroup,
    mission: Office,
    sheet: Sheet,
    name: str,
    digest: str,
    within: MigrantQuerySet,
    by: Actor,
    at: datetime,
    sender: str = "",
) -> ManifestUpload:
    """The same with a file that was read already; `digest` is the SHA-256 of its bytes. Raises SheetError."""
    waiting = waiting_upload(group=group, digest=digest)
    if waiting is not None:
        return waiting
    heading = heading_for(sheet, mission=mission, sender=sender)
    upload = ManifestUpload.objects.create(
        group=group,
        mission=mission,
        sender=sender[:120],
        file_name=name[-200:],
        digest=digest,
        sheet=sheet_to_text(sheet),
        heading_row=heading.row_number,
        columns=dict(heading.columns),
        uploaded_at=at,
        by=by,
    )
    audit.record("list uploaded", upload, by=by, at=at)
    _write_rows(upload, sheet, heading, within=within, at=at)
    return upload


def waiting_upload(*, group: TravelGroup, digest: str) -> ManifestUpload | None:
    """Give the upload of the same file for the same group that is not settled yet; two of them come one after the other."""
    TravelGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    unsettled = (UploadState.READING, UploadState.STAGED, UploadState.STORING)
    return ManifestUpload.objects.filter(group=group, digest=digest, state__in=unsettled).first()


def refuse_size(size: int) -> None:
    """Raise SheetError for a file that is too large, before anything of it is received."""
    read_rows(io.BytesIO(), name="", size=size)


@transaction.atomic
def correct_columns(
    *, upload: ManifestUpload, columns: Mapping[str, int], within: MigrantQuerySet, by: Actor, at: datetime
) -> ManifestUpload:
    """Read the kept list again with the columns that a person chose. Raises ManifestError, SheetError."""
    upload = choose_columns(upload=upload, columns=columns, by=by, at=at)
    sheet = sheet_from_text(upload.sheet)
    heading = heading_of(sheet, row_number=upload.heading_row, columns=upload.columns)
    _write_rows(upload, sheet, heading, within=within, at=at)
    return upload


@transaction.atomic
def choose_columns(*, upload: ManifestUpload, columns: Mapping[str, int], by: Actor, at: datetime) -> ManifestUpload:
    """Keep which column holds what; the rows are read again by the caller. Raises ManifestError."""
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
    upload = to_be_stored(upload=upload, partial=partial)
    if upload.state == UploadState.CONFIRMED:
        return upload
    rows = list(upload.rows.exclude(outcome__in=(RowOutcome.SKIP, RowOutcome.REJECT)))
    settle_rows(upload, rows, decisions=decisions, within=within, by=by, at=at)
    upload.state, upload.settled_at = UploadState.CONFIRMED, at
    upload.save(update_fields=["state", "settled_at"])
    audit.record("list confirmed", upload, by=by, at=at)
    return upload


def to_be_stored(*, upload: ManifestUpload, partial: bool) -> ManifestUpload:
    """Give the upload under its lock, as one that may be stored or has been. Raises ManifestError."""
    upload = _locked(upload)
    if upload.state in (UploadState.CONFIRMED, UploadState.STORING):
        return upload
    if upload.state == UploadState.READING:
        raise ManifestError(_("This list is still being read. Wait until you have seen what will happen."))
    if upload.state != UploadState.STAGED:
        raise ManifestError(_("This list was thrown away. Upload it again."))
    if not names_somebody(upload.columns):
        raise ManifestError(_("No column holds the name. Choose the column in which the names stand."))
    if not partial and upload.rows.filter(outcome=RowOutcome.REJECT).exists():
        raise ManifestError(
            _("Some rows cannot be read. Mend the file and upload it again, or choose to store the right rows only.")
        )
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
    decide_rows(upload, rows, decisions=decisions, within=within, by=by, at=at)
    audit.record("rows of a list decided", upload, by=by, at=at, why=", ".join(str(row.row_number) for row in rows))
    return upload


@transaction.atomic
def discard(*, upload: ManifestUpload, by: Actor, at: datetime) -> ManifestUpload:
    """Throw a staged list away, with everything that was read from it."""
    upload = _locked(upload)
    if upload.state in (UploadState.STAGED, UploadState.READING, UploadState.REFUSED):
        upload.rows.all().delete()
        upload.pieces.all().delete()
        upload.state, upload.settled_at, upload.sheet = UploadState.DISCARDED, at, None
        upload.save(update_fields=["state", "settled_at", "sheet"])
        audit.record("list thrown away", upload, by=by, at=at)
    return upload


@transaction.atomic
def error_file(*, upload: ManifestUpload, by: Actor, at: datetime) -> Made:
    """Export the file that was sent with a column that says what to mend, row by row: CSV, or else XLSX.

    Where the file is not kept any more, what was read of it comes as a plain XLSX. Raises ManifestError.
    """
    if upload.sheet is None:
        raise ManifestError(_("This list was thrown away. Upload it again."))
    content, heading_row, sheet = file_as_sent(upload), upload.heading_row, sheet_from_text(upload.sheet).name
    rows = upload.rows.filter(outcome=RowOutcome.REJECT)
    errors = {
        row.row_number: [f"{fault['column']}: {fault['sentence']}" for fault in content_of(row).faults] for row in rows
    }

    def make(mark: Mark) -> bytes:
        if not content:
            return with_error_column(whole_sheet(upload), errors, heading_row=heading_row, mark=str(mark))
        mended = with_errors_in_own_file(
            content,
            name=upload.file_name,
            errors=errors,
            heading_row=heading_row,
            mark=str(mark),
            sheet=sheet,
        )
        return mended.content

    audit.record("list given back", upload, by=by, at=at)
    return exports.export(
        kind=ExportKind.LIST_TO_MEND,
        title=f"list to mend, group {upload.group.code}",
        purpose=_("to be mended by whoever wrote it"),
        recipient_name=_("whoever sent the list"),
        people=upload.rows.filter(person__isnull=False).values_list("person__public_id", flat=True),
        make=make,
        by=by,
        at=at,
    )


def tally(upload: ManifestUpload) -> dict[str, int]:
    """Give how many rows have each outcome, every outcome named; one query."""
    found = dict(upload.rows.values_list("outcome").annotate(Count("pk")).order_by())
    return {outcome: found.get(outcome, 0) for outcome in RowOutcome.values}


def _write_rows(
    upload: ManifestUpload, sheet: Sheet, heading: Heading, *, within: MigrantQuerySet, at: datetime
) -> None:
    """Read every row and keep what will happen to it."""
    upload.rows.all().delete()
    upload.compared = None
    below = (row for row in sheet.rows if row.number > heading.row_number)
    manner = Manner(heading, customs_of(below, heading, starts_1904=sheet.starts_1904), at.date())
    if not stage_part(upload, read_part(sheet, manner, twins=Twins()), within=within):
        raise SheetError(EMPTY)
    upload.save(update_fields=["compared"])


def columns_of(upload: ManifestUpload) -> tuple[Sheet, Heading]:
    """Give the kept sheet and its heading, for the page that corrects columns."""
    sheet = sheet_from_text(upload.sheet)
    return sheet, heading_of(sheet, row_number=upload.heading_row, columns=upload.columns)


def _locked(upload: ManifestUpload) -> ManifestUpload:
    return ManifestUpload.objects.select_for_update(of=("self",)).select_related("group", "mission").get(pk=upload.pk)
