"""What an answer must never hold: numbers of rows, markup of a stranger, a template that was run, a line of a header."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.test import Client

from common import clock
from config.api import router
from corridors.models import Requirement, RequirementDraft
from migrants.models import Migrant
from notifications.deliveries import send_due
from notifications.models import Delivery
from partners.enums import Role
from returns.impact import impact_of
from returns.publishing import publish
from tests.access.matrix import ANYBODY, MATRIX
from tests.access.world import make_world
from tests.api.conftest import make_rows
from tests.attacks.hostile import MARK, MARKUP, TWO_LINES
from tests.attacks.planting import plant
from tests.attacks.surface import addresses, attacker
from tests.cast import COMMAND, NOW
from tests.support.environment import DATABASE, with_path
from tests.two_worlds.worlds import same_numbers

pytestmark = [pytest.mark.deep, pytest.mark.django_db]
FAR = 73_100_000_000
FAR_NUMBER = re.compile(r"731000\d{5}")
"""Rows of these tests are numbered from here, so that a number of a row is known wherever it shows."""


@pytest.fixture
def far_numbers(db) -> Iterator[None]:
    """Every sequence goes on from `FAR`, and back afterwards."""
    wide = "select schemaname, sequencename from pg_sequences where data_type = 'bigint'::regtype and max_value > %s"
    with same_numbers():
        with psycopg.connect(with_path(os.environ["DATABASE_OWNER_URL"], DATABASE), autocommit=True) as owner:
            for schema, name in owner.execute(wide, [FAR]).fetchall():
                owner.execute("select setval(format('%%I.%%I', %s::text, %s::text), %s)", [schema, name, FAR])
        clock.set_to(NOW)
        yield


@pytest.fixture
def world(far_numbers, group, crossing, organisations) -> dict[str, Any]:
    return make_world(group, crossing, organisations)


def visitors(sign_in: Any) -> dict[str | None, Client]:
    return {role: attacker(sign_in(role)) for role in (None, *Role.values)}


def answers(world: dict[str, Any], clients: dict[str | None, Client]) -> Iterator[tuple[str, str | None, Any]]:
    """Every page as each role that may open it."""
    for name, address in addresses(world).items():
        row = MATRIX[name]
        for role, client in clients.items():
            if not row.acts and (role in row.who if isinstance(row.who, frozenset) else row.who == ANYBODY or role):
                yield name, role, client.get(address)


def text_of(answer: Any) -> str:
    """Headers and body as one text."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return "\n".join([*(f"{name}: {value}" for name, value in answer.items()), body.decode(errors="replace")])


OF_HISTORY = frozenset({"partners:change", "partners:changes"})
"""Where oversight reads what the database held: rows under their numbers, which open nothing."""


def test_no_answer_of_the_api_shows_the_number_of_a_row(far_numbers, group, organisations, sign_in):
    rows, shown = make_rows(group, organisations), {}
    for role in (Role.COORDINATOR, Role.CONSULAR, Role.PROTECTION):
        client = sign_in(role)
        for resource, _view, _name in router.registry:
            for address in (f"/api/v1/{resource}/?limit=1", f"/api/v1/{resource}/{rows[resource]}/"):
                if FAR_NUMBER.search(text_of(client.get(address))):
                    shown[resource] = address
    assert shown == {}


def test_a_page_shows_what_somebody_wrote_as_a_text_and_never_the_number_of_a_row(world, sign_in):
    """HTML and template signs in every field of every row, shown on every page to every role: always as they were written."""
    took = plant(MARKUP)
    assert len(took) > 40
    raw, failed, escaped, numbers = {}, {}, 0, {}
    for name, role, answer in answers(world, visitors(sign_in)):
        text = text_of(answer)
        found = FAR_NUMBER.findall(text)
        if found and name not in OF_HISTORY:
            numbers[name] = (role, sorted(set(found))[:3])
        if answer.status_code >= 500:
            failed[name] = role
        if "html" in answer["Content-Type"] and (MARK in text or "<hwx" in text.lower() or "42}" in text):
            raw[name] = role
        escaped += "&lt;hwx" in text and "{{ 40|add:2 }}" in text
    assert raw == {}
    assert failed == {}
    assert escaped > 100
    assert numbers == {}
    assert Migrant.objects.earliest("pk").pk > FAR


def test_what_somebody_wrote_is_only_ever_a_text_in_a_letter(world, mailbox):
    """Markup and line breaks in every field: no header more, no address more, no tag of theirs, and everybody is told."""
    plant(MARKUP)
    plant_lines()
    standing = Requirement.objects.get(public_id=world["requirement"]).versions.get()
    draft = RequirementDraft.objects.get(public_id=world["draft"])
    RequirementDraft.objects.filter(pk=draft.pk).update(replaces=standing)
    draft.refresh_from_db()
    later, failed_before = NOW + timedelta(minutes=5), set(Delivery.objects.filter(state="failed"))
    publish(draft=draft, fingerprint=impact_of(draft, at=later).fingerprint, by=COMMAND, at=later)
    send_due(real_at=clock.real_now(), at=later)
    assert set(Delivery.objects.filter(state="failed")) == failed_before
    letters = mailbox.messages()
    assert len(letters) >= 3
    for letter in letters:
        assert "Bcc" not in letter
        assert len(letter.get_all("To", [])) == len(letter.get_all("Subject", [])) == 1
        assert "hwx@x.example" not in str(letter["X-Envelope-To"])
        html = letter.get_body(("html",))
        assert html is not None
        assert MARK not in html.get_content()


def plant_lines() -> None:
    """Line breaks in what comes closest to a header: names of organisations, desks and crossings."""
    names = {"partners.Organisation": ["name_en", "name_ru"], "partners.Contact": ["function", "name"]}
    names |= {
        "corridors.CrossingSide": ["name_latin", "name_local", "name_ru"],
        "corridors.RequirementDraft": ["source_text"],
    }
    for label, fields in names.items():
        model = apps.get_model(label)
        known = {field.name: field for field in model._meta.concrete_fields}
        for name in set(fields) & set(known):
            length = getattr(known[name], "max_length", None)
            model._base_manager.update(**{name: TWO_LINES[:length]})
