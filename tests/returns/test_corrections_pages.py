"""Name, sex, birth date and company of a child are corrected on a page; the case is judged anew."""

import pytest
from django.urls import reverse

from common import clock
from migrants.enums import AloneStatus
from migrants.identity import name_keys
from migrants.models import DuplicatePair
from partners.enums import Role
from returns.cases import open_cases
from returns.models import CaseReadiness
from tests.cast import COMMAND, NOW


@pytest.fixture(autouse=True)
def at_the_moment(db):
    clock.set_to(NOW)


@pytest.fixture
def field(sign_in):
    return sign_in(Role.FIELD)


def corrected(client, person, **values):
    """Fills in the page as it stands, with `values` changed, and sends it."""
    address = reverse("returns:person_correct", args=[person.public_id])
    form = client.get(address).context["form"]
    standing = {name: form[name].value() or "" for name in form.fields}
    return client.post(address, standing | values)


def test_a_corrected_name_and_birth_date_stand_on_the_page_with_what_they_were(field, make_person):
    person = make_person(full_name="Кодиров Умед", latin_name="Kodirov Umed", birth_year=1986, birth_basis="parent")
    answer = corrected(field, person, full_name="Қодирзода Умед", birth_year="1987", birth_basis="document")
    text = field.get(answer.url).content.decode()
    person.refresh_from_db()
    assert (person.full_name, person.latin_name, person.birth_year) == ("Қодирзода Умед", "Qodirzoda Umed", 1987)
    assert "Кодиров Умед" in text
    assert "1986 (parent’s word)" in text
    assert "1987" in text


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("full_name", "", "required"),
        ("birth_year", "1800", "120 years"),
        ("birth_day", "31", "does not have so many days"),
    ],
)
def test_a_correction_that_cannot_be_right_says_why_and_changes_nothing(field, make_person, name, wrong, said):
    person = make_person(
        full_name="Кодиров Умед", latin_name="Kodirov Umed", birth_year=1986, birth_month=6, birth_day=4
    )
    answer = corrected(field, person, **{name: wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not person.earlier_claims.exists()


def test_who_corrects_what_somebody_else_has_just_corrected_is_told(field, make_person):
    person = make_person(full_name="Кодиров Умед", latin_name="Kodirov Umed")
    address = reverse("returns:person_correct", args=[person.public_id])
    seen = field.get(address).context["form"]["seen"].value()
    corrected(field, person, full_name="Кодиров Умар")
    answer = field.post(address, {"full_name": "Кадыров Умед", "seen": seen})
    assert answer.status_code == 422
    assert "meanwhile" in answer.content.decode()


def test_a_right_name_that_is_somebody_else_s_too_is_offered_as_a_pair(field, make_person):
    keys = sorted(name_keys("Қодиров Умед"))
    make_person(full_name="Қодиров Умед", birth_month=7, birth_day=4, name_keys=keys)
    person = make_person(full_name="Холов Нозим", birth_year=1986, birth_month=7, birth_day=4)
    corrected(field, person, full_name="Кодиров Умед")
    assert DuplicatePair.objects.count() == 1


@pytest.mark.parametrize("alone", [AloneStatus.UNACCOMPANIED, AloneStatus.SEPARATED])
def test_a_child_marked_as_alone_stops_until_it_is_arranged_for(field, make_person, plan, alone):
    child = make_person(full_name="Холов Нозим", born=2004)
    open_cases(people=[child], by=COMMAND, at=NOW)
    address = reverse("returns:person_alone", args=[child.public_id])
    assert address in field.get(reverse("returns:person", args=[child.public_id])).content.decode()
    answer = field.post(address, {"alone": alone})
    text = field.get(answer.url).content.decode()
    assert str(AloneStatus(alone).label) in text
    assert "A child alone: best interests, escort or receiver are not decided." in text
    assert CaseReadiness.objects.get(case__person=child).verdict == "not_ready"


def test_whose_age_nobody_knows_may_be_a_child_alone(field, make_person):
    person = make_person(full_name="Саидов", birth_year=None, birth_month=None, birth_day=None)
    assert "If a child" in field.get(reverse("returns:person", args=[person.public_id])).content.decode()
    answer = field.post(reverse("returns:person_alone", args=[person.public_id]), {"alone": "unaccompanied"})
    assert answer.status_code == 302


def test_an_adult_is_not_marked_as_a_child_alone(field, make_person):
    person = make_person(full_name="Кодиров Умед", latin_name="Kodirov Umed", birth_year=1986)
    answer = field.post(reverse("returns:person_alone", args=[person.public_id]), {"alone": "separated"})
    assert answer.status_code == 422
    assert "correct the birth date first" in answer.content.decode()
