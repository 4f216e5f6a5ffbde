"""What happened on the way is written once, sealed where it is about somebody, and read by whom it concerns."""

import uuid
from datetime import timedelta

import pytest

from common import clock
from partners.enums import Role
from returns import incidents, movements
from returns.incidents import IncidentError
from returns.models import Incident
from returns.subject_access.sections import report_of
from tests.cast import COMMAND
from tests.returns.convoy import FROZEN

pytestmark = pytest.mark.django_db


def note(movement, **said):
    given = {"kind": "breakdown", "note": "A tyre burst.", "happened_at": FROZEN, **said}
    return incidents.note_incident(movement=movement, **given, by=COMMAND, at=FROZEN)


def test_a_phone_that_sends_it_twice_stores_it_once_and_what_is_about_a_person_is_sealed(boarded, travellers):
    key = uuid.uuid4()
    assert [note(boarded, public_id=key)[1] for _turn in range(2)] == [True, False]
    row, _new = note(boarded, kind="illness", note="She is in labour.", person=travellers[0])
    row.refresh_from_db()
    assert (row.note, row.sealed_note) == ("", "She is in labour.")
    assert list(incidents.told_openly()) == [Incident.objects.get(public_id=key)]


def test_other_words_under_an_id_that_is_taken_change_nothing_and_are_given_nothing(boarded):
    key = uuid.uuid4()
    note(boarded, public_id=key, is_confidential=True)
    for said in ({}, {"is_confidential": True, "note": "Another tyre."}):
        with pytest.raises(IncidentError, match="written down under this number"):
            note(boarded, public_id=key, **said)
    assert Incident.objects.get().note == "A tyre burst."


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"note": " "}, "in a sentence"),
        ({"kind": "party"}, "Choose what happened"),
        ({"happened_at": FROZEN + timedelta(hours=1)}, "lies in the future"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(boarded, said, match):
    with pytest.raises(IncidentError, match=match):
        note(boarded, **said)
    assert not Incident.objects.exists()


def test_nobody_else_is_written_into_it_and_nothing_after_the_end(movement, make_person):
    with pytest.raises(IncidentError, match="has a seat"):
        note(movement, person=make_person())
    movements.call_off(movement=movement, why="snow", by=COMMAND, at=FROZEN)
    with pytest.raises(IncidentError, match="is closed"):
        note(movement)


def test_on_the_pages_a_confidential_note_is_read_by_whoever_sends_or_wrote_it_and_never_over_the_api(
    boarded, travellers, sign_in
):
    clock.set_to(FROZEN)
    here, field = f"/movements/{boarded.public_id}/", sign_in(Role.FIELD)
    said = {
        "client_id": str(uuid.uuid4()),
        "kind": "security",
        "note": "A quarrel at the well.",
        "is_confidential": "on",
    }
    assert field.post(f"{here}incidents/", said).status_code == 302
    note(boarded, note="Somebody threatens a witness.", is_confidential=True)
    about = {
        **said,
        "client_id": str(uuid.uuid4()),
        "number": travellers[0].number,
        "happened_local": "2020-10-02T06:50",
    }
    assert field.post(f"{here}incidents/", about).status_code == 302
    wrong = field.post(f"{here}incidents/", {**about, "client_id": str(uuid.uuid4()), "number": "0"})
    assert wrong.status_code == 422
    own, all_of_it = field.get(here).content.decode(), sign_in(Role.COORDINATOR).get(here).content.decode()
    assert "A quarrel" in own
    assert "threatens" not in own
    assert "threatens" in all_of_it
    assert not incidents.told_openly().exists()
    assert Incident.objects.get(person=travellers[0]).happened_at == FROZEN - timedelta(minutes=10)
    for with_protection in (False, True):  # nor does anybody hand out what they may not read
        report = report_of(travellers[0], with_protection=with_protection)
        (journey,) = [section for section in report if section.key == "journeys"]
        assert any("A quarrel" in str(row) for row in journey.rows) is with_protection
