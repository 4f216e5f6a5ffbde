"""An embassy is asked for documents of those who are shown to it with documents, and says how far each is (rule 22)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from common import clock
from common.models import AuditEntry
from migrants import consents, protection
from migrants.models import TravelDocument
from notifications.models import Alert, Delivery
from partners.enums import Role
from returns import document_requests
from returns.models import DocumentRequest, DocumentStep
from tests.cast import COMMAND, NOW
from tests.support.mails import whole

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": COMMAND, "at": NOW}
SOON = NOW + timedelta(days=1)
WHO = {"name": "Consul", "function": "consul"}


@pytest.fixture
def embassy(organisations):
    clock.set_to(NOW)
    return organisations["tj-emb-uz"]


@pytest.fixture
def people(make_person, embassy):
    """Without a document: one shown, one shown by name alone, one held, one who said no; and one who holds a passport."""
    made = [make_person(passport=False) for _ in range(4)] + [make_person()]
    said = {"purpose": "consulate", "recipient": embassy, "how": "oral", "language": "tg", **BY}
    consents.record_consent(people=[made[0], made[2], made[4]], answer="yes", **said)
    consents.record_consent(people=[made[1]], answer="yes", categories=["identity"], **said)
    consents.record_consent(people=[made[3]], answer="no", **said)
    consents.disclose(people=made, recipient=embassy, purpose="consulate", **BY)
    protection.set_hold(person=made[2], reason="asylum claim", against=["AFG"], **BY)
    return made


def ask(group, embassy, **changed):
    return document_requests.ask(group=group, recipient=embassy, **{"answer_by": SOON, **BY, **changed})


@pytest.fixture
def asked(people, group, embassy):
    return ask(group, embassy)[0]


def answer(request, state, **changed):
    return document_requests.answer(request=request, state=state, **{**WHO, **BY, **changed})


def test_asked_for_is_who_lacks_a_document_and_is_shown_with_it_and_the_letter_says_how_many(people, group, embassy):
    [row] = ask(group, embassy)
    assert (row.person, row.document.state, row.document.issuer) == (people[0], "applied", "TJK")
    alert = Alert.objects.get(kind="document_request")
    assert (alert.context["how_many"], alert.context["number"]) == (1, row.number)
    letter = whole(Delivery.objects.get(notice__alert=alert, purpose="first"))
    assert row.number in letter
    assert not any(person.full_name in letter for person in people)


def test_nobody_is_asked_for_twice_and_a_refused_request_changes_nothing(people, group, embassy):
    ask(group, embassy)
    for changed, field in (({}, "recipient"), ({"answer_by": NOW}, "answer_by")):
        with pytest.raises(document_requests.DocumentRequestError) as refused:
            ask(group, embassy, **changed)
        assert refused.value.field == field
    assert (DocumentRequest.objects.count(), Alert.objects.filter(kind="document_request").count()) == (1, 1)


def test_each_step_moves_the_document_itself_and_stands_with_who_said_it(people, group, embassy):
    [row] = ask(group, embassy)
    answer(row, "interviewed", note="room 4")
    answer(row, "confirmed")
    answer(row, "issued", expires_on=(NOW + timedelta(days=30)).date())
    answer(row, "held")
    document = TravelDocument.objects.get(pk=row.document_id)
    assert (document.state, document.expires_on) == ("held", (NOW + timedelta(days=30)).date())
    assert [step.state for step in row.steps.all()] == ["interviewed", "confirmed", "issued", "held"]
    assert AuditEntry.objects.filter(verb="document answered").count() == 4
    assert document_requests.lacking(group, embassy, at=NOW) == []


@pytest.mark.parametrize(
    ("state", "changed", "refused"),
    [
        ("applied", {}, ("state", "Choose from the list")),
        ("interviewed", {}, ("state", "It stands as")),
        ("confirmed", {"name": " "}, ("name", "Write who answers")),
        ("confirmed", {"function": ""}, ("function", "Write the function")),
        (
            "confirmed",
            {"expires_on": (NOW + timedelta(days=9)).date()},
            ("expires_on", "Only a document that is issued"),
        ),
        ("issued", {"expires_on": NOW.date()}, ("expires_on", "No document is valid")),
        ("confirmed", {"note": "x" * 1001}, ("note", "too long")),
    ],
)
def test_an_answer_that_cannot_be_says_what_to_mend(people, asked, state, changed, refused):
    answer(asked, "interviewed")
    with pytest.raises(document_requests.DocumentRequestError, match=refused[1]) as told:
        answer(asked, state, **changed)
    assert told.value.field == refused[0]
    assert DocumentStep.objects.count() == 1


def test_no_step_leads_back(people, group, embassy):
    [row] = ask(group, embassy)
    answer(row, "issued")
    with pytest.raises(document_requests.DocumentRequestError, match="does not become"):
        answer(row, "interviewed")
    assert TravelDocument.objects.get(pk=row.document_id).state == "issued"


def test_mission_asks_embassy_answers_and_whoever_is_shown_no_longer_is_in_no_request(people, group, embassy, sign_in):
    coordinator, consul = sign_in(Role.COORDINATOR), sign_in(Role.CONSULAR)
    ours = reverse("returns:group_documents", args=[group.public_id])
    assert coordinator.post(ours, {"recipient": embassy.code, "answer_by": "2020-10-02T12:00"}).status_code == 302
    assert coordinator.post(ours, {"recipient": embassy.code, "answer_by": "2020-10-02T12:00"}).status_code == 422
    row = DocumentRequest.objects.get()
    listed = consul.get(reverse("returns:documents_asked")).content.decode()
    assert people[0].full_name in listed
    assert not any(person.full_name in listed for person in people[1:])
    address = reverse("returns:document_request", args=[row.public_id])
    assert consul.post(address, {"state": "held", "expires_on": "1999-01-01", **WHO}).status_code == 422
    assert consul.post(address, {"state": "interviewed", "note": "room 4", **WHO}).status_code == 302
    assert "room 4" in coordinator.get(ours).content.decode()
    assert DocumentStep.objects.get().by.organisation_ref == embassy.code
    protection.set_hold(person=people[0], reason="asylum claim", against=["AFG"], **BY)
    assert consul.get(address).status_code == 404
    assert consul.post(address, {"state": "confirmed", **WHO}).status_code == 404
    assert people[0].full_name not in consul.get(reverse("returns:documents_asked")).content.decode()
