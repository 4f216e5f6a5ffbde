"""Letters in PDF as an office would send them, with as many empty pages as a test asks for, and as nobody should."""

import io

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def letter(pages: int, *, password: str = "") -> bytes:
    """A4 pages; with a password nobody else opens it."""
    writer, written = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(written)
    return written.getvalue()


def letter_with_script() -> bytes:
    """One that runs a script where a reader lets it, and carries a file."""
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('here');")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.add_attachment("inside.exe", b"MZ")
    writer.write(written)
    return written.getvalue()
