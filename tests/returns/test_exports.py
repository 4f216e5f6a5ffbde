"""Every file that leaves is a row, carries its mark, and can be recognised when it turns up again."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from hypothesis import given as given_any
from hypothesis import strategies as st

from common import clock, small_cells
from common.models import AccessEntry, AuditEntry
from migrants import exports
from migrants.enums import ExportKind
from migrants.exports import ExportError, fingerprint_of
from migrants.models import Export
from partners.enums import Role
from tests.access.matrix import MATRIX
from tests.access.test_matrix import address_of
from tests.access.world import make_world
from tests.armour.test_what_leaves import FILES
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
NO_FILES = ("text/html", "text/plain", "text/javascript", "application/json", "application/vnd.oai.openapi")
"""What pages, health checks and the field app's script are."""
ASKED = {
    "returns:frozen_manifest_paper": {"purpose": "boarding"},
    "returns:movement_papers": {"kind": "bus_list", "purpose": "boarding"},
    "returns:case_list_file": {"purpose": "a meeting"},
    "returns:incoming_list": {"purpose": "reception"},
    "returns:document_list_file": {"purpose": "the consul"},
    "returns:day_list": {"purpose": "reception"},
    "returns:person_papers": {"kind": "seen_by", "purpose": "she asked"},
    "returns:movement_figures": {"purpose": "report", "recipient": "A donor"},
    "returns:person_access": {"purpose": "she asked", "language": "en", "kind": "json"},
}
"""What a form asks for before it gives a file."""


def is_file(answer: HttpResponse) -> bool:
    kind = answer.headers.get("Content-Type", "text/html")
    return "Content-Disposition" in answer.headers or not kind.startswith(NO_FILES)


EMPTY_FORMS = {"returns:manifest_sample"}
"""They name nobody, so they are no exports."""
PICTURES = {
    "corridors:attachment",
    "returns:barrier_photograph",
    "notifications:letter_scan",
}
"""Letters and notices on a wall, shown on a page of the house: of a requirement or an answer, and of nobody."""


def given(content=b"content", by=COMMAND, **more):
    asked: dict[str, Any] = {
        "kind": ExportKind.FIGURES,
        "title": "figures",
        "purpose": "report",
        "make": lambda mark: content,
    }
    return exports.export(**asked | more, by=by, at=NOW)


@pytest.mark.deep
def test_no_address_gives_a_file_that_is_no_row(group, crossing, organisations, sign_in):
    clock.set_to(NOW)
    world, files, missing = make_world(group, crossing, organisations), set(), set()
    for role in (Role.COORDINATOR, Role.PROTECTION, Role.DATA_PROTECTION, Role.CONSULAR, Role.LIAISON):
        client = sign_in(role)
        for name, row in MATRIX.items():
            if role not in (row.who if isinstance(row.who, frozenset) else ()):
                continue
            address = address_of(name, row, world)
            asked = ASKED.get(name) or (world["sent"].get(name, {}) if row.acts else None)
            answer = client.get(address) if asked is None else client.post(address, asked)
            if is_file(answer):
                files.add(name)
                if not Export.objects.filter(fingerprint=fingerprint_of(answer.content)).exists():
                    missing.add(name)
    assert missing == EMPTY_FORMS | PICTURES
    assert {*ASKED, "returns:sample_file", "returns:manifest_errors"} & set(MATRIX) <= files
    assert files - EMPTY_FORMS - PICTURES <= set(FILES), (
        "tests/armour/test_what_leaves.py must read it back full of harm"
    )


def test_files_are_given_out_at_one_place_alone():
    named = {
        str(path.relative_to(ROOT))
        for app in ("returns", "migrants", "corridors", "notifications", "partners", "accounts", "common", "config")
        for path in (ROOT / app).rglob("*.py")
        if any(word in path.read_text() for word in ("Content-Disposition", "FileResponse", "StreamingHttpResponse"))
    }
    assert named <= {"returns/views/file_answers.py"}


