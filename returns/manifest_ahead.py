"""What a worker keeps in hand between two pieces of one list: the people so far, and the next piece, which is read ahead.

While the database compares and stores one piece, another thread reads the next. All of it can be had again from the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import get_language, override

from common.sheets import Sheet
from migrants.meeting import Twins
from migrants.registration import know_twins
from returns.enums import PieceKind, RowOutcome
from returns.manifest_customs import customs_of
from returns.manifest_staging import Manner, ReadPart, content_of, read_part
from returns.manifest_store import heading_of, sheet_from_text
from returns.models import ManifestUpload

AT_ONCE = 2_000


@dataclass
class Hand:
    """The list (key) and how far it came, how it is read, its people so far, and the piece that is read ahead."""

    upload: int
    reached_row: int
    manner: Manner
    twins: Twins
    ahead: Future[ReadPart] | None = None


_hands: list[Hand] = []
_reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading-ahead")


def in_hand(upload: ManifestUpload) -> Hand:
    """Give what was in hand after the piece before; where it was another who did that, from the rows that are kept."""
    for hand in _hands:
        if (hand.upload, hand.reached_row) == (upload.pk, upload.reached_row):
            return hand
    top = sheet_from_text(upload.sheet or "")
    heading = heading_of(top, row_number=upload.heading_row, columns=upload.columns)
    rows = chain.from_iterable(sheet.rows for sheet in _pieces(upload, after=0))
    below = (row for row in rows if row.number > heading.row_number)
    customs = customs_of(below, heading, starts_1904=top.starts_1904)
    hand = Hand(upload.pk, upload.reached_row, Manner(heading, customs, upload.uploaded_at.date()), Twins())
    for row in (
        upload.rows.exclude(outcome__in=(RowOutcome.SKIP, RowOutcome.REJECT)).order_by("row_number").iterator(AT_ONCE)
    ):
        know_twins(hand.twins, content_of(row).entry, label=row.row_number)
    _hands[:] = [hand]
    return hand


def next_part(upload: ManifestUpload, hand: Hand) -> ReadPart | None:
    """Give the next piece as read, and let the one after it be read meanwhile."""
    if hand.ahead is not None:
        part = hand.ahead.result()
    elif (sheet := next(_pieces(upload, after=upload.reached_row), None)) is not None:
        part = read_part(sheet, hand.manner, twins=hand.twins)
    else:
        return None
    following = next(_pieces(upload, after=part.sheet.rows[-1].number), None)
    hand.ahead = None if following is None else _reader.submit(_read_ahead, following, hand, get_language())
    return part


def _read_ahead(sheet: Sheet, hand: Hand, language: str | None) -> ReadPart:
    with override(language):
        return read_part(sheet, hand.manner, twins=hand.twins)


def _pieces(upload: ManifestUpload, *, after: int) -> Iterator[Sheet]:
    pieces = upload.pieces.filter(kind=PieceKind.ROWS, number__gt=after).order_by("number")
    return (sheet_from_text(piece.content.decode()) for piece in pieces.iterator(1))


def let_go() -> None:
    """Forget what is in hand: it may know more than what is kept."""
    _hands.clear()
