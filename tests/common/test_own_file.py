"""A list comes back in the file that was sent: its looks stay, what to mend stands beside, and nothing in it runs."""

import contextlib
import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel
from openpyxl.worksheet.worksheet import Worksheet

from common.sheets import SheetError, read_rows
from common.sheets.own_file import with_errors_in_own_file
from tests.common.test_sheets import FIXTURES, TEXT_CELL, open_document
from tests.support.old_excel import old_workbook

RUSSIAN = (FIXTURES / "manifest_102_ru.xlsx").read_bytes()


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def given_back(content, errors, *, name="list.xlsx", heading_row=1, mark=""):
    return with_errors_in_own_file(content, name=name, errors=errors, heading_row=heading_row, mark=mark)


def sheet_of(book) -> Worksheet:
    assert isinstance(book.active, Worksheet)
    return book.active


def page_of(made) -> Worksheet:
    return sheet_of(openpyxl.load_workbook(io.BytesIO(made.content)))


@pytest.fixture
def clerk_s_book():
    """A workbook with bold headings, a wide column, merged cells, a formula, a link and a second sheet."""
    book = openpyxl.Workbook()
    page = sheet_of(book)
    page.title = "Рейс 1"
    page.append(["СПИСОК", None, None])
    page.merge_cells("A1:C1")
    page.append(["ФИО", "Пол", "Возраст"])
    page["A2"].font = Font(bold=True, color="FF0000FF")
    page.append(["Умед", "м", "=2020-1986"])
    page.append(["Зебо", "q", 30])
    page["A4"].hyperlink = "https://example.org/"
    page.column_dimensions["A"].width = 41
    book.create_sheet("Other").append(["secret"])
    return saved(book)


def test_an_xlsx_keeps_its_looks_and_gets_a_column(clerk_s_book):
    made = given_back(clerk_s_book, {4: ["B: Write m or f.", "A: <&>"]}, heading_row=2, mark="Export 7")
    page = page_of(made)

    assert page.title == "Рейс 1"
    assert (page["D2"].value, page["D3"].value, page["D4"].value) == ("What to mend", None, "B: Write m or f.\nA: <&>")
    assert (page["A2"].font.b, page["A2"].font.color.rgb, page.column_dimensions["A"].width) == (True, "FF0000FF", 41)
    assert [str(cells) for cells in page.merged_cells.ranges] == ["A1:C1"]
    with zipfile.ZipFile(io.BytesIO(made.content)) as package:
        assert b"Export 7" in package.read("xl/worksheets/sheet1.xml")


def test_what_could_run_or_reach_out_stays_behind(clerk_s_book):
    made = given_back(clerk_s_book, {4: ["x"]}, heading_row=2)
    page = page_of(made)
    with zipfile.ZipFile(io.BytesIO(made.content)) as package:
        text = b"".join(package.read(part) for part in package.namelist() if "sharedStrings" not in part)

    assert openpyxl.load_workbook(io.BytesIO(made.content)).sheetnames == ["Рейс 1"]
    assert page["A4"].hyperlink is None
    assert not re.search(rb"<f>|hyperlink|example\.org", text)
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d", "inlineStr"}


def test_what_comes_back_is_read_like_what_was_sent():
    made = given_back(RUSSIAN, {7: ["x"]}, heading_row=5)
    sent, back = (read_rows(io.BytesIO(content), name="list.xlsx") for content in (RUSSIAN, made.content))

    assert [row.cells[: len(was.cells)] for row, was in zip(back.rows, sent.rows, strict=True)] == [
        row.cells for row in sent.rows
    ]
    assert {row.number: row.cells[9] for row in back.rows if len(row.cells) > 9} == {5: "What to mend", 7: "x"}


def test_a_second_return_writes_over_the_column_of_the_first():
    first = given_back(RUSSIAN, {7: ["old"], 8: ["old too"]}, heading_row=5)
    page = page_of(given_back(first.content, {8: ["new"]}, heading_row=5))

    assert page.max_column == 10
    assert [page.cell(row, 10).value for row in (5, 7, 8)] == ["What to mend", None, "new"]


def test_a_calendar_from_1904_stays_one():
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet_of(book).append(["ФИО", "Рейс"])
    sheet_of(book).append(["Умед", from_excel(30_000)])
    sent = saved(book)
    back = given_back(sent, {2: ["x"]}).content

    sheets = [read_rows(io.BytesIO(content), name="list.xlsx") for content in (sent, back)]
    assert [sheet.starts_1904 for sheet in sheets] == [True, True]
    assert sheets[0].rows[1].cells[:2] == sheets[1].rows[1].cells[:2]


def test_a_csv_keeps_its_delimiter_and_its_rows():
    made = given_back('Имя|Пол\n\nУмед|=1+1\n"a|b"|q\n'.encode("cp1251"), {4: ["Write m or f."]}, name="list.csv")

    assert made.kind == "csv"
    assert made.content.decode("utf-8-sig").splitlines() == [
        "Имя|Пол|What to mend", "", "Умед|'=1+1", '"a|b"|q|Write m or f.',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (old_workbook([["Имя", "Пол"], ["Умед", "q"]]), "list.xls"),
        (
            open_document(
                f"<table:table-row>{TEXT_CELL.format(more='', text='Имя')}</table:table-row>"
                f"<table:table-row>{TEXT_CELL.format(more='', text='Умед')}</table:table-row>"
            ),
            "list.ods",
        ),
    ],
    ids=["xls", "ods"],
)
def test_other_kinds_come_back_as_a_plain_xlsx(content, name):
    made = given_back(content, {2: ["x"]}, name=name)

    assert made.kind == "xlsx"
    assert [cell.value for cell in page_of(made)[2]][-1] == "x"


@settings(max_examples=25)
@given(st.data())
def test_a_workbook_with_flipped_bytes_gives_a_file_or_a_sentence(data):
    content = bytearray(RUSSIAN)
    for place in data.draw(st.lists(st.integers(4, len(content) - 1), min_size=1, max_size=8)):
        content[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(SheetError):
        assert given_back(bytes(content), {7: ["x"]}, heading_row=5).content
