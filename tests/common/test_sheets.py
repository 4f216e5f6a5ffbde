import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.sheets import MAX_BYTES, Row, SheetError, cell_text, column_name, read_rows
from tests.support.old_excel import old_workbook

FIXTURES = Path(__file__).parents[1] / "fixtures"
ROWS = (
    ("Ф.И.О.", "Пол", "Дата рождения", "Номер"),
    ("Кодиров Умед Мухаммадджонович", "муж", "04.07.1986", "005966803"),
    ("Шарифова Фарзона", "жен", "12.02.1990", "007530216"),
)


def read(content, name="list.csv", **given):
    return read_rows(io.BytesIO(content), name=name, **given)


def refused(content, name="list.xlsx", **given):
    with pytest.raises(SheetError) as caught:
        read(content, name, **given)
    return caught.value


def cells(sheet):
    return tuple(row.cells for row in sheet.rows)


def packed(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def workbook(fill):
    book = openpyxl.Workbook()
    fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


TEXT_CELL = '<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def open_document(rows):
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": f"""<?xml version="1.0"?><office:document-content
                xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
                xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
                xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
                <table:table table:name="Рӯйхат">{rows}</table:table>
                </office:spreadsheet></office:body></office:document-content>""",
        }
    )


# What clerks send


def test_the_list_of_a_border_office_is_read_with_the_numbers_of_its_file():
    with (FIXTURES / "manifest_102_ru.xlsx").open("rb") as file:
        sheet = read_rows(file, name="manifest_102_ru.xlsx")

    by_number = {row.number: row.cells for row in sheet.rows}
    assert sheet.name == "Список"
    assert by_number[5][:4] == ("№ п/п", "Ф.И.О.", "Пол", "Дата рождения")
    assert by_number[6][1:7] == (
        "Кодиров Умед Мухаммадджонович", "муж", date(1986, 7, 4), "Таджикистан", "паспорт", "005966803",
    )  # fmt: skip
    assert by_number[8][3] == "21.07.2014"
    assert 4 not in by_number
    assert max(by_number) == 110


def test_an_old_excel_file_is_read():
    sheet = read(old_workbook([["Имя", "Год"], [None, 1986.0], ["Қодиров"]]), "list.xls")

    assert sheet.rows == (Row(1, ("Имя", "Год")), Row(2, (None, 1986.0)), Row(3, ("Қодиров",)))


def test_an_open_document_is_read():
    cell = TEXT_CELL.format(more="", text="Сафар")
    sheet = read(open_document(f"<table:table-row><table:table-cell/>{cell}</table:table-row>"), "list.ods")

    assert (sheet.name, sheet.rows) == ("Рӯйхат", (Row(1, (None, "Сафар")),))


def test_the_first_visible_sheet_with_anything_is_read_and_the_others_are_named():
    def fill(book):
        book.active.title = "Hidden"
        book.active["A1"] = "secret"
        book.active.sheet_state = "hidden"
        book.create_sheet("Empty")
        book.create_sheet("List")["B3"] = "Сафар"
        book.create_sheet("More")["A1"] = "Умед"

    sheet = read(workbook(fill), "book.xlsx")
    assert (sheet.name, sheet.rows, sheet.other_sheets) == ("List", (Row(3, (None, "Сафар")),), ("More",))


def test_dates_hours_numbers_and_truth_become_plain_cells():
    def fill(book):
        book.active.append([date(1986, 7, 4), datetime(2020, 9, 29, 21, 0), 5, 0.5, True, "  a\n b ", None, " "])

    (row,) = read(workbook(fill), "book.xlsx").rows
    assert row.cells == (date(1986, 7, 4), datetime(2020, 9, 29, 21), 5.0, 0.5, "TRUE", "a b")


def test_content_decides_not_the_name():
    content = workbook(lambda book: book.active.append(["a", "b"]))

    assert cells(read(content, "list.csv")) == (("a", "b"),)


# Text in any encoding


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866"]
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_text_is_read_in_any_encoding_with_any_delimiter(encoding, delimiter, ending):
    text = ending.join(delimiter.join(row) for row in ROWS)

    assert cells(read(text.encode(encoding))) == ROWS


def test_capital_letters_do_not_mislead_the_guess_of_the_encoding():
    text = "ФАМИЛИЯ;ИМЯ\nКОДИРОВ;УМЕД\nШАРИФОВА;ФАРЗОНА\n"

    for encoding in ("cp1251", "koi8-r", "cp866"):
        assert cells(read(text.encode(encoding)))[1] == ("КОДИРОВ", "УМЕД")


def test_commas_inside_of_names_do_not_cut_a_list_that_uses_semicolons():
    assert cells(read(b"name;sex;note\nKodirov, Umed;m;a, b, c\nLatifov, Safar;m;\n"))[1] == (
        "Kodirov, Umed", "m", "a, b, c",
    )  # fmt: skip


def test_the_line_that_names_the_delimiter_is_obeyed_and_counted():
    assert read(b"sep=|\r\na|b;c\r\n").rows == (Row(2, ("a", "b;c")),)


def test_numbers_of_rows_count_blank_ones():
    assert [row.number for row in read(b"a;b\n\n;\nc;d\n").rows] == [1, 4]


def test_a_quoted_cell_may_hold_a_line_break_and_the_delimiter():
    assert cells(read(b'a;b\n"x;\ny";z\n'))[1] == ("x; y", "z")


plain = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)


@given(st.lists(st.tuples(plain, plain, plain), min_size=2, max_size=20), st.sampled_from(";,\t|"))
def test_rows_of_text_survive_in_utf8(rows, delimiter):
    content = "\n".join(delimiter.join(row) for row in rows).encode()

    assert cells(read(content)) == tuple(tuple(cell.strip() for cell in row) for row in rows)


# What is refused, and how to mend it


def test_a_file_of_200_mb_is_refused_by_its_size_without_reading():
    class Unread(io.BytesIO):
        def read(self, *args):
            raise AssertionError("it was read")

    with pytest.raises(SheetError, match="The file has 200 MB; at most 20 MB are read"):
        read_rows(Unread(), name="list.xlsx", size=200 * 1024 * 1024)


def test_a_file_that_lies_about_its_size_is_refused_while_reading():
    assert "larger than the 20 MB" in str(refused(b"a" * (MAX_BYTES + 1), size=5))


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "list.csv", "The file is empty"),
        (b" \n\t ", "list.xlsx", "The file is empty"),
        (b";;;\n;;\n", "list.csv", "The file is empty"),
        (b"name;sex\n", "list.xlsx", "named XLSX, but its content is not"),
        (b"<html><table>", "list.xls", "named XLS, but its content is not"),
        (b"%PDF-1.7", "list.xlsx", "This is a PDF file"),
        (b"PK\x03\x04 broken", "list.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "list.xls", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "list.xlsx", "password"),
        (packed({"a.txt": "a"}), "list.xlsx", "not a workbook"),
        (packed({"[Content_Types].xml": "", "word/document.xml": ""}), "list.xlsx", "not a workbook"),
        (packed({"[Content_Types].xml": "<a", "xl/workbook.xml": "<a"}), "list.xlsx", "damaged"),
        (packed({"content.xml": "", "META-INF/manifest.xml": "<manifest:encryption-data/>"}), "list.ods", "password"),
        (bytes(range(32)) * 50, "list.csv", "neither a workbook nor a list"),
        (b'a;"' + b"b" * 3000 + b'"', "list.csv", "Row 1, column B: the cell has more than 2000 letters"),
        (b'a;"' + b"b" * 200_000, "list.csv", "quotation mark"),
        (b"a;b\n" * 200_001, "list.csv", "reaches down to row 200001; at most 200000"),
        (b";".join([b"a"] * 101), "list.csv", "101 columns; at most 100"),
    ],
    ids=range(18),
)
def test_what_cannot_be_read_says_what_to_do(content, name, words):
    assert words in str(refused(content, name))


def test_an_empty_workbook_is_refused():
    assert "no visible sheet holds anything" in str(refused(workbook(lambda book: None)))


def test_a_stray_cell_far_below_is_named():
    assert "row 1048576" in str(refused(workbook(lambda book: book.active.cell(1_048_576, 1, "x"))))


def test_a_workbook_that_claims_every_cell_there_is_does_no_harm():
    def fill(book):
        book.active["A1"] = "a"
        book.active["XFD1048576"] = "z"

    assert "unpack to far more" in str(refused(workbook(fill)))


def test_a_bomb_of_repeated_cells_does_no_harm():
    cell = TEXT_CELL.format(more='table:number-columns-repeated="16384"', text="x")
    content = open_document(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')

    assert str(refused(content, "list.ods"))


def test_a_packed_bomb_is_refused_before_it_unpacks():
    zeros = packed({"[Content_Types].xml": "", "xl/workbook.xml": bytes(50 * 1024 * 1024)})

    assert len(zeros) < 100_000
    assert "unpack to far more" in str(refused(zeros))


def outcome(content, name):
    """Give the rows, or the sentence where it is refused; anything else fails the test."""
    try:
        return read(content, name).rows
    except SheetError as error:
        return str(error)


@settings(max_examples=300)
@given(st.binary(max_size=400), st.sampled_from(["list.csv", "list.tsv", "list.txt"]))
def test_any_bytes_give_rows_or_a_sentence(content, name):
    given_back = outcome(content, name)

    if isinstance(given_back, str):
        assert given_back.endswith(".")
    else:
        assert given_back
        assert not any(row.is_blank() for row in given_back)


@settings(max_examples=25)
@given(st.data())
def test_a_workbook_with_flipped_bytes_gives_rows_or_a_sentence(data):
    content = bytearray((FIXTURES / "manifest_102_ru.xlsx").read_bytes())
    for place in data.draw(st.lists(st.integers(4, len(content) - 1), min_size=1, max_size=8)):
        content[place] ^= data.draw(st.integers(1, 255))

    given_back = outcome(bytes(content), "list.xlsx")
    assert given_back.endswith(".") if isinstance(given_back, str) else given_back


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_spreadsheet_programs(index, letters):
    assert column_name(index) == letters


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (5966803.0, "5966803"), (0.5, "0.5"), (date(1986, 7, 4), "04.07.1986"), ("x", "x"),
     (datetime(2020, 9, 29, 21), "29.09.2020 21:00")],
)  # fmt: skip
def test_a_cell_reads_as_a_person_reads_it(cell, text):
    assert cell_text(cell) == text
