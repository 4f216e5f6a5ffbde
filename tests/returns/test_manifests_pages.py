"""The pages of a list: upload, preview, correct, confirm, what came of it; and files that are none."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common import clock
from migrants.models import Migrant
from partners.enums import Role
from returns import importing
from returns.enums import UploadState
from returns.models import ManifestUpload
from returns.models.manifests import MOST_TRIES
from returns.tasks import work_off_lists
from tests.cast import NOW, sign_in_as

RUSSIAN = Path(__file__).parents[1] / "fixtures" / "manifest_102_ru.xlsx"
HEADING = "Full name;Sex;Birth date;Nationality;Document;Document number\n"
UMED = "Қодиров Умед;m;04.07.1986;Tajikistan;passport;005966803\n"


@pytest.fixture(autouse=True)
def at_the_moment(db):
    clock.set_to(NOW)


@pytest.fixture
def client(sign_in):
    return sign_in(Role.FIELD)


@pytest.fixture
def send(client, group):
    def post(content, name="list.csv"):
        data = content.encode() if isinstance(content, str) else content
        address = reverse("returns:manifest_upload", args=[group.public_id])
        return client.post(address, {"file": SimpleUploadedFile(name, data)})

    return post


def page(name, upload):
    return reverse(f"returns:{name}", args=[upload.public_id])


def test_a_border_office_s_list_is_previewed_and_confirmed(client, send):
    send(RUSSIAN.read_bytes(), RUSSIAN.name)
    upload = ManifestUpload.objects.get()
    text = client.get(page("manifest", upload)).content.decode()
    assert "102 people will be registered." in text
    assert "Итого: 102 чел." in text
    assert not Migrant.objects.exists()
    for _ in range(2):
        assert client.post(page("manifest_confirm", upload)).status_code == 302
    assert Migrant.objects.count() == 102
    assert "102 created, 0 matched" in client.get(page("manifest", upload)).content.decode()


def test_a_second_upload_says_that_there_is_nobody_new(client, send):
    for _ in range(2):
        send(RUSSIAN.read_bytes(), RUSSIAN.name)
        upload = ManifestUpload.objects.latest("pk")
        answer = client.get(page("manifest", upload))
        client.post(page("manifest_confirm", upload))
    assert "There is nobody new in this list" in answer.content.decode()
    assert Migrant.objects.count() == 102


def test_rows_in_doubt_show_their_reasons_and_take_a_decision(client, send):
    send(HEADING + UMED + "KODIROV UMED;m;1986-07-04;TJK;passport;005966803\n")
    upload = ManifestUpload.objects.get()
    text = client.get(page("manifest", upload)).content.decode()
    assert "Row 2 of this list" in text
    client.post(page("manifest_confirm", upload), {"row-3": "row:2"})
    assert Migrant.objects.count() == 1


def test_faults_name_row_column_and_remedy_and_come_back_in_the_file(client, send):
    send(HEADING + UMED + "Umed;m;31.02.1990;TJK;passport;1\n")
    upload = ManifestUpload.objects.get()
    assert "Row 3, column C:" in client.get(page("manifest", upload)).content.decode()
    answer = client.get(page("manifest_errors", upload))
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].endswith('.csv"')
    heading, _umed, wrong = answer.content.decode("utf-8-sig").splitlines()
    assert heading == f"{HEADING.strip()};What to mend"
    assert wrong.startswith("Umed;m;31.02.1990;TJK;passport;1;C: There is no such day")


def test_a_workbook_comes_back_as_itself_with_what_to_mend(client, send):
    book = openpyxl.load_workbook(RUSSIAN)
    assert book.active is not None
    book.active["C8"] = "q"
    changed = BytesIO()
    book.save(changed)
    send(changed.getvalue(), "list.xlsx")
    answer = client.get(page("manifest_errors", ManifestUpload.objects.get()))
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    assert (sheet["J5"].value, sheet["J7"].value) == ("What to mend", None)
    assert "Write m or f" in str(sheet["J8"].value)


def test_columns_can_be_corrected(client, send):
    send("Wer;Sex;Nationality\nUmed;m;TJK\n")
    upload = ManifestUpload.objects.get()
    assert "No column holds the name" in client.get(page("manifest", upload)).content.decode()
    assert client.post(page("manifest_confirm", upload)).status_code == 422
    client.post(page("manifest_columns", upload), {"full_name": "0", "sex": "1", "nationality": "2"})
    client.post(page("manifest_confirm", upload))
    assert Migrant.objects.get().full_name == "Umed"


@pytest.mark.parametrize("columns", [{"full_name": "99"}, {"full_name": "x"}, {"full_name": "0", "sex": "0"}])
def test_columns_that_cannot_be_are_refused_in_words(client, send, columns):
    send(HEADING + UMED)
    answer = client.post(page("manifest_columns", ManifestUpload.objects.get()), columns)
    assert answer.status_code == 422
    assert "hoose" in answer.content.decode()


def test_a_list_can_be_thrown_away(client, send):
    send(HEADING + UMED)
    upload = ManifestUpload.objects.get()
    client.post(page("manifest_discard", upload))
    assert "nothing of it is kept" in client.get(page("manifest", upload)).content.decode()
    assert client.get(page("manifest_errors", upload)).status_code == 404
    assert client.post(page("manifest_confirm", upload)).status_code == 422


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.xlsx"),
        (b"no workbook", "list.xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "locked.xlsx"),
        (b"a;b\n1;2\n", "x.csv"),
    ],
)
def test_a_file_that_is_no_list_gets_a_sentence_and_leaves_no_trace(send, content, name):
    answer = send(content, name)
    assert answer.status_code == 422
    assert "One thing to mend" in answer.content.decode()
    assert not ManifestUpload.objects.exists()


def test_no_file_at_all_gets_a_sentence(client, group):
    answer = client.post(reverse("returns:manifest_upload", args=[group.public_id]), {})
    assert answer.status_code == 422


def test_a_file_of_200_mb_is_refused_before_it_is_received(client, group):
    address = reverse("returns:manifest_upload", args=[group.public_id])
    answer = client.post(address, {}, CONTENT_LENGTH=str(200 * 1024 * 1024))
    assert answer.status_code == 413
    assert "200 MB" in answer.content.decode()


def test_an_upload_without_its_token_is_refused(accounts, group):
    strict = Client(enforce_csrf_checks=True)
    sign_in_as(accounts[Role.FIELD], strict)
    address = reverse("returns:manifest_upload", args=[group.public_id])
    assert strict.post(address, {"file": SimpleUploadedFile("a.csv", b"x")}).status_code == 403


@pytest.mark.parametrize(
    "role", [Role.CONSULAR, Role.LIAISON, Role.PROGRAMME, Role.ADMINISTRATOR, Role.DATA_PROTECTION]
)
def test_strangers_find_no_list(sign_in, send, group, role):
    send(HEADING + UMED)
    upload = ManifestUpload.objects.get()
    stranger = sign_in(role)
    for name in ("manifest", "manifest_errors"):
        assert stranger.get(page(name, upload)).status_code == 404
    for name in ("manifest_confirm", "manifest_discard", "manifest_columns"):
        assert stranger.post(page(name, upload)).status_code == 404


def test_remarks_of_a_list_are_not_shown(client, send):
    send("Full name;Remark\nUmed;fear of return\n")
    assert "fear of return" not in client.get(page("manifest", ManifestUpload.objects.get())).content.decode()


def test_a_long_list_shows_how_far_it_is_and_its_page_is_loaded_anew_when_it_is_read(client, send, monkeypatch):
    monkeypatch.setattr(importing, "SHORT_BYTES", 0)
    send(HEADING + UMED)
    upload = ManifestUpload.objects.get()
    assert b"<progress" in client.get(page("manifest", upload)).content
    waiting = client.get(page("manifest_progress", upload))
    assert (b"hx-get" in waiting.content, "HX-Refresh" in waiting.headers) == (True, False)
    work_off_lists()
    assert client.get(page("manifest_progress", upload))["HX-Refresh"] == "true"
    assert "Confirm" in client.get(page("manifest", upload)).content.decode()
    client.post(page("manifest_confirm", upload))
    work_off_lists()
    assert Migrant.objects.get().full_name == "Қодиров Умед"


def test_a_long_list_is_stored_by_the_task_and_not_by_the_page(client, send, monkeypatch):
    monkeypatch.setattr(importing, "SHORT_BYTES", 0)
    monkeypatch.setattr(importing, "SHORT_ROWS", 0)
    send(HEADING + UMED)
    upload = ManifestUpload.objects.get()
    while importing.work_off(at=NOW, real_at=timezone.now(), turn=timedelta(0)):
        pass
    client.post(page("manifest_confirm", upload))
    upload.refresh_from_db()
    assert (upload.state, Migrant.objects.count()) == (UploadState.STORING, 0)


def test_a_list_that_was_given_up_can_be_tried_again(client, send):
    send(HEADING + UMED)
    ManifestUpload.objects.update(state=UploadState.REFUSED, tries=MOST_TRIES, problem="It went wrong.")
    upload = ManifestUpload.objects.get()
    assert "Try again" in client.get(page("manifest", upload)).content.decode()
    client.post(page("manifest_again", upload))
    upload.refresh_from_db()
    assert upload.state == UploadState.READING
