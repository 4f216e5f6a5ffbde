"""Every form of every page, filled with what no form expects: no error of the server, no row that a field does not name."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from common import clock
from partners.enums import Role
from tests.access.matrix import ANYBODY, MATRIX
from tests.access.world import make_world
from tests.attacks.hostile import TEXTS
from tests.attacks.pages import Filled, Form, forms_of
from tests.attacks.surface import addresses, attacker
from tests.cast import NOW
from tests.two_worlds.worlds import same_numbers

pytestmark = [pytest.mark.deep, pytest.mark.django_db]
ROLES = (
    Role.COORDINATOR,
    Role.PROTECTION,
    Role.FIELD,
    Role.ADMINISTRATOR,
    Role.DATA_PROTECTION,
    Role.CONSULAR,
    Role.LIAISON,
)
"""Each page is opened as the first of these that may."""


ALONE = ("nul", "unseen", "number", "json")
"""Texts that are also tried in one field at a time, for what a neighbour's refusal would hide: fields take turns."""
EVERYWHERE = ("nul", "unseen", "query")
"""Texts that every form is sent; of the others each form is sent every second, so that two forms of a kind meet all."""


@dataclass(frozen=True)
class Found:
    """A form on a page, and who fills it in."""

    name: str
    client: Client
    form: Form


@pytest.fixture
def world(group, crossing, organisations):
    clock.set_to(NOW)
    return make_world(group, crossing, organisations)


@pytest.fixture
def found(world, sign_in) -> list[Found]:
    """Each form of the house once."""
    clients = {role: attacker(sign_in(role)) for role in (None, *ROLES)}
    seen: dict[Any, Found] = {}
    for name, address in addresses(world).items():
        row = MATRIX[name]
        role = next((role for role in ROLES if isinstance(row.who, frozenset) and role in row.who), None)
        role = role or (None if row.who == ANYBODY else Role.COORDINATOR)
        if row.acts:
            continue
        answer = clients[role].get(address)
        if "html" in answer.get("Content-Type", ""):
            for form in forms_of(answer.content.decode(), address):
                seen.setdefault(form.shape, Found(name, clients[role], form))
    return list(seen.values())


def test_nothing_that_any_form_is_sent_is_an_error_of_the_server(found):
    """In the fields, in place of what was offered, and in the names of files."""
    assert texts_that_fail(found) == set()
    assert choices_that_fail(found) == set()
    assert names_of_files_that_fail(found) == set()
    assert len(found) > 50


def texts_that_fail(found: list[Found]) -> set[Any]:
    """SQL, markup, templates, paths, NUL, half letters, letters that are not seen, very long ones, in each field at once."""
    failed = set()
    for place, one in enumerate(found):
        texts = [name for name, each in one.form.fields.items() if each.takes_text or each.kind in ("hidden", "number")]
        for filled in one.form.ways():
            for number, (what, text) in enumerate(TEXTS.items()):
                if what not in EVERYWHERE and (place + number) % 2:
                    continue
                one_by_one = [name for turn, name in enumerate(texts, place) if what == ALONE[turn % len(ALONE)]]
                for hostile in (texts, *([name] for name in one_by_one)):
                    status = sent(one, filled | dict.fromkeys(hostile, text))
                    if status >= 500:
                        failed.add((one.name, one.form.action, what, tuple(hostile)))
    return failed


def choices_that_fail(found: list[Found]) -> set[Any]:
    """Choices that were not offered, and a form that is empty."""
    failed = set()
    for one in found:
        choices = [name for name, each in one.form.fields.items() if each.choices]
        for filled in one.form.ways():
            for turn, name in enumerate((*choices, *(button for button, _value in one.form.buttons))):
                what = ("query", "nul", "unseen", "number", "json")[turn % 5]
                if sent(one, filled | {name: TEXTS[what]}) >= 500:
                    failed.add((one.name, one.form.action, what, name))
            if sent(one, {}) >= 500:
                failed.add((one.name, one.form.action, "nothing", ""))
    return failed


NAMES = (
    "../../etc/passwd",
    "C:\\CON",
    "/etc/passwd",
    "a\0.csv",
    "\u202evsc.exe",
    "x" * 4000 + ".csv",
    ".csv",
    "a\r\nX-Y: z.csv",
)


