"""Slips with numbers on paper, ten on a page, to be cut apart."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.actors import Actor
from migrants import exports
from migrants.enums import ExportKind
from migrants.exports import Made, Mark
from migrants.models import Migrant
from returns.models import Movement
from returns.paper_parts import LANGUAGES, qr
from returns.printing import printed
from returns.slips import make_slips

SOURCE = "slips.typ"


@transaction.atomic
def print_slips(
    *, people: Collection[Migrant], movement: Movement | None, language: str, purpose: str, by: Actor, at: datetime
) -> Made:
    """Give each person a new slip and print them by number; older slips end. No name, nationality or bus stands on them.

    Raises ExportError without a purpose, PaperError where they would print badly.
    """
    language = language if language in LANGUAGES else "en"
    slips = make_slips(people=people, movement=movement, by=by, at=at)

    def make(mark: Mark) -> bytes:
        with override(language):
            paper = {
                "language": language,
                "title": _("Slips with numbers"),
                "author": mark.made_by,
                "mark": f"{mark.number} · {mark.made_at:%Y-%m-%d %H:%M} UTC",
                "words": {
                    "number": _("Your number"),
                    "keep": _("Keep this slip. You are called by this number. If you lose it, ask for another one."),
                },
                "slips": [{"number": slip.person.number, "qr": qr(slip.token)} for slip in slips],
            }
        return printed(SOURCE, {"paper": json.dumps(paper, ensure_ascii=False)}, at=at)

    return exports.export(
        kind=ExportKind.SLIPS,
        title=f"slips {movement}" if movement else "slip",
        purpose=purpose,
        people=[slip.person.public_id for slip in slips],
        make=make,
        by=by,
        at=at,
    )
