"""Reading history: what changed, where and by whom. The content of a change is opened one by one, with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from common.actors import Actor
from common.enums import Sensitivity
from common.history import SEALED_MARK
from common.models import AuditEntry, HistoryRow
from partners.oversight import PAGE, of_the_day

PEOPLE = "migrants_migrant"
"""The table whose rows are people themselves."""


class ContentError(Exception):
    """The content of a change may not be opened; the text is a sentence for people."""


@dataclass(frozen=True)
class Change:
    """One row of history for a page: `fields` that it touched, never what they hold; `who` as far as it is known."""

    row: HistoryRow
    table: str
    fields: tuple[str, ...]
    who: str
    is_emptied: bool


@dataclass(frozen=True)
class Held:
    """What one field held and holds; None where there was nothing, `closed` where it is not for this page."""

    field: str
    was: str | None
    now: str | None
    closed: bool = False


def changes(*, on: date, zone: Any, written: str = "", after: str = "") -> list[Change]:
    """A page of history and one more, newest first; `after` is the number of the last row shown.

    `written` is the reference of a row, of a person, of a request or of an account, the number of a transaction, or a part
    of a table's name. A row, a person, a request and a transaction are found whenever it was, all else on the day `on`.
    """
    rows = _asked(written, on, zone)
    if after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(id__lt=int(after))
    return shown(rows.order_by("-id")[: PAGE + 1])


def _asked(written: str, on: date, zone: Any) -> QuerySet[HistoryRow]:
    rows = HistoryRow.objects.all()
    if written.isascii() and written.isdigit() and len(written) < 19:
        return rows.filter(transaction=int(written))
    try:
        reference = UUID(written)
    except ValueError:
        of_day = of_the_day(rows, on, zone)
        return of_day.filter(Q(table_name__icontains=written) | Q(who__ref__icontains=written)) if written else of_day
    keys = _keys_of(reference)
    found = rows.filter(
        Q(public_id=reference)
        | Q(person_id__in=keys)
        | Q(second_person_id__in=keys)
        | Q(transaction__in=_transactions_of(str(reference)))
    )
    return found if found.exists() else of_the_day(rows, on, zone).filter(who__ref=str(reference))


def _keys_of(reference: UUID) -> list[int]:
    """The keys of the person with this public id, as history knows them: also of one who is erased."""
    rows = HistoryRow.objects.filter(public_id=reference, table_name=PEOPLE)
    return list(rows.values_list("row_id", flat=True).distinct())


def _transactions_of(request: str) -> list[int]:
    """The transactions in which a request left acts; a request that only looked changed nothing."""
    return list(AuditEntry.objects.filter(request_id=request).values_list("transaction", flat=True).distinct())


def shown(rows: Iterable[HistoryRow]) -> list[Change]:
    """Rows as a page shows them: the names of the fields, and whoever asked by name."""
    found = list(rows)
    names = _names_of(row.who.get("ref", "") for row in found if row.who)
    return [
        Change(
            row,
            row.table_name.replace("_", ".", 1),
            tuple(sorted(row.content or ())),
            _who(row, names),
            row.emptied_by is not None,
        )
        for row in found
    ]


def _names_of(references: Iterable[str]) -> dict[str, str]:
    users = User.objects.filter(public_id__in={reference for reference in references if len(reference) == 36})
    return {str(user.public_id): user.printed_name for user in users}


def _who(row: HistoryRow, names: dict[str, str]) -> str:
    if not row.who:
        return _("nobody said who")
    return names.get(row.who.get("ref", ""), "") or f"{row.who.get('kind', '')} {row.who.get('ref', '')}".strip()


def acts_of(row: HistoryRow) -> list[AuditEntry]:
    """What was done in the same transaction: why the row changed."""
    return list(AuditEntry.objects.filter(transaction=row.transaction).order_by("at", "id")[:PAGE])


def person_of(row: HistoryRow) -> UUID | None:
    """The public id of the person whose row it is, as history knows it."""
    if row.person_id is None:
        return None
    rows = HistoryRow.objects.filter(table_name=PEOPLE, row_id=row.person_id, person_id=row.person_id)
    return rows.values_list("public_id", flat=True).first()


@transaction.atomic
def open_content(*, row: HistoryRow, why: str, page: str, by: Actor, at: datetime) -> list[Held]:
    """Gives what the fields of a change held and hold, and writes down that `by` saw it and why.

    Fields that only the protection room may read stay closed here too, and what is sealed is not in the history at all.
    Raises ContentError without a reason, and where the content was emptied.
    """
    if not why.strip():
        raise ContentError(_("Say why you need to see it; the reason is kept with your name."))
    if row.content is None:
        raise ContentError(_("The content of this row was emptied when the person was erased."))
    audit.record("content of history seen", row, by=by, at=at, why=why)
    if person := person_of(row):
        audit.record_views([person], page=page, by=by, at=at)
    closed = _closed_fields(row.table_name)
    return [_held(row.operation, name, value, closed) for name, value in sorted(row.content.items())]


def _closed_fields(table: str) -> set[str]:
    """The columns of a table that are marked confidential."""
    model = next((each for each in apps.get_models() if each._meta.db_table == table), None)
    if model is None:
        return set()
    levels = getattr(model, "personal_data", {})
    return {
        str(field.column) for field in model._meta.concrete_fields if levels.get(field.name) == Sensitivity.CONFIDENTIAL
    }


def _held(operation: str, name: str, value: Any, closed: set[str]) -> Held:
    if name in closed or value == SEALED_MARK:
        return Held(name, None, None, closed=True)
    was, now = value if operation == "update" else (None, value) if operation == "insert" else (value, None)
    return Held(name, _in_words(was), _in_words(now))


def _in_words(value: Any) -> str | None:
    return None if value is None else str(value)
