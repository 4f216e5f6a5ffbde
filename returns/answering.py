"""What one person answered, with a photograph of the signature where there is one; the case is judged anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.pictures import Drawn
from migrants import consents, pictures
from migrants.enums import PictureKind, SignedWith
from migrants.models import Consent, Migrant
from returns import readiness

KINDS = {SignedWith.SIGNATURE: PictureKind.SIGNATURE, SignedWith.THUMB_PRINT: PictureKind.THUMB_PRINT}


@transaction.atomic
def record_answer(*, person: Migrant, photograph: Drawn | None = None, by: Actor, at: datetime, **said: Any) -> Consent:
    """Write the answer of one person down, what was `said` as in `migrants.consents.Asked`. Raises ConsentError.

    The photograph is kept as signature or thumb print, or as paper where nobody said which.
    """
    picture = None
    if photograph is not None:
        if not said.get("form_signed"):
            raise consents.ConsentError(
                "form_signed", _("A photograph of a signature needs the mark that the form is signed.")
            )
        kind = KINDS.get(said.get("signed_with", ""), PictureKind.PAPER)
        picture = pictures.keep(person=person, kind=kind, upload=photograph, by=by, at=at)
    row = consents.record_consent(people=[person], form_picture=picture, by=by, at=at, **said)[0]
    readiness.check(people=[person.pk], at=at, facts_only=True)
    return row
