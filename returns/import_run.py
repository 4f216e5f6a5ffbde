"""A list from its file to its people in one go, for whoever sits at the command line: the same steps, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from common.actors import Actor
from common.sheets import MAX_BYTES, SheetError
from common.uploads import check_list
from migrants.models import Migrant, TravelGroup
from migrants.models.people import MigrantQuerySet
from notifications.rounds import Watch
from returns import importing, manifests
from returns.enums import RowOutcome, UploadState
from returns.manifest_staging import ManifestError, content_of
from returns.manifest_store import sheet_from_text
from returns.models import ManifestUpload


@dataclass(frozen=True, slots=True)
class Run:
    """By whom, when (business and wall time), in which transactions (`within` opens one with its audience), and who hears
    how far it is: `say(done, total, words)`.
    """

    by: Actor
    at: datetime
    real_at: datetime
    within: Callable[[], AbstractContextManager[None]]
    say: Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a list: rows by outcome, faults as (row, column, sentence), and whether its people were stored."""

    tally: dict[str, int]
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    is_stored: bool = False


def run(
    run: Run, *, file: BinaryIO, name: str, group: UUID | str, dry_run: bool, partial: bool, sheet: str = ""
) -> Told:
    """Read a list for a group (its code or public id), and store its people unless `dry_run`; `sheet` is of a workbook.

    Where rows cannot be read nothing is stored and nothing kept, unless `partial`. Started again after it was killed it goes
    on where it ended. Raises SheetError, UploadError, ManifestError.
    """
    content = file.read(MAX_BYTES + 1)
    check_list(content[:MAX_BYTES], name=name)
    with run.within():
        upload = importing.keep(group=_found(group), content=content, name=name, sheet=sheet, by=run.by, at=run.at)
        _refuse_another_sheet(upload, sheet)
    del content  # it is kept with the list, in pieces
    if upload.state == UploadState.READING:
        upload = _work(run, upload, _("read"))
    if upload.state == UploadState.STAGED:
        told = _told(run, upload)
        if dry_run or (told.faults and not partial):
            with run.within():
                manifests.discard(upload=upload, by=run.by, at=run.at)
            return told
        with run.within():
            upload = importing.confirm(
                upload=upload, decisions={}, within=_everybody(), by=run.by, at=run.at, partial=partial
            )
    upload = _work(run, upload, _("stored"))
    return _told(run, upload)


def _refuse_another_sheet(upload: ManifestUpload, sheet: str) -> None:
    read = sheet_from_text(upload.sheet or "").name if sheet else ""
    if read != sheet:
        raise ManifestError(
            _(
                "What is read of this file is “%(read)s”, and not the sheet that you named. Finish that list, or throw it"
                " away on its page. A text file has no sheets."
            )
            % {"read": read}
        )


def _work(run: Run, upload: ManifestUpload, words: str) -> ManifestUpload:
    watch = Watch(real_at=run.real_at, at=run.at)
    claimed = importing.claim(watch, only=upload.pk, within=run.within)
    if claimed is None and (problem := _problem_of(upload, run)):
        raise SheetError(problem)
    if claimed is None:
        raise ManifestError(_("Somebody else has this list in hand. Wait some minutes and start again."))
    while importing.one_piece(claimed, watch, for_whom=lambda _upload, at: _as_run(run)):
        with run.within():
            done = ManifestUpload.objects.only("rows_done", "rows_total").get(pk=upload.pk)
        run.say(done.rows_done, done.rows_total, words)
    with run.within():
        upload = ManifestUpload.objects.select_related("group", "mission").get(pk=upload.pk)
    if upload.problem:
        raise SheetError(upload.problem)
    return upload


def _problem_of(upload: ManifestUpload, run: Run) -> str:
    with run.within():
        return ManifestUpload.objects.values_list("problem", flat=True).get(pk=upload.pk)


@contextmanager
def _as_run(run: Run) -> Iterator[MigrantQuerySet]:
    with run.within():
        yield _everybody()


def _everybody() -> MigrantQuerySet:
    return Migrant.objects.living_records()


def _found(reference: UUID | str) -> TravelGroup:
    chosen = {"public_id": reference} if isinstance(reference, UUID) else {"code": reference}
    group = TravelGroup.objects.select_related("mission").filter(closed_at__isnull=True, **chosen).first()
    if group is None:
        raise ManifestError(_("No open group has this code or public id. Look it up on the page of groups."))
    return group


def _told(run: Run, upload: ManifestUpload) -> Told:
    with run.within():
        faulty = upload.rows.filter(outcome=RowOutcome.REJECT).order_by("row_number")
        faults = [
            (row.row_number, fault["column"], fault["sentence"])
            for row in faulty.iterator(1000)
            for fault in content_of(row).faults
        ]
        return Told(manifests.tally(upload), faults, upload.state == UploadState.CONFIRMED)
