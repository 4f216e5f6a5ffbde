"""An empty list to fill in: the heading in the reader's language, under a line that says how."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.sheets import write_xlsx
from returns.manifest_columns import LANGUAGES, names_in

FIELDS = (
    "ordinal", "full_name", "sex", "birth_date", "nationality", "document_kind", "document_number", "document_expires", "phone",
    "remark",
)  # fmt: skip


def sample_list(language: str) -> bytes:
    """Give an XLSX with the names of the columns in a language of the vocabulary, else in English."""
    names = names_in(language if language in LANGUAGES else "en")
    heading = [names[field][0][:1].upper() + names[field][0][1:] for field in FIELDS]
    how = _("One person in a row. Dates as day.month.year; what is not known stays empty.")
    return write_xlsx([[how], heading], name=_("List"), heading_row=2)
