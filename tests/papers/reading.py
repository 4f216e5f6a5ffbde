"""Read a PDF as whoever holds it reads it."""

import io
import re

from pypdf import PdfReader


def text_of(content: bytes) -> str:
    """Give the words of every page, with single spaces between them."""
    pages = PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