def names_of_files_that_fail(found: list[Found]) -> set[Any]:
    """Names that lead elsewhere or that no system takes, over contents that are no list and no picture."""
    uploads = [one for one in found if any(each.kind == "file" for each in one.form.fields.values())]
    assert uploads
    failed = set()
    for one in uploads:
        files = [name for name, each in one.form.fields.items() if each.kind == "file"]
        for filled in one.form.ways():
            for turn, name in enumerate(NAMES):
                content = (b"Name\nOdam\n", b"\0\xff\xfe", b"PK\x03\x04", b"")[turn % 4]
                file = SimpleUploadedFile("x", content)
                file._name = name  # type: ignore[attr-defined]  # the setter would make it harmless
                if sent(one, filled | dict.fromkeys(files, file)) >= 500:
                    failed.add((one.name, name, content))
    return failed


def sent(one: Found, content: Filled) -> int:
    """Sends a form and undoes whatever it did."""
    with transaction.atomic():
        status = post(one, content)
        transaction.set_rollback(True)
    return status


def post(one: Found, content: Filled) -> int:
    """Sends a form, each file from its beginning."""
    for value in content.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    return one.client.post(one.form.action, content).status_code


# --- mass assignment


UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\"]*")
RANDOM = re.compile(
    r"\\\\x[0-9a-f]+|\b[0-9a-f]{40,}\b|\"\d{6,7}\"|[DE]-[0-9A-F]{8}|\"(?:size|transaction)\": \d+|hw_\w+|[A-Za-z0-9_-]{32,}"
    r"|\"by\": \d+|\"\d+:\d+:[\d,]*\""  # transactions
    r"|\"[2-9B-DF-HJ-NP-TV-XZ]{16,20}\""  # codes of papers
)
OF_THE_REQUEST = ("common_accessentry", "common_historyrow", "common_clockoffset", "django_session")
"""What is written of a request whatever it says, what repeats what other tables hold, and the clock of these tests."""


def rows() -> Counter[str]:
    """Every row of every table as JSON."""
    tables = sorted({model._meta.db_table for model in apps.get_models() if model._meta.managed} - {*OF_THE_REQUEST})
    each = " union all ".join(f"select '{name}', to_jsonb(t)::text from \"{name}\" t" for name in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(each)
        return Counter(f"{table} {row}" for table, row in cursor.fetchall())


class Before:
    """The world to which every sending comes back: its rows, and the references that are in them."""

    def __init__(self) -> None:
        self.rows = rows()
        self.references = set(UUID.findall(" ".join(self.rows)))

    def changed(self, one: Found, content: Filled, *, at: datetime) -> Counter[str]:
        """What a form changes, without what is random: rows that are new or other than before, and rows that are gone.

        It is sent at an hour that is given, so that no rule begins between two sendings that are compared.
        """
        with same_numbers(), transaction.atomic():
            clock.set_to(at)
            post(one, content)
            after = rows()
            transaction.set_rollback(True)
        made, gone = after - self.rows, self.rows - after
        return Counter(_plain(f"+ {row}", self.references) for row in made) + Counter(
            _plain(f"- {row}", self.references) for row in gone
        )


def _plain(row: str, known: set[str]) -> str:
    row = UUID.sub(lambda found: found[0] if found[0] in known else "new", row)
    return RANDOM.sub("random", INSTANT.sub("instant", row))


MEANT = {"counted_at"}
"""What the page of counts adds to a count that waited for a network."""


def extras(form: Form) -> Iterator[tuple[str, str]]:
    """Each field of each model that the form does not show, with a value that would tell."""
    for model in apps.get_models():
        for each in model._meta.concrete_fields:
            shown = set(form.fields) | {name for name, _value in form.buttons} | MEANT
            for name in {each.name, each.attname, "pk"} - shown:
                yield name, _telling(each)


def _telling(each: Any) -> str:
    kind = each.get_internal_type()
    if each.choices:
        return str(list(each.choices)[-1][0])
    if "Date" in kind:
        return "2019-01-01T00:00"
    return {"BooleanField": "on", "UUIDField": "00000000-0000-4000-8000-000000000001", "TextField": "hwx"}.get(
        kind, "1"
    )


def test_no_form_writes_a_field_that_it_does_not_show(found):
    """What is sent beside the fields of the form changes nothing: the same rows are written as without it."""
    told, acted, before = {}, 0, Before()
    for one in found:
        for filled in one.form.ways():
            hour = clock.now()
            alone = before.changed(one, filled, at=hour)
            acted += bool(alone)
            more = before.changed(one, dict(extras(one.form)) | filled, at=hour)
            if alone != more:
                told[one.name, one.form.action] = json.dumps([*(alone - more), *(more - alone)], ensure_ascii=False)
    assert told == {}
    assert acted > 30
