"""Asking an embassy for travel documents of its nationals who are shown to it, and what it answers (rule 22).

Nobody stands in a request whom the embassy may not see with documents, and whoever is not shown any longer is in none.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.audience import reaching_for
from common.refusals import RefusalError
from migrants.documents import AT_CONSULATE, LONGEST_VALIDITY_YEARS, DocumentError, apply_for, change_state
from migrants.enums import DataCategory, DocumentKind, DocumentState
from migrants.models import Migrant, TravelDocument, TravelGroup
from notifications.alerts import Told, raise_alert
from partners.models import Organisation
from returns.document_request_words import KIND
from returns.incoming import shown_to
from returns.models import DocumentRequest, DocumentStep
from returns.registering import facts_changed
from returns.ways import zones_of

UNDER_WAY = tuple(state for state in AT_CONSULATE if state != DocumentState.REFUSED)
"""A document that is on its way needs no second request."""
ANSWERS = (
    DocumentState.INTERVIEWED,
    DocumentState.CONFIRMED,
    DocumentState.REFUSED,
    DocumentState.ISSUED,
    DocumentState.HELD,
)
"""What an embassy can say, in the order of the way; `HELD`: it was collected."""
LONGEST_NOTE = 1000


class DocumentRequestError(RefusalError):
    """A request or an answer that cannot be. `field` names what to mend, `sentence` says why and what to do."""


def lacking(group: TravelGroup, recipient: Organisation, *, at: datetime) -> list[Migrant]:
    """Give who of a group is shown to this embassy with documents and neither holds one that is valid nor waits for one."""
    shown = shown_to([recipient], of=DataCategory.DOCUMENTS, at=at).filter(person__group=group)
    valid = Q(expires_on__isnull=True) | Q(expires_on__gt=at.date())
    travels = Q(kind__in=(DocumentKind.PASSPORT, DocumentKind.EMERGENCY), state=DocumentState.HELD) & valid
    served = TravelDocument.objects.filter(travels | Q(state__in=UNDER_WAY)).values("person")
    people = Migrant.objects.filter(pk__in=shown.values("person")).exclude(pk__in=served)
    return list(people.order_by("sort_key", "pk"))


@transaction.atomic
def ask(
    *, group: TravelGroup, recipient: Organisation, answer_by: datetime, by: Actor, at: datetime
) -> list[DocumentRequest]:
    """Ask an embassy for documents for everybody of `group` of whom `lacking` tells; one letter, which says how many.

    Raises DocumentRequestError where nobody lacks one, or the hour of the answer has passed.
    """
    if answer_by <= at:
        raise DocumentRequestError("answer_by", _("This hour has passed. Give one by which they can answer."))
    TravelGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    people = lacking(group, recipient, at=at)
    if not people:
        sentence = _("Nobody of this group is shown to %(embassy)s with documents and lacks one.")
        raise DocumentRequestError("recipient", sentence % {"embassy": recipient.name})
    number = _free_number()
    documents = apply_for(people=people, issuer=recipient.country, by=by, at=at)
    rows = DocumentRequest.objects.bulk_create(
        DocumentRequest(
            number=number,
            person=document.person,
            mission_id=document.mission_id,
            recipient=recipient,
            document=document,
            asked_at=at,
            answer_by=answer_by,
            by=by,
        )
        for document in documents
    )
    audit.record_many((("document asked for", row) for row in rows), by=by, at=at)
    facts_changed(people, at=at)
    _tell(rows, recipient, zones_of(group), by=by, at=at)
    return rows


def _tell(
    rows: Sequence[DocumentRequest], recipient: Organisation, zones: Sequence[str], *, by: Actor, at: datetime
) -> None:
    """The letter says how many and by when; for whom stands on the page alone."""
    own = recipient.offices.order_by("pk").values_list("zone", flat=True).first()
    first = rows[0]
    raise_alert(
        kind=KIND,
        source=f"document-request:{first.number}",
        subject=f"document-request:{first.number}",
        context={
            "number": first.number,
            "how_many": len(rows),
            "answer_by": first.answer_by.isoformat(),
            "zones": list(dict.fromkeys([*([own] if own else []), *zones])),
        },
        told=[Told(recipient)],
        expires_at=first.answer_by,
        by=by,
        at=at,
    )


def of_embassies(organisations: Collection[Organisation], *, at: datetime) -> QuerySet[DocumentRequest]:
    """Give the requests to these embassies about people who are shown to them with documents at this hour."""
    shown = shown_to(organisations, of=DataCategory.DOCUMENTS, at=at).values("person")
    rows = DocumentRequest.objects.filter(recipient__in=[each.pk for each in organisations], person__in=shown)
    return rows.select_related("person", "document").order_by("answer_by", "person__sort_key", "pk")


@transaction.atomic
@reaching_for("an embassy answers about a document")
def answer(
    *,
    request: DocumentRequest,
    state: str,
    name: str,
    function: str,
    note: str = "",
    expires_on: date | None = None,
    by: Actor,
    at: datetime,
) -> DocumentStep:
    """Write down what the embassy says of a document: `state` is one of `ANSWERS`; the document stands so from now on.

    `expires_on` may come with a document that is issued or collected. Raises DocumentRequestError where the step does
    not follow upon the one before, or a later request stands; nothing is changed then.
    """
    request = DocumentRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)
    document = TravelDocument.objects.get(pk=request.document_id)
    _refuse(document, state, name=name, function=function, note=note, expires_on=expires_on, at=at)
    try:
        document = change_state(document=document, state=state, by=by, at=at)
    except DocumentError as error:
        raise DocumentRequestError("state", error.sentence) from error
    if expires_on is not None:
        document.expires_on = expires_on
        document.save(update_fields=["expires_on"])
    step = DocumentStep.objects.create(
        request=request,
        mission_id=request.mission_id,
        state=state,
        said_at=at,
        name=name.strip(),
        function=function.strip(),
        note=note.strip() or None,
        by=by,
    )
    audit.record("document answered", step, by=by, at=at)
    facts_changed([request.person], at=at)
    return step


def _refuse(
    document: TravelDocument,
    state: str,
    *,
    name: str,
    function: str,
    note: str,
    expires_on: date | None,
    at: datetime,
) -> None:
    if state not in ANSWERS:
        raise DocumentRequestError("state", _("Choose from the list where the document stands."))
    if document.state == state:
        said = _("It stands as “%(state)s” already. Nothing was changed.")
        raise DocumentRequestError("state", said % {"state": document.get_state_display()})
    for field, value, sentence in (
        ("name", name, _("Write who answers.")),
        ("function", function, _("Write the function of whoever answers.")),
    ):
        if not value.strip():
            raise DocumentRequestError(field, sentence)
    if len(note) > LONGEST_NOTE:
        raise DocumentRequestError("note", _("This is too long. Write at most 1,000 characters."))
    if expires_on is None:
        return
    if state not in (DocumentState.ISSUED, DocumentState.HELD):
        raise DocumentRequestError("expires_on", _("Only a document that is issued has a last day."))
    if not at.date() < expires_on <= date(at.year + LONGEST_VALIDITY_YEARS, 12, 31):
        raise DocumentRequestError("expires_on", _("No document is valid until then. Check the day."))


def _free_number() -> str:
    """Give a random number that no letter has: it says nothing of order."""
    while True:
        number = f"R-{secrets.token_hex(4).upper()}"
        if not DocumentRequest.objects.filter(number=number).exists():
            return number
