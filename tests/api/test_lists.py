"""Lists over the API: sent, looked at, corrected, confirmed, given back with what to mend; and files that are not taken."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.models import AccessEntry
from migrants.models import Export, Migrant
from partners.enums import Role
from partners.models import QuarantinedUpload
from returns.models import ManifestUpload
from tests.armour.test_uploads import EICAR, clamd
from tests.returns.test_sheets_and_guesses import SHEETS, workbook

pytestmark = pytest.mark.django_db
LISTS = "/api/v1/lists/"
CONTENT = "Full name;Birth date;Patronimyc\nКодиров Умед;04.07.1986;Саидович\n;03.04.1991;\nTotal: 2;;\n"


@pytest.fixture
def field(ask):
    return ask(Role.FIELD)


@pytest.fixture
def send(field, group):
    def post(content=CONTENT, name="list.csv", **more):
        sent = content.encode() if isinstance(content, str) else content
        body = {"group": str(group.public_id), "file": b64encode(sent).decode(), "file_name": name, "sender": "post"}
        return field.post(LISTS, body | more)

    return post


def test_a_list_is_looked_at_corrected_and_confirmed(send, field):
    sent = send()
    assert sent.status_code == 201, sent.json()
    told, address = sent.json(), f"{LISTS}{sent.json()['public_id']}/"
    assert (told["state"], told["tally"]["create"], told["tally"]["reject"], told["tally"]["skip"]) == (
        "staged",
        1,
        1,
        1,
    )
    assert told["columns"][2] | {"heading": "Patronimyc", "field": "", "guess": "patronymic"} == told["columns"][2]
    assert any("It may be" in note for note in told["notes"])
    rows = field.get(f"{address}entries/").json()["results"]
    assert [(row["row"], row["outcome"]) for row in rows] == [(2, "create"), (3, "reject"), (4, "skip")]
    assert rows[1]["faults"][0]["column"] == "A"
    columns = [{"field": name, "index": place} for place, name in enumerate(["full_name", "birth_date", "patronymic"])]
    assert field.post(f"{address}columns/", {"columns": columns}).json()["columns"][2]["field"] == "patronymic"
    assert field.post(f"{address}confirm/", {}).status_code == 422
    done = field.post(f"{address}confirm/", {"leave_out": True})
    assert (done.status_code, done.json()["state"], Migrant.objects.count()) == (200, "confirmed", 1)
    again = field.post(f"{address}confirm/", {"leave_out": True})
    assert (again.status_code, Migrant.objects.count()) == (200, 1)
    shown = field.get(f"{address}entries/?outcome=create").json()["results"][0]["person"]
    assert AccessEntry.objects.filter(person=shown, page=f"{address}entries/").exists()


def test_a_row_in_doubt_is_decided_by_the_reference_of_somebody_known(send, field):
    send("Full name;Birth date\nКодиров Умед;04.07.1986\n")
    field.post(f"{LISTS}{ManifestUpload.objects.get().public_id}/confirm/", {})
    twice = send("Full name;Birth date\nКодиров Умед;1986\n").json()
    rows = field.get(f"{LISTS}{twice['public_id']}/entries/").json()["results"]
    assert (rows[0]["outcome"], rows[0]["possible"][0]["person"]) == ("decide", str(Migrant.objects.get().public_id))
    decision = {"row": rows[0]["row"], "decision": rows[0]["possible"][0]["person"]}
    done = field.post(f"{LISTS}{twice['public_id']}/confirm/", {"decisions": [decision]})
    assert (done.json()["tally"]["match"], Migrant.objects.count()) == (1, 1)


def test_the_file_comes_back_with_what_to_mend_as_an_export(send, field):
    sent = send().json()
    made = field.post(f"{LISTS}{sent['public_id']}/mend/")
    assert made.status_code == 201
    text = b64decode(made.json()["content"]).decode("utf-8-sig")
    assert "What to mend" in text
    assert "Кодиров Умед" in text
    assert Export.objects.latest("pk").number == made.json()["export"]


def test_a_sheet_is_named_or_chosen_afterwards(send, field):
    sent = send(workbook(SHEETS), "list.xlsx", sheet="Список").json()
    assert (sent["sheet"], sorted(sent["other_sheets"])) == ("Список", ["Автобус 2", "Итоги"])
    other = field.post(f"{LISTS}{sent['public_id']}/sheet/", {"sheet": "Автобус 2"}).json()
    assert (other["tally"]["create"], field.get(f"{LISTS}{sent['public_id']}/").json()["state"]) == (2, "discarded")
    assert send(workbook(SHEETS), "b.xlsx", sheet="Third").json()["errors"][0]["pointer"] == "#/file"


def test_a_file_is_sent_as_it_is_too_and_once_under_its_key(field, group):
    def post():
        file = SimpleUploadedFile("list.csv", CONTENT.encode())
        body = {"group": str(group.public_id), "file": file}
        return field.post(LISTS, body, format="multipart", headers={"Idempotency-Key": "one"})

    first, again = post(), post()
    assert (first.status_code, first.json()) == (201, again.json())
    assert again["Idempotent-Replayed"] == "true"
    assert ManifestUpload.objects.get().file_name == "list.csv"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"file": "no base64!"}, "#/file"),
        ({"file": 7}, "#/file"),
        ({"file": b64encode(b"%PDF-1.7 no list").decode()}, "#/file"),
        ({"file": ""}, "#/file"),
        ({"group": "6d6b3c52-7d0b-4b62-9a5c-0d3f7a3f0001"}, "#/group"),
    ],
)
def test_what_is_no_list_is_refused_at_its_place(send, changed, pointer):
    answer = send(**changed)
    assert answer.status_code == 422, answer.json()
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert not ManifestUpload.objects.exists()


def test_a_harmful_file_is_refused_and_stays_in_quarantine(send, settings):
    with clamd() as settings.CLAMD_ADDRESS:
        answer = send(CONTENT.encode() + EICAR)
    assert answer.status_code == 422
    assert "harmful" in answer.json()["errors"][0]["detail"]
    assert QuarantinedUpload.objects.get().file_name == "list.csv"
    assert not ManifestUpload.objects.exists()


def test_a_list_that_is_thrown_away_cannot_be_stored(send, field):
    address = f"{LISTS}{send().json()['public_id']}/"
    assert field.post(f"{address}discard/").json()["state"] == "discarded"
    assert field.post(f"{address}confirm/", {"leave_out": True}).status_code == 422
    assert not Migrant.objects.exists()
