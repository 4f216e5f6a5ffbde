"""Why somebody can, or cannot, see something: the answer is what the real door does, and it tells nothing of a case."""

from datetime import timedelta

import pytest

from common.models import AuditEntry
from migrants import consents, protection
from migrants.entries import PersonEntry
from migrants.models import Disclosure
from migrants.registration import register
from partners.access import SCOPE
from partners.enums import Role
from partners.explaining import explain
from partners.views.policy import page_at
from tests.access.matrix import MATRIX
from tests.access.test_matrix import address_of
from tests.access.world import make_world
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
KEYED = {
    "corridors:decision_scan",
    "returns:person_picture",
    "returns:case_paper_page",
    "returns:filter_remove",
    "returns:acted_on_many",
}
"""Pages that open only with the key which another page has just made, or for whose it is; the answer is about their doors."""


def test_the_answer_is_what_the_door_does(accounts, group, crossing, organisations):
    world, wrong = make_world(group, crossing, organisations), {}
    doors = {
        name: (row.who, page_at(address_of(name, row, world)))
        for name, row in MATRIX.items()
        if isinstance(row.who, frozenset) and name not in KEYED
    }
    for name, (who, page) in doors.items():
        for role in Role.values if page else ():
            decision = explain(user=accounts[role], page=page, reference=None, by=COMMAND, at=NOW)
            if decision.opens is not (role in who):
                wrong[name, role] = [step.words for step in decision.steps]
    assert wrong == {}


@pytest.fixture
def answers(accounts):
    """`answers(role, reference)`: the words of the answer, and whether it opens."""

    def asked(role, reference):
        decision = explain(user=accounts[role], page=None, reference=reference, by=COMMAND, at=NOW + timedelta(hours=1))
        return [step.words for step in decision.steps], decision.opens

    return asked


def test_an_organisation_is_told_the_same_of_held_undisclosed_and_unknown_people(answers, group, organisations):
    embassy = organisations["tj-emb-uz"]
    shown, held, asked_not = (
        register(group=group, mission=group.mission, entry=PersonEntry(full_name=name, nationalities=("TJK",)), by=COMMAND,
                 at=NOW)
        for name in ("Якум", "Дуюм", "Сеюм")
    )  # fmt: skip
    told = {"recipient": embassy, "purpose": "consulate", "by": COMMAND, "at": NOW}
    consents.record_consent(people=[shown, held], answer="yes", how="written", language="tg", **told)
    consents.disclose(people=[shown, held], **told)
    protection.set_hold(person=held, reason="fears return", against=["TJK"], by=COMMAND, at=NOW)
    assert answers(Role.CONSULAR, shown.public_id)[1]
    others = [answers(Role.CONSULAR, each) for each in (held.public_id, asked_not.public_id, embassy.public_id)]
    assert others[0] == others[1] == others[2]
    assert others[0][0][-1] == "It is not shown to this organisation."


def test_a_narrowed_account_is_told_the_same_of_another_mission_and_of_nothing(answers, accounts, group, organisations):
    assert answers(Role.COORDINATOR, group.public_id)[1]
    accounts[Role.COORDINATOR].memberships.update(own_mission_only=True)
    elsewhere, nowhere = answers(Role.COORDINATOR, group.public_id), answers(Role.COORDINATOR, group.mission.public_id)
    assert elsewhere == nowhere
    assert not elsewhere[1]
    assert "its own mission" in elsewhere[0][-2]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"is_active": False}, "switched off"),
        ({"ends_at": NOW}, "has ended"),
    ],
)
def test_the_first_rule_that_stops_is_the_last_that_is_said(answers, accounts, group, change, said):
    for name, value in change.items():
        setattr(accounts[Role.FIELD], name, value)
    accounts[Role.FIELD].save()
    words, opens = answers(Role.FIELD, group.public_id)
    assert (len(words), opens, said in words[0]) == (1, False, True)


def test_the_page_answers_and_writes_down_that_somebody_asked(sign_in, accounts, group):
    client = sign_in(Role.ADMINISTRATOR)
    sent = {"email": accounts[Role.PROGRAMME].email, "what": f"https://homeward.example/groups/{group.public_id}/?x=1"}
    page = client.post("/policy/why/", sent).content.decode()
    assert "do not open this page" in page
    assert group.code not in page
    assert AuditEntry.objects.filter(verb="access explained").exists()
    for wrong in ({**sent, "email": "nobody@x.example"}, {**sent, "what": "/nowhere/"}, {}):
        assert client.post("/policy/why/", wrong).status_code == 422


def test_a_receiver_is_said_to_reach_a_journey_while_somebody_on_it_is_shown_to_it(
    sign_in, accounts, group, crossing, organisations
):
    client, movement = sign_in(Role.ADMINISTRATOR), make_world(group, crossing, organisations)["arrival of a receiver"]
    sent = {"email": accounts[Role.LIAISON].email, "what": f"/day/{movement}/"}
    assert "It is shown to this organisation." in client.post("/policy/why/", sent).content.decode()
    Disclosure.objects.update(valid_until=NOW)
    assert "It is not shown to this organisation." in client.post("/policy/why/", sent).content.decode()


def test_the_policy_page_prints_every_role_and_its_reach(sign_in):
    page = sign_in(Role.DATA_PROTECTION).get("/policy/").content.decode()
    assert all(str(SCOPE[role].rows.label) in page for role in Role)
    assert page.count("<tr>") > 30
