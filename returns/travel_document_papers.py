"""The application for a travel document (laissez-passer): what is known of one person, and lines for what is not (rule 17)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common import countries
from common.actors import Actor
from common.refusals import RefusalError
from migrants.enums import DataCategory
from migrants.exports import Made, Mark
from migrants.models import Migrant
from partners.models import Organisation
from returns import incoming
from returns.enums import PaperKind
from returns.journey_facts import condition_for, condition_of_own, in_words
from returns.paper_issues import About, give_out
from returns.paper_parts import asked, fingerprint_of, frame

UNKNOWN = "–"


class ApplicationError(RefusalError):
    """An application that may not be made for this recipient. `sentence` says what to do."""


def print_application(
    *, person: Migrant, recipient: Organisation | None, language: str, purpose: str, by: Actor, at: datetime
) -> Made:
    """Print the application for a consulate, or as the person's own copy (`recipient` None).

    For a consulate only with a live disclosure that names documents, and with no hold: else it refuses in the same words.
    Raises ApplicationError, ExportError without a purpose, PaperError where it would print badly.
    """
    if recipient is not None and not _may_see(person, recipient, at=at):
        raise ApplicationError(
            "recipient",
            _(
                "This person is not shown to %(organisation)s with documents. Ask for consent first, or print the own copy."
            )
            % {"organisation": recipient.name},
        )
    known = _known(person)
    fingerprint = fingerprint_of({"person": str(person.public_id), "for": recipient.code if recipient else "", **known})
    about = About(
        kind=PaperKind.TRAVEL_DOCUMENT,
        number=1,
        fingerprint=fingerprint,
        title=f"application for a travel document, {person.number}",
        mission=person.mission,
        recipient=recipient,
        recipient_name="" if recipient else _("the person whom it is about"),
        people=[person.public_id],
    )

    def values(mark: Mark, address: str) -> dict[str, Any]:
        to = in_words(recipient) if recipient else _("the person whom it is about")
        return frame(
            title=_("Application for a travel document"),
            lead=in_words(recipient) if recipient else "",
            facts=[(_("Number"), person.number), (_("For"), to), (_("What for"), mark.purpose)],
            note=_("What is not known is left empty, to be written by hand. Nothing was guessed."),
            blocks=_blocks(person),
            mark=mark,
            language=(get_language() or "en")[:2],
            fingerprint=fingerprint,
            address=address,
            condition=condition_for(to) if recipient else condition_of_own(),
            signatures=[_("Signature of the applicant"), _("Place and date"), _("Interpreter"), _("For the consulate")],
        )

    return give_out(about=about, values=values, language=language, purpose=purpose, by=by, at=at)


def _may_see(person: Migrant, recipient: Organisation, *, at: datetime) -> bool:
    return incoming.shown_to([recipient], of=DataCategory.DOCUMENTS, at=at).filter(person=person).exists()


def _known(person: Migrant) -> dict[str, Any]:
    return {
        "name": person.full_name,
        "latin": person.latin_name,
        "born": [person.birth_year, person.birth_month, person.birth_day],
        "nationalities": sorted(row.code for row in person.nationalities.all()),
    }


def _blocks(person: Migrant) -> list[dict[str, Any]]:
    held = [f"{countries.name(row.code)} ({row.get_status_display()})" for row in person.nationalities.order_by("code")]
    names = [f"{name.full_name} ({name.get_kind_display()})" for name in person.names.order_by("recorded_at", "pk")]
    documents = [
        f"{row.get_kind_display()}, {row.get_state_display()}" for row in person.documents.order_by("recorded_at", "pk")
    ]
    return [
        asked(
            _("Applicant"),
            [
                (_("Full name as written"), person.full_name),
                (_("In Latin letters"), person.latin_name),
                (_("Other names"), ", ".join(names)),
                (_("Date of birth (day, month, year)"), born(person)),
                (_("Place of birth"), ""),
                (_("Sex"), str(person.get_sex_display()) if person.sex else ""),
                (_("Nationality"), ", ".join(held)),
            ],
            photograph=f"{_('Photograph')}, {_('35 × 45 mm, to be glued on')}",
        ),
        asked(
            _("Documents and residence"),
            [
                (_("Documents until now"), ", ".join(documents)),
                (_("Number, and by whom it was issued"), ""),
                (_("Address in the country of nationality"), ""),
                (_("Relatives there, with telephone"), ""),
                (_("Children who travel along"), ""),
                (_("Why a document is needed"), _("return to the country of nationality")),
            ],
        ),
    ]


def born(person: Migrant) -> str:
    """Give the birth date as far as it is known, with a dash for each part that is not; nothing where nothing is (rule 20)."""
    parts = (person.birth_day, person.birth_month, person.birth_year)
    if not any(parts):
        return ""
    return ".".join(UNKNOWN if part is None else f"{part:02d}" for part in parts)
