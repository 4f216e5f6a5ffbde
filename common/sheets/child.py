"""Read one workbook from standard input in a process of its own and print its rows as lines of JSON.

Run by `workbooks.py` as a script. A workbook of a few kilobytes may claim a used area of seventeen thousand million
cells, and the parser would take memory for all of them; here only this process can fail. It imports nothing of ours.

The first line says {"name"} or {"problem": code, …}; then comes a line [number, cells] for each row that holds anything;
the last line is {"others": [names]}. Whoever reads sees the first rows while the last are still being written.
"""

import datetime
import io
import json
import math
import resource
import sys
from collections.abc import Iterator
from typing import Any

MEMORY, SECONDS = 640 << 20, 60
ZERO = "1899-12-30"
"""How a cell is given that is formatted as a date and holds the number 0: day zero of a workbook's calendar."""


def main(max_rows: int, max_columns: int, wanted: str = "") -> Iterator[Any]:
    """Yield the lines: of the sheet `wanted`, or of the first that holds anything."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import python_calamine as calamine  # noqa: PLC0415  # only under the limits

    try:
        workbook = calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
        yield from _read(workbook, calamine, max_rows, max_columns, wanted)
    except calamine.PasswordError:
        yield {"problem": "encrypted"}
    except (calamine.CalamineError, OSError, ValueError) as error:
        yield {"problem": "damaged", "detail": str(error)[:200]}


def _read(workbook: Any, calamine: Any, max_rows: int, max_columns: int, wanted: str) -> Iterator[Any]:
    kinds, visible = calamine.SheetTypeEnum, calamine.SheetVisibleEnum.Visible
    is_found, others = False, []
    for sheet in workbook.sheets_metadata:
        if sheet.typ is not kinds.WorkSheet or sheet.visible is not visible:
            continue
        page = workbook.get_sheet_by_name(sheet.name)
        if page.start is None:
            continue
        if is_found or (wanted and sheet.name != wanted):
            others.append(sheet.name)
            continue
        last_row, last_column = page.end[0] + 1, page.end[1] + 1
        if last_row > max_rows or last_column > max_columns:
            yield {"problem": "large", "rows": last_row, "columns": last_column}
            return
        for row in _rows(page):
            if not is_found:
                yield {"name": sheet.name}
                is_found = True
            yield row
        del page
    yield {"others": others} if is_found else {"problem": "another" if others else "empty", "sheets": others}


def _rows(page: Any) -> Iterator[Any]:
    """Yield [number, cells] of rows that hold anything, padded so that the first cell is column A."""
    padding = [None] * page.start[1]
    for number, row in enumerate(page.iter_rows(), start=1):  # it gives the blank rows above, not the blank columns
        cells = padding + [cell.strip() or None if type(cell) is str else _plain(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield [number, cells]


def _plain(cell: Any) -> Any:
    if cell is None or isinstance(cell, bool):
        return {None: None, True: "TRUE", False: "FALSE"}[cell]
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else str(cell)
    if isinstance(cell, datetime.datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, datetime.date):
        return {"date": cell.isoformat()}
    if cell == datetime.time(0):
        return {"date": ZERO}
    return str(cell)


if __name__ == "__main__":
    encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
    for line in main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]):
        sys.stdout.buffer.write(encoded(line).encode("utf-8", "replace") + b"\n")
