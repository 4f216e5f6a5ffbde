"""What is to be said of the columns of a list: those that are not read, named twice, or missing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from common.sheets import Heading, Names, Sheet, cell_text, column_name, heading_texts
from returns.manifest_columns import KNOWN_BUT_NOT_READ, LABELS, VOCABULARY, WANTED


def notes_on_columns(sheet: Sheet, heading: Heading, guessed: Mapping[str, int]) -> list[str]:
    """Give a sentence for each column that is not read, one for what is missing, and one for other sheets.

    `guessed` says what a column that is not read may hold (`returns.column_guesses`).
    """
    maybe = {index: field for field, index in guessed.items()}
    names, texts, notes = Names(VOCABULARY), heading_texts(sheet.head, heading.row_number), []
    for index, text in heading.unrecognised:
        field = names.of_cell(text)
        said = {"column": column_name(index), "text": text[:60]}
        if field is not None and field in heading.columns:
            twin = heading.column(field)
            notes.append(
                _("Column %(column)s, “%(text)s”, means the same as %(twin)s, which is read.") % (said | {"twin": twin})
            )
        elif index in maybe:
            words = said | {"field": LABELS[maybe[index]]}
            notes.append(_("Column %(column)s, “%(text)s”, is not read. It may be: %(field)s.") % words)
        else:
            notes.append(_("Column %(column)s, “%(text)s”, is not read.") % said)
    for field in sorted(KNOWN_BUT_NOT_READ & set(heading.columns)):
        index = heading.columns[field]
        said = {"column": column_name(index), "text": texts.get(index, "")[:60]}
        notes.append(_("Column %(column)s, “%(text)s”, is not read: a record has no place for it.") % said)
    missing = [str(LABELS[field]) for field in WANTED if field not in heading.columns and not _in_parts(field, heading)]
    if missing:
        notes.append(_("No column is found for: %(names)s.") % {"names": ", ".join(missing)})
    if sheet.other_sheets:
        notes.append(_("Other sheets of the file are not read: %(names)s.") % {"names": ", ".join(sheet.other_sheets)})
    return notes


def shapes(sheet: Sheet, heading: Heading) -> dict[int, str]:
    """Give the shape of the first entry of each column, such as "xxxx xxxx" or "99.99.9999".

    A column is known by it, and nobody reads what may be secret, as remarks are.
    """
    row = next((row for row in sheet.rows if row.number > heading.row_number), None)
    texts = {index: cell_text(cell)[:20] for index, cell in enumerate(row.cells if row else ()) if cell is not None}
    return {index: re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "x", text)) for index, text in texts.items()}


def _in_parts(field: str, heading: Heading) -> bool:
    return field == "birth_date" and "birth_year" in heading.columns
