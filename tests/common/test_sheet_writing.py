import io
from datetime import date

import openpyxl
import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from common.sheets import Row, Sheet, defused, read_rows, with_error_column, write_csv

LIST = Sheet(
    "Список",
    (
        Row(1, ("СПИСОК",)),
        Row(3, ("Ф.И.О.", "Дата рождения", "Номер")),
        Row(4, ("Кодиров Умед", date(1986, 7, 4), "005966803")),
        Row(5, ("=cmd|' /C calc'!A0", "31.02.1990", 7.0)),
    ),
)


def back(content):
    return read_rows(io.BytesIO(content), name="list.xlsx")


def test_the_same_rows_come_back_with_what_to_mend():
    sheet = back(with_error_column(LIST, {5: ["There is no 31 February.", "Write the number as text."]}, heading_row=3))

    assert sheet.rows[:1] == LIST.rows[:1]
    assert sheet.rows[1].cells == (*LIST.rows[1].cells, "What to mend")
    assert sheet.rows[2] == LIST.rows[2]
    assert sheet.rows[3].cells == (*LIST.rows[3].cells, "There is no 31 February. Write the number as text.")


def test_a_second_return_writes_over_the_column_of_the_first():
    first = back(with_error_column(LIST, {5: ["There is no 31 February."]}, heading_row=3))
    with override("ru"):
        second = back(with_error_column(first, {4: ["No sex."]}, heading_row=3))

    assert second.width == first.width == 4
    assert [len(row.cells) for row in second.rows] == [1, 4, 4, 3]


def test_nothing_becomes_a_formula_or_a_link():
    content = with_error_column(Sheet("x", (Row(1, ("=1+1", "http://a.example", "+992 90 000")),)), {1: ["=2+2"]})
    page = openpyxl.load_workbook(io.BytesIO(content)).active

    assert page is not None
    assert [cell.data_type for cell in page[1]] == ["s", "s", "s", "s"]
    assert [cell.hyperlink for cell in page[1]] == [None] * 4


def test_dates_before_the_calendar_of_workbooks_come_back_as_text():
    assert back(with_error_column(Sheet("x", (Row(1, (date(1899, 5, 1),)),)), {})).rows[0].cells[0] == "01.05.1899"


@pytest.mark.parametrize("name", ["", "a/b:c*d?e[f]", "History", "'x'", "н" * 40])
def test_any_name_of_a_sheet_can_be_written(name):
    assert back(with_error_column(Sheet(name, (Row(1, ("a",)),)), {})).rows


@settings(max_examples=30)
@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=4), min_size=1, max_size=6))
def test_any_text_can_be_written_and_read_again(texts):
    rows = tuple(Row(number, tuple(cell.strip() or None for cell in line)) for number, line in enumerate(texts, 1))

    assert back(with_error_column(Sheet("x", rows), {1: ["mend"]})).rows


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "|calc", "%0A"])
def test_csv_defuses_what_a_program_could_run(text):
    assert defused(text) == f"'{text}"
    assert write_csv([[text]]).decode("utf-8-sig").lstrip('"').startswith("'")


def test_csv_keeps_letters_numbers_and_dates():
    content = write_csv([["Қодиров", date(1986, 7, 4), -5.0, None], ["O‘zbek", "a,b", 'c"d', "005"]])

    assert content.startswith(b"\xef\xbb\xbf")
    rows = read_rows(io.BytesIO(content), name="x.csv").rows
    assert rows[0].cells == ("Қодиров", "04.07.1986", "-5")
    assert rows[1].cells == ("O‘zbek", "a,b", 'c"d', "005")
