"""The proof that nobody touched the logs: every digest and every seal computed anew, outside the database.

It reads rows as they stand and trusts no function of the database; the same rows always give the same answer.
"""

from __future__ import annotations

import hashlib
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.db.models.fields import TextField

from common import audit
from common.actors import Actor
from common.models import HistoryCheck, HistoryErasure, HistoryRow, HistorySeal
from common.seals import HEAD, LEAF, LOGS, Log

ROWS_AT_A_TIME = 20_000
NAMES = {"a": "act", "h": "history row", "v": "look"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not agree: in which seal (0 where none holds it yet), which row, and a sentence."""

    seal: int
    row: str
    words: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"seal {self.seal}" if self.seal else "", self.row, self.words)))


@dataclass(slots=True)
class Proof:
    """What was computed: the last seal and its head, how many seals, sealed rows, waiting rows, and emptied rows by act."""

    number: int = 0
    head: str = ""
    seals: int = 0
    rows: int = 0
    waiting: int = 0
    emptied: Counter[UUID] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def blame(self, seal: int, row: str, words: str) -> None:
        self.faults.append(Fault(seal, row, words))


@dataclass(slots=True)
class _Batch:
    """The list of one seal while its rows are looked at: digests that no row has answered for yet, by log, month and id."""

    number: int
    begins: int
    ends: int | None
    unanswered: dict[bytes, bytes]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a log as it stands, with its envelope and content in the text that was digested."""

    transaction: int
    name: bytes
    envelope: str
    content: str | None
    salt: UUID | None
    content_digest: bytes
    digest: bytes
    emptied_by: UUID | None
    shown: str


@transaction.atomic
def check(
    *, by: Actor, at: datetime, real_at: datetime, expect: str = "", since: int = 1
) -> tuple[HistoryCheck, list[Fault]]:
    """Verifies (see `verify`) and keeps what was found as a row; returns it and every fault."""
    began = time.monotonic()
    proof = verify(expect=expect, since=since)
    done = HistoryCheck.objects.create(
        checked_at=real_at,
        seal=proof.number,
        head=proof.head,
        seals=proof.seals,
        rows=proof.rows,
        waiting=proof.waiting,
        emptied=proof.emptied.total(),
        faults=len(proof.faults),
        first_fault=str(proof.faults[0]) if proof.faults else "",
        seconds=round(time.monotonic() - began, 3),
        by=by,
    )
    audit.record("history checked", done, by=by, at=at, why=f"{len(proof.faults)} faults" if proof.faults else "")
    return done, proof.faults


def last_seal() -> HistorySeal | None:
    """The newest seal, without its list."""
    return HistorySeal.objects.defer("list").order_by("-number").first()


def waiting(*, after: HistorySeal | None) -> int:
    """How many rows of the three logs wait for the seal after this one."""
    ends = after.until_transaction if after else 0
    counts = [f"(select count(*) from {log.table} where transaction >= %s)" for log in LOGS]  # noqa: S608  # nosec B608  # ours
    with connection.cursor() as cursor:
        cursor.execute(f"select {' + '.join(counts)}", [ends] * len(counts))  # nosec B608  # ours
        return int(cursor.fetchone()[0])


def newest(seals: int) -> int:
    """The number of the seal with which the last so many begin."""
    last = last_seal()
    return max(1, (last.number if last else 0) - seals + 1)


def sealed_since(moment: datetime) -> int:
    """The number of the first seal that was made at `moment` (wall time) or after it; behind the last where none was."""
    first = (
        HistorySeal.objects.filter(sealed_at__gte=moment).order_by("number").values_list("number", flat=True).first()
    )
    return first if first is not None else newest(1) + 1


def verify(*, expect: str = "", since: int = 1) -> Proof:
    """Computes the chain anew from seal number `since` on. `expect` is a head known from outside: it must be a seal's.

    Nothing may move under it: run it in a steady transaction (`asking(…, steady=True)`). No faults means that all is as it
    was written.
    """
    proof = Proof()
    if expect and not HistorySeal.objects.filter(head=_bytes_of(expect)).exists():
        proof.blame(0, "", "no seal has the head that is expected: seals were taken away or made anew")
    promised = _promised_by_erasures()
    waits_from, held = 0, list[_Batch]()
    for batch in _batches(since, proof):
        held.append(batch)
        waits_from = batch.ends or 0
        if sum(len(each.unanswered) for each in held) >= ROWS_AT_A_TIME:
            _look_at(held, promised, proof)
            held = []
    if held:
        _look_at(held, promised, proof)
    _look_at([_Batch(0, waits_from, None, {})], promised, proof)
    for act, rows in promised.items() if since <= 1 else ():
        if proof.emptied[act] != rows:
            proof.blame(0, f"erasure {act}", f"says that it emptied {rows} rows; {proof.emptied[act]} are empty")
    return proof


def _bytes_of(written: str) -> bytes:
    try:
        return bytes.fromhex(written)
    except ValueError:
        return b"no head"


def _batches(since: int, proof: Proof) -> Iterator[_Batch]:
    """The seals in their order, each checked against the one before it."""
    before = HistorySeal.objects.filter(number__lt=since).order_by("-number").first()
    number, ends, head = (before.number, before.until_transaction, bytes(before.head)) if before else (0, 0, b"")
    said = RawSQL(HEAD, (), TextField())  # noqa: S611  # nosec B611  # words of our own
    seals = HistorySeal.objects.filter(number__gte=since).annotate(said=said)
    for seal in seals.order_by("number").iterator(chunk_size=100):
        if seal.number != number + 1:
            proof.blame(seal.number, "", f"seals from {number + 1} to {seal.number - 1} are missing")
        elif bytes(seal.previous) != head or seal.from_transaction != ends:
            proof.blame(seal.number, "", "does not follow from the seal before it")
        if hashlib.sha256(seal.said.encode()).digest() != bytes(seal.head):
            proof.blame(seal.number, "", "was changed: its head is not that of what it says")
        listed = bytes(seal.list)
        if hashlib.sha256(listed).digest() != bytes(seal.rows_digest) or len(listed) != seal.rows * LEAF:
            proof.blame(seal.number, "", "was changed: its list of rows is not the one that was sealed")
        leaves = [listed[place : place + LEAF] for place in range(0, len(listed), LEAF)]
        number, ends, head = seal.number, seal.until_transaction, bytes(seal.head)
        proof.number, proof.head, proof.seals = number, head.hex(), proof.seals + 1
        yield _Batch(number, seal.from_transaction, ends, {leaf[:23]: leaf[23:] for leaf in leaves})


def _look_at(batches: list[_Batch], promised: dict[UUID, int], proof: Proof) -> None:
    """Puts every row of these batches beside what was sealed; whatever is left over is missing."""
    begins = [batch.begins for batch in batches]
    for log in LOGS:
        for row in _rows(log, begins[0], batches[-1].ends):
            batch = batches[max(0, bisect_right(begins, row.transaction) - 1)]
            if wrong := _wrong_with(row, promised, proof):
                proof.blame(batch.number, row.shown, wrong)
            sealed = batch.unanswered.pop(row.name, None)
            if batch.number == 0:
                proof.waiting += 1
            elif sealed is None:
                proof.blame(batch.number, row.shown, "was added after the seal")
            elif sealed != row.digest:
                proof.blame(
                    batch.number, row.shown, "was changed after the seal: its digest is not the one that was sealed"
                )
            else:
                proof.rows += 1
    for batch in batches:
        for name in batch.unanswered:
            proof.blame(batch.number, _shown(name), "is missing")


def _wrong_with(row: _Row, promised: dict[UUID, int], proof: Proof) -> str:
    """Says what is wrong with a row by itself; empty where nothing is."""
    if row.content is None or row.salt is None:
        if row.emptied_by not in promised:
            return "was emptied, and no erasure says so"
        proof.emptied[row.emptied_by] += 1
    elif hashlib.sha256(row.salt.bytes + row.content.encode()).digest() != row.content_digest:
        return "was changed: its content is not the one that was written"
    if hashlib.sha256(row.envelope.encode() + row.content_digest).digest() != row.digest:
        return "was changed: who, when or which row is not what was written"
    return ""


def _rows(log: Log, begins: int, ends: int | None) -> Iterator[_Row]:
    """The rows of a log that transactions in [begins, ends) wrote."""
    columns = (
        f"transaction, {log.name}, {log.envelope}, {log.content}, salt, content_digest, digest, emptied_by, id::text"
    )
    until = "" if ends is None else f" and transaction < {ends}"
    with connection.chunked_cursor() as cursor:
        # Words of our own: the columns and the table of a log, and two whole numbers.
        cursor.execute(f"select {columns} from {log.table} where transaction >= {begins}{until}")  # noqa: S608  # nosec B608
        for transaction_, name, envelope, content, salt, content_digest, digest, emptied_by, key in cursor:
            shown = f"{NAMES[log.letter]} {key}"
            digests = bytes(content_digest), bytes(digest)
            yield _Row(transaction_, bytes(name), envelope, content, salt, *digests, emptied_by, shown)


def _promised_by_erasures() -> dict[UUID, int]:
    """How many rows each erasure emptied, as its own row of history tells: the row beside it could be written by anybody."""
    kept = HistoryRow.objects.filter(
        public_id__in=HistoryErasure.objects.values("public_id"),
        table_name=HistoryErasure._meta.db_table,
        operation="insert",
    )
    return {row.public_id: row.content["rows"] for row in kept if row.public_id and row.content}


def _shown(name: bytes) -> str:
    """A name of a list in words: log and id."""
    letter, key = chr(name[0]), UUID(bytes=name[7:])
    return f"{NAMES[letter]} {key.int if letter == 'h' else key}"
