"""The directory as a file that leaves, with its mark above the heading; read in again it changes nothing."""

from __future__ import annotations

import json
from datetime import datetime

from common.actors import Actor
from common.sheets import Cell, write_csv, write_xlsx
from migrants import exports
from migrants.enums import ExportKind
from migrants.exports import Made, Mark
from partners.lists import everything, rows_of

HEADING_ROW = 2


def directory_file(*, kind: str, purpose: str, by: Actor, at: datetime) -> Made:
    """Export organisations, desks, addresses, rosters and interests as `csv`, `xlsx` or `json`.

    The JSON holds `mark`, `columns` and `rows`; with the last two it can be read in again as a list over the API.
    """

    def make(mark: Mark) -> bytes:
        columns, *lines = rows_of(everything(), at=at)
        if kind == "json":
            return json.dumps({"mark": str(mark), "columns": columns, "rows": lines}, ensure_ascii=False).encode()
        rows: list[list[Cell]] = [[str(mark)], columns, *lines]
        if kind == "csv":
            return write_csv(rows)
        return write_xlsx(rows, name="Directory", heading_row=HEADING_ROW, mark=str(mark))

    return exports.export(
        kind=ExportKind.DIRECTORY, title=f"directory, {kind}", purpose=purpose, make=make, by=by, at=at
    )
