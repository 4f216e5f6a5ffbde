"""One row of a list: names in their order, dates by the custom of the column, documents in parts, and what is only told."""

import io
import json
from datetime import date

import pytest

from common.sheets import read_rows, read_table
from migrants.entries import DocumentEntry, KinEntry, NamePeriod, PersonEntry
from returns.manifest_columns import VOCABULARY
from returns.manifest_customs import customs_of
from returns.manifest_rows import read_row
from returns.manifest_store import entry_from_json, entry_to_json, json_of

TODAY = date(2020, 10, 1)


def read(*lines):
    table = read_table(read_rows(io.BytesIO("\n".join(lines).encode()), name="list.csv"), VOCABULARY)
    customs = customs_of(table.rows, table.heading)
    return [read_row(row, table.heading, today=TODAY, customs=customs) for row in table.rows]


def births(*cells):
    return [
        (row.entry and (row.entry.birth_year, row.entry.birth_month, row.entry.birth_day), row.remarks)
        for row in read("Full name;Birth date", *(f"Umed;{cell}" for cell in cells))
    ]


@pytest.mark.parametrize(
    ("heading", "line", "name"),
    [
        ("Фамилия;Имя;Отчество", "Кодиров;Умед;Саидович", "Кодиров Умед Саидович"),
        ("Имя;Отчество;Фамилия", "Умед;Саидович;Кодиров", "Умед Саидович Кодиров"),
        ("Имя;Фамилия;Отчество", "Умед;;", "Умед"),
        ("Surname;Given name", "Qodirov;Umed", "Qodirov Umed"),
    ],
)
def test_the_parts_of_a_name_are_joined_in_the_order_of_the_list(heading, line, name):
    (row,) = read(heading, line)
    assert row.entry.full_name == name
    assert row.entry.given_names in {"Умед", "Umed"}


def test_the_father_s_name_of_a_farsi_list_is_no_part_of_the_name():
    (row,) = read("نام;نام خانوادگی;نام پدر", "احمد;رحیمی;کریم")
    assert row.entry.full_name == "احمد رحیمی"
    assert (row.entry.surname, row.entry.given_names, row.entry.father_name) == ("رحیمی", "احمد", "کریم")


def test_a_day_above_twelve_anywhere_decides_the_order_for_the_column():
    assert births("03/04/1986", "07/25/1990") == [((1986, 3, 4), ()), ((1990, 7, 25), ())]
    assert births("03/04/1986", "25/07/1990") == [((1986, 4, 3), ()), ((1990, 7, 25), ())]


@pytest.mark.parametrize("others", [(), ("25/07/1990", "07/25/1990")], ids=["no other", "both orders"])
def test_a_column_that_shows_no_order_is_read_with_the_day_first_and_told(others):
    parts, (remark,) = births("03/04/1986", *others)[0]
    assert parts == (1986, 4, 3)
    assert "day 3 of month 4" in remark


def test_dates_with_points_need_no_decision():
    assert births("03.04.1986", "07/25/1990")[0] == ((1986, 4, 3), ())


@pytest.mark.parametrize("cell", ["01.01.1900", "0", "00.00.0000", "31.12.1899", "30.12.1899"])
def test_a_date_that_stands_for_unknown_stays_unknown_and_is_told(cell):
    parts, (remark,) = births(cell)[0]
    assert parts == (None, None, None)
    assert "stays unknown" in remark


def test_a_date_of_the_solar_calendar_is_converted_and_told():
    parts, (remark,) = births("۱۳۶۵/۰۴/۱۳")[0]
    assert parts == (1986, 7, 4)
    assert "solar calendar" in remark


def test_a_year_of_the_solar_calendar_is_not_guessed():
    parts, (remark,) = births("1365")[0]
    assert parts == (None, None, None)
    assert "1986 or 1987" in remark


def test_a_birth_date_in_three_columns_is_one_date():
    (row,) = read("ФИО;День рождения;Месяц рождения;Year of birth", "Умед;4;7;1986")
    assert row.entry.birth_year == 1986
    (row,) = read("ФИО;Дата рождения;;", ";число;месяц;год", "Умед;;7;1986")
    assert (row.entry.birth_year, row.entry.birth_month, row.entry.birth_day) == (1986, 7, None)


def test_series_and_number_stand_together_in_latin_digits():
    (row,) = read("ФИО;Серия паспорта;Номер паспорта;Срок действия", "Умед;АА;۰۰۵۹۶۶;31.12.27")
    (document,) = row.entry.documents
    assert (document.number, document.expires_on) == ("АА 005966", date(2027, 12, 31))


def test_what_a_program_would_run_stays_text_and_is_marked():
    (row,) = read("Full name;Phone;Remark", "=HYPERLINK(1);+998901234567;-no")
    assert row.entry.full_name == "=HYPERLINK(1)"
    assert [remark[:40] for remark in row.remarks] == [
        "Column A begins with “=”; it is kept as ",
        "Column C begins with “-”; it is kept as ",
    ]


@pytest.mark.parametrize(
    ("word", "sex"), [("аёл", "F"), ("Эркак", "M"), ("زن", "F"), ("مرد", "M"), ("әйел", "F"), ("ЖЕН.", "F")]
)
def test_sexes_are_read_in_every_language(word, sex):
    (row,) = read("ФИО;Пол", f"Икс;{word}")
    assert row.entry.sex == sex


@pytest.mark.parametrize(
    ("written", "code"), [("Ўзбекистон", "UZB"), ("تاجیکستان", "TJK"), ("تاجيكستان", "TJK"), ("Қазақстан", "KAZ")]
)
def test_countries_are_read_in_every_language(written, code):
    (row,) = read("ФИО;Гражданство", f"Икс;{written}")
    assert row.entry.nationalities == (code,)


@pytest.mark.parametrize("kind", ["төлқұжат", "گذرنامه", "Паспорт загран.", "паспорти миллӣ", "biometrik pasport"])
def test_a_passport_is_one_in_every_language(kind):
    (row,) = read("ФИО;Вид документа;Номер документа", f"Икс;{kind};1")
    assert row.entry.documents[0].kind == "passport"


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("+992 90 123 45 67", ["+992 90 123 45 67"]),
        ("+992901234567, +7 900 123-45-67", ["+992901234567", "+7 900 123-45-67"]),
        ("+992901234567 / доб. 5", ["+992901234567 / доб. 5"]),
        ("۰۹۳۷۰۰۰۰۰۰۰", ["09370000000"]),
    ],
)
def test_several_numbers_in_one_cell_are_several(cell, phones):
    (row,) = read("ФИО;Телефон;Пол", f"Умед;{cell};м")
    assert [row.entry.phone, *row.entry.other_phones] == phones


def test_an_entry_with_everything_survives_being_kept():
    entry = PersonEntry(
        "Умед", other_names=(("Umed", "other_script"),), nationalities=("TJK",), nationality_statuses=(("TJK", "claimed"),),
        documents=(DocumentEntry("passport", expires_on=date(2027, 1, 1)),), other_languages=("ru",), other_phones=("1",),
        name_periods=(NamePeriod("Umed", valid_from=date(2010, 1, 1)),), kin=(KinEntry("Зебо", may_be_told=True),),
    )  # fmt: skip
    assert entry_from_json(json.loads(json_of(entry_to_json(entry)))) == entry
