"""Whether another office knows somebody: told in words to whoever says enough, never who, and of protected people nothing."""

from datetime import timedelta

import pytest
from django.db import transaction

from common.audience import asking
from common.models import AccessEntry
from migrants import protection
from migrants.enquiries import Asked, EnquiryError, answer, ask, look, said_of
from migrants.entries import DocumentEntry, PersonEntry
from migrants.enums import EnquiryState
from migrants.models import Enquiry, Migrant
from migrants.registration import register
from partners.access import viewer_of
from partners.enums import Role
from partners.models import LentAccess
from tests.cast import COMMAND, NOW

ENTRY = PersonEntry(
    full_name="Қодиров Умед Раҳимович", birth_year=1986, nationalities=("TJK",), phone="+992 935 55 01 42",
    documents=(DocumentEntry("passport", number="AC 005966803"),),
)  # fmt: skip
NAMED = Asked(full_name="Umed Kadyrov", birth_year=1986)


@pytest.fixture
def person(group) -> Migrant:
    return register(group=group, mission=group.mission, entry=ENTRY, by=COMMAND, at=NOW)


@pytest.fixture
def narrow(accounts):
    """The field officer, narrowed to another crossing than that at which the group waits."""
    accounts[Role.FIELD].memberships.update(crossings=["KG-TJ-01"])
    return lambda at=NOW: viewer_of(accounts[Role.FIELD], at=at)


@pytest.fixture
def looked(narrow):
    def look_as(asked):
        with transaction.atomic(), asking(narrow().audience):
            return look(asked=asked)

    return look_as


@pytest.fixture
def enquiry(narrow, person):
    with asking(narrow().audience):
        return ask(
            asked=NAMED, mission=person.mission.public_id, why="His brother is here.",
            user=narrow().user, by=narrow().actor, at=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "how"),
    [
        (NAMED, "likely"),
        (Asked(full_name="Қодирзода Умед", birth_year=1986), "possible"),
        (Asked(document="ас-005966803"), "certain"),
        (Asked(phone="+992 93 555 01 42"), "likely"),
    ],
)
def test_whoever_says_enough_learns_which_office_to_ask(looked, person, asked, how):
    [hint] = looked(asked)

    assert (hint.mission, hint.how, hint.people) == (person.mission, how, (person.public_id,))
    assert not any(word in hint.sentence for word in (person.full_name, person.number, "1986"))


@pytest.mark.parametrize(
    "asked", [Asked(), Asked(full_name="Umed Kadyrov"), Asked(full_name="Umed", birth_year=1986), Asked(document="—")]
)
def test_whoever_says_too_little_is_told_nothing(looked, person, asked):
    with pytest.raises(EnquiryError):
        looked(asked)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(full_name="Umed Kadyrov", birth_year=1987),
        Asked(full_name="Umed Karimov", birth_year=1986),
        Asked(document="AC 00596680"),
    ],
)
def test_what_does_not_fit_whole_tells_nothing(looked, person, asked):
    assert looked(asked) == []


def test_of_somebody_under_a_hold_nothing_is_told(looked, person):
    protection.set_hold(person=person, reason="She fears to return.", by=COMMAND, at=NOW)

    assert [looked(asked) for asked in (NAMED, Asked(document="AC005966803"))] == [[], []]


def test_whoever_reaches_everybody_is_told_nothing_here(accounts, person):
    with asking(viewer_of(accounts[Role.COORDINATOR], at=NOW).audience):
        assert look(asked=NAMED) == []


@pytest.mark.parametrize(
    "role", [Role.CONSULAR, Role.LIAISON, Role.PROGRAMME, Role.ADMINISTRATOR, Role.DATA_PROTECTION]
)
def test_nobody_but_casework_is_told_anything(accounts, person, role):
    with asking(viewer_of(accounts[role], at=NOW).audience):
        assert look(asked=NAMED) == []


def test_the_office_lends_the_case_for_a_week(narrow, accounts, person, enquiry):
    coordinator = viewer_of(accounts[Role.COORDINATOR], at=NOW)
    with asking(coordinator.audience):
        answer(enquiry=enquiry, state="lent", words_to="Call me.", by=coordinator.actor, at=NOW)

    assert list(Migrant.objects.visible_to(narrow())) == [person]
    assert not Migrant.objects.visible_to(narrow(NOW + timedelta(days=7))).exists()
    with asking(narrow().audience):
        assert Migrant.objects.get() == person
        assert Enquiry.objects.asked_by(narrow()).get().answer == "Call me."


