"""The columns that somebody chose once for the lists of a sender, for the next list with the same headings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from common import audit
from common.actors import Actor
from common.sheets import Heading, OpenSheet, Sheet, find_heading, fold, fold_heading, heading_texts
from migrants.models import TravelGroup
from partners.models import Office
from returns.manifest_columns import LABELS, VOCABULARY
from returns.models import ColumnChoice, ManifestUpload

Named = Mapping[int, str]
"""Column → its heading, folded; a column without one, or with that of another, is named by its place."""


def heading_for(sheet: Sheet | OpenSheet, *, mission: Office, sender: str) -> Heading:
    """Give the heading with the columns chosen before for lists of this sender, else as it reads. Raises SheetError."""
    heading = find_heading(sheet, VOCABULARY)
    return _remembered(mission=mission, sender=sender, sheet=sheet, heading=heading) or heading


def last_sender(group: TravelGroup) -> str:
    """Give who sent the last list of a group: it is often the same office again."""
    return ManifestUpload.objects.filter(group=group).order_by("-pk").values_list("sender", flat=True).first() or ""


@transaction.atomic
def remember(
    *, mission: Office, sender: str, sheet: Sheet, heading: Heading, by: Actor, at: datetime
) -> ColumnChoice | None:
    """Keep the columns of `heading` for this sender and these headings, in place of an earlier choice.

    Without a sender nothing is kept: nobody could tell for which lists it holds.
    """
    if not fold(sender):
        return None
    named = _named(sheet, heading.row_number)
    columns = {name: named.get(index, _place(index)) for name, index in heading.columns.items()}
    choice, _is_new = ColumnChoice.objects.update_or_create(
        mission=mission,
        sender=fold(sender),
        headings=_digest(named),
        defaults={"columns": columns, "chosen_at": at, "by": by},
    )
    audit.record("columns remembered", choice, by=by, at=at)
    return choice


def _remembered(*, mission: Office, sender: str, sheet: Sheet | OpenSheet, heading: Heading) -> Heading | None:
    if not fold(sender):
        return None
    named = _named(sheet, heading.row_number)
    choice = ColumnChoice.objects.filter(mission=mission, sender=fold(sender), headings=_digest(named)).first()
    if choice is None:
        return None
    places = {name: index for index, name in named.items()}
    columns = {
        name: places.get(written, _index(written))
        for name, written in choice.columns.items()
        if name in heading.columns or name in LABELS
    }
    return Heading(heading.row_number, {name: index for name, index in columns.items() if index is not None})


def _named(sheet: Sheet | OpenSheet, row_number: int) -> dict[int, str]:
    named: dict[int, str] = {}
    for index, text in sorted(heading_texts(sheet.head, row_number).items()):
        folded = fold_heading(text)[:80]
        named[index] = folded if folded and folded not in named.values() else _place(index)
    return named


def _digest(named: Named) -> str:
    return hashlib.sha256("\n".join(sorted(named.values())).encode()).hexdigest()


def _place(index: int) -> str:
    return f"#{index}"


def _index(written: str) -> int | None:
    return int(written[1:]) if written[:1] == "#" and written[1:].isdigit() else None
