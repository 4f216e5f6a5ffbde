import io
from pathlib import Path

import pytest

from common.sheets import Heading, SheetError, find_heading, read_rows, read_table

VOCABULARY = {
    "number": ["№", "№ п/п", "No.", "т/р"],
    "full_name": ["Ф.И.О.", "ФИО", "Full name", "Name", "Ному насаб", "F.I.Sh."],
    "sex": ["Пол", "Sex", "Ҷинс", "Jinsi"],
    "birth_date": ["Дата рождения", "Date of birth", "Санаи таваллуд", "Tug‘ilgan sana"],
    "nationality": ["Гражданство", "Nationality"],
    "document_kind": ["Документ", "Document"],
    "document_number": ["Серия и номер", "Номер паспорта", "Document number"],
    "phone": ["Телефон", "Phone"],
    "note": ["Примечание", "Note"],
}


def sheet(*lines):
    return read_rows(io.BytesIO("\n".join(lines).encode()), name="list.csv")


def manifest():
    with (Path(__file__).parents[1] / "fixtures" / "manifest_102_ru.xlsx").open("rb") as file:
        return read_rows(file, name="manifest_102_ru.xlsx")


def test_the_heading_below_title_rows_is_found_and_every_column_recognised():
    heading = find_heading(manifest(), VOCABULARY)

    assert heading.row_number == 5
    assert list(heading.columns) == list(VOCABULARY)
    assert heading.unrecognised == ()
    assert heading.column("birth_date") == "D"


def test_people_are_told_from_the_total_and_the_signature():
    table = read_table(manifest(), VOCABULARY)

    assert len(table.rows) == 102
    assert [table.heading.value(row, "full_name") for row in table.rows[:2]] == [
        "Кодиров Умед Мухаммадджонович",
        "Шарифова Фарзона Умедовна",
    ]
    assert [(row.number, row.text) for row in table.skipped] == [
        (109, "Итого: 102 чел."),
        (110, "Подпись ________________"),
    ]
    assert all(str(row.reason) for row in table.skipped)


def test_a_heading_in_line_30_is_found():
    above = ["Республика; ;", *(f"приказ № {number};;" for number in range(28))]

    heading = find_heading(sheet(*above, "Ф.И.О.;Пол;Дата рождения", "Кодиров Умед;м;04.07.1986"), VOCABULARY)

    assert (heading.row_number, list(heading.columns)) == (30, ["full_name", "sex", "birth_date"])


@pytest.mark.parametrize(
    "line",
    [
        "NAME;date_of_birth;Sex",
        "Full  name:;Date of Birth (dd.mm.yyyy);SEX",
        "ФИО (полностью);ДАТА РОЖДЕНИЯ*;Пол м/ж",
        "Ному насаб;санаи таваллуд;ҷинс",
        "F.I.Sh.;Tug'ilgan sana;Jinsi",
        "full_name;birth_date;sex",
    ],
)
def test_case_punctuation_brackets_and_apostrophes_do_not_matter(line):
    assert dict(find_heading(sheet(line, "a;b;c"), VOCABULARY).columns) == {"full_name": 0, "birth_date": 1, "sex": 2}


def test_columns_that_nobody_knows_or_that_come_twice_are_told():
    heading = find_heading(sheet("Name;Shoe size;Sex;Full name", "a;b;c;d"), VOCABULARY)

    assert dict(heading.columns) == {"full_name": 0, "sex": 2}
    assert heading.unrecognised == ((1, "Shoe size"), (3, "Full name"))


def test_a_list_without_heading_is_refused_with_examples():
    with pytest.raises(SheetError, match=r"No heading row is found.*“Ф.И.О.”"):
        find_heading(sheet("Кодиров Умед;м;04.07.1986", "Латифов Сафар;м;21.07.2014"), VOCABULARY)


def test_a_single_column_of_names_needs_its_heading_alone_in_the_row():
    assert find_heading(sheet("Name", "Umed"), VOCABULARY).row_number == 1


def test_a_person_corrects_a_column():
    corrected = Heading(1, {"full_name": 1})
    table = read_table(sheet("№;Кто", "1;Умед"), VOCABULARY, heading=corrected)

    assert [corrected.value(row, "full_name") for row in table.rows] == ["Умед"]
    assert corrected.value(table.rows[0], "sex") is None


@pytest.mark.parametrize(
    "line",
    [
        ";Всего:;;102",
        "Итого;;;",
        ";Total 102 persons;;",
        ";Ҳамагӣ: 102 нафар;;",
        ";Jami: 102;;",
        ";Подпись;;________",
        "Начальник пункта пропуска;;майор Иванов И.И.;",
        ";Signature of the officer;;",
        ";Имзо ______;;",
        "№;ФИО;Пол;Дата рождения",
        "1;2;3;4",
    ],
)
def test_what_is_no_person_is_skipped_and_told(line):
    table = read_table(sheet("№;ФИО;Пол;Дата рождения", "1;Умед;м;04.07.1986", line), VOCABULARY)

    assert len(table.rows) == 1
    assert [row.number for row in table.skipped] == [3]


@pytest.mark.parametrize(
    "line",
    [
        "2;Всеволодова Анна;ж;1990",
        "2;Total Recall;м;04.07.1986",
        ";Старшинов Пётр;м;04.07.1986",
        ";Итого;м;04.07.1986",
        ";какая-то строка;;",
        "2;;;",
    ],
)
def test_what_may_be_a_person_is_never_skipped(line):
    table = read_table(sheet("№;ФИО;Пол;Дата рождения", "1;Умед;м;04.07.1986", line), VOCABULARY)

    assert [row.number for row in table.rows] == [2, 3]
