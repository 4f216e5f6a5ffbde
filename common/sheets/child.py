"""Read one workbook from standard input in a process of its own and print its rows as JSON.

Run by `workbooks.py` as a script. A workbook of a few kilobytes may claim a used area of seventeen thousand million
cells, and the parser would take memory for all of them; here only this process can fail. It imports nothing of ours.
"""

import datetime
import io
import json
import math
import resource
import sys
from typing import Any

MEMORY, SECONDS = 1 << 30, 30


def main(max_rows: int, max_columns: int) -> dict[str, Any]:
    """Give {"name", "rows": [[number, cells], …], "others"} or {"problem": code, …}."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import python_calamine as calamine  # noqa: PLC0415  # only under the limits

    try:
        workbook = calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
        return _read(workbook, calamine, max_rows, max_columns)
    except calamine.PasswordError:
        return {"problem": "encrypted"}
    except (calamine.CalamineError, OSError, ValueError) as error:
        return {"problem": "damaged", "detail": str(error)[:200]}


def _read(workbook: Any, calamine: Any, max_rows: int, max_columns: int) -> dict[str, Any]:
    kinds, visible = calamine.SheetTypeEnum, calamine.SheetVisibleEnum.Visible
    chosen, others = None, []
    for sheet in workbook.sheets_metadata:
        if sheet.typ is not kinds.WorkSheet or sheet.visible is not visible:
            continue
        page = workbook.get_sheet_by_name(sheet.name)
        if page.start is None:
            continue
        last_row, last_column = page.end[0] + 1, page.end[1] + 1
        if chosen is None and (last_row > max_rows or last_column > max_columns):
            return {"problem": "large", "rows": last_row, "columns": last_column}
        if chosen is None:
            rows = list(_rows(page))
            chosen = (sheet.name, rows) if rows else None
        else:
            others.append(sheet.name)
    if chosen is None:
        return {"problem": "empty"}
    return {"name": chosen[0], "rows": chosen[1], "others": others}


def _rows(page: Any) -> Any:
    """Yield [number, cells] of rows that hold anything, padded so that the first cell is column A."""
    first_row, first_column = page.start
    written = [[None] * first_column + [_plain(cell) for cell in row] for row in page.to_python()]
    for place, cells in enumerate(written):
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield [first_row + 1 + place, cells]


def _plain(cell: Any) -> Any:
    if isinstance(cell, str) or cell is None:
        return cell.strip() or None if cell else None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else str(cell)
    if isinstance(cell, datetime.datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, datetime.date):
        return {"date": cell.isoformat()}
    return str(cell)


if __name__ == "__main__":
    json.dump(main(int(sys.argv[1]), int(sys.argv[2])), sys.stdout)
