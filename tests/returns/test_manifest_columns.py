"""The headings that border offices write, in every language of the region."""

import io

import pytest

from common.sheets import find_heading, fold_heading, read_rows, read_table
from returns.manifest_columns import LABELS, LANGUAGES, NAMING, VOCABULARY, names_in, names_somebody
from returns.manifest_notes import notes_on_columns
from returns.manifest_sample import FIELDS, sample_list

COMMON = ("sex", "birth_date", "nationality", "document_number", "document_expires", "phone", "remark")
HEADINGS = {
    "en": ("No.;Full name;Sex;Date of birth;Nationality;Passport number;Valid until;Phone number;Remarks", "full_name"),
    "en, parts": ("S/N;Surname;Given names;Gender;DOB;Citizenship;Passport No.;Expiry date;Mobile;Notes", "surname given"),
    "ru": ("№ п/п;Ф.И.О.;Пол;Дата рождения;Гражданство;Серия и номер паспорта;Срок действия;Тел.;Примечание", "full_name"),
    "ru, parts": (
        ("№;Фамилия;Имя;Отчество;Пол;Число, месяц, год рождения;Гражданство;Паспорт серия, номер;Действителен до;Контактный "
        "телефон;Прим."),
        "surname given patronymic",
    ),
    "tg": (
        ("№ р/т;Насаб, ном, номи падар;Ҷинс;Санаи таваллуд;Шаҳрвандӣ;Силсила ва рақами шиноснома;Мӯҳлати эътибор;"
        "Рақами телефон;Эзоҳ"),
        "full_name",
    ),
    "tg, on a Russian keyboard": (
        "№ р/т;Ному насаб;Чинс;Санаи таваллуд;Шахрванди;Раками шиноснома;Мухлати эътибор;Раками телефон;Эзох",
        "full_name",
    ),
    "uz, Latin": (
        ("T/r;Familiyasi, ismi, otasining ismi;Jinsi;Tug‘ilgan sanasi;Fuqaroligi;Pasport seriyasi va raqami;"
        "Amal qilish muddati;Telefon raqami;Izoh"),
        "full_name",
    ),
    "uz, Cyrillic": (
        ("Т/р;Фамилияси;Исми;Отасининг исми;Жинси;Туғилган куни;Фуқаролиги;Паспорт рақами;Амал қилиш муддати;"
        "Телефон рақами;Изоҳ"),
        "surname given patronymic",
    ),
    "kk": (
        "Р/с;Аты-жөні;Жынысы;Туған күні;Азаматтығы;Төлқұжат нөмірі;Қолданылу мерзімі;Телефон нөмірі;Ескертпе",
        "full_name",
    ),
    "kk, parts": (
        "№;Тегі;Аты;Әкесінің аты;Жынысы;Туған күні, айы, жылы;Азаматтығы;Құжат нөмірі;Жарамдылық мерзімі;Телефоны;Ескерту",
        "surname given patronymic",
    ),
    "ky": (
        ("Катар №;Фамилиясы, аты, атасынын аты;Жынысы;Туулган күнү;Жарандыгы;Паспорттун номери;Жарактуулук мөөнөтү;"
        "Телефон номери;Эскертүү"),
        "full_name",
    ),
    "ky, parts": (
        "№;Фамилиясы;Аты;Атасынын аты;Жынысы;Туулган датасы;Жарандыгы;Документтин номери;Жарактуу мөөнөтү;Телефону;Эскертүү",
        "surname given patronymic",
    ),
    "fa": ("ردیف;نام و نام خانوادگی;جنسیت;تاریخ تولد;تابعیت;شماره گذرنامه;تاریخ انقضا;شماره تلفن;ملاحظات", "full_name"),
    "fa, Arabic letters": (
        "رديف;نام خانوادگي;نام;جنسيت;تاريخ تولد;تابعيت;شماره پاسپورت;تاريخ اعتبار;تلفن;توضيحات",
        "surname given",
    ),
    "fa, Dari": ("شماره;اسم;تخلص;نام پدر;جنس;سال تولد;تابعیت;نمبر پاسپورت;تاریخ ختم;نمبر تلفون;ملاحظات", "given surname"),
}  # fmt: skip


def sheet(*lines, encoding="utf-8"):
    return read_rows(io.BytesIO("\n".join(lines).encode(encoding)), name="list.csv")


