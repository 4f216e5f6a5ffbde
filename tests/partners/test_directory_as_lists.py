"""The directory goes out as a list and comes back the same; a list with a fault stores nothing and says what to mend."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from common.models import AuditEntry
from common.sheets import SheetError, read_rows, write_csv, write_xlsx
from partners import desks
from partners.enums import Role
from partners.list_reading import import_directory
from partners.lists import COLUMNS, everything, rows_of
from partners.models import Channel, Contact, Interest, Office, Organisation
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(organisations, crossing):
    """The cast with hours, a roster, a deputy, and channels that were verified or never."""
    Office.objects.update(hours="Mo-Fr 09:00-18:00", holidays=["2020-12-16"])
    Channel.objects.filter(kind="email").update(verified_at=NOW - timedelta(days=3, microseconds=7))
    first, second = Contact.objects.filter(office__organisation=organisations["kz-border"]).order_by("rank")
    Contact.objects.filter(pk=second.pk).update(stands_in_for=first, also_speaks=["kk"], valid_from=NOW)
    desks.put_on_duty(contact=first, starts_at=NOW, ends_at=NOW + timedelta(hours=8), by=COMMAND, at=NOW)
    AuditEntry.objects.all()
    return organisations


def read(content: bytes, *, name="list.csv", dry_run=False):
    sheet = read_rows(io.BytesIO(content), name=name)
    return import_directory(sheet=sheet, dry_run=dry_run, by=COMMAND, at=NOW)


def row(**said):
    return [said.get(name, "") for name in COLUMNS]


NEW = {
    "organisation": "kz-post", "name_en": "A post", "organisation_kind": "border", "country": "KAZ", "office": "Saryagash",
    "zone": "Asia/Almaty", "hours": "24/7", "function": "duty desk", "language": "ru", "duty_desk": "yes",
    "channel": "email", "address": "post@kz-post.example", "interests": "crossing:KZ-UZ-01 halt; country:UZB",
}  # fmt: skip


@pytest.mark.parametrize("write", [write_csv, lambda rows: write_xlsx(rows, name="Directory")], ids=["csv", "xlsx"])
def test_reading_ones_own_list_changes_nothing(directory, write):
    content = write(list(rows_of(everything(), at=NOW)))
    outcome = read(content, name="list.xlsx" if content.startswith(b"PK") else "list.csv")
    assert (outcome.faults, dict(outcome.acts)) == ([], {})
    assert outcome.rows == Channel.objects.count()


def test_a_list_builds_the_directory_of_an_empty_house(directory):
    before = list(rows_of(everything(), at=NOW))
    Organisation.objects.all().delete()
    assert read(write_csv(before)).faults == []
    assert list(rows_of(everything(), at=NOW)) == before


def test_a_new_row_enters_everything_that_it_names(crossing, organisations):
    outcome = read(write_csv([list(COLUMNS), row(**NEW)]))
    assert dict(outcome.acts) == {
        "organisation entered": 1, "interest entered": 2, "office entered": 1, "contact entered": 1, "channel entered": 1,
    }  # fmt: skip
    assert Channel.objects.get(email="post@kz-post.example").contact.is_duty_desk
    assert Interest.objects.filter(organisation__code="kz-post", serves_halt=True).count() == 1


def test_trying_a_list_stores_nothing_and_says_the_same(crossing, organisations):
    tried = read(write_csv([list(COLUMNS), row(**NEW)]), dry_run=True)
    assert tried.acts["organisation entered"] == 1
    assert not Organisation.objects.filter(code="kz-post").exists()
    assert not AuditEntry.objects.exists()


def test_an_empty_cell_leaves_what_is_stored_and_a_hyphen_empties_it(crossing, organisations):
    read(write_csv([list(COLUMNS), row(**NEW)]))
    short = {"organisation": "kz-post", "office": "Saryagash", "hours": "-"}
    read(write_csv([list(COLUMNS), row(**short)]))
    office = Office.objects.get(name="Saryagash")
    assert (office.hours, office.zone) == ("", "Asia/Almaty")
    assert Organisation.objects.get(code="kz-post").name_en == "A post"


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"organisation": ""}, "organisation"),
        ({"name_en": ""}, "name_en"),
        ({"organisation_kind": "club"}, "organisation_kind"),
        ({"country": "Atlantis"}, "country"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"hours": "sometimes"}, "hours"),
        ({"holidays": "new year"}, "holidays"),
        ({"language": "klingon"}, "language"),
        ({"rank": "first"}, "rank"),
        ({"duty_desk": "perhaps"}, "duty_desk"),
        ({"stands_in_for": "nobody"}, "stands_in_for"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"roster": "tonight"}, "roster"),
        ({"channel": "pigeon"}, "channel"),
        ({"address": "nowhere"}, "address"),
        ({"verified_at": "2030-01-01"}, "verified_at"),
        ({"interests": "gossip"}, "interests"),
    ],
)
def test_a_fault_names_row_and_column_and_nothing_is_stored(crossing, organisations, changes, column):
    good = NEW | {"organisation": "kz-other", "name_en": "Another"}
    outcome = read(write_csv([list(COLUMNS), row(**good), row(**(NEW | changes))]))
    assert [(fault.row, fault.column) for fault in outcome.faults] == [(3, column)]
    assert outcome.faults[0].sentence
    assert not Organisation.objects.filter(code="kz-other").exists()


@pytest.mark.parametrize("content", [b"Hello\n", b"\0\xff\xfe"], ids=["words", "bytes"])
def test_a_file_without_a_heading_is_told_which_columns_a_list_has(content):
    with pytest.raises(SheetError, match=r"No heading row is found.*“organisation code”.*“office”"):
        read(content)


def test_an_operator_reads_and_writes_it_by_command(directory, tmp_path, capsys):
    path = tmp_path / "directory.csv"
    call_command("export_directory", str(path))
    call_command("import_directory", str(path), "--dry-run")
    assert "would do: nothing to change" in capsys.readouterr().out
    path.write_bytes(path.read_bytes().replace(b"Asia/Tashkent", b"Asia/Nowhere"))
    with pytest.raises(SystemExit) as ended:
        call_command("import_directory", str(path))
    assert ended.value.code == 3
    assert "zone: “Asia/Nowhere” is no time zone" in capsys.readouterr().err


def test_an_administrator_reads_and_writes_it_by_page(directory, sign_in):
    client = sign_in(Role.ADMINISTRATOR)
    out = client.post("/organisations/list/export/", {"purpose": "yearly check", "kind": "csv"})
    assert out["X-Export"].encode() in out.content
    file = SimpleUploadedFile("directory.csv", out.content)
    page = client.post("/organisations/list/import/", {"file": file, "try": "1"}).content.decode()
    assert "Nothing is wrong with this list; nothing is stored yet" in page
    assert "Everything was so already." in page
    broken = SimpleUploadedFile("directory.csv", out.content.replace(b"Mo-Fr", b"Mo-Xx"))
    refused = client.post("/organisations/list/import/", {"file": broken})
    assert refused.status_code == 422
    assert "nothing is stored" in refused.content.decode()
