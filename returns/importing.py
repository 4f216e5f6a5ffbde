"""Long lists, worked off by a task piece by piece: read, compared, shown; then stored, once somebody has confirmed.

The row of the upload is the queue. A worker takes it under a lease and does one piece a transaction, which also says how
far it came: whoever is killed loses the piece in hand, and another goes on there. Each row of a list is kept, and each
person registered, once. A short list is read and stored in the request itself, by the same functions.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import BinaryIO, TypeAlias

import structlog
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from accounts.models import User
from common import audit
from common.actors import Actor
from common.audience import Audience, announce, asking
from common.enums import ActorKind
from common.sheets import MAX_BYTES, Sheet, SheetError, open_rows, read_rows
from migrants.models import Migrant, TravelGroup
from migrants.models.people import MigrantQuerySet
from notifications.rounds import Watch
from partners.access import Permission, viewer_of
from partners.models import Office
from returns import manifest_ahead, manifests, readiness
from returns.enums import PieceKind, RowOutcome, UploadState
from returns.manifest_files import file_as_sent, keep_file
from returns.manifest_settling import settle_rows
from returns.manifest_staging import ManifestError, stage_part
from returns.manifest_store import sheet_from_text, sheet_to_text
from returns.models import ManifestPiece, ManifestRow, ManifestUpload, ReturnCase
from returns.models.manifests import MOST_TRIES
from returns.remembered_columns import heading_for

SHORT_BYTES, SHORT_ROWS = 200_000, 300
"""What a request reads and stores itself."""
PIECE_ROWS, JUDGED_ROWS = 2_000, 5_000
LEASE = timedelta(minutes=3)
TURN = timedelta(seconds=10)
"""After so long a worker lets other work go first."""
NAME = "work_off_lists"
GIVEN_UP = _lazy(
    "Homeward has tried several times and could not work this list off. What went wrong stands in its log: tell whoever"
    " runs it. Then try again; what was stored is not stored twice."
)
logger = structlog.get_logger(__name__)
UNSETTLED = (UploadState.READING, UploadState.STORING)
_LEFT_ALONE = (RowOutcome.SKIP, RowOutcome.REJECT)


ForWhom: TypeAlias = Callable[[ManifestUpload, datetime], AbstractContextManager[MigrantQuerySet]]


def take(
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
    sheet: str = "",
) -> ManifestUpload:
    """Take a list: a short one is staged at once, a long one kept for the task. The same file waits once.

    `name` is that of the file, `size` its bytes if known, `sender` the office that sent it, `sheet` the one to read of a
    workbook. Raises SheetError.
    """
    content = file.read(MAX_BYTES + 1)
    if len(content) <= SHORT_BYTES or len(content) > MAX_BYTES:
        read = read_rows(io.BytesIO(content), name=name, size=size, sheet=sheet)
        if len(read.rows) <= SHORT_ROWS:
            digest = hashlib.sha256(content).hexdigest()
            upload = manifests.stage_sheet(
                group=group,
                mission=mission,
                sheet=read,
                name=name,
                digest=digest,
                within=within,
                by=by,
                at=at,
                sender=sender,
            )
            keep_file(upload, content)
            return upload
    return keep(group=group, content=content, name=name, by=by, at=at, mission=mission, sender=sender, sheet=sheet)


@transaction.atomic
def keep(
    *,
    group: TravelGroup,
    content: bytes,
    name: str,
    by: Actor,
    at: datetime,
    mission: Office | None = None,
    sender: str = "",
    sheet: str = "",
) -> ManifestUpload:
    """Keep a list to be worked off, for `mission` or that of the group. The same file waits once. Raises SheetError."""
    mission, digest = mission or group.mission, hashlib.sha256(content).hexdigest()
    waiting = manifests.waiting_upload(group=group, digest=digest)
    if waiting is not None:
        return waiting
    with open_rows(io.BytesIO(content), name=name, size=len(content), sheet=sheet) as opened:
        heading = heading_for(opened, mission=mission, sender=sender)
        top = Sheet(opened.name, opened.head, starts_1904=opened.starts_1904)
    upload = ManifestUpload.objects.create(
        group=group,
        mission=mission,
        sender=sender[:120],
        file_name=name[-200:],
        digest=digest,
        sheet=sheet_to_text(top),
        heading_row=heading.row_number,
        columns=dict(heading.columns),
        state=UploadState.READING,
        uploaded_at=at,
        by=by,
        asked_by=by,
    )
    keep_file(upload, content)
    audit.record("list uploaded", upload, by=by, at=at)
    return upload


@transaction.atomic
def correct_columns(
    *, upload: ManifestUpload, columns: Mapping[str, int], within: MigrantQuerySet, by: Actor, at: datetime
) -> ManifestUpload:
    """Read a list again with the columns that a person chose; a long one by the task. Raises ManifestError, SheetError."""
    if not is_long(upload):
        return manifests.correct_columns(upload=upload, columns=columns, within=within, by=by, at=at)
    upload = manifests.choose_columns(upload=upload, columns=columns, by=by, at=at)
    upload.rows.all().delete()
    return _ask(upload, UploadState.READING, by=by)


@transaction.atomic
def choose_sheet(
    *, upload: ManifestUpload, sheet: str, within: MigrantQuerySet, by: Actor, at: datetime
) -> ManifestUpload:
    """Read another sheet of the kept workbook instead: what was read is thrown away. Raises ManifestError, SheetError."""
    content = file_as_sent(upload)
    if upload.state not in (UploadState.STAGED, UploadState.REFUSED) or not content:
        raise ManifestError(_("This list was settled already. Upload it again to read it in another way."))
    manifests.discard(upload=upload, by=by, at=at)
    return take(
        group=upload.group,
        mission=upload.mission,
        file=io.BytesIO(content),
        name=upload.file_name,
        size=len(content),
        within=within,
        by=by,
        at=at,
        sender=upload.sender,
        sheet=sheet,
    )


@transaction.atomic
def read_again(*, upload: ManifestUpload, by: Actor, at: datetime) -> ManifestUpload:
    """Let a list that was given up be read again by the task. Raises ManifestError where it was not."""
    upload = ManifestUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if not upload.is_given_up:
        raise ManifestError(_("This list was not given up. Look at its page again."))
    upload.rows.all().delete()
    audit.record("list to be read again", upload, by=by, at=at)
    return _ask(upload, UploadState.READING, by=by)


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
    """Store what the preview has shown, as `manifests.confirm`; a long list by the task. Raises ManifestError."""
    if not is_long(upload):
        return manifests.confirm(upload=upload, decisions=decisions, within=within, by=by, at=at, partial=partial)
    upload = manifests.to_be_stored(upload=upload, partial=partial)
    if upload.state != UploadState.STAGED:
        return upload
    upload.decisions = {str(number): decision for number, decision in decisions.items()}
    upload.rows_total = upload.rows.exclude(outcome__in=_LEFT_ALONE).count()
    audit.record("list to be stored", upload, by=by, at=at)
    return _ask(upload, UploadState.STORING, by=by)


def is_long(upload: ManifestUpload) -> bool:
    """Tell whether a task works the list off."""
    return upload.pieces.filter(kind=PieceKind.ROWS).exists()


def _ask(upload: ManifestUpload, state: UploadState, *, by: Actor) -> ManifestUpload:
    upload.state, upload.asked_by, upload.problem = state, by, ""
    upload.rows_done, upload.reached_row, upload.judged_row, upload.claimed_until = 0, 0, 0, None
    upload.tries = 0
    if state == UploadState.READING:
        upload.compared = None
    upload.save()
    return upload


def work_off(*, at: datetime, real_at: datetime, turn: timedelta = TURN) -> bool:
    """Work on lists that wait, piece by piece, for one turn; tell whether something is left. Opens its own transactions.

    `at` is business time, `real_at` wall time, by which leases live.
    """
    watch = Watch(real_at=real_at, at=at)
    while (upload := claim(watch)) is not None:
        while one_piece(upload, watch):
            if watch.real - real_at >= turn:
                _let_go(upload)
                return True
    return False


def claim(
    watch: Watch,
    *,
    only: int | None = None,
    within: Callable[[], AbstractContextManager[None]] = lambda: asking(Audience.task(NAME)),
) -> ManifestUpload | None:
    """Take the list that has waited longest, or the one named (key), under a lease that no other worker has.

    One that was taken in hand five times and never came on is given up, so that it does not keep the others waiting.
    """
    with within():
        free = Q(claimed_until=None) | Q(claimed_until__lte=watch.real)
        waiting = ManifestUpload.objects.select_for_update(skip_locked=True, of=("self",)).filter(free)
        named = waiting if only is None else waiting.filter(pk=only)
        upload = named.filter(state__in=UNSETTLED).order_by("uploaded_at", "pk").first()
        if upload is None:
            return None
        upload.claimed_until, upload.tries = watch.real + LEASE, upload.tries + 1
        if upload.tries <= MOST_TRIES:
            upload.save(update_fields=["claimed_until", "tries"])
            return upload
    logger.error("list_given_up", list=str(upload.public_id), state=upload.state, tries=MOST_TRIES)
    _refuse(upload, str(GIVEN_UP), at=watch.business)
    return claim(watch, only=only, within=within)


def _let_go(upload: ManifestUpload) -> None:
    with asking(Audience.task(NAME)):
        ManifestUpload.objects.filter(pk=upload.pk, claimed_until=upload.claimed_until).update(claimed_until=None)


def one_piece(claimed: ManifestUpload, watch: Watch, *, for_whom: ForWhom | None = None) -> bool:
    """Do the next piece of a claimed list in one transaction; tell whether there is more, and the lease is still ours.

    `for_whom` opens the transaction with the audience and the scope of whoever asked; else that is looked up.
    """
    try:
        with (for_whom or _for_whom_it_is)(claimed, watch.business) as within:
            upload = (
                ManifestUpload.objects.select_for_update(of=("self",))
                .select_related("group", "mission")
                .get(pk=claimed.pk)
            )
            if upload.claimed_until != claimed.claimed_until or upload.state not in UNSETTLED:
                return False
            step = _settle if upload.state == UploadState.STORING else _stage if _is_unpacked(upload) else _unpack
            step(upload, within, watch.business)
            claimed.claimed_until = watch.real + LEASE if upload.is_worked_off else None
            upload.claimed_until, upload.tries = claimed.claimed_until, 0
            upload.save()
            return upload.is_worked_off
    except (SheetError, ManifestError) as error:
        _refuse(claimed, str(error.sentence), at=watch.business)
        return False
    except Exception:
        manifest_ahead.let_go()
        raise


@contextmanager
def _for_whom_it_is(upload: ManifestUpload, at: datetime) -> Iterator[MigrantQuerySet]:
    """One transaction for whoever asked: with their scope and their language, as long as they may register people."""
    by = upload.asked_by
    if by is None or by.kind != ActorKind.USER:
        with asking(Audience.task(NAME)):
            yield Migrant.objects.living_records()
        return
    with asking(Audience.account(by.ref)):
        user = User.objects.get(public_id=by.ref)
        viewer = viewer_of(user, at=at)
        with override(user.language), connection.cursor() as cursor:
            if not viewer.may(Permission.REGISTER_PEOPLE):
                raise ManifestError(_("Whoever asked for this may not register people any more."))
            announce(viewer.audience)
            cursor.execute("select set_config('statement_timeout', '240s', true)")
            yield Migrant.objects.visible_to(viewer)


def _refuse(upload: ManifestUpload, problem: str, *, at: datetime) -> None:
    """Say why nothing came of it: a list that could not be read is refused, one that could not be stored waits again."""
    with asking(Audience.task(NAME)):
        upload = ManifestUpload.objects.select_for_update().get(pk=upload.pk)
        if upload.state not in UNSETTLED:
            return
        is_reading = upload.state == UploadState.READING
        upload.state = UploadState.REFUSED if is_reading else UploadState.STAGED
        upload.problem, upload.claimed_until = problem, None
        upload.save()
        audit.record("list refused" if is_reading else "list not stored", upload, by=Actor.task(NAME), at=at)


def _is_unpacked(upload: ManifestUpload) -> bool:
    return upload.pieces.filter(kind=PieceKind.ROWS).exists()


def _unpack(upload: ManifestUpload, _within: MigrantQuerySet, _at: datetime) -> None:
    """Cut the file into pieces of rows, so that none of the steps after it holds the whole in hand."""
    content, top = file_as_sent(upload), sheet_from_text(upload.sheet or "")
    how_many = 0
    with open_rows(io.BytesIO(content), name=upload.file_name, sheet=top.name) as sheet:
        rows = sheet.rows()
        while piece := tuple(islice(rows, PIECE_ROWS)):
            how_many += sum(row.number > upload.heading_row for row in piece)
            text = sheet_to_text(Sheet(sheet.name, piece, starts_1904=sheet.starts_1904))
            ManifestPiece.objects.create(
                upload=upload,
                mission_id=upload.mission_id,
                kind=PieceKind.ROWS,
                number=piece[0].number,
                content=text.encode(),
            )
        upload.sheet = sheet_to_text(Sheet(top.name, top.rows, sheet.other_sheets, top.starts_1904))
    upload.rows_total = how_many


def _stage(upload: ManifestUpload, within: MigrantQuerySet, at: datetime) -> None:
    hand = manifest_ahead.in_hand(upload)
    part = manifest_ahead.next_part(upload, hand)
    if part is None:
        if not upload.rows.exclude(outcome=RowOutcome.SKIP).exists() and upload.columns:
            raise SheetError(manifests.EMPTY)
        manifest_ahead.let_go()
        upload.state = UploadState.STAGED
        audit.record("list read", upload, by=upload.asked_by or upload.by, at=at)
        return
    stage_part(upload, part, within=within)
    upload.reached_row = part.sheet.rows[-1].number
    upload.rows_done += sum(row.number > upload.heading_row for row in part.sheet.rows)
    hand.reached_row = upload.reached_row


def _settle(upload: ManifestUpload, within: MigrantQuerySet, at: datetime) -> None:
    by = upload.asked_by or upload.by
    left = upload.rows.filter(row_number__gt=upload.reached_row).exclude(outcome__in=_LEFT_ALONE)
    unstored = left.exclude(outcome=RowOutcome.CREATE, person__isnull=False)
    rows: list[ManifestRow] = list(unstored.order_by("row_number")[:PIECE_ROWS])
    if rows:
        decisions = {int(number): decision for number, decision in upload.decisions.items()}
        settle_rows(upload, rows, decisions=decisions, within=within, by=by, at=at, judged=False)
        upload.reached_row = rows[-1].row_number
        upload.rows_done += len(rows)
    elif not _judge(upload, at):
        upload.state, upload.settled_at, upload.decisions = UploadState.CONFIRMED, at, {}
        audit.record("list confirmed", upload, by=by, at=at)


def _judge(upload: ManifestUpload, at: datetime) -> bool:
    """Judge the next of the cases that the list has opened, once all its people are there; tell whether there were any."""
    stored = upload.rows.filter(row_number__gt=upload.judged_row, person__isnull=False).order_by("row_number")
    rows = list(stored.values_list("row_number", "person")[:JUDGED_ROWS])
    if not rows:
        return False
    cases = ReturnCase.objects.open().filter(person__in=[person for _number, person in rows], readiness__isnull=True)
    if wanted := list(cases.values_list("pk", flat=True)):
        readiness.check(cases=wanted, at=at, facts_only=True)
    upload.judged_row = rows[-1][0]
    return True
