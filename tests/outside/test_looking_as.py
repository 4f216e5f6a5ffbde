"""Before a group is shown to its embassy the coordinator can look at what the embassy would see, and nothing is written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from migrants import consents, protection
from migrants.models import Disclosure
from partners.enums import Role
from returns import incoming, looking_as
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def embassy(organisations):
    return organisations["tj-emb-uz"]


@pytest.fixture
def agreed(make_person, embassy):
    """Seven people: one is shown already, one said no, one is another's national, one is held, one took it back."""
    people = [make_person(nationality="AFG" if number == 2 else "TJK") for number in range(7)]
    said = {"purpose": "consulate", "recipient": embassy, "how": "oral", "language": "tg", "by": COMMAND, "at": NOW}
    given = consents.record_consent(people=[*people[:1], *people[2:]], answer="yes", **said)
    consents.record_consent(people=people[1:2], answer="no", **said)
    consents.disclose(people=people[:1], recipient=embassy, purpose="consulate", by=COMMAND, at=NOW)
    protection.set_hold(person=people[3], reason="asylum claim", against=["AFG"], by=COMMAND, at=NOW)
    consents.withdraw(consent=given[3], by=COMMAND, at=NOW)
    return people


def test_the_coordinator_sees_whom_the_embassy_would_see_and_nobody_else(agreed, group, embassy):
    would = [row.full_name for row in looking_as.would_see(embassy, group, at=NOW)]
    assert Disclosure.objects.count() == 1
    consents.disclose(people=agreed, recipient=embassy, purpose="consulate", by=COMMAND, at=NOW)
    rows = list(incoming.by_name(incoming.shown_to([embassy], at=NOW)))
    assert would == [row.full_name for row in incoming.completed(rows, at=NOW)]
    assert would == [agreed[place].full_name for place in (0, 5, 6)]


def test_the_page_is_that_of_the_embassy_and_writes_only_who_looked(agreed, group, embassy, sign_in):
    coordinator = sign_in(Role.COORDINATOR)
    with CaptureQueriesContext(connection) as queries:
        answer = coordinator.get(f"/groups/{group.public_id}/as/{embassy.code}/")
    page = answer.content.decode()
    assert all(agreed[place].full_name in page for place in (0, 5, 6))
    assert not any(agreed[place].full_name in page for place in (1, 2, 3, 4))
    written = {q["sql"].split('"')[1] for q in queries if q["sql"].lower().startswith(("insert", "update", "delete"))}
    assert written <= {"common_accesslogentry", "partners_ticket", "django_session"}
    assert sign_in(Role.FIELD).get(f"/groups/{group.public_id}/as/{embassy.code}/").status_code == 404
    assert coordinator.get(f"/groups/{group.public_id}/as/kz-border/").status_code == 404
