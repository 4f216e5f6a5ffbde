"""The directory over the API: desks are entered and verified, and the whole of it goes out and comes back as a list."""

import json
from base64 import b64decode
from hashlib import sha256

import pytest

from migrants.enums import ExportKind
from migrants.models import Export
from partners.enums import Role
from partners.models import Channel, Contact, Organisation
from tests.cast import NOW

pytestmark = pytest.mark.django_db
LISTS = "/api/v1/organisations"


def test_the_directory_leaves_as_a_row_of_exports_and_comes_back_without_a_change(ask, organisations, crossing):
    client = ask(Role.ADMINISTRATOR)
    made = client.post(f"{LISTS}/as-file/", {"purpose": "checked by the mission", "kind": "json"})
    assert made.status_code == 201
    content = b64decode(made.json()["content"])
    row = Export.objects.get(number=made.json()["export"])
    assert (row.kind, row.purpose) == (ExportKind.DIRECTORY, "checked by the mission")
    assert row.fingerprint == sha256(content).hexdigest()
    told = json.loads(content)
    assert row.number in told["mark"]
    read = client.post(f"{LISTS}/read-list/", {"columns": told["columns"], "rows": told["rows"]}).json()
    assert (read["acts"], read["faults"]) == ({}, [])
    assert read["rows"] == Channel.objects.count()


def test_without_a_purpose_the_directory_stays(ask, organisations):
    refused = ask(Role.ADMINISTRATOR).post(f"{LISTS}/as-file/", {"purpose": " ", "kind": "csv"})
    assert refused.status_code == 422
    assert "purpose" in refused.content.decode()
    assert not Export.objects.exists()


def test_a_fault_names_its_cell_and_nothing_is_stored(ask, organisations):
    body = {"columns": ["organisation", "country"], "rows": [["kz-border", "UZB"], ["iom-kz", "Atlantis"]]}
    read = ask(Role.ADMINISTRATOR).post(f"{LISTS}/read-list/", body).json()
    assert [(fault["row"], fault["column"]) for fault in read["faults"]] == [(3, "country")]
    assert Organisation.objects.get(code="kz-border").country == "KAZ"


def test_a_desk_is_entered_reached_put_on_duty_and_verified(ask, organisations):
    client, office = ask(Role.ADMINISTRATOR), organisations["kz-border"].offices.get()
    body = {"office": str(office.public_id), "function": "night desk", "language": "ru", "is_duty_desk": True}
    made = client.post("/api/v1/contacts/", body)
    assert made.status_code == 201
    desk = f"/api/v1/contacts/{made.json()['public_id']}"
    shown = client.post(f"{desk}/channels/", {"kind": "phone", "address": "+7 701 000 1009"}).json()
    called = {"channel": shown["channels"][0]["public_id"], "name": "Aida", "function": "duty officer"}
    assert client.post(f"{desk}/called/", called).json()["channels"][0]["verified_at"]
    refused = client.post(f"{desk}/shifts/", {"starts_at": NOW.isoformat(), "ends_at": NOW.isoformat()})
    assert refused.status_code == 422
    assert Contact.objects.get(function="night desk").channels.get().verified_at is not None


def test_a_language_that_nobody_knows_is_refused_at_its_field(ask, organisations):
    office = organisations["kz-border"].offices.get()
    body = {"office": str(office.public_id), "function": "x", "language": "xx"}
    refused = ask(Role.ADMINISTRATOR).post("/api/v1/contacts/", body)
    assert refused.status_code == 422
    assert "language" in refused.content.decode()
