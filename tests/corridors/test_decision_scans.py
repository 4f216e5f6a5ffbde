"""The letter behind a decision that a colleague wrote down: kept sealed, shown to the office alone, for some minutes."""

import re

import pytest
from django.db import connection

from common import clock
from common.models import AuditEntry
from common.pictures import Drawn
from corridors.approvals import ApprovalError, decide
from corridors.models import Approval, CorridorVersion, DecisionScan, PartyWord
from partners.enums import Role
from tests.cast import COMMAND, NOW
from tests.corridors.test_approvals import asked, version
from tests.corridors.test_carrying import speaking_for
from tests.notifications.test_written_down import letter

__all__ = ["asked", "version"]
pytestmark = pytest.mark.django_db
SAID = {
    "answer": "approved", "name": "A. Officer", "function": "head", "decided_how": "letter", "reference": "KZ 77/3",
}  # fmt: skip


@pytest.fixture(autouse=True)
def others_asked(asked):
    """Somebody else wrote the version and asked about it."""
    clock.set_to(NOW)
    CorridorVersion.objects.update(made_by=COMMAND)
    Approval.objects.update(asked_by=COMMAND)


@pytest.fixture
def address(asked):
    return f"/corridors/KZ-TJ-A/decisions/{asked['kz-border'].public_id}/"


def shown(page):
    return re.findall(r'href="(/corridors/KZ-TJ-A/scans/[^"]+)"', page)


def test_a_letter_is_kept_with_what_was_decided_and_opens_for_who_asked_for_its_page(sign_in, address):
    browser = sign_in(Role.COORDINATOR)
    assert browser.post(address, SAID | {"scan": letter()}).status_code == 302
    scan = DecisionScan.objects.get()
    assert scan.approval
    assert (scan.approval.organisation.code, scan.rank) == ("kz-border", 1)
    with connection.cursor() as cursor:
        cursor.execute("select content from corridors_decisionscan")
        assert not bytes(cursor.fetchone()[0]).startswith(b"\xff\xd8")
    assert AuditEntry.objects.filter(verb="letter of a decision kept").exists()
    for page in (browser.get("/corridors/KZ-TJ-A/"), browser.get(address)):
        (link,) = shown(page.content.decode())
        picture = browser.get(link)
        assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
        assert picture["Cache-Control"] == "private, no-store"
    assert browser.get(link.partition("?")[0]).status_code == 404
    assert sign_in(Role.FIELD).get(link).status_code == 404


def test_who_may_not_see_names_sees_no_letter(sign_in, address):
    sign_in(Role.COORDINATOR).post(address, SAID | {"scan": letter()})
    page = sign_in(Role.PROGRAMME).get("/corridors/KZ-TJ-A/").content.decode()
    assert shown(page) == []


def test_what_is_no_letter_is_refused_and_nothing_is_decided(sign_in, address):
    fake = letter()
    fake.name, fake.file.name = "letter.pdf", "letter.pdf"
    fake.file.seek(0)
    fake.file.truncate()
    refused = sign_in(Role.COORDINATOR).post(address, SAID | {"scan": fake})
    assert refused.status_code == 422
    assert Approval.objects.get(organisation__code="kz-border").state == "asked"


def test_a_party_that_decides_itself_leaves_no_letter(asked):
    page = Drawn(b"x", 1, 1)
    with pytest.raises(ApprovalError, match="letter or phone") as refused:
        decide(
            approval=asked["kz-border"], answer="approved", name="A", function="head", scan=[page],
            by=speaking_for("kz-border"), at=NOW,
        )  # fmt: skip
    assert refused.value.field == "scan"


def test_the_letter_of_a_later_word_stands_beside_the_decision(sign_in, address):
    browser = sign_in(Role.COORDINATOR)
    browser.post(address, SAID)
    word = {
        "kind": "suspended",
        "reason": "flood",
        "name": "A",
        "function": "head",
        "said_how": "letter",
        "reference": "8",
    }
    assert browser.post(address, word | {"scan": letter()}).status_code == 302
    assert DecisionScan.objects.get().word == PartyWord.objects.get()
    assert len(shown(browser.get("/corridors/KZ-TJ-A/").content.decode())) == 1
