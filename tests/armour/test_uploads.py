"""No file is read before it was looked at: size, kind by content, bombs, macros, hidden files, and a virus scanner."""

from __future__ import annotations

import io
import re
import socketserver
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from common.forms import ListField, PaperField, PictureField
from common.models import AuditEntry
from common.uploads import UploadError, check_list
from deploy.local.front_end import APPS
from deploy.local.home import ROOT
from partners import quarantine
from partners.enums import Role
from partners.models import QuarantinedUpload
from returns.models import ManifestUpload
from tests.cast import COMMAND, NOW

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The text that every scanner finds and that harms nobody."""
LIST = "Name;Passport number\nОзмоиш Дуюм;000000001\n".encode()


def workbook(**more: bytes | str) -> bytes:
    """A workbook as a spreadsheet program writes it, with parts added or replaced by their names."""
    buffer = io.BytesIO()
    book = openpyxl.Workbook()
    book.create_sheet("List").append(["Name", "Passport number"])
    book.save(buffer)
    with zipfile.ZipFile(buffer) as made:
        parts: dict[str, bytes | str] = {name: made.read(name) for name in made.namelist()}
    return packed(parts | more)


def packed(parts: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
STRANGE, BOMB = "no spreadsheet program", "unpack to far more"
SHEET = "xl/worksheets/sheet1.xml"
REFUSED = {
    "an XML bomb": (workbook(**{SHEET: LAUGHS}), STRANGE),
    "a file of ours named from outside": (workbook(**{SHEET: OUTSIDE}), STRANGE),
    "an XML bomb in another encoding": (workbook(**{SHEET: LAUGHS.encode("utf-16")}), STRANGE),
    "an XML bomb without a mark of its encoding": (workbook(**{SHEET: LAUGHS.encode("utf-16-le")}), STRANGE),
    "a declaration behind a very long remark": (workbook(**{SHEET: f"<!--{'x' * 70_000}-->{LAUGHS}"}), STRANGE),
    "an XML bomb in an open document": (packed({"content.xml": LAUGHS, "META-INF/manifest.xml": "<m/>"}), STRANGE),
    "a step up": (workbook(**{"../../etc/cron.d/job": "x"}), STRANGE),
    "a step up as Windows writes it": (workbook(**{"..\\..\\job": "x"}), STRANGE),
    "an absolute name": (workbook(**{"/etc/passwd": "x"}), STRANGE),
    "a drive": (workbook(**{"C:/autoexec": "x"}), STRANGE),
    "macros": (workbook(**{"xl/vbaProject.bin": b"x"}), "macros"),
    "old macros": (workbook(**{"xl/macrosheets/sheet1.xml": "<x/>"}), "macros"),
    "macros of an open document": (packed({"content.xml": "<x/>", "Basic/Standard/Module1.xml": "<x/>"}), "macros"),
    "a kind that says macros": (workbook(**{"[Content_Types].xml": '<Types a="application/x.macroEnabled"/>'}), "macros"),
    "macros of an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
    "a workbook in a workbook": (workbook(**{"xl/embeddings/book.xlsx": workbook()}), "other files"),
    "a program": (workbook(**{"xl/media/picture.exe": b"MZ"}), "other files"),
    "a bomb": (workbook(**{"xl/media/image1.png": b"\0" * 30_000_000}), BOMB),
    "too many parts": (packed({"[Content_Types].xml": "", **{f"xl/{n}.xml": "<x/>" for n in range(2_001)}}), BOMB),
    "something else that is packed": (packed({"word/document.xml": "<x/>"}), "not a workbook"),
    "half a workbook": (workbook()[:600], "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_may_harm_is_refused_with_a_sentence_before_it_is_unpacked(what):
    content, words = REFUSED[what]
    with pytest.raises(UploadError, match=words):
        check_list(content, name="list.xlsx")


def test_a_link_that_pretends_to_be_a_part_is_refused():
    part = zipfile.ZipInfo("xl/link.xml")
    part.external_attr = 0o120777 << 16
    buffer = io.BytesIO(workbook())
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr(part, "/etc/passwd")
    with pytest.raises(UploadError, match=STRANGE):
        check_list(buffer.getvalue(), name="list.xlsx")


def test_two_parts_of_one_name_are_refused():
    buffer = io.BytesIO(workbook())
    with zipfile.ZipFile(buffer, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(SHEET, "<worksheet/>")
    with pytest.raises(UploadError, match=STRANGE):
        check_list(buffer.getvalue(), name="list.xlsx")


@pytest.mark.parametrize(
    "content",
    [workbook(), LIST, (ROOT / "tests/fixtures/manifest_102_ru.xlsx").read_bytes(), b""],
    ids=["workbook", "list", "list of 102", "nothing"],
)
def test_what_clerks_send_is_taken(content):
    check_list(content, name="list")


NEVER_READ = {
    "common.gallery.sheet": "shows how a field looks, and takes nothing",
    "returns.forms.exports.file": "its bytes are counted into a fingerprint, and neither read nor kept",
}


def fields() -> Iterator[tuple[type, str, forms.Field]]:
    """Every field that takes a file, of every form of the product."""
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts and re.search(r"forms\.(Form|ModelForm)\)", path.read_text()):
                __import__(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found = [forms.Form]
    while found:
        form = found.pop()
        found += form.__subclasses__()
        for name, field in getattr(form, "base_fields", {}).items():
            if isinstance(field, forms.FileField) and form.__module__.partition(".")[0] in APPS:
                yield form, name, field


def test_every_form_that_takes_a_file_looks_at_it():
    taking = {f"{form.__module__}.{name}": type(field) for form, name, field in fields()}
    for name in NEVER_READ:
        taking.pop(name)
    assert set(taking.values()) == {ListField, PictureField, PaperField}
    assert len(taking) >= 2


INTO_A_FORM = r"\w+Form\(request\.POST(?: or None)?, request\.FILES(?: or None)?[,)]"
"""Sent files as the second argument of a form, whatever else the form is told after them."""


def test_a_page_reads_files_through_its_form_alone():
    reading = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if len(re.findall(r"request\.FILES", text := Path(path).read_text())) != len(re.findall(INTO_A_FORM, text))
    }
    assert reading == set()


@contextmanager
def clamd(*, finds: bytes = EICAR, says: bytes | None = None) -> Iterator[str]:
    """A server that speaks clamd's INSTREAM and PING, and finds one text; `says` something else instead."""

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            command = b""
            while not command.endswith(b"\0"):
                command += self.rfile.read(1)
            if command == b"zPING\0":
                self.wfile.write(b"PONG\0")
                return
            assert command == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!L", self.rfile.read(4))[0]:
                content += self.rfile.read(size)
            found = b"stream: Eicar-Signature FOUND\0" if finds in content else b"stream: OK\0"
            self.wfile.write(found if says is None else says)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(5)


