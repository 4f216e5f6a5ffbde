"""A person is given everything that is held about them, in their language, and nothing that is about somebody else."""

import json
import re

import pytest
from django.conf import settings
from django.urls import reverse

from common import audit, clock
from common.models import AccessEntry
from migrants import protection, screening
from migrants.consents import disclose, record_consent
from migrants.exports import ExportError
from migrants.models import Export
from partners.enums import Role
from returns import cases
from returns.subject_access.writing import export_report
from tests.cast import COMMAND, NOW
from tests.returns.test_exports import given

pytestmark = pytest.mark.django_db
PURPOSE = "asked at the desk"


@pytest.fixture
def person(make_person, take_test, organisations, viewers):
    """Somebody who was tested, shown to an embassy, looked at twice and exported once."""
    one = make_person(full_name="Қодиров Умед", phone="+992935550142", alone="no")
    take_test(one)
    embassy = organisations["tj-emb-uz"]
    record_consent(
        people=[one], purpose="consulate", recipient=embassy, answer="yes", how="oral", language="tg",
        interpreter="Interpreter Namesake", by=COMMAND, at=NOW,
    )  # fmt: skip
    disclose(people=[one], recipient=embassy, purpose="consulate", by=COMMAND, at=NOW)
    for _again in range(2):
        audit.record_views([one.public_id], page="returns:person", by=viewers[Role.FIELD].actor, at=NOW)
    given(people=[one.public_id], recipient=embassy, purpose="boarding")
    cases.open_cases(people=[one], by=COMMAND, at=NOW)
    return one


def report(person, *, with_protection=False, language="en", kind="json"):
    return export_report(
        person=person, kind=kind, language=language, purpose=PURPOSE, with_protection=with_protection, zone="Asia/Almaty",
        by=COMMAND, at=NOW,
    ).content  # fmt: skip


def sections(person, **asked):
    return {section["key"]: section["rows"] for section in json.loads(report(person, **asked))["sections"]}


def test_it_says_who_saw_and_who_received_what(person):
    told = sections(person)
    assert told["disclosures"] == [
        {
            "recipient": "Embassy of Tajikistan in Uzbekistan",
            "purpose": "being shown to the consulate",
            "valid_from": NOW.isoformat(),
            "valid_until": None,
        }
    ]
    looked = [(row["role"], row["organisation"], row["where"], row["times"]) for row in told["looks"]]
    assert ("field officer", "IOM Kazakhstan", "on a page", 2) in looked
    assert [(row["recipient"], row["purpose"]) for row in told["files"]] == [
        ("Embassy of Tajikistan in Uzbekistan", "boarding")
    ]
    assert told["tests"][0]["result"] == "negative"
    assert {"what": "Telephone", "value": "+992935550142"} in told["identity"]


def test_no_name_of_staff_interpreters_or_other_people_stands_in_it(person, make_person, viewers):
    make_person(full_name="Дигар Шахс")
    text = report(person, with_protection=True).decode()
    for name in ("Interpreter Namesake", "Дигар Шахс", viewers[Role.FIELD].user.printed_name):
        assert name not in text


def test_what_the_closed_room_knows_is_handed_out_by_the_closed_room_alone(person):
    protection.set_hold(person=person, reason="fears her uncle", against=["AFG"], by=COMMAND, at=NOW)
    screening.screen(
        person=person, stage="before", needs=["legal"], note="told us", screened_at=NOW, by=COMMAND, at=NOW
    )
    assert {"holds", "screenings", "referrals"}.isdisjoint(sections(person))
    assert "fears her uncle" not in report(person).decode()
    closed = sections(person, with_protection=True)
    assert closed["holds"][0]["reason"] == "fears her uncle"
    assert closed["screenings"][0]["note"] == "told us"


def test_it_is_an_export_and_a_look_itself(person):
    report(person)
    row = Export.objects.get(kind="subject_access")
    assert (row.purpose, row.people, row.recipient) == (PURPOSE, [person.public_id], None)
    assert AccessEntry.objects.filter(person=person.public_id, page__startswith=f"export {row.number}").exists()
    with pytest.raises(ExportError):
        export_report(
            person=person,
            kind="json",
            language="en",
            purpose=" ",
            with_protection=False,
            zone="UTC",
            by=COMMAND,
            at=NOW,
        )


@pytest.mark.parametrize("language", dict(settings.LANGUAGES))
def test_it_prints_in_each_language_without_a_warning(person, language):
    assert report(person, with_protection=True, language=language, kind="pdf").startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["ru", "tg"])
def test_its_words_are_those_of_the_reader(person, language):
    told = json.loads(report(person, with_protection=True, language=language))
    by_key = {section["key"]: section["rows"] for section in told["sections"]}
    words = [section["title"] for section in told["sections"]]
    words += [row["what"] for row in by_key["identity"]]
    words += [by_key["consents"][0][name] for name in ("purpose", "answer", "how")]
    words += [by_key["tests"][0]["result"], by_key["kept"][0]["kind"], by_key["looks"][0]["role"]]
    assert [word for word in words if not re.search("[а-яёӣқӯҳҷғ]", word.lower())] == []


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PROTECTION, Role.DATA_PROTECTION])
def test_the_page_shows_figures_and_gives_the_file(person, sign_in, role):
    clock.set_to(NOW)
    client, address = sign_in(role), reverse("returns:person_access", args=[person.public_id])
    page = client.get(address).content.decode()
    assert ("Қодиров Умед" in page) is (role != Role.DATA_PROTECTION)
    assert ("a protection officer hands those out" in page) is (role != Role.PROTECTION)
    assert client.post(address, {"language": "ru", "kind": "json", "purpose": " "}).status_code == 422
    answer = client.post(address, {"language": "ru", "kind": "json", "purpose": PURPOSE})
    assert "Қодиров Умед" in answer.content.decode()
    assert answer["Content-Disposition"] == f'attachment; filename="{answer["X-Export"]}.json"'


def test_oversight_finds_the_person_by_number(person, sign_in):
    client, address = sign_in(Role.DATA_PROTECTION), reverse("returns:access_find")
    assert client.post(address, {"number": "nobody"}).status_code == 422
    found = client.post(address, {"number": person.cases.get().number})
    assert found["Location"] == reverse("returns:person_access", args=[person.public_id])
