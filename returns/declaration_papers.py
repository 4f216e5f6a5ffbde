"""The declaration of voluntary return on paper: number and code instead of a name, and places for what is written by hand."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, override

from common.actors import Actor
from migrants import declaration_text, declarations, exports
from migrants.enums import ExportKind
from migrants.exports import Made, Mark
from migrants.models import Declaration, Migrant
from returns.paper_parts import qr
from returns.printing import printed

SOURCE = "declaration.typ"


@transaction.atomic
def print_declaration(*, person: Migrant, language: str, by: Actor, at: datetime) -> Made:
    """Export the declaration as PDF in a language, with a number that stays the same until it is signed.

    Raises DeclarationError for a language in which the text is not kept, PaperError where it would print badly.
    """
    declaration = declarations.printed(person=person, language=language, by=by, at=at)

    def make(mark: Mark) -> bytes:
        with override(language):
            values = _values(declaration, mark, at=at)
        inputs = {"paper": json.dumps(values, ensure_ascii=False), "qr": qr(declaration.number)}
        return printed(SOURCE, inputs, at=at)

    return exports.export(
        kind=ExportKind.DECLARATION,
        title=f"declaration {declaration.number}, {language}",
        purpose=gettext("to be signed before the journey"),
        recipient_name=gettext("the person whom it is about"),
        people=[person.public_id],
        make=make,
        by=by,
        at=at,
    )


def _values(declaration: Declaration, mark: Mark, *, at: datetime) -> dict[str, Any]:
    """No name, no birth date and no nationality: the person writes the name by hand (rule 12)."""
    return {
        "language": declaration.language,
        "title": declaration_text.title(),
        "number": declaration.number,
        "person": declaration.person.number,
        "paragraphs": declaration_text.paragraphs(declarations.shown_of(declaration.person, at=at)),
        "places": declaration_text.places(),
        "mark": f"{mark.number} · {mark.made_at:%d.%m.%Y}",
    }