@pytest.fixture
def upload(sign_in, group):
    """Uploads a file as a field officer and gives the answer."""
    client = sign_in(Role.FIELD)
    address = reverse("returns:manifest_upload", args=[group.public_id])
    return lambda content, name="list.csv": client.post(address, {"file": SimpleUploadedFile(name, content)})


def test_a_clean_file_passes_the_scanner(upload, settings):
    with clamd() as settings.CLAMD_ADDRESS:
        assert upload(LIST * 9000).status_code == 302


def test_a_harmful_file_is_locked_away_sealed_and_told_about(upload, settings, accounts, mailbox):
    with clamd() as settings.CLAMD_ADDRESS:
        answer = upload(LIST + EICAR, "Озмоиш Дуюм.csv")
    assert answer.status_code == 422
    assert "locked away" in answer.text
    assert not ManifestUpload.objects.exists()
    row = QuarantinedUpload.objects.get()
    assert (row.signature, row.size) == ("Eicar-Signature", len(LIST + EICAR))
    with connection.cursor() as cursor:
        cursor.execute("select partners_quarantinedupload::text from partners_quarantinedupload")
        raw = cursor.fetchone()[0]
    assert EICAR.hex() not in raw
    assert "Озмоиш".encode().hex() not in raw
    assert quarantine.tell(within=transaction.atomic, by=COMMAND, at=NOW) == 1
    assert quarantine.tell(within=transaction.atomic, by=COMMAND, at=NOW) == 0
    told = {str(mail["To"]) for mail in mailbox}
    assert told == {accounts[Role.DATA_PROTECTION].email, accounts[Role.ADMINISTRATOR].email}
    letter = mailbox[0].get_content()
    assert "Eicar-Signature" in letter
    assert "Озмоиш" not in letter


def test_while_the_scanner_is_away_no_file_is_taken(upload, settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    answer = upload(LIST)
    assert answer.status_code == 422
    assert "does not answer" in answer.text
    with clamd(says=b"INSTREAM size limit exceeded. ERROR\0") as settings.CLAMD_ADDRESS:
        assert "does not answer" in upload(LIST).text
    assert not ManifestUpload.objects.exists()
    assert not QuarantinedUpload.objects.exists()


def test_who_answers_for_harmful_files_sees_no_name_and_destroys_one_for_good(sign_in, accounts):
    row = quarantine.lock_away(file_name="Озмоиш.csv", content=EICAR, signature="Eicar", by=COMMAND, at=NOW)
    officer = sign_in(Role.DATA_PROTECTION)
    page = officer.get(reverse("partners:quarantine"))
    assert "Eicar" in page.text
    assert "Озмоиш" not in page.text
    address = reverse("partners:quarantine_destroy", args=[row.public_id])
    assert officer.post(address).status_code == officer.post(address).status_code == 302
    row = QuarantinedUpload.objects.get()
    assert row.content is None
    assert row.destroyed_at is not None
    assert AuditEntry.objects.filter(verb="quarantined upload destroyed").count() == 1
