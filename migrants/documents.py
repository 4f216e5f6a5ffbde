"""Travel documents: having none is normal; a new one replaces the old, which stays on record (rule 22)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common import audit, countries
from common.actors import Actor
from common.refusals import RefusalError
from migrants.entries import DocumentEntry
from migrants.enums import DocumentKind, DocumentState
from migrants.models import Migrant, TravelDocument

LONGEST_VALIDITY_YEARS = 30
_S = DocumentState
AT_CONSULATE = (_S.APPLIED, _S.INTERVIEWED, _S.CONFIRMED, _S.REFUSED, _S.ISSUED)
"""The way of a document that a consulate is to issue, before somebody holds it."""
_LOST_SIGHT = (_S.LOST, _S.EXPIRED, _S.WITH_EMPLOYER, _S.USED)
NEXT: dict[str, tuple[str, ...]] = {
    _S.APPLIED: (_S.INTERVIEWED, _S.CONFIRMED, _S.REFUSED, _S.ISSUED, _S.HELD),
    _S.INTERVIEWED: (_S.CONFIRMED, _S.REFUSED, _S.ISSUED, _S.HELD),
    _S.CONFIRMED: (_S.ISSUED, _S.HELD),
    _S.REFUSED: (_S.APPLIED, _S.INTERVIEWED, _S.CONFIRMED),
    _S.ISSUED: (_S.HELD, _S.EXPIRED),
    _S.HELD: _LOST_SIGHT,
    _S.LOST: (_S.HELD, _S.EXPIRED, _S.WITH_EMPLOYER),
    _S.WITH_EMPLOYER: (_S.HELD, _S.LOST, _S.EXPIRED),
    _S.EXPIRED: (_S.HELD, _S.LOST, _S.WITH_EMPLOYER),
    _S.USED: (_S.HELD, _S.EXPIRED),
}
"""Where a document can go from where it is (rule 22): applied → interviewed → confirmed or refused → issued → held
(collected) → used or expired. A step may be skipped where nobody told us of it; none leads back but another attempt, or a
document that is found again. Any may be replaced by another document."""


class DocumentError(RefusalError):
    """A document that cannot be stored. `field` names the place, `sentence` what is wrong and the remedy."""


@transaction.atomic
def record_document(
    *, person: Migrant, document: DocumentEntry, replaces: TravelDocument | None = None, by: Actor, at: datetime
) -> TravelDocument:
    """Record a document of a person; the one that it `replaces` (renewed, found to be another) is kept as replaced."""
    _check(document, on=at.date())
    if replaces is not None and replaces.person_id != person.pk:
        raise DocumentError("replaces", _("That document belongs to somebody else. Choose one of this person."))
    row = TravelDocument.objects.create(
        person=person,
        mission_id=person.mission_id,
        kind=document.kind,
        state=document.state,
        number=document.number.strip() or None,
        issuer=document.issuer,
        expires_on=document.expires_on,
        recorded_at=at,
        by=by,
    )
    _mark_asked(person, at)
    audit.record("document recorded", row, by=by, at=at)
    if replaces is not None:
        change_state(document=replaces, state=DocumentState.REPLACED, by=by, at=at)
    return row


@transaction.atomic
def apply_for(*, people: Collection[Migrant], issuer: str, by: Actor, at: datetime) -> list[TravelDocument]:
    """Write down for each of `people` that a document to return with is applied for at a consulate of `issuer`; set-based."""
    rows = TravelDocument.objects.bulk_create(
        TravelDocument(
            person=person,
            mission_id=person.mission_id,
            kind=DocumentKind.EMERGENCY,
            state=DocumentState.APPLIED,
            issuer=issuer,
            recorded_at=at,
            by=by,
        )
        for person in people
    )
    keys = [person.pk for person in people]
    Migrant.objects.filter(pk__in=keys, documents_asked_at__isnull=True).update(documents_asked_at=at)
    audit.record_many((("document recorded", row) for row in rows), by=by, at=at)
    return rows


@transaction.atomic
def change_state(*, document: TravelDocument, state: str, by: Actor, at: datetime) -> TravelDocument:
    """Say where a document stands now: lost, with the employer, interviewed for, collected. Raises DocumentError."""
    if state not in DocumentState.values:
        raise DocumentError("state", _("Choose where the document is from the list."))
    document = TravelDocument.objects.select_for_update().get(pk=document.pk)
    if document.state != state:
        if state != DocumentState.REPLACED and state not in NEXT.get(document.state, ()):
            sentence = _("A document that is “%(was)s” does not become “%(state)s”. Record a new document instead.")
            words = {"was": document.get_state_display(), "state": DocumentState(state).label}
            raise DocumentError("state", sentence % words)
        document.state = state
        document.save(update_fields=["state"])
        audit.record(f"document {state}", document, by=by, at=at)
    return document


@transaction.atomic
def record_none(*, person: Migrant, by: Actor, at: datetime) -> None:
    """Write down that the person was asked for a document and has none."""
    _mark_asked(person, at)
    audit.record("asked for documents", person, by=by, at=at)


def _mark_asked(person: Migrant, at: datetime) -> None:
    if person.documents_asked_at is None:
        person.documents_asked_at = at
        person.save(update_fields=["documents_asked_at"])


def _check(document: DocumentEntry, *, on: date) -> None:
    if document.issuer and not countries.is_nationality_code(document.issuer):
        raise DocumentError(
            "issuer", _("“%(code)s” is no country. Choose the issuer from the list.") % {"code": document.issuer}
        )
    if document.expires_on and document.expires_on.year > on.year + LONGEST_VALIDITY_YEARS:
        raise DocumentError("expires_on", _("No document is valid for so long. Check the year."))
