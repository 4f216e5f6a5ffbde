"""Looking beyond one's reach tells nobody whether a woman under protection was ever registered: neither bytes nor questions."""

from __future__ import annotations

from functools import partial

import pytest

from common import clock
from migrants import protection
from migrants.entries import DocumentEntry, PersonEntry
from migrants.registration import register
from partners.enums import Role
from tests.cast import COMMAND, NOW
from tests.two_worlds.seen import Seen, differences, look
from tests.two_worlds.worlds import in_both

pytestmark = pytest.mark.django_db
HERS = PersonEntry(
    full_name="Саидова Нигора", birth_year=1994, nationalities=("TJK",), phone="+992 935 55 01 42",
    documents=(DocumentEntry("passport", number="A 7712345"),),
)  # fmt: skip
ANOTHER = PersonEntry(full_name="Саидова Нигина", birth_year=1994, nationalities=("TJK",))
LOOKS = (
    {"full_name": "Saidova Nigora", "birth_year": "1994"},
    {"document": "A7712345"},
    {"phone": "+992935550142"},
    {"full_name": "Saidova Nigora", "birth_year": "1994", "document": "A7712345", "phone": "+992935550142"},
)


@pytest.fixture
def what_is_seen(group, accounts, sign_in, settings):
    settings.LIMITS = settings.LIMITS | {"elsewhere": (1000, 60), "elsewhere_day": (1000, 60)}
    accounts[Role.FIELD].memberships.update(crossings=["KG-TJ-01"])
    officer = sign_in(Role.FIELD)

    def seen(with_her: bool, *, under_a_hold: bool = True) -> Seen:
        clock.set_to(NOW)
        register(group=group, mission=group.mission, entry=ANOTHER, by=COMMAND, at=NOW)
        if with_her:
            her = register(group=group, mission=group.mission, entry=HERS, by=COMMAND, at=NOW)
            if under_a_hold:
                protection.set_hold(person=her, reason="She fears to return.", by=COMMAND, at=NOW)
        mission = {"mission": str(group.mission.public_id), "why": "Her sister is here."}
        asked = [partial(officer.post, "/people/elsewhere/", said) for said in LOOKS]
        asked += [partial(officer.post, "/people/elsewhere/", said | mission) for said in LOOKS]
        return {f"look {place}": look(ask) for place, ask in enumerate(asked)} | {
            "questions": look(partial(officer.get, "/people/enquiries/"))
        }

    return seen


def test_nobody_can_tell_by_looking_elsewhere_whether_she_was_registered(what_is_seen):
    assert differences(*in_both(what_is_seen)) == []


def test_the_comparison_finds_her_where_no_hold_stands(what_is_seen):
    found = " ".join(differences(*in_both(partial(what_is_seen, under_a_hold=False))))

    assert "look 0" in found
    assert "look 1" in found