def test_files_over_the_api_are_given_out_at_one_place_alone():
    """In JSON they are base64; tests/api/test_given_files.py looks at each."""
    named = {
        str(path.relative_to(ROOT))
        for app in ("returns", "migrants", "corridors", "notifications", "partners", "accounts", "common", "config")
        for path in (ROOT / app).rglob("*.py")
        if {"api", "serializers"} & {*path.parts, path.stem} and "64encode" in path.read_text()
    }
    assert named == {"returns/api/files.py"}


def test_an_export_is_kept_with_its_people_its_act_and_a_look_at_each(make_person, organisations):
    person, recipient = make_person(), organisations["tj-emb-uz"]
    row = given(recipient=recipient, people=[person.public_id]).export
    assert (row.fingerprint, row.size, row.condition) == (fingerprint_of(b"content"), 7, exports.CONDITION)
    assert AuditEntry.objects.get(verb="file exported").subject == f"migrants.export:{row.public_id}"
    assert AccessEntry.objects.get().person == person.public_id


@pytest.mark.parametrize(("asked", "field"), [({"purpose": " "}, "purpose"), ({"purpose": "x" * 201}, "purpose"),
                                               ({"recipient_name": "x" * 201}, "recipient")])  # fmt: skip
def test_without_a_purpose_nothing_is_made(asked, field):
    with pytest.raises(ExportError) as refused:
        given(**asked)
    assert refused.value.field == field
    assert not Export.objects.exists()


def test_the_workbook_for_a_laboratory_says_where_it_comes_from(group, crossing, organisations, sign_in):
    world = make_world(group, crossing, organisations)
    address = reverse("returns:sample_file", kwargs={"public_id": world["samples"], "kind": "xlsx"})
    book = zipfile.ZipFile(io.BytesIO(sign_in(Role.FIELD).get(address).content))
    number = Export.objects.get(kind=ExportKind.SAMPLE_LIST).number
    for part in ("docProps/core.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        assert number in book.read(part).decode()


def test_one_sees_the_own_files_and_oversight_sees_all(viewers):
    mine = given(by=viewers[Role.COORDINATOR].actor).export
    assert list(Export.objects.visible_to(viewers[Role.COORDINATOR])) == [mine]
    assert list(Export.objects.visible_to(viewers[Role.DATA_PROTECTION])) == [mine]
    assert not Export.objects.visible_to(viewers[Role.FIELD]).exists()


def test_a_file_that_turns_up_is_recognised_or_not(sign_in):
    row, client, address = given().export, sign_in(Role.DATA_PROTECTION), reverse("returns:export_check")

    def checked(**asked):
        return client.post(address, asked).content.decode()

    assert f"It is export {row.number}, unchanged" in checked(file=SimpleUploadedFile("a.csv", b"content"))
    assert "No export that you may see is this file" in checked(file=SimpleUploadedFile("a.csv", b"content "))
    assert f"It is export {row.number}, unchanged" in checked(written=row.fingerprint.upper())
    assert f"There is an export {row.number}" in checked(written=row.number.lower())
    assert client.post(address, {}).status_code == 422
    assert row.purpose in client.get(reverse("returns:exports")).content.decode()


@pytest.mark.parametrize(("figure", "told"), [(0, ""), (4, ""), (5, "5"), (102, "102")])
def test_figures_under_five_do_not_leave(figure, told):
    assert small_cells.outside(figure) == told
    assert small_cells.is_withheld(figure) is (told == "")


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ([102, 101, 102], ["102", "", "102"]),
        ([102, 98, 97], ["102", "", "97"]),
        ([6, 2, 6], ["6", "", "6"]),
        ([4, 5, 9], ["", "5", ""]),
        ([], []),
    ],
)
def test_no_difference_of_two_figures_is_a_small_one(figures, told):
    assert small_cells.outside_together(figures) == told


@given_any(st.lists(st.integers(0, 120), max_size=12))
def test_whoever_subtracts_what_left_finds_nobody(figures):
    left = [int(told) for told in small_cells.outside_together(figures) if told]
    assert all(figure >= small_cells.SMALLEST for figure in left)
    assert all(abs(one - other) not in range(1, small_cells.SMALLEST) for one in left for other in left)
