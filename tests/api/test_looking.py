"""What pages show and the API tells: the engine, what alerts say, whom nobody reaches, and the proof as a file."""

import base64

import pytest

from migrants.models import Export
from partners.enums import Role
from partners.models import Channel

pytestmark = pytest.mark.django_db


def test_the_engine_says_whether_its_books_hold(ask):
    said = ask(Role.COORDINATOR).get("/api/v1/engine/").json()
    assert said["holds"] is True
    assert {part["name"] for part in said["parts"]} == {"deliveries", "escalation", "webhooks", "beat"}
    assert {"kind": "email", "last_success_at": None} in said["channels"]
    assert ask(Role.LIAISON).get("/api/v1/engine/").status_code == 404


def test_what_a_kind_says_is_told_in_one_language_before_it_is_sent(ask):
    client = ask(Role.COORDINATOR)
    [said] = client.get("/api/v1/kinds/?kind=requirement_change&language=tg").json()
    assert said["language"] == "tg"
    assert {"subject", "text", "html"} == set(said["letter"])
    assert said["call"]
    assert said["short"]
    assert len(client.get("/api/v1/kinds/").json()) > 5
    assert client.get("/api/v1/kinds/?kind=none").status_code == 400


def test_whom_nobody_reaches_is_told_with_what_to_do(ask, organisations):
    Channel.objects.all().delete()
    said = ask(Role.COORDINATOR).get("/api/v1/unreached/").json()
    assert all(line["is_grave"] and line["faults"][0]["remedy"] for line in said)
    assert {line["organisation"] for line in said} <= set(organisations)


def test_who_knew_when_leaves_as_a_file_with_a_number(ask, world):
    made = ask(Role.COORDINATOR).post(f"/api/v1/notices/{world['notices']}/proof/", {"kind": "csv"})
    assert made.status_code == 201
    assert made.json()["export"] == Export.objects.get(kind="who_knew_when").number
    assert base64.b64decode(made.json()["content"]).decode("utf-8-sig").count("\n") > 3
