"""Another sheet of a workbook is read instead, and a column that nobody knows by its heading is offered with a guess."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from common.sheets import Row, Sheet, SheetError, find_heading, read_rows
from migrants.models import Migrant
from returns import importing
from returns.column_guesses import guesses
from returns.manifest_columns import VOCABULARY
from returns.manifest_notes import notes_on_columns
from returns.manifest_staging import ManifestError
from tests.cast import COMMAND, NOW

TODAY = date(2020, 9, 30)
EVERYBODY = Migrant.objects.living_records()
SHEETS = {
    "Итоги": [["Всего", 2.0]],
    "Список": [["ФИО", "Пол"], ["Қодиров Умед", "м"]],
    "Автобус 2": [["ФИО", "Пол"], ["Саидова Мадина", "ж"], ["Раҳимов Баҳром", "м"]],
}


def workbook(sheets):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for place, row in enumerate(rows):
                page.write_row(place, 0, row)
    return file.getvalue()


def read(heading, *rows):
    sheet = Sheet("", tuple(Row(n, tuple(cells)) for n, cells in enumerate([heading, *rows], start=1)))
    return sheet, find_heading(sheet, VOCABULARY)


@pytest.fixture
def take(group):
    def taken(content, **more):
        return importing.take(
            group=group, mission=group.mission, file=io.BytesIO(content), name="list.xlsx", size=len(content),
            within=EVERYBODY.all(), by=COMMAND, at=NOW, **more,
        )  # fmt: skip

    return taken


def names(upload):
    return sorted(row.entry.partition('"full_name": "')[2].split('"')[0] for row in upload.rows.all())


def test_a_named_sheet_is_read_and_the_others_are_named():
    content = workbook(SHEETS)
    sheet = read_rows(io.BytesIO(content), name="list.xlsx", sheet="Автобус 2")
    assert (sheet.name, len(sheet.rows), sheet.other_sheets) == ("Автобус 2", 3, ("Итоги", "Список"))
    with pytest.raises(SheetError, match="It has: Итоги, Список, Автобус 2"):
        read_rows(io.BytesIO(content), name="list.xlsx", sheet="Third bus")


@pytest.mark.django_db
def test_another_sheet_takes_the_place_of_the_one_that_was_read(take):
    upload = take(workbook(SHEETS), sheet="Список", sender="post")
    assert names(upload) == ["Қодиров Умед"]
    other = importing.choose_sheet(upload=upload, sheet="Автобус 2", within=EVERYBODY.all(), by=COMMAND, at=NOW)
    assert names(other) == ["Раҳимов Баҳром", "Саидова Мадина"]
    upload.refresh_from_db()
    assert (upload.state, upload.rows.count(), other.sender) == ("discarded", 0, "post")
    with pytest.raises(ManifestError):
        importing.choose_sheet(upload=upload, sheet="Список", within=EVERYBODY.all(), by=COMMAND, at=NOW)


@pytest.mark.django_db
def test_a_long_list_is_worked_off_from_the_sheet_that_was_named(take, monkeypatch):
    monkeypatch.setattr(importing, "SHORT_BYTES", 0)
    monkeypatch.setattr(importing, "SHORT_ROWS", 0)
    upload = take(workbook(SHEETS), sheet="Автобус 2")
    assert upload.state == "reading"
    importing._unpack(upload, EVERYBODY.all(), NOW)
    assert upload.rows_total == 2


@pytest.mark.parametrize(
    ("heading", "cells", "field"),
    [
        ("Patronimyc", ["", "", ""], "patronymic"),
        ("гражданстово", ["", "", ""], "nationality"),
        ("x1", ["TJK", "Uzbekistan", "Таджикистан"], "nationality"),
        ("x1", ["м", "ж", "м"], "sex"),
        ("x1", ["+992 95 000 29 60", "+77010001001", "+998901112233"], "phone"),
        ("x1", ["04.07.1986", "1.2.1990", "12.12.2001"], "birth_date"),
    ],
)
def test_a_column_is_guessed_by_a_slip_in_its_heading_or_by_what_stands_below(heading, cells, field):
    sheet, found = read(["ФИО", "Семья", heading], *[[f"Ном {n}", "F1", cell or None] for n, cell in enumerate(cells)])
    assert guesses(sheet, found, today=TODAY) == {field: 2}
    (note,) = [note for note in notes_on_columns(sheet, found, {field: 2}) if heading in note]
    assert "It may be:" in note


@pytest.mark.parametrize("cells", [["1", "2", "3"], ["bus", "train", "car"], ["Душанбе", "Хуҷанд", "Кӯлоб"]])
def test_what_looks_like_nothing_is_not_guessed(cells):
    sheet, found = read(["ФИО", "Пол", "x1"], *[[f"Ном {n}", "м", cell] for n, cell in enumerate(cells)])
    assert guesses(sheet, found, today=TODAY) == {}


def test_a_field_that_the_list_has_is_not_guessed_again():
    rows = [[f"Ном {n}", "м", "ж"] for n in range(4)]
    sheet, found = read(["ФИО", "Пол", "x1"], *rows)
    assert guesses(sheet, found, today=TODAY) == {}


@pytest.mark.django_db
def test_the_command_reads_the_sheet_that_is_named(group, tmp_path):
    book, text = tmp_path / "list.xlsx", tmp_path / "list.csv"
    book.write_bytes(workbook(SHEETS))
    text.write_text("ФИО;Пол\nҚодиров Умед;м\n")
    call_command("import_manifest", str(book), group=group.code, sheet="Автобус 2")
    assert sorted(Migrant.objects.values_list("full_name", flat=True)) == ["Раҳимов Баҳром", "Саидова Мадина"]
    for file in (book, text):
        with pytest.raises(CommandError, match="sheet"):
            call_command("import_manifest", str(file), group=group.code, sheet="Third")
    assert Migrant.objects.count() == 2
