"""What stands in any field is only a text in what leaves the house: nothing runs, nothing breaks, people can read it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pypdf
import pytest
from django.urls import reverse
from lxml import etree

from common import clock
from common.sheets.writing import DANGEROUS
from migrants import groups
from migrants.models import TravelGroup
from partners.enums import Role
from returns import cases
from returns.shopping import Pace, say_pace
from returns.shopping_papers import KINDS
from tests.access.matrix import MATRIX
from tests.access.test_matrix import address_of
from tests.access.world import make_world
from tests.attacks.hostile import MARKUP, UNSEEN
from tests.attacks.planting import plant
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
NO_XML = "\x0b\x1f\x7f\ufffe\uffff"
"""What a document or a chat brings along and XML cannot hold."""
HARM = f"{MARKUP}{NO_XML}{UNSEEN}]]></x>&b;<!--"
READ = {MARKUP: "as it was written", "Уⁿ": "letters among signs that are not seen"}
"""What people must find again, in whatever leaves."""
ACTIVE = ("JavaScript", "JS", "OpenAction", "AA", "Launch", "URI", "EmbeddedFile", "EmbeddedFiles", "AcroForm", "XFA")
"""What makes a PDF do something, or lead somewhere."""
PACKED = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
"""Bytes that mean nothing before they are unpacked: among thousands of them any three letters stand by chance."""
WORDS = {"recipient": HARM[:200], "purpose": HARM[:200]}
FILES: dict[str, dict[str, Any] | None] = {
    "returns:sample_file": None,
    "returns:shopping_list_file": None,
    "returns:alert_proof": None,
    "returns:manifest_errors": None,
    "returns:movement_figures": WORDS,
    "returns:frozen_manifest_paper": {"purpose": HARM[:200]},
    "returns:person_access": {"purpose": HARM[:200], "language": "en", "kind": "json"},
    "returns:person_declaration_paper": {"language": "tg"},
    "returns:movement_papers": {"kind": "manifest_list", "purpose": HARM[:200]},
    "returns:case_list_file": {"purpose": HARM[:200]},
    "returns:incoming_list": {"purpose": HARM[:200]},
    "returns:document_list_file": {"purpose": HARM[:200]},
    "returns:day_list": {"purpose": HARM[:200]},
    "returns:person_papers": {"kind": "seen_by", "with_name": "on", "purpose": HARM[:200]},
}
"""Every page that gives a file out of rows, and what its form is sent."""
WITHOUT_WRITING = {"returns:person_declaration_paper", "returns:manifest_errors", "returns:alert_proof"}
"""Numbers and words of ours alone stand on the one; the other is the file that was sent (tests/common/test_own_file.py)."""


def as_csv(content: bytes) -> str:
    """The cells; none begins as a formula does."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert [cell for row in rows for cell in row if cell.lstrip(" ").startswith(DANGEROUS)] == []
    return "\n".join(cell for row in rows for cell in row)


def as_workbook(content: bytes) -> str:
    """The cells; each part is XML that a strict reader takes, and nothing in it calculates or leads out."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            etree.fromstring(parts.read(name))
            assert b'TargetMode="External"' not in parts.read(name)
            assert not re.search(r"vba|macro|externalLink|activeX|embeddings", name)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    return "\n".join(str(cell.value) for cell in cells if cell.value is not None)


def as_pdf(content: bytes) -> str:
    """What stands on its pages; nothing in it acts or leads out."""
    paper = pypdf.PdfReader(io.BytesIO(content), strict=True)
    outside = PACKED.sub(b"", content)
    assert [name for name in ACTIVE if re.search(rb"/%s\b" % name.encode(), outside)] == []
    for number in range(1, int(str(paper.trailer["/Size"]))):
        part = str(paper.get_object(number))  # with all that stands in it, also of what was packed
        assert [name for name in ACTIVE if f"'/{name}'" in part] == [], part
    return "\n".join(page.extract_text() for page in paper.pages)


def as_json(content: bytes) -> str:
    return json.dumps(json.loads(content), ensure_ascii=False).replace('\\"', '"')


def as_xml(content: bytes) -> str:
    """The texts; no element of theirs stands between ours."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    assert {etree.QName(each).namespace for each in root.iter()} == {etree.QName(root).namespace}
    assert root.getroottree().docinfo.doctype == ""
    return "\n".join(root.itertext())


