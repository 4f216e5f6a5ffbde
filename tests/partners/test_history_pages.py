"""The data protection officer finds what changed, by whom and why; what it held opens with a reason that is kept."""

import re

import pytest

from common import clock
from common.history import empty_content
from common.models import AccessEntry, AuditEntry, HistoryRow
from migrants import protection
from migrants.models import Migrant
from partners import oversight
from partners.enums import Role
from tests.access.world import registered
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(group) -> Migrant:
    clock.set_to(NOW)
    somebody = registered(group, "Озмоиш Одам", 1)
    Migrant.objects.filter(pk=somebody.pk).update(sex="f", language="tg")
    return somebody


@pytest.fixture
def officer(sign_in):
    return sign_in(Role.DATA_PROTECTION)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def change_of(person: Migrant, operation: str = "update") -> HistoryRow:
    return HistoryRow.objects.filter(table_name="migrants_migrant", row_id=person.pk, operation=operation).latest("id")


def test_the_history_of_a_person_names_fields_and_no_content(officer, person):
    said = words(officer.get("/acts/history/", {"q": str(person.public_id)}))
    assert "migrants.migrant" in said
    assert "language, sex" in said
    assert "Озмоиш" not in said
    assert AccessEntry.objects.count() == 0


def test_an_act_leads_to_what_it_changed(officer, person):
    act = AuditEntry.objects.get(subject=f"migrants.migrant:{person.public_id}")
    listed = officer.get("/acts/", {"on": "2020-10-01"}).content.decode()
    assert f"/acts/history/?q={act.transaction}" in listed
    assert "migrants.migrant" in words(officer.get("/acts/history/", {"q": str(act.transaction)}))


def test_content_opens_with_a_reason_that_is_kept(officer, person):
    address = f"/acts/history/{change_of(person).id}/"
    assert "language" in words(officer.get(address))
    refused = officer.post(address, {"why": " "})
    assert refused.status_code == 422
    assert AuditEntry.objects.filter(verb="content of history seen").count() == 0
    assert " tg " in words(officer.post(address, {"why": "she asked who wrote it"}))
    assert AuditEntry.objects.get(verb="content of history seen").why == "she asked who wrote it"
    assert AccessEntry.objects.get().person == person.public_id


def test_what_only_the_protection_room_reads_stays_closed(officer, person):
    hold = protection.set_hold(person=person, reason="asked for it", against=["TJK"], by=COMMAND, at=NOW)
    row = HistoryRow.objects.get(table_name="migrants_protectionhold", public_id=hold.public_id)
    said = words(officer.post(f"/acts/history/{row.id}/", {"why": "complaint"}))
    assert "TJK" not in said
    assert "closed: sealed, or for the protection room alone" in said


def test_an_emptied_row_says_so(officer, person):
    empty_content(person=person, by=COMMAND, at=NOW, why="asked for it")
    address = f"/acts/history/{change_of(person).id}/"
    assert "The person was erased by act" in words(officer.get(address))
    assert officer.post(address, {"why": "to see"}).status_code == 422


def test_pages_of_history_follow_each_other(officer, person):
    for step in range(oversight.PAGE + 3):
        Migrant.objects.filter(pk=person.pk).update(birth_year=1950 + step)
    asked = {"q": str(person.public_id)}
    first = officer.get("/acts/history/", asked)
    second = officer.get("/acts/history/" + first.context["next_url"])
    numbers = [change.row.id for page in (first, second) for change in page.context["changes"]]
    assert numbers == sorted(set(numbers), reverse=True)
    assert len(numbers) == HistoryRow.objects.filter(person_id=person.pk).count()


@pytest.mark.parametrize("asked", [{"q": "9" * 30}, {"q": "no such table"}, {"after": "x"}, {"on": "2020-02-31"}])
def test_what_cannot_be_read_finds_little_and_breaks_nothing(officer, asked):
    assert officer.get("/acts/history/", asked).status_code == 200


def test_the_seals_say_what_waits(officer, person):
    said = words(officer.get("/acts/seals/"))
    assert "Nothing is sealed yet" in said
    assert "Nobody has checked yet" in said


def test_history_is_of_wall_time(officer, person):
    today = clock.real_now().date().isoformat()
    assert "migrants.migrant" in words(officer.get("/acts/history/", {"on": today, "q": "migrants_migrant"}))
