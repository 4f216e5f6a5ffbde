"""The papers of one person: an application for a travel document, who sees the person, and another slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common.actors import Actor
from migrants.enums import DataCategory
from migrants.exports import Made
from migrants.models import Migrant
from partners.models import Organisation
from returns import incoming
from returns.enums import PersonPaper
from returns.paper_parts import LANGUAGES, language_of
from returns.seen_by_papers import print_seen_by
from returns.slip_papers import print_slips
from returns.travel_document_papers import ApplicationError, print_application


@dataclass(frozen=True, slots=True)
class WantedOfPerson:
    """What is to be printed; `recipient` None for the person, `language` empty for that of whom it is for."""

    kind: PersonPaper
    recipient: Organisation | None
    language: str
    purpose: str
    with_name: bool = False


def consulates_of(person: Migrant, *, at: datetime) -> list[Organisation]:
    """Give the consulates to which the person is shown with documents now; nobody while a hold stands."""
    embassies = Organisation.objects.filter(disclosures__person=person).distinct()
    rows = incoming.shown_to(list(embassies), of=DataCategory.DOCUMENTS, at=at).filter(person=person)
    return sorted({row.recipient for row in rows}, key=lambda organisation: organisation.name_en)


def print_of_person(*, person: Migrant, wanted: WantedOfPerson, zone: str, by: Actor, at: datetime) -> tuple[Made, str]:
    """Make the paper that is wanted; gives it with the name of its file, which names nobody.

    `zone` is that of the place. Raises ApplicationError and ExportError with the field to mend, and PaperError.
    """
    own = person.language if person.language in LANGUAGES else "ru"
    language = wanted.language or (language_of(wanted.recipient, at=at) if wanted.recipient else own)
    if wanted.kind != PersonPaper.TRAVEL_DOCUMENT and wanted.recipient is not None:
        raise ApplicationError("recipient", _("This is made for the person alone. Choose that."))
    if wanted.kind == PersonPaper.TRAVEL_DOCUMENT:
        made = print_application(
            person=person, recipient=wanted.recipient, language=language, purpose=wanted.purpose, by=by, at=at
        )
    elif wanted.kind == PersonPaper.SEEN_BY:
        made = print_seen_by(
            person=person,
            with_name=wanted.with_name,
            language=language,
            purpose=wanted.purpose,
            zone=zone,
            by=by,
            at=at,
        )
    else:
        made = print_slips(people=[person], movement=None, language=language, purpose=wanted.purpose, by=by, at=at)
    return made, f"{wanted.kind.value.replace('_', '-')}-{made.export.number}.pdf"
