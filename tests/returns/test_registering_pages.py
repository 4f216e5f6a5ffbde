"""Registration as pages: what is typed is kept, what is folded opens, the next person of a family, and what lies closed."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from common import clock
from common.models import AccessEntry, AuditEntry
from common.pictures import Drawn
from migrants import pictures
from migrants.models import Migrant
from migrants.mrz_fields import check_digit
from partners.enums import Role
from returns.models import ReturnCase
from tests.cast import NOW

pytestmark = pytest.mark.django_db
WHOLE = {
    "full_name": "Раҳмонзода Умед", "surname": "Раҳмонзода", "given_names": "Умед", "father_name": "Муҳаммадҷон",
    "latin_name": "Rahmonzoda Umed", "script": "Cyrl", "other_name": "Раҳмонов Умед", "other_name_kind": "former",
    "other_name_until": "2016-04-29", "birth_year": "1986", "birth_basis": "self", "sex": "M", "nationality": "TJK",
    "second_nationality": "RUS", "second_status": "claimed", "document_kind": "passport", "document_state": "with_employer",
    "document_number": "005966803", "family_code": "F1", "language": "tg", "other_languages": ["ru", "uz"],
    "needs_interpreter": "no", "phone": "8 701 000 10 01", "other_phones": "+992 95 000 29 60\n+992 95 000 29 61",
    "kin_name": "Раҳмонова Ойгул", "kin_relation": "spouse", "kin_phone": "+992 95 000 29 62", "kin_may_be_told": "yes",
    "note": "Waits for his brother.",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_the_moment(db):
    clock.set_to(NOW)


@pytest.fixture
def field(sign_in):
    return sign_in(Role.FIELD)


@pytest.fixture
def address(group):
    return reverse("returns:person_new", args=[group.public_id])


def of(name, person, *more):
    return reverse(f"returns:{name}", args=[person.public_id, *more])


def test_a_person_is_registered_with_everything_that_can_be_asked(field, address):
    made = io.BytesIO()
    Image.new("RGB", (60, 80)).save(made, "JPEG")
    photograph = SimpleUploadedFile("a.jpg", made.getvalue(), "image/jpeg")
    assert field.post(address, WHOLE | {"photograph": photograph}).status_code == 302
    person = Migrant.objects.get()
    assert (person.surname, person.given_names, person.father_name) == ("Раҳмонзода", "Умед", "Муҳаммадҷон")
    assert str(person.names.get(kind="former").valid_until) == "2016-04-29"
    assert dict(person.nationalities.values_list("code", "status")) == {"TJK": "documented", "RUS": "claimed"}
    assert person.documents.get().state == "with_employer"
    assert (person.phone, person.other_languages) == ("+77010001001", ["ru", "uz"])
    assert [row.number for row in person.phones.all()] == ["+992950002960", "+992950002961"]
    kin = person.kin.get()
    assert (kin.name, kin.relation, kin.phone, kin.may_be_told) == (
        "Раҳмонова Ойгул", "spouse", "+992950002962", True,
    )  # fmt: skip
    assert (person.pictures.get().kind, ReturnCase.objects.count()) == ("photograph", 1)


def a_photograph():
    made = io.BytesIO()
    Image.new("RGB", (60, 80), "teal").save(made, "JPEG")
    return SimpleUploadedFile("a.jpg", made.getvalue(), "image/jpeg")


def test_a_photograph_outlives_an_error_elsewhere_in_the_form(field, address):
    answer = field.post(address, WHOLE | {"phone": "12", "photograph": a_photograph()})
    held, shown = answer.context["form"].kept_photograph
    assert (answer.status_code, f'src="{shown}"' in answer.text) == (422, True)
    assert field.post(address, WHOLE | {"held": held}).status_code == 302
    assert Migrant.objects.get().pictures.get().width == 60


def test_a_photograph_outlives_the_question_who_it_may_be(field, address):
    field.post(address, WHOLE)
    answer = field.post(address, WHOLE | {"photograph": a_photograph()})
    held, _shown = answer.context["form"].kept_photograph
    seen = [str(each["line"].public_id) for each in answer.context["candidates"]]
    decided = WHOLE | {"held": held, "decision": "another", "seen": seen}
    assert (answer.status_code, field.post(address, decided).status_code) == (409, 302)
    assert Migrant.objects.latest("pk").pictures.count() == 1


def test_a_picture_that_somebody_else_was_given_or_nobody_is_not_taken(field, address, accounts):
    other = pictures.hold(Drawn(b"points", 1, 1), account=accounts[Role.PROTECTION].public_id)
    for held in (other, "nonsense"):
        answer = field.post(address, WHOLE | {"held": held})
        assert "kept for an hour" in str(answer.context["form"].errors["photograph"])
    assert not Migrant.objects.exists()


def test_a_name_alone_is_enough(field, address):
    assert field.post(address, {"full_name": "Суҳроб"}).status_code == 302
    person = Migrant.objects.get()
    assert (person.full_name, person.birth_basis, person.needs_interpreter) == ("Суҳроб", "self", None)


@pytest.mark.parametrize(
    ("changed", "field_name", "words"),
    [
        ({"full_name": "FNU Rahmonov"}, "full_name", "is no name"),
        ({"father_name": "б/о"}, "father_name", "is no name"),
        ({"phone": "12"}, "phone", "with its country"),
        ({"other_phones": "+992950002960\nabc"}, "other_phones", "“abc” is no number"),
        ({"kin_name": ""}, "kin_name", "next of kin"),
        ({"other_name_from": "2020-01-01"}, "other_name_until", "ends after it began"),
        ({"birth_year": "1850"}, "birth_year", "120 years"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_all_that_was_typed_stays(
    field, address, changed, field_name, words
):
    answer = field.post(address, WHOLE | changed)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field_name])
    assert "Waits for his brother." in answer.text
    assert not Migrant.objects.exists()


def test_a_folded_part_opens_where_it_holds_an_answer_or_an_error(field, address):
    def is_open(answer):
        return [str(fold.title) for fold in answer.context["form"].folds() if fold.is_open]

    assert is_open(field.get(address)) == []
    answer = field.post(address, {"full_name": "Суҳроб", "father_name": "б/о", "kin_name": "Ойгул"})
    assert is_open(answer) == ["More of the name", "Phones and next of kin"]


def test_whoever_may_be_under_eighteen_is_said_to_be_treated_as_a_child(field, address):
    answer = field.post(address, {"full_name": "Суҳроб", "birth_year": "2002"}, follow=True)
    assert "17–18 years, treated as a child" in answer.text


def test_after_register_and_next_the_family_stays_selected(field, address):
    answer = field.post(address, WHOLE | {"next": "1"}, follow=True)
    form = answer.context["form"]
    assert (form["family_code"].value(), form["language"].value(), form["full_name"].value()) == ("F1", "tg", None)
    assert "The next person" in answer.text


@pytest.mark.parametrize("after", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_person_before_whom_nobody_knows_leaves_the_form_empty(field, address, after):
    answer = field.get(address, {"after": after})
    assert answer.status_code == 200
    assert not answer.context["form"]["family_code"].value()


def a_passport(number="L898902C3", nationality="TJK", born="740812"):
    """The lines of a passport, with the digits that belong to it."""
    ends = "320415"
    second = f"{number}{check_digit(number)}{nationality}{born}{check_digit(born)}F{ends}{check_digit(ends)}{'<' * 14}0"
    covered = second[0:10] + second[13:20] + second[21:43]
    return f"P<{nationality}RAHMONOVA<<OYGUL<<<<<<<<<<<<<<<<<<<<<<<<<<\n"[:44] + f"\n{second}{check_digit(covered)}"


def test_a_passport_is_read_and_whoever_it_may_be_is_shown_before_anything_is_stored(field, address, group):
    field.post(address, {"full_name": "Раҳмонова Ойгул", "document_kind": "passport", "document_number": "L898902C3"})
    known = Migrant.objects.get()
    answer = field.post(reverse("returns:person_from_passport", args=[group.public_id]), {"lines": a_passport()})
    assert answer.status_code == 200
    assert [each["line"].number for each in answer.context["candidates"]] == [known.number]
    assert (answer.context["form"]["surname"].value(), Migrant.objects.count()) == ("RAHMONOVA", 1)
    assert AccessEntry.objects.filter(page="returns:person_from_passport", person=known.public_id).exists()


@pytest.mark.parametrize("born", ["74<<<<", "<<<<<<", "7408<<"])
def test_what_a_passport_does_not_know_of_a_birth_date_stays_unknown(field, group, born):
    address = reverse("returns:person_from_passport", args=[group.public_id])
    form = field.post(address, {"lines": a_passport(born=born)}).context["form"]
    said = [form[f"birth_{part}"].value() for part in ("year", "month", "day")]
    assert said == {"74<<<<": [1974, None, None], "<<<<<<": [None] * 3, "7408<<": [1974, 8, None]}[born]


@pytest.mark.parametrize("code", ["XXA", "XXB", "XXC"])
def test_a_passport_of_somebody_without_a_country_is_remarked_and_held(field, group, address, code):
    read = field.post(
        reverse("returns:person_from_passport", args=[group.public_id]), {"lines": a_passport(nationality=code)}
    )
    assert "ask the protection officer" in read.text
    form = read.context["form"]
    field.post(address, {name: form[name].value() or "" for name in ("full_name", "nationality", "document_kind")})
    assert Migrant.objects.get().holds.exists()


# What lies closed on the page of a person


@pytest.fixture
def umed(field, address):
    field.post(address, WHOLE)
    return Migrant.objects.get()


CLOSED = {
    "contacts": ("+7 701 000 1001", "+992 95 000 2960", "Раҳмонова Ойгул"),
    "numbers": ("005966803",),
    "note": ("Waits for his brother.",),
}


@pytest.mark.parametrize("part", CLOSED)
@pytest.mark.parametrize("role", [Role.FIELD, Role.COORDINATOR, Role.PROTECTION])
def test_a_part_is_opened_by_a_click_that_says_what_was_opened(sign_in, umed, part, role):
    client = sign_in(role)
    page = client.get(of("person", umed)).text
    for word in CLOSED[part]:
        assert word not in page
        assert word.replace(" ", "") not in page
    assert f'href="{of("person_open", umed, part)}"' in page
    opened = client.get(of("person_open", umed, part))
    for word in CLOSED[part]:
        assert word.replace(" ", "") in opened.text.replace(" ", "").replace("\xa0", "")
    look = AccessEntry.objects.get(page=f"returns:person_open {part}")
    assert look.person == umed.public_id


def test_a_part_opens_inside_the_page_as_it_does_on_a_page_of_its_own(field, umed):
    whole = field.get(of("person_open", umed, "numbers")).text
    inside = field.get(of("person_open", umed, "numbers"), headers={"HX-Request": "true"}).text
    assert inside.strip() in whole
    assert "<html" not in inside


@pytest.mark.parametrize(
    "role", [Role.CONSULAR, Role.LIAISON, Role.PROGRAMME, Role.ADMINISTRATOR, Role.DATA_PROTECTION]
)
def test_a_part_opens_for_nobody_outside_of_casework(sign_in, umed, role):
    for part in CLOSED:
        assert sign_in(role).get(of("person_open", umed, part)).status_code == 404


def test_a_part_that_does_not_exist_is_not_there(field, umed):
    assert field.get(of("person_open", umed, "everything")).status_code == 404


def test_a_part_that_holds_nothing_is_not_offered(field, address):
    field.post(address, {"full_name": "Суҳроб"})
    page = field.get(of("person", Migrant.objects.get()))
    assert set(page.context["closed"].values()) == {False}
    assert "No phone and no next of kin is recorded." in page.text


# What is learnt later


def test_another_name_is_recorded_with_its_days_and_the_person_is_found_by_it(field, umed):
    said = {"full_name": "UMED RAKHMONOV", "kind": "in_passport", "valid_from": "2011-01-01"}
    assert field.post(of("name_new", umed), said).status_code == 302
    page = field.get(of("person", umed)).text
    assert "UMED RAKHMONOV" in page
    assert "2011-01-01 – …" in page
    assert AuditEntry.objects.filter(verb="name recorded").count() == 1
    found = field.get(reverse("returns:people"), {"q": "Rakhmonov Umed"}).context["lines"]
    assert [line.number for line in found] == [umed.number]


@pytest.mark.parametrize(
    ("said", "name"),
    [({"full_name": "N/A", "kind": "former"}, "full_name"), ({"full_name": "А", "kind": "mistaken"}, "kind"),
     ({"full_name": "А", "kind": "former", "valid_from": "2016-01-02", "valid_until": "2016-01-02"}, "valid_until")],
)  # fmt: skip
def test_a_name_that_cannot_be_is_refused_beside_its_field(field, umed, said, name):
    answer = field.post(of("name_new", umed), said)
    assert answer.status_code == 422
    assert answer.context["form"].errors[name]


def test_a_consulate_makes_a_nationality_sure(field, umed):
    field.post(of("nationality_new", umed), {"code": "TJK", "status": "confirmed"})
    assert dict(umed.nationalities.values_list("code", "status")) == {"TJK": "confirmed", "RUS": "claimed"}


def test_a_nationality_without_a_country_holds_the_person(field, umed):
    field.post(of("nationality_new", umed), {"code": "XXA", "status": "claimed"})
    field.post(of("nationality_new", umed), {"code": "XXA", "status": "documented"})
    assert umed.holds.count() == 1


def test_a_number_and_the_next_of_kin_are_added(field, umed):
    said = {"number": "701 000 10 02", "kin_name": "Раҳмонов Далер", "kin_relation": "parent", "kin_may_be_told": "no"}
    assert field.post(of("contact_new", umed), said).status_code == 302
    assert "+77010001002" in [row.number for row in umed.phones.all()]
    assert [(row.name, row.may_be_told) for row in umed.kin.filter(relation="parent")] == [("Раҳмонов Далер", False)]


@pytest.mark.parametrize(
    ("said", "name"),
    [({"kin_name": ""}, "number"), ({"kin_phone": "+992950002960"}, "kin_name"), ({"number": "1"}, "number")],
)
def test_nothing_to_record_is_said(field, umed, said, name):
    answer = field.post(of("contact_new", umed), said)
    assert answer.status_code == 422
    assert answer.context["form"].errors[name]


def test_a_document_can_only_go_where_its_way_leads(field, umed):
    document = umed.documents.get()
    page = field.get(of("document_state", umed, document.public_id)).context["form"]
    assert {value for value, _label in page.fields["state"].choices} == {"with_employer", "held", "lost", "expired"}
    assert field.post(of("document_state", umed, document.public_id), {"state": "issued"}).status_code == 422


def test_what_is_entered_stands_beside_what_is_known(sign_in, group):
    client, address = sign_in(Role.FIELD), reverse("returns:person_new", args=[group.public_id])
    known = {"full_name": "Қодиров Умед", "birth_year": "1986", "birth_month": "3", "birth_day": "4", "sex": "M"}
    client.post(address, known)
    warned = client.post(address, {**known, "full_name": "Кодиров Умед", "birth_day": "5"})

    assert warned.status_code == 409
    [candidate] = warned.context["candidates"]
    said = {row.label: (row.said[0][1], row.said[1][1], row.differs) for row in candidate["rows"]}
    assert said["Name as written"] == ("Кодиров Умед", "Қодиров Умед", True)
    assert said["Sex"] == ("male", "male", False)
    assert said["Born"][2]
    assert "row-differs" in warned.content.decode()
