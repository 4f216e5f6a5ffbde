"""The declaration of voluntary return: read out in the person's language, understood, printed, then signed (rule 7)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.enums import Answer, DataCategory, Purpose
from migrants.models import Consent, Declaration, Migrant

LANGUAGES = ("tg", "uz", "ru", "en")
"""The languages in which the text is kept; anybody else needs an interpreter."""


class DeclarationError(RefusalError):
    """A declaration that cannot be read out or printed so; `field` and `sentence` say what to mend."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Who outside IOM is shown what, as the person agreed: names of an organisation and of categories."""

    organisation: str
    what: tuple[str, ...]


def open_of(person: Migrant, *, language: str) -> Declaration | None:
    """Give the declaration of a person in a language that nobody has signed yet."""
    return Declaration.objects.filter(person=person, language=language, signatures__isnull=True).first()


def ready_to_sign(person: Migrant) -> Declaration | None:
    """Give the last declaration that was read out and that nobody has signed yet."""
    return Declaration.objects.filter(person=person, read_out_at__isnull=False, signatures__isnull=True).first()


def shown_of(person: Migrant, *, at: datetime) -> list[Shown]:
    """Give to whom the person agreed to be shown, and what: the last answers that stand `at`; one query."""
    rows = Consent.objects.filter(person=person, purpose=Purpose.SHOW_TO_CONSULATE, answered_at__lte=at)
    latest = {row.recipient_id: row for row in rows.select_related("recipient").order_by("answered_at", "pk")}
    return [
        Shown(row.recipient.name, tuple(str(DataCategory(each).label) for each in row.categories))
        for row in latest.values()
        if row.recipient is not None
        and row.answer == Answer.YES
        and not any(moment is not None and moment <= at for moment in (row.withdrawn_at, row.expires_at))
    ]


@transaction.atomic
def read_out(
    *,
    person: Migrant,
    language: str,
    reader: str,
    understood: bool,
    read_out_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Declaration:
    """Write down who read the declaration out, and when. Reading it again to the same person replaces nothing signed.

    Raises DeclarationError where the person did not understand it or cannot decide: then nobody signs.
    """
    hour = read_out_at or at
    if not reader.strip():
        raise DeclarationError("reader", _("Write who read it out: staff or interpreter, by name."))
    if not understood:
        raise DeclarationError(
            "understood",
            _(
                "Do not go on. Explain it again with an interpreter, or ask the protection officer whether they can decide."
            ),
        )
    if hour > at:
        raise DeclarationError("read_out_at", _("That hour is still to come. Check the time."))
    row = _opened(person, language, by=by, at=at)
    row.read_out_at, row.reader, row.read_out_by = hour, reader.strip(), by
    row.save(update_fields=["read_out_at", "reader", "read_out_by"])
    audit.record("declaration read out", row, by=by, at=at, why=language)
    return row


@transaction.atomic
def printed(*, person: Migrant, language: str, by: Actor, at: datetime) -> Declaration:
    """Give the declaration that is printed now, with its number; printing it again keeps the number."""
    row = _opened(person, language, by=by, at=at)
    row.printed_at = at
    row.save(update_fields=["printed_at"])
    audit.record("declaration printed", row, by=by, at=at, why=language)
    return row


def _opened(person: Migrant, language: str, *, by: Actor, at: datetime) -> Declaration:
    if language not in LANGUAGES:
        raise DeclarationError("language", _("The text is kept in other languages only. Choose one, and interpret it."))
    Migrant.objects.select_for_update(of=("self",)).get(pk=person.pk)
    row = open_of(person, language=language)
    if row is None:
        row = Declaration.objects.create(
            person=person,
            mission_id=person.mission_id,
            number=_free_number(),
            language=language,
            recorded_at=at,
            by=by,
        )
        audit.record("declaration prepared", row, by=by, at=at, why=language)
    return row


def _free_number() -> str:
    """Give a random number that no declaration has: it says nothing of order or person."""
    while True:
        number = f"D-{secrets.token_hex(4).upper()}"
        if not Declaration.objects.filter(number=number).exists():
            return number
