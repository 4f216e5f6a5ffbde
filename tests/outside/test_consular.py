"""Before a group arrives: the embassy asks, the mission answers, and the embassy says that it is ready to receive."""

from typing import Any

import pytest

from common import clock
from common.models import AuditEntry
from corridors.models import TransitCorridor
from migrants import protection
from partners.enums import Role
from returns import consular_questions, reception
from returns.models import ConsularQuestion, ReceptionReady
from tests.access.arriving import arriving
from tests.access.world import _corridor
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": COMMAND, "at": NOW}
READY: dict[str, Any] = {
    "places": 40,
    "place": "School 4, Buston",
    "transport": "two buses",
    "ready_from": NOW,
    "name": "Zafar",
    "function": "region",
}


@pytest.fixture
def embassy(organisations):
    return organisations["tj-emb-uz"]


@pytest.fixture
def coming(group, crossing, organisations, embassy):
    """A group that comes, with one person on board who is shown to the embassy."""
    clock.set_to(NOW)
    _corridor(crossing, organisations)
    return arriving(group, TransitCorridor.objects.get(), embassy, code="ZZ-0912")


def test_an_embassy_asks_about_a_person_and_reads_the_answer_while_the_person_is_shown(coming, embassy, sign_in):
    shown = embassy.disclosures.get()
    consul, coordinator = sign_in(Role.CONSULAR), sign_in(Role.COORDINATOR)
    asked = {"about": str(shown.public_id), "words": "Does she need a wheelchair?"}
    assert consul.post(f"/incoming/{coming.public_id}/ask/", asked).status_code == 302
    question = ConsularQuestion.objects.get()
    assert (question.disclosure, question.mission) == (shown, coming.mission)
    assert "Does she need a wheelchair?" in coordinator.get("/questions/").content.decode()
    address = f"/questions/{question.public_id}/"
    assert coordinator.post(address, {"words": "  "}).status_code == 422
    assert coordinator.post(address, {"words": "No."}).status_code == 302
    assert coordinator.post(address, {"words": "Yes."}).status_code == 422
    assert "No." in consul.get("/incoming/questions/").content.decode()
    protection.set_hold(person=shown.person, reason="asylum claim", against=["AFG"], **BY)
    after = consul.get("/incoming/questions/").content.decode()
    assert "wheelchair" not in after
    assert shown.person.full_name not in after
    assert AuditEntry.objects.filter(verb__in=["mission asked", "embassy answered"]).count() == 2


def test_nobody_is_asked_about_who_is_not_shown(coming, embassy, group):
    with pytest.raises(consular_questions.QuestionError, match="Nobody of that name"):
        consular_questions.ask(movement=coming, organisation=embassy, about=group.public_id, words="Who?", **BY)
    assert not ConsularQuestion.objects.exists()


def test_the_newest_word_of_a_reception_counts_and_none_comes_after_the_handover(coming, embassy, sign_in):
    reception.confirm(movement=coming, organisation=embassy, **READY, **BY)
    consul = sign_in(Role.CONSULAR)
    typed = {**READY, "places": "60", "ready_from": "2020-10-01T12:00"}
    assert consul.post(f"/incoming/{coming.public_id}/ready/", typed).status_code == 302
    assert consul.post(f"/incoming/{coming.public_id}/ready/", {**typed, "places": "0"}).status_code == 422
    assert [row.places for row in reception.standing(coming)] == [60]
    assert "60 places, School 4, Buston" in consul.get(f"/incoming/{coming.public_id}/ready/").content.decode()
    coming.state = "handed_over"
    coming.save()
    with pytest.raises(reception.ReceptionError, match="not on its way"):
        reception.confirm(movement=coming, organisation=embassy, **READY, **BY)
    assert ReceptionReady.objects.count() == 2