@pytest.mark.parametrize("state", ["declined", "another"])
def test_any_other_answer_opens_nothing(narrow, person, enquiry, state):
    answer(enquiry=enquiry, state=state, by=COMMAND, at=NOW)

    assert not Migrant.objects.visible_to(narrow()).exists()
    assert not LentAccess.objects.exists()


def test_a_hold_ends_the_loan_and_forbids_another(narrow, person, enquiry):
    answer(enquiry=enquiry, state="lent", by=COMMAND, at=NOW)
    protection.set_hold(person=person, reason="She fears to return.", by=COMMAND, at=NOW)
    assert not Migrant.objects.visible_to(narrow()).exists()

    Enquiry.objects.update(state=EnquiryState.OPEN, answered_at=None)
    with pytest.raises(EnquiryError, match="lent to nobody"):
        answer(enquiry=enquiry, state="lent", by=COMMAND, at=NOW)


def test_asking_again_while_it_waits_is_the_same_question(narrow, person, enquiry):
    with asking(narrow().audience):
        again = ask(
            asked=Asked(document="AC005966803"), mission=person.mission.public_id, why="again",
            user=narrow().user, by=narrow().actor, at=NOW,
        )  # fmt: skip

    assert again == enquiry
    assert said_of(again) == NAMED


def test_an_answer_is_given_once(person, enquiry):
    answer(enquiry=enquiry, state="declined", by=COMMAND, at=NOW)
    with pytest.raises(EnquiryError, match="answered meanwhile"):
        answer(enquiry=enquiry, state="lent", by=COMMAND, at=NOW)


def test_the_asker_reads_the_own_question_and_nothing_of_the_person(narrow, person, enquiry):
    with asking(narrow().audience):
        assert Enquiry.objects.get() == enquiry
        assert not Migrant.objects.exists()


# The pages


def test_a_look_names_the_office_alone_and_is_written_down(narrow, person, sign_in):
    page = sign_in(Role.FIELD).post("/people/elsewhere/", {"full_name": "Umed Kadyrov", "birth_year": "1986"})

    text = page.content.decode()
    assert str(person.mission) in text
    assert not any(word in text for word in (person.full_name, person.number, str(person.public_id)))
    assert list(AccessEntry.objects.values_list("person", "page")) == [(person.public_id, "returns:elsewhere")]


def test_a_question_goes_to_the_coordinator_who_answers_it(narrow, person, sign_in):
    officer, coordinator = sign_in(Role.FIELD), sign_in(Role.COORDINATOR)
    said = {"full_name": "Umed Kadyrov", "birth_year": "1986", "document": "", "phone": ""}
    asked = officer.post("/people/elsewhere/", {**said, "mission": str(person.mission.public_id), "why": "A brother."})
    assert asked.status_code == 302, asked.content.decode()
    row = Enquiry.objects.get()
    assert person.number in coordinator.get("/people/enquiries/").content.decode()
    assert "A brother." in coordinator.get(f"/people/enquiries/{row.public_id}/").content.decode()
    assert officer.get(f"/people/enquiries/{row.public_id}/").status_code == 404
    assert person.number not in officer.get("/people/enquiries/").content.decode()
    coordinator.post(f"/people/enquiries/{row.public_id}/", {"state": "lent", "words": "Call me."})

    assert officer.get(f"/people/{person.public_id}/").status_code == 200
    assert str(person.public_id) in officer.get("/people/enquiries/").content.decode()


def test_nobody_looks_so_often_that_the_offices_could_be_walked_through(narrow, person, sign_in, settings):
    settings.LIMITS = settings.LIMITS | {"elsewhere": (2, 60)}
    officer = sign_in(Role.FIELD)
    tried = [officer.post("/people/elsewhere/", {"document": f"A{number}"}).status_code for number in range(3)]

    assert tried == [200, 200, 429]


def test_whoever_reaches_everybody_need_not_ask(person, sign_in):
    text = sign_in(Role.COORDINATOR).post("/people/elsewhere/", {"document": "AC005966803"}).content.decode()

    assert "You need not ask" in text
    assert str(person.mission) not in text.split("You need not ask")[1]
