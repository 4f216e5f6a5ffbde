"""The paper of a laboratory: the list that goes out by case number, and the results that come back in a file or as lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import BinaryIO

from django.utils.translation import gettext as _

from common.actors import Actor
from common.sheets import (
    Cell,
    SheetError,
    cell_text,
    column_name,
    fold,
    read_rows,
    read_table,
    write_csv,
    write_xlsx,
)
from migrants import exports
from migrants.enums import ExportKind, TestResult
from migrants.exports import Made, Mark
from returns.laboratory import samples_of
from returns.models import Sample, SampleList

HEADING_ROW = 5
VOCABULARY = {
    "number": (
        "case number", "case no", "case", "sample number", "номер дела", "номер случая", "номер пробы", "шифр",
        "рақами парванда", "рақами намуна", "ish raqami", "namuna raqami",
    ),
    "result": ("result", "test result", "результат", "результат теста", "заключение", "натиҷа", "natija"),
}  # fmt: skip
"""Under which names a laboratory writes the two columns that are read."""
_WORDS: Mapping[TestResult, Sequence[str]] = {
    TestResult.NEGATIVE: (
        "negative", "neg", "not detected", "отрицательный", "отрицательно", "отр", "отриц", "не обнаружено",
        "не обнаружена", "манфӣ", "манфи", "manfiy", "salbiy", "теріс",
    ),
    TestResult.POSITIVE: (
        "positive", "pos", "detected", "положительный", "положительно", "полож", "обнаружено", "обнаружена", "мусбат",
        "musbat", "ijobiy", "оң",
    ),
    TestResult.INVALID: (
        "invalid", "not valid", "inconclusive", "недействительный", "недействительно", "сомнительный", "сомнительно",
        "номуайян", "yaroqsiz", "noaniq",
    ),
}  # fmt: skip
WORDS = {fold(word): result for result, words in _WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class ToMend:
    """One thing that is wrong: in which row and column of the file (or line of the text), and how to mend it."""

    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        if not self.column:
            return _("Line %(row)d: %(sentence)s") % {"row": self.row, "sentence": self.sentence}
        words = _("Row %(row)d, column %(column)s: %(sentence)s")
        return words % {"row": self.row, "column": self.column, "sentence": self.sentence}


@dataclass(slots=True)
class ReadResults:
    """What was read: results by case number, what is to be mended, and how many rows have no result yet."""

    results: dict[str, TestResult] = field(default_factory=dict)
    to_mend: list[ToMend] = field(default_factory=list)
    blank: int = 0

    def as_lines(self) -> str:
        """Give the results as lines of text, as a person would type them."""
        return "\n".join(f"{number} {result.value}" for number, result in self.results.items())


def list_file(*, sample_list: SampleList, kind: str, zone: tzinfo, by: Actor, at: datetime) -> Made:
    """Export a list for its laboratory as `csv` or `xlsx`."""
    samples = list(samples_of(sample_list).select_related("case__person"))

    def make(mark: Mark) -> bytes:
        rows = _list_rows(sample_list, samples, mark, zone=zone)
        name = f"samples-{sample_list.group.code}-{sample_list.number}"
        return (
            write_csv(rows) if kind == "csv" else write_xlsx(rows, name=name, heading_row=HEADING_ROW, mark=str(mark))
        )

    return exports.export(
        kind=ExportKind.SAMPLE_LIST,
        title=f"sample list {sample_list}, {kind}",
        purpose=_("tests by case number"),
        recipient_name=sample_list.laboratory,
        people=[sample.case.person.public_id for sample in samples],
        make=make,
        by=by,
        at=at,
    )


def _list_rows(sample_list: SampleList, samples: Iterable[Sample], mark: Mark, *, zone: tzinfo) -> list[list[Cell]]:
    """Give the rows of the file for the laboratory: who made it, for whom, what may be done with it, and the case numbers.

    No name, no nationality, no age; in the order of the numbers, which were drawn by lot.
    """
    head: list[list[Cell]] = [
        [_("Sample list %(list)s, %(kind)s") % {"list": sample_list, "kind": sample_list.get_kind_display()}],
        [_("For: %(laboratory)s") % {"laboratory": sample_list.laboratory}],
        [
            _("Export %(number)s, made by %(by)s, %(at)s")
            % {"number": mark.number, "by": mark.made_by, "at": f"{mark.made_at.astimezone(zone):%d.%m.%Y %H:%M %Z}"}
        ],
        [_("For this laboratory alone, not to be passed on. Send results back by case number."), None, mark.condition],
        [_("No."), _("Case number"), _("Sample taken"), _("Result")],
    ]
    return head + [
        [str(place), sample.case.number, _local(sample.test.sampled_at, zone) if sample.test else None, None]
        for place, sample in enumerate(samples, start=1)
    ]


def _local(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


def read_file(file: BinaryIO, *, name: str, size: int | None, known: Mapping[str, Sample]) -> ReadResults:
    """Read the laboratory's file: any heading, any common format. Raises SheetError where it is no list at all.

    `known` are the samples of the list by case number. Rows without a result are counted and left out.
    """
    table = read_table(read_rows(file, name=name, size=size), VOCABULARY)
    heading = table.heading
    for wanted in ("number", "result"):
        if wanted not in heading.columns:
            words = _("The file has no column “%(name)s”. Write that name above the column.")
            names = {"number": _("Case number"), "result": _("Result")}
            raise SheetError(words % {"name": names[wanted]}, row=heading.row_number)
    found = ReadResults()
    for row in table.rows:
        number, result = heading.value(row, "number"), heading.value(row, "result")
        if result is None:
            found.blank += 1
            continue
        places = (column_name(heading.columns["number"]), column_name(heading.columns["result"]))
        _keep(found, known, row.number, places, (cell_text(number), cell_text(result)))
    return found


def read_lines(text: str, *, known: Mapping[str, Sample]) -> ReadResults:
    """Read results as lines: a case number, then the result."""
    found = ReadResults()
    for place, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        number, _blank, result = re.sub(r"[\t;,:]+", " ", line.strip()).partition(" ")
        _keep(found, known, place, ("", ""), (number, result.strip()))
    return found


def _keep(
    found: ReadResults, known: Mapping[str, Sample], row: int, places: tuple[str, str], entry: tuple[str, str]
) -> None:
    """Keep one entry (case number and word), or what is to be mended; `places` are the columns of both."""
    number, written = entry
    for column, sentence in _wrong(found, known, places, entry):
        found.to_mend.append(ToMend(row, column, sentence))
        return
    found.results[number] = _result(written) or TestResult.INVALID


def _wrong(
    found: ReadResults, known: Mapping[str, Sample], places: tuple[str, str], entry: tuple[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one entry: column and sentence."""
    number, written = entry
    said = {"number": number or "–", "word": written or "–"}
    result = _result(written)
    if number not in known:
        yield places[0], _("“%(number)s” is no case of this list. Compare it with the list that was sent.") % said
    elif known[number].test_id is None:
        yield places[0], _("No sample of %(number)s was taken yet; write the sampling down first.") % said
    if result is None:
        yield places[1], _("“%(word)s” is no result. Write: negative, positive or not valid.") % said
    elif found.results.get(number, result) != result:
        yield places[0], _("%(number)s stands here twice with different results. Ask the laboratory.") % said


def _result(written: str) -> TestResult | None:
    if written.strip() in {"-", "–", "−"}:
        return TestResult.NEGATIVE
    return TestResult.POSITIVE if written.strip() == "+" else WORDS.get(fold(written))
