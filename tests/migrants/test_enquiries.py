"""Whether another office knows somebody: told in words to whoever says enough, never who, and of protected people nothing."""

from datetime import timedelta

import pytest
from django.db import transaction

from common.audience import asking
from common.models import AccessEntry
from corridors.models import BorderCrossing
from migrants import protection
from migrants.enquiries import Asked, EnquiryError, answer, ask, look, said_of
from migrants.entries import DocumentEntry, PersonEntry
from migrants.enums import EnquiryState
from migrants.models import DuplicatePair, Enquiry, Migrant, TravelGroup
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


def test_the_office_is_told_by_mail_and_the_asker_of_the_answer_and_no_mail_names_anybody(
    accounts, person, mailbox, django_capture_on_commit_callbacks, request
):
    with django_capture_on_commit_callbacks(execute=True):
        row = request.getfixturevalue("enquiry")
    [question] = mailbox.to(accounts[Role.COORDINATOR].email)
    assert len(mailbox) == 1
    with django_capture_on_commit_callbacks(execute=True):
        answer(enquiry=row, state="declined", words_to="Умед is known to us.", by=COMMAND, at=NOW)
    [answered] = mailbox.to(accounts[Role.FIELD].email)

    assert accounts[Role.FIELD].printed_name in question.get_content()
    assert str(person.mission) in answered.get_content()
    for mail in (question, answered):
        text = mail["Subject"] + mail.get_content()
        assert not any(word in text for word in ("Umed", "Умед", "Kadyrov", "1986", "brother", person.number))


def test_of_the_office_only_who_reaches_the_person_is_told(
    accounts, person, mailbox, django_capture_on_commit_callbacks, request
):
    accounts[Role.COORDINATOR].memberships.update(crossings=["KG-TJ-01"])
    with django_capture_on_commit_callbacks(execute=True):
        request.getfixturevalue("enquiry")

    assert len(mailbox) == 0


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
    assert coordinator.post(f"/people/enquiries/{row.public_id}/", {"state": "lent"}).status_code == 302

    assert officer.get(f"/people/{person.public_id}/").status_code == 200
    assert str(person.public_id) in officer.get("/people/enquiries/").content.decode()


@pytest.fixture
def own(narrow, organisations):
    """The record that the officer has of the same man, at the crossing where he stands now."""
    there = TravelGroup.objects.create(
        code="ZZ-1001", mission=organisations["iom-uz"].offices.get(), from_country="KGZ", to_country="TJK",
        crossing=BorderCrossing.objects.create(code="KG-TJ-01", modes=["road"]), waiting_since=NOW, recorded_at=NOW, by=COMMAND,
    )  # fmt: skip
    return register(
        group=there, mission=there.mission, entry=PersonEntry(full_name="Умед Кадыров", birth_year=1987),
        by=COMMAND, at=NOW,
    )  # fmt: skip


def test_a_question_from_ones_own_record_ends_with_both_records_beside_each_other(own, person, sign_in):
    officer, coordinator = sign_in(Role.FIELD), sign_in(Role.COORDINATOR)
    assert f"?own={own.public_id}" in officer.get(f"/people/{own.public_id}/").content.decode()
    assert "Умед Кадыров" in officer.get(f"/people/elsewhere/?own={own.public_id}").content.decode()
    said = {"own": str(own.public_id), "full_name": "Умед Кадыров", "birth_year": "1986", "why": "He says so."}
    officer.post("/people/elsewhere/", said | {"mission": str(person.mission.public_id)})
    row = Enquiry.objects.get()
    assert own.number in coordinator.get(f"/people/enquiries/{row.public_id}/").content.decode()
    answered = coordinator.post(f"/people/enquiries/{row.public_id}/", {"state": "lent"}, follow=True)

    pair = DuplicatePair.objects.get(state="open")
    assert {pair.first, pair.second} == {own, person}
    assert answered.redirect_chain == [(f"/duplicates/{pair.public_id}/", 302)]


def test_the_coordinator_declines_on_the_page(enquiry, sign_in):
    page = sign_in(Role.COORDINATOR).post(f"/people/enquiries/{enquiry.public_id}/", {"state": "declined"})

    assert page.status_code == 302
    assert Enquiry.objects.get().state == "declined"


def test_nobody_asks_from_a_record_that_they_do_not_reach(narrow, person, sign_in):
    officer = sign_in(Role.FIELD)
    for own in (str(person.public_id), "nothing"):
        assert officer.get(f"/people/elsewhere/?own={own}").status_code == 404
        assert officer.post("/people/elsewhere/", {"own": own, "document": "AC005966803"}).status_code == 404


def test_nobody_looks_so_often_that_the_offices_could_be_walked_through(narrow, person, sign_in, settings):
    settings.LIMITS = settings.LIMITS | {"elsewhere": (2, 60)}
    officer = sign_in(Role.FIELD)
    tried = [officer.post("/people/elsewhere/", {"document": f"A{number}"}).status_code for number in range(3)]

    assert tried == [200, 200, 429]


def test_whoever_reaches_everybody_need_not_ask(person, sign_in):
    text = sign_in(Role.COORDINATOR).post("/people/elsewhere/", {"document": "AC005966803"}).content.decode()

    assert "You need not ask" in text
    assert str(person.mission) not in text.split("You need not ask")[1]
