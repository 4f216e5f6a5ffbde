"""Read CSV and TSV: guess encoding and delimiter the way a clerk's programs write them."""

import csv
import io
import re
from collections import Counter

from django.utils.translation import gettext_lazy as _

from .model import MAX_COLUMNS, MAX_ROWS, Row, Sheet, SheetError
from .workbooks import too_large

CYRILLIC_ENCODINGS = ("cp1251", "koi8-r", "cp866")
DELIMITERS = (";", "\t", ",", "|")
_SAMPLE_LINES = 200
_FREQUENT = {
    letter: weight for weight, letters in ((3, "оеаинт"), (2, "срвлкмдпу"), (1, "яыьгзбчйхжш")) for letter in letters
}
_WELL_CASED = re.compile(r"\b(?:[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+)\b")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_text(content: bytes, *, name: str) -> Sheet:
    """Read rows of text; a row's number is that which a spreadsheet program shows. Raises SheetError."""
    text = decoded(content)
    text, delimiter = _without_hint(text)
    rows: list[Row] = []
    number = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or sniffed(text))
    try:
        for number, values in enumerate(reader, start=1):
            cells = [value.strip() or None for value in values]
            while cells and cells[-1] is None:
                cells.pop()
            if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
                raise too_large(number, len(cells))
            if cells:
                rows.append(Row(number, tuple(cells)))
    except csv.Error as error:
        sentence = _("A row cannot be read; often a quotation mark is opened and not closed. Mend it and upload again.")
        raise SheetError(sentence, row=number + 1) from error
    if not rows:
        raise SheetError(_("The file is empty. Choose the file that has the list."))
    return Sheet(name, tuple(rows))


def decoded(content: bytes) -> str:
    """Give the text. Raises SheetError where the bytes are no text in any encoding that clerks use."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _refused_controls(content.decode(encoding, errors="replace"))
    sample = content[:4000]
    for nulls, encoding in ((sample[1::2], "utf-16-le"), (sample[::2], "utf-16-be")):
        if len(sample) >= 4 and nulls.count(0) > len(nulls) * 0.2:
            return _refused_controls(content.decode(encoding, errors="replace"))
    try:
        return _refused_controls(content.decode("utf-8"))
    except UnicodeDecodeError:
        texts = (content.decode(encoding, errors="replace") for encoding in CYRILLIC_ENCODINGS)
        return _refused_controls(max(texts, key=_russianness))


def sniffed(text: str) -> str:
    """Give the delimiter that cuts most lines of the start into the same number of cells (more than one)."""
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> float:
    try:
        widths = Counter(
            len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if len(row) > 1
        )
    except csv.Error:
        return 0
    return max((width * count for width, count in widths.items()), default=0)


def _without_hint(text: str) -> tuple[str, str | None]:
    """Take off the "sep=;" line that Excel writes and give its delimiter; an empty line keeps the numbers right."""
    hint = re.match(r"\ufeff?sep=(.)\r?\n", text)
    return (text, None) if hint is None else ("\n" + text[hint.end() :], hint[1])


def _russianness(text: str) -> int:
    """Score how much a decoding reads like Russian: frequent letters, and words that are not rAnDom in case."""
    letters = sum(_FREQUENT.get(letter, 0) for letter in text[:20_000].casefold())
    cased = sum(len(word) for word in _WELL_CASED.findall(text[:20_000]))
    return letters + 2 * cased


def _refused_controls(text: str) -> str:
    """Give the text without stray control characters, or refuse what has so many that it is no text at all."""
    controls = len(_CONTROLS.findall(text)) + text.count("\ufffd")
    if controls > max(2, len(text) // 100):
        raise SheetError(_("This is neither a workbook nor a list of text. Upload the list as XLSX, XLS, ODS or CSV."))
    return _CONTROLS.sub("", text)
