"""Figures of a halt for publishing, with HXL hashtags: heads only, small cells withheld, each row with its condition."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from corridors.models import BorderCrossing
from migrants.models import HeadCount
from returns.enums import CheckpointKind
from returns.models import Checkpoint, Movement

SMALLEST = 5
"""Cells under this are withheld outside IOM: so few people could be recognised."""
COLUMNS = (
    ("Date", "#date+reported"),
    ("Crossing", "#loc+border+name"),
    ("Country", "#country+code+v_iso3"),
    ("Population", "#affected+migrants+ind"),
    ("Status", "#status"),
    ("Withheld", "#meta+withheld"),
    ("Made by", "#meta+author"),
    ("Made for", "#meta+recipient"),
    ("Condition", "#meta+condition"),
)
CONDITION = "For the recipient named here only; not to be passed on without IOM's written agreement."
Figure = tuple[datetime, BorderCrossing, str, int, str]


class ExportError(RefusalError):
    """An export that cannot be made; the sentence says what to mend."""


@transaction.atomic
def hxl(*, movement: Movement, recipient: str, by: Actor, at: datetime) -> str:
    """Give the figures of a movement as CSV: headings, hashtags, then a row for each place that it came to.

    Every export is written into the audit with its recipient. Raises ExportError without one.
    """
    if not recipient.strip():
        raise ExportError("recipient", _("Say for whom the figures are made."))
    audit.record("figures exported", movement, by=by, at=at, why=f"for {recipient.strip()}")
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([heading for heading, _tag in COLUMNS])
    writer.writerow([tag for _heading, tag in COLUMNS])
    for moment, crossing, country, heads, status in figures(movement):
        side = crossing.way(country, "")[0]
        day = moment.astimezone(ZoneInfo(side.zone)).date().isoformat()
        few = heads < SMALLEST
        cells = [day, side.name_latin, country, "" if few else heads, status, "under 5" if few else ""]
        writer.writerow([_safe(str(cell)) for cell in (*cells, by.printed_name, recipient.strip(), CONDITION)])
    return text.getvalue()


def figures(movement: Movement) -> Iterator[Figure]:
    """Give the heads at each place: those counted at the halt before the departure, then those counted on the way."""
    corridor = movement.corridor_version.corridor
    halted = HeadCount.objects.filter(group=movement.group_id, counted_at__lte=movement.depart_at).first()
    if halted is not None:
        yield halted.counted_at, corridor.entry, corridor.from_country, halted.total, "blocked"
    heads: dict[str, int] = {}
    last: dict[str, datetime] = {}
    for row in Checkpoint.objects.filter(movement=movement, recounted_by__isnull=True).order_by("counted_at", "pk"):
        heads[row.kind] = heads.get(row.kind, 0) + row.heads
        last[row.kind] = row.counted_at
    for kind, crossing, country in (
        (CheckpointKind.EXITED, corridor.entry, corridor.from_country),
        (CheckpointKind.ENTERED, corridor.entry, corridor.transit_country),
        (CheckpointKind.LEFT, corridor.exit, corridor.transit_country),
        (CheckpointKind.HANDED_OVER, corridor.exit, corridor.to_country),
    ):
        if kind in heads:
            yield last[kind], crossing, country, heads[kind], str(kind.value)


def _safe(cell: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
