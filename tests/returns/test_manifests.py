"""A list of people: read, shown row by row, stored once and whole."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from common.models import AuditEntry
from common.sheets import SheetError
from migrants.facts import facts_of
from migrants.models import Migrant
from returns import manifests
from returns.enums import RowOutcome, UploadState
from returns.manifest_staging import ManifestError, content_of
from returns.manifests import tally
from returns.models import ColumnChoice, ManifestUpload, ReturnCase
from tests.cast import COMMAND, NOW

FIXTURES = Path(__file__).parents[1] / "fixtures"
RUSSIAN, ENGLISH = FIXTURES / "manifest_102_ru.xlsx", FIXTURES / "group_102.csv"
EVERYBODY = Migrant.objects.living_records()
HEADING = "Full name;Sex;Birth date;Nationality;Document;Document number\n"
UMED = "Қодиров Умед;m;04.07.1986;Tajikistan;passport;005966803\n"


@pytest.fixture
def stage(group):
    def upload(content, name="list.csv", sender=""):
        if isinstance(content, Path):
            content, name = content.read_bytes(), content.name
        data = content.encode() if isinstance(content, str) else content
        return manifests.stage(
            group=group, mission=group.mission, file=io.BytesIO(data), name=name, size=len(data), within=EVERYBODY.all(),
            by=COMMAND, at=NOW, sender=sender,
        )  # fmt: skip

    return upload


@pytest.fixture
def chosen(stage):
    """A list of the border post of Zhibek Zholy in which somebody showed where the names stand."""
    upload = stage("Wer;Kto;Sex;Nationality\nUmed;x;m;TJK\n", sender="Border post  Zhibek Zholy")
    columns = upload.columns | {"full_name": 0, "family": 1}
    return manifests.correct_columns(upload=upload, columns=columns, within=EVERYBODY.all(), by=COMMAND, at=NOW)


def confirm(upload, decisions=None, **given):
    return manifests.confirm(
        upload=upload, decisions=decisions or {}, within=EVERYBODY.all(), by=COMMAND, at=NOW, **given
    )


def outcomes(upload):
    return {name: number for name, number in tally(upload).items() if number}


def faults(upload):
    return [fault for row in upload.rows.filter(outcome="reject") for fault in content_of(row).faults]


@pytest.mark.parametrize("file", [RUSSIAN, ENGLISH], ids=["border office, xlsx", "plain English csv"])
def test_the_list_of_102_is_read_whole(stage, file):
    upload = stage(file)
    assert {name: n for name, n in outcomes(upload).items() if name != "skip"} == {"create": 102}
    assert not Migrant.objects.exists()


def test_title_total_and_signature_are_told_and_no_people(stage):
    upload = stage(RUSSIAN)
    skipped = {row.row_number: content_of(row).text for row in upload.rows.filter(outcome=RowOutcome.SKIP)}
    assert upload.heading_row == 5
    assert set(skipped) == {109, 110}
    assert "Итого" in skipped[109]


def test_confirming_stores_everybody_with_their_cases(stage):
    upload = confirm(stage(RUSSIAN))
    assert upload.state == UploadState.CONFIRMED
    assert Migrant.objects.count() == ReturnCase.objects.count() == 102
    umed = Migrant.objects.get(full_name="Кодиров Умед Мухаммадджонович")
    facts = facts_of([umed.pk], at=NOW)[umed.pk]
    assert (umed.birth_year, umed.birth_month, umed.birth_day, umed.sex) == (1986, 7, 4, "M")
    assert facts.nationalities == {"TJK"}
    assert facts.documents is not None
    assert [document.kind for document in facts.documents] == ["passport"]
    assert umed.documents.get().number == "005966803"


def test_dates_as_text_and_as_dates_are_both_read(stage):
    confirm(stage(RUSSIAN))
    safar = Migrant.objects.get(full_name="Латифов Сафар Мухаммадджонович")
    assert (safar.birth_year, safar.birth_month, safar.birth_day) == (2014, 7, 21)


def test_who_has_no_document_was_asked(stage):
    confirm(stage(RUSSIAN))
    hasan = Migrant.objects.get(full_name="Рахимов Хасан Фирдавсович")
    assert facts_of([hasan.pk], at=NOW)[hasan.pk].documents == ()


def test_a_stateless_person_is_held_until_asked(stage):
    confirm(stage(RUSSIAN))
    firdavs = Migrant.objects.get(full_name="Юсуфзода Фирдавс Мухаммадджонович")
    assert firdavs.nationalities.get().code == "XXA"
    assert firdavs.holds.filter(cleared_at__isnull=True).count() == 1


def test_children_alone_and_families_come_from_the_english_list(stage, group):
    confirm(stage(ENGLISH))
    assert Migrant.objects.filter(alone="unaccompanied").count() == 2
    assert sorted(group.families.values_list("code", flat=True)) == ["F1", "F2", "F3", "F4"]


@pytest.mark.parametrize("second", [RUSSIAN, ENGLISH], ids=["the same file", "the other file"])
def test_a_second_upload_creates_nobody_twice(stage, second):
    confirm(stage(RUSSIAN))
    upload = stage(second)
    assert tally(upload)["create"] == 0
    confirm(upload)
    assert Migrant.objects.count() == 102


def test_the_same_file_sent_twice_is_staged_once(stage):
    assert stage(RUSSIAN) == stage(RUSSIAN)
    assert ManifestUpload.objects.count() == 1


def test_confirming_twice_does_nothing_twice(stage):
    upload = confirm(stage(RUSSIAN))
    confirm(upload)
    assert Migrant.objects.count() == 102
    assert AuditEntry.objects.filter(verb="list confirmed").count() == 1


def test_two_staged_copies_confirmed_one_after_the_other_register_once(stage):
    first, other = stage(RUSSIAN), stage(ENGLISH)
    confirm(first)
    confirm(other)
    assert Migrant.objects.count() == 102


def test_a_list_costs_the_same_number_of_statements_for_2_and_for_102_people(stage, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        upload = stage(RUSSIAN)
    with django_assert_max_num_queries(110):
        confirm(upload)


def test_a_confirmation_that_fails_leaves_nobody(stage, monkeypatch):
    upload = stage(RUSSIAN)
    monkeypatch.setattr("returns.cases.open_cases", lambda **named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        confirm(upload)
    upload.refresh_from_db()
    assert (upload.state, Migrant.objects.count()) == (UploadState.STAGED, 0)


def test_the_whole_name_of_one_column_is_kept_as_written(stage):
    confirm(stage(HEADING + "  Ким   Чен Ир Оглы ;m;;;;\n"))
    assert Migrant.objects.get().full_name == "Ким Чен Ир Оглы"


def test_a_person_written_twice_in_one_list_is_for_somebody_to_decide(stage):
    upload = stage(HEADING + UMED + "KODIROV UMED;m;1986-07-04;TJK;passport;005966803\n")
    assert outcomes(upload) == {"create": 1, "decide": 1}
    assert content_of(upload.rows.get(row_number=3)).twin == 2
    confirm(upload, {3: "row:2"})
    assert Migrant.objects.count() == 1
    assert outcomes(upload) == {"create": 1, "match": 1}


def test_what_is_left_in_doubt_stays_so_and_is_decided_later(stage):
    upload = confirm(stage(HEADING + UMED + UMED))
    assert outcomes(upload) == {"create": 1, "decide": 1}
    assert Migrant.objects.count() == 1
    manifests.decide(upload=upload, decisions={3: "new"}, within=EVERYBODY.all(), by=COMMAND, at=NOW)
    assert Migrant.objects.count() == 2
    manifests.decide(upload=upload, decisions={3: "new"}, within=EVERYBODY.all(), by=COMMAND, at=NOW)
    assert Migrant.objects.count() == 2


def test_a_known_person_of_the_same_document_and_another_name_is_for_somebody_to_decide(stage):
    confirm(stage(HEADING + UMED))
    known = Migrant.objects.get()
    upload = stage(HEADING + "Назарова Зебо;f;;;passport;005966803\n")
    content = content_of(upload.rows.get())
    assert outcomes(upload) == {"decide": 1}
    assert content.candidates[0]["person"] == str(known.public_id)
    confirm(upload, {2: str(known.public_id)})
    assert Migrant.objects.count() == 1


def test_a_person_outside_the_scope_cannot_be_named_in_a_decision(stage):
    confirm(stage(HEADING + UMED))
    hidden = Migrant.objects.get()
    upload = stage(HEADING + "Назарова Зебо;f;;;passport;005966803\n")
    nobody = Migrant.objects.none()
    manifests.confirm(upload=upload, decisions={2: str(hidden.public_id)}, within=nobody, by=COMMAND, at=NOW)
    assert upload.rows.get().person != hidden


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        (";m;04.07.1986;TJK;passport;1\n", "A", "no name"),
        ("12345;m;04.07.1986;TJK;passport;1\n", "A", "no name"),
        ("Umed;z;04.07.1986;TJK;passport;1\n", "B", "Write m or f"),
        ("Umed;m;31.02.1990;TJK;passport;1\n", "C", "31.02.1990"),
        ("Umed;m;04.07.2031;TJK;passport;1\n", "C", "still to come"),
        ("Umed;m;04.07.1986;Ruritania;passport;1\n", "D", "Ruritania"),
        ("Umed;m;04.07.1986;TJK;ticket;1\n", "E", "ticket"),
        ("Umed;m;04.07.1986;TJK;none;0099\n", "E", "Correct one"),
        ("Umed;m;04.07.1986;TJK;passport;abc\n", "F", "digit"),
    ],
)
def test_a_fault_names_column_and_remedy_and_the_rest_is_stored(stage, line, column, said):
    upload = stage(HEADING + UMED + line)
    (fault,) = faults(upload)
    assert fault["column"] == column
    assert said in fault["sentence"]
    with pytest.raises(ManifestError, match="store the right rows only"):
        confirm(upload)
    confirm(upload, partial=True)
    assert Migrant.objects.count() == 1


def test_all_faults_of_a_row_are_told_at_once(stage):
    upload = stage(HEADING + "Umed;z;31.02.1990;Ruritania;ticket;1\n")
    assert [fault["column"] for fault in faults(upload)] == ["B", "C", "D", "E"]


def test_the_file_comes_back_with_a_column_of_errors(stage):
    upload = stage(HEADING + UMED + "Umed;m;31.02.1990;TJK;passport;1\n")
    content = manifests.error_file(upload=upload, by=COMMAND, at=NOW).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert sheet.cell(1, 7).value == "What to mend"
    assert "31.02.1990" in str(sheet.cell(3, 7).value)
    assert sheet.cell(2, 1).value == "Қодиров Умед"


def test_a_list_without_a_name_column_is_shown_and_cannot_be_confirmed(stage):
    upload = stage("Wer;Sex;Nationality\nUmed;m;TJK\n")
    with pytest.raises(ManifestError):
        confirm(upload)
    columns = upload.columns | {"full_name": 0}
    upload = manifests.correct_columns(upload=upload, columns=columns, within=EVERYBODY.all(), by=COMMAND, at=NOW)
    confirm(upload)
    assert Migrant.objects.get().full_name == "Umed"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Wer;Kto;Sex;Nationality\nZafar;y;m;TJK\n", {"full_name": 0, "family": 1, "sex": 2, "nationality": 3}),
        ("Sex;Wer;Kto;Nationality\nm;Zafar;y;TJK\n", {"full_name": 1, "family": 2, "sex": 0, "nationality": 3}),
        ("A list;;\nWER;kto:;Sex;Nationality\nZafar;y;m\n", {"full_name": 0, "family": 1, "sex": 2, "nationality": 3}),
    ],
    ids=["the same", "columns in other places", "the heading elsewhere"],
)
@pytest.mark.usefixtures("chosen")
def test_columns_chosen_once_hold_for_the_next_list_of_the_same_sender(stage, text, columns):
    assert stage(text, sender="border post Zhibek Zholy").columns == columns


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("Wer;Kto;Sex;Nationality\nZafar;y;m;TJK\n", "another office"),
        ("Wer;Kto;Sex;Nationality\nZafar;y;m;TJK\n", ""),
        ("Wer;Kto;Sex;Phone\nZafar;y;m;1\n", "Border post Zhibek Zholy"),
    ],
    ids=["another sender", "no sender", "other headings"],
)
@pytest.mark.usefixtures("chosen")
def test_columns_chosen_once_hold_for_no_other_list(stage, text, sender):
    assert "full_name" not in stage(text, sender=sender).columns


def test_a_later_choice_takes_the_place_of_the_earlier(chosen, stage):
    manifests.correct_columns(
        upload=chosen, columns={"full_name": 1, "sex": 2}, within=EVERYBODY.all(), by=COMMAND, at=NOW
    )
    assert ColumnChoice.objects.count() == 1
    again = stage("Kto;Wer;Sex;Nationality\nZafar;y;m;TJK\n", sender="Border post Zhibek Zholy")
    assert again.columns == {"full_name": 0, "sex": 2}


@pytest.mark.parametrize("columns", [{"full_name": 0, "sex": 0}, {"full_name": 99}, {"nonsense": 1}])
def test_columns_that_cannot_be_are_refused(stage, columns):
    upload = stage(HEADING + UMED)
    with pytest.raises(ManifestError):
        manifests.correct_columns(upload=upload, columns=columns, within=EVERYBODY.all(), by=COMMAND, at=NOW)


def test_of_two_columns_of_one_name_the_first_is_read_and_the_other_told(stage):
    upload = stage("Full name;Full name;Sex\nUmed;Zafar;m\n")
    _sheet, heading = manifests.columns_of(upload)
    assert heading.unrecognised == ((1, "Full name"),)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.xlsx"),
        (b"this is no workbook", "list.xlsx"),
        (b"%PDF-1.7", "list.pdf"),
        (b"Full name;Sex\n", "heading only.csv"),
        (b"just;words;here\nwithout;a;heading\n", "list.csv"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_a_sentence(stage, content, name):
    with pytest.raises(SheetError) as caught:
        stage(content, name)
    assert len(str(caught.value)) > 20
    assert not ManifestUpload.objects.exists()


def test_a_list_in_cyrillic_of_an_old_program_is_read(stage):
    text = "Ф.И.О.;Пол;Дата рождения;Гражданство\nКодиров Умед;муж;04.07.1986;Таджикистан\n"
    upload = stage(text.encode("cp1251"))
    assert content_of(upload.rows.get()).entry is not None
    confirm(upload)
    assert Migrant.objects.get().full_name == "Кодиров Умед"


def test_a_discarded_list_leaves_nothing_of_anybody(stage):
    upload = manifests.discard(upload=stage(RUSSIAN), by=COMMAND, at=NOW)
    upload.refresh_from_db()
    assert (upload.sheet, upload.rows.count()) == (None, 0)
    with pytest.raises(ManifestError):
        confirm(upload)


@pytest.mark.deep
def test_five_thousand_people_are_taken_in_a_bounded_number_of_statements(stage, django_assert_max_num_queries):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Full name", "Sex", "Birth date", "Nationality", "Document", "Document number"])
    letters = "abcdefghijklmnoprstuvz"
    for number in range(5000):
        one = "".join(letters[(number // 22**place) % 22] for place in range(3))
        writer.writerow(
            [f"K{one}m B{one[::-1]}r", "m", date(1960 + number % 40, 1 + number % 12, 2), "TJK", "passport", number]
        )
    with django_assert_max_num_queries(120):
        confirm(stage(text.getvalue()))
    assert Migrant.objects.count() > 4000


def test_entries_survive_being_kept(stage):
    upload = stage(RUSSIAN)
    entry = content_of(upload.rows.get(row_number=6)).entry
    assert entry is not None
    assert replace(entry) == entry
    assert entry.documents[0].number == "005966803"
