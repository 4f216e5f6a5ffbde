"""Whoever reads the raw tables, Redis, the log or a page of errors finds nothing that is sealed."""

from __future__ import annotations

import json
import logging
import os
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.test import Client
from psycopg import sql
from structlog.stdlib import ProcessorFormatter

from accounts import tokens
from common import clock
from migrants import protection, screening
from migrants.documents import record_document
from migrants.entries import DocumentEntry, PersonEntry
from migrants.models import Migrant
from migrants.registration import register
from notifications.models import Delivery
from partners import quarantine
from partners.enums import Role
from tests.access.world import a_list, make_world
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER, OTHER_NUMBER, PHONE = "QW7391825", "ZX4402917", "+992901357924"
NOTE, SPOKEN, HELD, REFERRED = "ҳикояти пинҳон", "сухани дар гӯшӣ", "аз бозгашт метарсад", "ёрии махсус лозим"
CELL, FILE_NAME, HARMFUL = "Пинҳонӣ Номзод", "рӯйхати-пинҳон.csv", b"harmful-content-7731"
ANSWERED = "one-time-answer-5519"
SECRETS = [NUMBER, OTHER_NUMBER, PHONE, NOTE, SPOKEN, HELD, REFERRED, CELL, FILE_NAME, HARMFUL.decode(), ANSWERED]


@pytest.fixture
def owner() -> Iterator[psycopg.Connection]:
    """A session of whoever owns the tables: a stolen copy of the database."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as session:
        yield session


@pytest.fixture
def told(crossing, group, organisations) -> dict[str, Any]:
    """A full world, and a person who told us everything that must never be found."""
    clock.set_to(NOW)
    world = make_world(group, crossing, organisations)
    entry = PersonEntry(
        full_name="Озмоиш Рӯирост", birth_year=1990, phone=PHONE, note=NOTE, documents_asked=True,
        documents=(DocumentEntry(kind="passport", number=NUMBER),),
    )  # fmt: skip
    common: dict[str, Any] = {"by": COMMAND, "at": NOW + timedelta(minutes=2)}
    person = register(group=group, mission=group.mission, entry=entry, **common)
    record_document(person=person, document=DocumentEntry(kind="identity_card", number=OTHER_NUMBER), **common)
    screened = screening.screen(
        person=person, stage="before", needs=["medical"], note=SPOKEN, screened_at=NOW, **common
    )
    screening.refer(
        screening=screened, organisation=organisations["kz-border"], service="medical", reason=REFERRED,
        referred_at=NOW, **common,
    )  # fmt: skip
    protection.set_hold(person=person, reason=HELD, against=["TJK"], **common)
    a_list(group, "third.csv", f"Name;Passport number\n{CELL};QQ1112223\n")
    quarantine.lock_away(file_name=FILE_NAME, content=HARMFUL, signature="Eicar", **common)
    return {**world, "told": person}


def forms_of(secret: str) -> set[str]:
    """How a secret could stand in a row: as it is, as JSON escapes it, as bytes in hexadecimal or base64."""
    raw = secret.encode()
    return {secret, json.dumps(secret)[1:-1], raw.hex(), b64encode(raw).decode().rstrip("=")}


def found_in(text: str) -> set[str]:
    return {secret for secret in SECRETS for form in forms_of(secret) if form in text}


def tables(owner: psycopg.Connection) -> Iterator[tuple[str, str]]:
    """Every table with all its rows as text."""
    owner.execute("select set_config('homeward.audience', %s, false)", [json.dumps({"kind": "command", "ref": "dump"})])
    names = owner.execute(
        "select relname from pg_class where relkind in ('r', 'm') and relnamespace = 'public'::regnamespace"
    )
    for (name,) in names.fetchall():
        rows = owner.execute(sql.SQL("select t::text from {} t").format(sql.Identifier(name)))
        yield name, "\n".join(row for (row,) in rows.fetchall())


def test_a_stolen_copy_of_the_database_holds_nothing_that_is_sealed(told, owner):
    read = dict(tables(owner))
    assert "Озмоиш Рӯирост" in read["migrants_migrant"], "the copy was read"
    assert len(read["notifications_delivery"]) > 1000
    assert {name: found for name, text in read.items() if (found := found_in(text))} == {}
    person = Migrant.objects.get(pk=told["told"].pk)
    assert (person.phone, person.note) == (PHONE, NOTE), "who holds the keys reads all"


def test_a_stolen_copy_opens_no_link(told, owner):
    everything = "\n".join(text for _name, text in tables(owner))
    token = told["token"]["token"]
    assert token not in everything
    assert token.encode().hex() not in everything
    assert "/a/" not in everything
    letter = Delivery.objects.earliest("pk")
    assert "/a/" in letter.payload or "/d/" in letter.payload, "who holds the keys reads the link"


def test_redis_holds_nothing_that_is_sealed(told, redis_client, sign_in):
    assert sign_in(Role.PROTECTION).get(f"/people/{told['told'].public_id}/").status_code == 200
    cache.set("written", "by us")
    kept = {key: redis_client.dump(key) or b"" for key in redis_client.keys("*")}
    assert any(b"written" in key for key in kept)
    text = "\n".join(
        f"{key!r} {value.decode('latin-1')} {value.decode('utf-8', 'ignore')}" for key, value in kept.items()
    )
    assert found_in(text) == set()


def test_a_failing_request_tells_nothing_of_what_was_sent(accounts, sign_in, caplog, monkeypatch, group):
    """Neither in the answer nor in the log: the form, the address and the values of the statement stay out of both."""

    def break_down(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    token = tokens.issue(user=accounts[Role.FIELD], days=1, by=COMMAND, at=NOW).token
    client = sign_in(Role.FIELD)
    client.raise_request_exception = False
    sent = {"full_name": CELL, "phone": PHONE, "note": NOTE, "number": NUMBER}
    monkeypatch.setattr("common.audit.record_many", break_down)
    pages = [client.post(f"/groups/{group.public_id}/people/new/?q={NUMBER}", sent)]
    pages.append(
        Client(raise_request_exception=False).post(
            "/api/v1/migrants/", json.dumps({"group": str(group.public_id), **sent}), content_type="application/json",
            headers={"authorization": f"Bearer {token}"},
        )
    )  # fmt: skip
    assert 500 in {page.status_code for page in pages}, "one of them broke"
    for page in pages:
        assert found_in(page.text if page.status_code >= 500 else "") == set()
        assert "Traceback" not in page.text
    written = next(
        each.formatter for each in logging.getLogger().handlers if isinstance(each.formatter, ProcessorFormatter)
    )
    logged = "\n".join(written.format(record) for record in caplog.records)
    assert "broken on purpose" in logged, "the fault itself is written down"
    assert found_in(logged) == set()
    assert token not in logged
