"""Figures of a halt for publishing, with HXL hashtags: heads only, small cells withheld, each row with its condition."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from common import small_cells
from common.actors import Actor
from common.sheets import defused
from corridors.legs import legs_of
from corridors.models import BorderCrossing
from migrants import exports
from migrants.enums import ExportKind
from migrants.exports import ExportError, Made, Mark
from migrants.models import HeadCount
from returns.enums import CheckpointKind
from returns.models import Checkpoint, Movement
from returns.way_points import into, out_of

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
    ("Export", "#meta+id"),
    ("Purpose", "#meta+purpose"),
)
Figure = tuple[datetime, BorderCrossing, str, int, str]


@transaction.atomic
def hxl(*, movement: Movement, purpose: str, recipient: str, by: Actor, at: datetime) -> Made:
    """Export the figures of a movement as CSV: headings, hashtags, then a row for each place that it came to.

    Raises ExportError without a recipient or a purpose.
    """
    if not recipient.strip():
        raise ExportError("recipient", _("Say for whom the figures are made."))
    return exports.export(
        kind=ExportKind.FIGURES,
        title=f"figures of movement {movement}",
        purpose=purpose,
        recipient_name=recipient,
        make=lambda mark: _written(movement, mark),
        by=by,
        at=at,
    )


def _written(movement: Movement, mark: Mark) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([heading for heading, _tag in COLUMNS])
    writer.writerow([tag for _heading, tag in COLUMNS])
    rows = list(figures(movement))
    told = small_cells.outside_together([row[3] for row in rows])
    for (moment, crossing, country, heads, status), shown in zip(rows, told, strict=True):
        side = crossing.way(country, "")[0]
        day = moment.astimezone(ZoneInfo(side.zone)).date().isoformat()
        cells = [day, side.name_latin, country, shown, status, _why_withheld(heads, shown)]
        marked = [mark.made_by, mark.made_for, mark.condition, mark.number, mark.purpose]
        writer.writerow([defused(cell) for cell in (*cells, *marked)])
    return text.getvalue().encode()


def _why_withheld(heads: int, shown: str) -> str:
    if shown:
        return ""
    apart = "" if small_cells.is_withheld(heads) else " apart"
    return f"under {small_cells.SMALLEST}{apart}"


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
    legs = legs_of(movement.corridor_version)
    way = [(CheckpointKind.EXITED, corridor.entry, corridor.from_country)]
    for leg in legs:
        way += [(into(leg.number), leg.entry, leg.country), (out_of(leg.number, corridor), leg.exit, leg.country)]
    for kind, crossing, country in (*way, (CheckpointKind.HANDED_OVER, corridor.exit, corridor.to_country)):
        if kind in heads:
            yield last[kind], crossing, country, heads[kind], str(kind.value)
