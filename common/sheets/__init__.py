"""Uploaded lists: XLSX, XLS, ODS and CSV in any common encoding to numbered rows, and back with what to mend."""

from common.uploads import MAX_BYTES

from .headings import Heading, SkippedRow, Table, find_heading, fold, read_table
from .model import MAX_COLUMNS, MAX_ROWS, Cell, Row, Sheet, SheetError, cell_text, column_name
from .reading import read_rows
from .writing import defused, with_error_column, write_csv, write_xlsx

__all__ = [
    "MAX_BYTES",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "Cell",
    "Heading",
    "Row",
    "Sheet",
    "SheetError",
    "SkippedRow",
    "Table",
    "cell_text",
    "column_name",
    "defused",
    "find_heading",
    "fold",
    "read_rows",
    "read_table",
    "with_error_column",
    "write_csv",
    "write_xlsx",
]
