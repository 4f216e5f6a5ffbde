"""Uploaded lists: XLSX, XLS, ODS and CSV in any common encoding to numbered rows, and back with what to mend.

`open_rows` gives the rows of a long list one by one, `read_rows` those of a short one at once; `find_heading` says which
column holds which field, and `entries` (or `read_table`) tells the people below it from totals and signatures.
"""

from common.uploads import MAX_BYTES

from .folding import fold, fold_heading, latin_digits
from .headings import Heading, Names, Vocabulary, find_heading, heading_texts
from .lines import ORDINAL, SkippedRow, Table, entries, read_table
from .model import MAX_COLUMNS, MAX_ROWS, Cell, OpenSheet, Row, Sheet, SheetError, cell_text, column_name
from .reading import open_rows, read_rows
from .writing import defused, with_error_column, write_csv, write_xlsx

__all__ = [
    "MAX_BYTES",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "ORDINAL",
    "Cell",
    "Heading",
    "Names",
    "OpenSheet",
    "Row",
    "Sheet",
    "SheetError",
    "SkippedRow",
    "Table",
    "Vocabulary",
    "cell_text",
    "column_name",
    "defused",
    "entries",
    "find_heading",
    "fold",
    "fold_heading",
    "heading_texts",
    "latin_digits",
    "open_rows",
    "read_rows",
    "read_table",
    "with_error_column",
    "write_csv",
    "write_xlsx",
]
