"""Rows that every floor writes: the audit trail, the log of views of persons, the demonstration clock."""

from __future__ import annotations

import uuid

from django.db import models

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedBytesField, SealedTextField


@classified(public="offset")
class ClockOffset(models.Model):
    """One row where `DEMO_CLOCK=1`: how far business time stands from wall time."""

    offset = models.DurationField()


class DigestedEntry(models.Model):
    """What the database adds to an entry as it is written: its transaction, and what seals it (`common/seals.py`)."""

    transaction = models.BigIntegerField(db_default=0, editable=False)
    salt = models.UUIDField(null=True, editable=False)
    content_digest = models.BinaryField(db_default=b"", editable=False)
    digest = models.BinaryField(db_default=b"", editable=False)
    emptied_by = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True


class LetterPage(models.Model):
    """A page of the letter by which somebody answered, as a picture: drawn anew (`common.pictures.Drawn`), sealed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    content = SealedBytesField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = ActorField()

    class Meta:
        abstract = True


@classified(
    public="at verb subject why request_id transaction salt content_digest digest emptied_by",
    personal="by",
)
class AuditEntry(DigestedEntry):
    """One domain act: who, what, on which row, why, in which request. It holds no values.

    Partitioned by month on `at`, append-only for the runtime role; nothing points at it.
    """

    pk = models.CompositePrimaryKey("id", "at")
    id = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=100)
    by = ActorField()
    why = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_by_subject"),
            models.Index(fields=["transaction"], name="audit_by_transaction"),
            models.Index(fields=["request_id"], name="audit_by_request", condition=models.Q(request_id__gt="")),
        ]


@classified(
    public="at page export request_id transaction salt content_digest digest emptied_by",
    personal="by person address",
)
class AccessEntry(DigestedEntry):
    """One view of a person's data: who saw whom, when, from where, through which page or export.

    `address` is that of whoever looked, empty where no request was; `export` the public id of what left with the person in
    it. Partitioned like the audit.
    """

    pk = models.CompositePrimaryKey("id", "at")
    id = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField()
    person = models.UUIDField()
    page = models.CharField(max_length=100)
    by = ActorField()
    request_id = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=45, blank=True)
    export = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "at"], name="access_by_person"),
            models.Index(fields=["transaction"], name="access_by_transaction"),
            models.Index(fields=["request_id"], name="access_by_request", condition=models.Q(request_id__gt="")),
        ]


@classified(
    public="at table_name row_id mission_id operation request_id transaction salt content_digest digest emptied_by",
    personal="person_id second_person_id who",
    confidential="content",
)
class HistoryRow(models.Model):
    """What a statement did to one row: the whole row where it came or went, `[was, is]` of each changed column otherwise.

    Written by a trigger alone (`common/history.py`), in wall time; `transaction` leads to the audit row that says why.
    Sealed columns stand as the word “sealed”. `content` is null where it was emptied, and `emptied_by` says by which act.
    """

    pk = models.CompositePrimaryKey("id", "at")
    id = models.BigIntegerField()
    at = models.DateTimeField()
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    public_id = models.UUIDField(null=True)
    person_id = models.BigIntegerField(null=True)
    second_person_id = models.BigIntegerField(null=True)
    mission_id = models.BigIntegerField(null=True)
    operation = models.CharField(max_length=6)
    content = models.JSONField(null=True)
    who = models.JSONField(null=True)
    request_id = models.CharField(max_length=64)
    transaction = models.BigIntegerField()
    salt = models.UUIDField(null=True)
    content_digest = models.BinaryField()
    digest = models.BinaryField()
    emptied_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["transaction"], name="history_by_transaction"),
            models.Index(fields=["public_id"], name="history_by_row", condition=models.Q(public_id__isnull=False)),
            models.Index(
                fields=["person_id", "id"], name="history_by_person", condition=models.Q(person_id__isnull=False)
            ),
            models.Index(
                fields=["second_person_id", "id"],
                name="history_by_second",
                condition=models.Q(second_person_id__isnull=False),
            ),
        ]


@classified(public="number sealed_at from_transaction until_transaction rows list rows_digest previous head")
class HistorySeal(models.Model):
    """A seal on all rows of the three logs that transactions in [from, until) wrote, and on the seal before it.

    `list` names each row with its digest, `rows_digest` is the digest of the list, `head` that of all the seal says.
    Made by the database alone (`common/seals.py`).
    """

    number = models.IntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    from_transaction = models.BigIntegerField()
    until_transaction = models.BigIntegerField()
    rows = models.IntegerField()
    list = models.BinaryField()
    rows_digest = models.BinaryField()
    previous = models.BinaryField()
    head = models.BinaryField()


@classified(public="at why rows", personal="person by")
class HistoryErasure(models.Model):
    """That the content of a person's history was emptied: who, why, and in how many rows. Made by the database alone."""

    public_id = models.UUIDField(unique=True)
    person = models.UUIDField()
    at = models.DateTimeField()
    by = ActorField()
    why = models.TextField()
    rows = models.IntegerField()


@classified(public="checked_at seal head seals rows waiting emptied faults seconds first_fault", personal="by")
class HistoryCheck(models.Model):
    """One computation of the whole chain, or of its end, and what it found. Append-only; in wall time."""

    checked_at = models.DateTimeField()
    seal = models.IntegerField()
    head = models.CharField(max_length=64, blank=True)
    seals = models.IntegerField()
    rows = models.IntegerField()
    waiting = models.IntegerField()
    emptied = models.IntegerField()
    faults = models.IntegerField()
    first_fault = models.TextField(blank=True)
    seconds = models.FloatField()
    by = ActorField()


@classified(public="status used_at digest", personal="actor key", confidential="answer")
class IdempotencyKey(models.Model):
    """A request of the API that was done, with its answer (sealed: it may name people). Forgotten after two days.

    `used_at` is wall time: it follows the client's repeats, never the demonstration clock.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    actor = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = SealedTextField(null=True)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="a_key_is_used_once")]
