"""The data protection officer reads who did what and who looked at whom, a day at a time."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from common import audit
from common.actors import Actor
from partners.enums import Role
from partners.oversight import PAGE
from tests.cast import NOW

pytestmark = pytest.mark.django_db
ANNA = Actor("user", "1", "Anna at the desk", organisation_ref="iom-uz")


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_officer_begins_with_the_acts(sign_in):
    assert sign_in(Role.DATA_PROTECTION).get("/").headers["Location"] == "/acts/"


def test_an_act_is_shown_on_its_day_with_who_and_why_and_on_no_other(sign_in, organisations):
    audit.record("interest entered", organisations["kz-border"], by=ANNA, at=NOW, why="asked by telephone")
    client = sign_in(Role.DATA_PROTECTION)
    said = words(client.get("/acts/", {"on": "2020-10-01", "q": "anna"}))
    assert "Anna at the desk iom-uz interest entered partners.organisation:" in said
    assert "asked by telephone" in said
    assert "asked by telephone" not in words(client.get("/acts/", {"on": "2020-10-02"}))
    assert "Nothing of this kind on that day" in words(client.get("/acts/", {"on": "2020-10-01", "q": "bread"}))


def test_looks_are_found_by_the_person(sign_in):
    one, other = uuid4(), uuid4()
    audit.record_views([one, other], page="person", by=ANNA, at=NOW)
    said = words(sign_in(Role.DATA_PROTECTION).get("/acts/looks/", {"on": "2020-10-01", "q": str(one)}))
    assert str(one) in said
    assert "Anna at the desk" in said
    assert said.count(str(other)) == 0


def test_pages_follow_each_other_without_gap_or_repetition(sign_in, organisations):
    for minute in range(PAGE + 3):
        audit.record(f"act {minute:03d}", organisations["kz-border"], by=ANNA, at=NOW + timedelta(minutes=minute))
    client = sign_in(Role.DATA_PROTECTION)
    first = client.get("/acts/", {"on": "2020-10-01", "q": "act 0"})
    second = client.get("/acts/" + first.context["next_url"])
    seen = [entry.verb for page in (first, second) for entry in page.context["entries"]]
    assert seen == [f"act {minute:03d}" for minute in reversed(range(PAGE + 3))]
    assert second.context["next_url"] == ""


@pytest.mark.parametrize("asked", [{"on": "yesterday"}, {"on": "2020-02-31"}, {"on": "0001-01-01"}, {"after": "x_y"}])
def test_what_cannot_be_read_shows_the_day_of_today(sign_in, asked):
    assert sign_in(Role.DATA_PROTECTION).get("/acts/", asked).status_code == 200