READERS = {"csv": as_csv, "xlsx": as_workbook, "pdf": as_pdf, "json": as_json, "atom": as_xml, "cap": as_xml}


def missing(text: str) -> list[str]:
    """What people would not find again; lines and spaces are those of the paper."""
    plain = "".join(text.split())
    return [why for words, why in READ.items() if "".join(words.split()) not in plain]


def given(client: Any, address: str, sent: dict[str, Any] | None, kind: str) -> str:
    answer = client.get(address) if sent is None else client.post(address, sent)
    assert answer.status_code == 200, (address, answer.status_code)
    assert "html" not in answer["Content-Type"], (address, re.findall(r'class="error[^<]*<', answer.content.decode()))
    assert answer["X-Content-Type-Options"] == "nosniff"
    return READERS[kind](answer.content)


@pytest.fixture
def world(group: TravelGroup, crossing, organisations):
    """One of everything, with harm in every field of every row."""
    clock.set_to(NOW)
    world = make_world(group, crossing, organisations)
    counted = groups.Counted(counted_at=NOW, total=102)
    groups.record_head_count(group=group, counted=counted, mission=group.mission, by=COMMAND, at=NOW)
    plan = cases.set_plan(
        group=group, crossing=crossing, corridor_version=None, local_time=datetime(2020, 10, 2, 10),
        zone="Asia/Almaty", queue_minutes=60, by=COMMAND, at=NOW,
    )  # fmt: skip
    say_pace(plan=plan, pace=Pace("Laboratory", 40, 240), by=COMMAND, at=NOW)
    took = plant(HARM)
    assert len(took) > 40
    return world


def test_whatever_stands_in_any_field_is_only_a_text_in_every_file(world, group, sign_in):
    client, wrong = sign_in(Role.COORDINATOR), {}
    samples, upload = world["samples"], world["upload"]
    asked = [
        (reverse("returns:sample_file", kwargs={"public_id": samples, "kind": "csv"}), "returns:sample_file", "csv"),
        (reverse("returns:sample_file", kwargs={"public_id": samples, "kind": "xlsx"}), "returns:sample_file", "xlsx"),
        *(
            (reverse("returns:shopping_list_file", args=[group.public_id, kind]), "returns:shopping_list_file", kind)
            for kind in KINDS
        ),
        *(
            (reverse("returns:alert_proof", args=[world["alert"], kind]), "returns:alert_proof", kind)
            for kind in ("csv", "pdf")
        ),
        (reverse("returns:manifest_errors", kwargs={"public_id": upload}), "returns:manifest_errors", "xlsx"),
        *(
            (address_of(name, MATRIX[name], world), name, kind)
            for name, kind in (
                ("returns:movement_figures", "csv"),
                ("returns:frozen_manifest_paper", "pdf"),
                ("returns:movement_papers", "xlsx"),
                ("returns:case_list_file", "xlsx"),
                ("returns:person_papers", "pdf"),
                ("returns:person_access", "json"),
                ("returns:person_declaration_paper", "pdf"),
            )
        ),
    ]
    for address, name, kind in asked:
        text = given(client, address, FILES[name], kind)
        wrong[name, kind] = [] if name in WITHOUT_WRITING else missing(text)
    access = address_of("returns:person_access", MATRIX["returns:person_access"], world)
    wrong["person_access", "pdf"] = missing(
        given(client, access, {**(FILES["returns:person_access"] or {}), "kind": "pdf"}, "pdf")
    )
    assert {key: unread for key, unread in wrong.items() if unread} == {}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("corridors:crossing_feed", "atom"), ("corridors:country_feed", "atom"), ("corridors:change_alert", "cap")],
)
def test_whatever_stands_in_any_field_is_only_a_text_in_what_anybody_reads(name, kind, world, client):
    assert missing(given(client, address_of(name, MATRIX[name], world), None, kind)) == []