@pytest.mark.parametrize("which", HEADINGS)
def test_a_whole_row_of_headings_is_understood(which):
    line, naming = HEADINGS[which]
    title = ["Список граждан", "на 1 октября 2020 г."]
    heading = find_heading(sheet(*title, line, ";".join("x" * (line.count(";") + 1))), VOCABULARY)

    assert heading.row_number == 3
    assert heading.unrecognised == ()
    assert [name for name in heading.columns if name in (*NAMING, "patronymic")] == naming.split()
    assert set(COMMON) <= set(heading.columns)
    assert names_somebody(heading.columns)


def test_no_name_of_a_column_means_two_things():
    meant: dict[str, str] = {}
    for language in LANGUAGES:
        for field, names in names_in(language).items():
            for name in names:
                assert meant.setdefault(fold_heading(name), field) == field, (language, name)


def test_every_language_names_what_a_list_needs():
    for language in LANGUAGES:
        names = names_in(language)
        assert {"full_name", "surname", "given", *COMMON} <= set(names), language
    assert set(LABELS) <= set(VOCABULARY)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Passport expiry date", "document_expires"),
        ("Дата выдачи паспорта", "document_issued"),
        ("Дата рождения (дд.мм.гггг)", "birth_date"),
        ("ГРАЖДАНСТВО*", "nationality"),
        ("Номер телефона родственников", "phone"),
        ("Место рождения", "birth_place"),
        ("Имя отца", "father_name"),
    ],
)
def test_a_longer_name_says_more_than_a_word_in_it(text, field):
    heading = find_heading(sheet(f"Ф.И.О.;{text};Пол", "a;b;c"), VOCABULARY)
    assert heading.columns[field] == 1


def test_a_heading_of_two_rows_with_merged_cells_is_one_heading():
    lines = (
        "СПИСОК ГРАЖДАН;;;;;;;;",
        "№;Ф.И.О.;;;Дата рождения;;;Паспортные данные;",
        ";Фамилия;Имя;Отчество;число;месяц;год;серия;номер",
        "1;Кодиров;Умед;Саидович;4;7;1986;А;005966803",
    )
    heading = find_heading(sheet(*lines), VOCABULARY)

    assert heading.row_number == 3
    assert dict(heading.columns) == {
        "ordinal": 0, "surname": 1, "given": 2, "patronymic": 3, "birth_day": 4, "birth_month": 5, "birth_year": 6,
        "document_series": 7, "document_number": 8,
    }  # fmt: skip
    assert [row.number for row in read_table(sheet(*lines), VOCABULARY).rows] == [4]


def test_words_of_the_first_person_are_no_second_row_of_the_heading():
    heading = find_heading(sheet("Ф.И.О.;Пол;Документ;", "Кодиров Умед;муж;паспорт;Таджикистан"), VOCABULARY)
    assert heading.row_number == 1


def test_numbered_lines_that_nobody_filled_in_are_left_out_and_told():
    table = read_table(sheet("№;Ф.И.О.;Пол", "1;Умед;м", "2;;", "3;;", ";;", "Автобус;;", "4;Зебо;ж"), VOCABULARY)

    assert [row.number for row in table.rows] == [2, 7]
    assert [(row.number, str(row.reason)) for row in table.skipped] == [
        (3, "only a number of the row, and nothing else"),
        (4, "only a number of the row, and nothing else"),
        (6, "a line of text, and no person"),
    ]
    assert table.blank == 1


@pytest.mark.parametrize("language", [*LANGUAGES, "de"])
def test_the_empty_list_to_fill_in_is_understood_in_every_language(language):
    heading = find_heading(read_rows(io.BytesIO(sample_list(language)), name="list.xlsx"), VOCABULARY)

    assert list(heading.columns) == list(FIELDS)
    assert heading.unrecognised == ()


def test_columns_that_are_not_read_or_missing_are_told():
    read = sheet("Name;Shoe size;Full name;Issued by;Sex", "Umed;44;Umed;MFA;m")

    assert notes_on_columns(read, find_heading(read, VOCABULARY), {}) == [
        "Column B, “Shoe size”, is not read.",
        "Column C, “Full name”, means the same as A, which is read.",
        "Column D, “Issued by”, is not read: a record has no place for it.",
        "No column is found for: Birth date, Nationality, Document number.",
    ]
