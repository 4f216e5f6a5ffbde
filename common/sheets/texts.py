"""Read CSV and TSV: guess encoding and delimiter the way a clerk's programs write them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .model import MAX_COLUMNS, MAX_ROWS, OpenSheet, Row, SheetError
from .workbooks import too_large

CYRILLIC_ENCODINGS = ("cp1251", "koi8-r", "cp866")
DELIMITERS = (";", "\t", ",", "|")
_SAMPLE_LINES, _SAMPLE = 200, 64 * 1024
_FREQUENT = {
    letter: weight for weight, letters in ((3, "оеаинт"), (2, "срвлкмдпу"), (1, "яыьгзбчйхжш")) for letter in letters
}
_WELL_CASED = re.compile(r"\b(?:[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+)\b")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_END = "\x00"
"""A line after the last one, which no file can hold: inside a quotation that is still open it becomes part of a cell."""
_BESIDE_LATIN = re.compile(rb"[A-Za-z][\xc0-\xff](?=[A-Za-z\s;,\t\"]|$)|(?<![\x80-\xff])[\xc0-\xff][A-Za-z]")


@dataclass(frozen=True, slots=True)
class Written:
    """How a text file is written: its encoding as Python names it, the delimiter, and whether a line "sep=;" names that."""

    encoding: str
    delimiter: str
    has_hint: bool = False


def open_text(content: bytes, *, name: str) -> OpenSheet:
    """Open rows of text; a row's number is that which a spreadsheet program shows. Raises SheetError."""
    rows = _rows(content, how_written(content))
    first = next(rows, None)
    if first is None:
        raise SheetError(_("The file is empty. Choose the file that has the list."))
    return OpenSheet(name, _again(first, rows))


def how_written(content: bytes) -> Written:
    """Find out encoding and delimiter. Raises SheetError where the bytes are no text in any encoding that clerks use."""
    encoding = encoding_of(content)
    _refuse_noise(content, encoding)
    with _opened(content, encoding) as text:
        start = _CONTROLS.sub("", text.read(_SAMPLE))
    hint = re.match(r"sep=(.)\r?\n", start)
    return Written(encoding, hint[1] if hint else sniffed(start), hint is not None)


def encoding_of(content: bytes) -> str:
    """Give the encoding: by its mark, by zeros between the letters, as UTF-8, or as it reads most like a language."""
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    for mark, encoding in marks:
        if content.startswith(mark):
            return encoding
    sample = content[:4000]
    for nulls, encoding in ((sample[1::2], "utf-16-le"), (sample[::2], "utf-16-be")):
        if len(sample) >= 4 and nulls.count(0) > len(nulls) * 0.2:
            return encoding
    if _is_utf8(content):
        return "utf-8"
    return "cp1252" if _is_western(content) else max(CYRILLIC_ENCODINGS, key=lambda each: _russianness(content, each))


def sniffed(text: str) -> str:
    """Give the delimiter that cuts most lines of the start into the same number of cells (more than one)."""
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def text_rows(content: bytes, written: Written) -> Iterator[tuple[int, list[str]]]:
    """Give every row as it stands, empty ones too, with its number. Raises SheetError."""
    number = 0
    try:
        with _opened(content, written.encoding) as text:
            reader = csv.reader(_clean_lines(text, written), delimiter=written.delimiter)
            for number, values in enumerate(reader, start=1):
                if values and values[-1].endswith(_END):
                    if values != [_END]:
                        raise _unclosed(number)
                    return
                yield number, values
    except csv.Error as error:
        sentence = _("A row cannot be read; often a quotation mark is opened and not closed. Mend it and upload again.")
        raise SheetError(sentence, row=number + 1) from error


def _unclosed(number: int) -> SheetError:
    sentence = _("A quotation mark in row %(row)d is never closed, so that all rows below it are lost. Close it.")
    return SheetError(sentence % {"row": number}, row=number)


def _rows(content: bytes, written: Written) -> Iterator[Row]:
    for number, values in text_rows(content, written):
        cells = [value.strip() or None for value in values]
        while cells and cells[-1] is None:
            cells.pop()
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
            raise too_large(number, len(cells))
        if cells:
            yield Row(number, tuple(cells))


def _clean_lines(text: io.TextIOWrapper, written: Written) -> Iterator[str]:
    """Give the lines without stray control characters; the line "sep=;" becomes empty, which keeps the numbers right."""
    lines = iter(text)
    if written.has_hint:
        next(lines, None)
        yield "\n"
    for line in lines:
        yield _CONTROLS.sub("", line)
    yield _END


def _again(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _opened(content: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors="replace", newline="")


def _evenness(sample: str, delimiter: str) -> float:
    try:
        widths = Counter(
            len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if len(row) > 1
        )
    except csv.Error:
        return 0
    return max((width * count for width, count in widths.items()), default=0)


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _SAMPLE):
            decoder.decode(content[start : start + _SAMPLE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_western(content: bytes) -> bool:
    """Tell Latin letters with accents from Cyrillic: each stands alone among plain Latin letters."""
    sample = content[:_SAMPLE]
    beyond = sum(byte >= 0xC0 for byte in sample)
    return beyond > 0 and len(_BESIDE_LATIN.findall(sample)) >= 0.9 * beyond


def _russianness(content: bytes, encoding: str) -> int:
    """Score how much a decoding reads like Russian: frequent letters, and words that are not rAnDom in case."""
    text = content[:20_000].decode(encoding, errors="replace")
    letters = sum(_FREQUENT.get(letter, 0) for letter in text.casefold())
    cased = sum(len(word) for word in _WELL_CASED.findall(text))
    return letters + 2 * cased


def _refuse_noise(content: bytes, encoding: str) -> None:
    """Refuse what has so many control characters that it is no text at all."""
    noise = length = 0
    with _opened(content, encoding) as text:
        while part := text.read(_SAMPLE):
            noise += len(_CONTROLS.findall(part)) + part.count("\ufffd")
            length += len(part)
    if noise > max(2, length // 100):
        raise SheetError(_("This is neither a workbook nor a list of text. Upload the list as XLSX, XLS, ODS or CSV."))
