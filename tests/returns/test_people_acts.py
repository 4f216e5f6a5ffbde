"""What is done for people on their pages, as the story of the 102 needs it; each act judges the case anew."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from common import clock
from common.models import AccessEntry, AuditEntry
from migrants.enums import PairState
from migrants.models import Consent, DuplicatePair, Merge, Migrant, ProtectionHold
from partners.enums import Role
from returns.cases import open_cases
from returns.models import CaseReadiness, ReturnCase
from tests.cast import COMMAND, NOW, make_account, sign_in_as
from tests.returns.conftest import PASSPORT_RULE

QODIROV = {
    "full_name": "Қодиров Умед Муҳаммадҷонович", "latin_name": "Qodirov Umed", "birth_year": "1986", "birth_month": "7",
    "birth_day": "4", "nationality": "TJK", "sex": "M", "document_kind": "passport", "document_number": "005966803",
}  # fmt: skip
TWICE = QODIROV | {"full_name": "Kodirov Umed", "latin_name": "", "document_number": "005 966 803"}
NAMESAKE = QODIROV | {"birth_year": "1961", "birth_month": "1", "birth_day": "12", "document_number": "001112223"}
BROTHER = QODIROV | {"full_name": "Қодиров Дилшод Муҳаммадҷонович", "latin_name": "", "document_number": "004307159"}
PASSPORT = "P<TJKQODIROV<<UMED<<<<<<<<<<<<<<<<<<<<<<<<<<<"
EVERYTHING = ["identity", "documents", "journey"]
EXPLAINED = {
    "purpose": "return",
    "answer": "yes",
    "how": "written",
    "language": "tg",
    "form_signed": "on",
    "form_reference": "folder 3",
}


@pytest.fixture(autouse=True)
def at_the_moment(db):
    clock.set_to(NOW)


@pytest.fixture
def field(sign_in):
    return sign_in(Role.FIELD)


@pytest.fixture
def register(field, group):
    def post(values, **more):
        return field.post(reverse("returns:person_new", args=[group.public_id]), values | more)

    return post


@pytest.fixture
def judged(make_person, make_rule, plan):
    """`judged(…)` registers a person with a case; passport or emergency document is asked at the barrier."""
    make_rule(PASSPORT_RULE, "travel_document")

    def make(**values):
        person = make_person(**values)
        open_cases(people=[person], by=COMMAND, at=NOW)
        return person

    return make


def of(name, row, *more):
    return reverse(f"returns:{name}", args=[row.public_id, *more])


def verdict(person):
    return CaseReadiness.objects.get(case__person=person).verdict


# ---------------------------------------------------------------- somebody is registered twice


def test_one_passport_typed_twice_is_asked_about_with_reasons_and_choices(register):
    register(QODIROV)
    answer = register(TWICE)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "A document has the same number." in text
    assert all(words in text for words in ("It is this person", "Another person: register", "Not sure: register"))
    assert Migrant.objects.count() == 1


@pytest.mark.parametrize("other", [NAMESAKE, BROTHER])
def test_namesakes_and_brothers_are_not_asked_about(register, other):
    register(QODIROV)
    assert register(other).status_code == 302
    assert (Migrant.objects.count(), DuplicatePair.objects.count()) == (2, 0)


def test_it_is_this_person_opens_the_record_and_stores_nothing(register):
    register(QODIROV)
    known = Migrant.objects.get()
    assert f'href="{of("person", known)}"' in register(TWICE).content.decode()
    assert register(TWICE, decision=str(known.public_id), seen=[str(known.public_id)]).status_code == 409
    assert Migrant.objects.count() == 1


@pytest.mark.parametrize(("decision", "state"), [("another", PairState.DIFFERENT), ("unsure", PairState.OPEN)])
def test_another_person_is_decided_at_once_and_unsure_waits(register, decision, state):
    register(QODIROV)
    seen = [str(Migrant.objects.get().public_id)]
    assert register(TWICE, decision=decision, seen=seen).status_code == 302
    assert DuplicatePair.objects.get().state == state


def test_a_decision_about_people_whom_the_page_has_not_shown_is_asked_again(register):
    register(QODIROV)
    assert register(TWICE, decision="another").status_code == 409
    assert Migrant.objects.count() == 1


def test_the_same_form_sent_twice_registers_once(register):
    assert [register(QODIROV).status_code for _ in range(2)] == [302, 409]
    assert Migrant.objects.count() == 1


def test_a_document_of_somebody_else_offers_the_two_as_a_pair(register, field):
    register(QODIROV)
    register(BROTHER | {"document_kind": "", "document_number": ""})
    brother = Migrant.objects.get(birth_year=1986, documents__isnull=True)
    field.post(
        of("document_new", brother),
        {"document_kind": "passport", "document_state": "held", "document_number": "005966803"},
    )
    assert DuplicatePair.objects.get().state == PairState.OPEN


def test_a_pair_is_shown_side_by_side_merged_and_made_two_again(register, field):
    register(QODIROV)
    first = Migrant.objects.get()
    register(TWICE, decision="unsure", seen=[str(first.public_id)])
    pair, second = DuplicatePair.objects.get(), Migrant.objects.exclude(pk=first.pk).get()
    side_by_side = field.get(of("pair_decide", pair)).content.decode()
    assert "Қодиров Умед Муҳаммадҷонович" in side_by_side
    assert "Kodirov Umed" in side_by_side
    assert "005966803" not in side_by_side
    answer = field.post(of("pair_decide", pair), {"decision": "same", "keep": str(first.public_id)})
    merge = Merge.objects.get()
    assert answer["Location"] == of("merge", merge)
    assert field.get(of("person", second))["Location"] == of("person", first)
    assert ReturnCase.objects.open().filter(person__merged_into__isnull=True).count() == 1
    assert field.get(of("merge", merge)).status_code == 200
    field.post(of("merge", merge), {"why": "brothers"})
    pair.refresh_from_db()
    assert (pair.state, Migrant.objects.living_records().count()) == (PairState.OPEN, 2)


def test_a_pair_without_a_decision_is_refused_in_words(register, field):
    register(QODIROV)
    register(TWICE, decision="unsure", seen=[str(Migrant.objects.get().public_id)])
    answer = field.post(of("pair_decide", DuplicatePair.objects.get()), {})
    assert answer.status_code == 422
    assert "Choose whether it is one person or two." in answer.content.decode()


def test_duplicates_outside_the_scope_are_not_there(register, field, accounts):
    register(QODIROV)
    register(TWICE, decision="unsure", seen=[str(Migrant.objects.get().public_id)])
    accounts[Role.FIELD].memberships.update(crossings=["KZ-KG-01"])
    assert field.get(reverse("returns:pairs")).context["pairs"] == []
    assert field.get(of("pair_decide", DuplicatePair.objects.get())).status_code == 404


# ---------------------------------------------------------------- lists and the page of one person


def test_the_people_of_a_group_are_found_by_any_spelling_and_by_number(register, field, group):
    register(QODIROV)
    register(NAMESAKE | {"full_name": "Сафарова Саодат", "latin_name": ""})
    for asked in ("Kodirov", "005966803", Migrant.objects.get(full_name__startswith="Қ").number):
        lines = field.get(of("group_people", group), {"q": asked}).context["lines"]
        assert [line.full_name for line in lines] == ["Қодиров Умед Муҳаммадҷонович"]
    assert field.get(of("group_people", group), {"q": "Nobody Else"}).context["lines"] == []


def test_a_number_of_a_document_is_opened_by_a_click_and_stands_on_no_page_by_itself(register, field, group):
    register(QODIROV)
    person = Migrant.objects.get()
    assert "005966803" in field.get(of("person_open", person, "numbers")).content.decode()
    for address in (of("person", person), of("group_people", group), reverse("returns:people") + "?q=Qodirov"):
        assert "005966803" not in field.get(address).content.decode()


def test_the_page_says_every_name_in_its_script_and_what_is_missing(judged, field):
    person = judged(passport=False)
    text = field.get(of("person", person)).content.decode()
    assert "(Cyrillic)" in text
    assert "In Latin letters" in text
    assert of("document_new", person) in text
    assert "not ready" in text or "unknown" in text


def test_the_family_is_shown_and_each_leaves_an_access_row(register, field):
    register(QODIROV, family_code="F1")
    register(BROTHER, family_code="F1")
    one, other = Migrant.objects.order_by("pk")
    text = field.get(of("person", one)).content.decode()
    assert other.full_name in text
    assert AccessEntry.objects.filter(person=other.public_id, page="returns:person").exists()


def test_a_page_of_a_person_costs_a_constant_number_of_queries(judged, field, django_assert_max_num_queries):
    person = judged()
    with django_assert_max_num_queries(75):
        field.get(of("person", person))


# ---------------------------------------------------------------- documents


def test_whoever_has_no_document_gets_an_emergency_one_and_is_ready(judged, field):
    person = judged(passport=False)
    assert verdict(person) != "ready"
    values = {"document_kind": "emergency", "document_state": "held", "document_expires_on": "2020-12-31"}
    assert field.get(of("document_new", person)).status_code == 200
    assert field.post(of("document_new", person), values).status_code == 302
    assert verdict(person) == "ready"


def test_a_passport_found_to_be_expired_stops_and_a_renewed_one_replaces_it(judged, field):
    person = judged()
    old = person.documents.get()
    assert field.get(of("document_state", person, old.public_id)).status_code == 200
    field.post(of("document_state", person, old.public_id), {"state": "expired"})
    assert verdict(person) == "not_ready"
    renewed = {
        "document_kind": "passport", "document_state": "held", "document_expires_on": "2030-09-30",
        "replaces": str(old.public_id),
    }  # fmt: skip
    field.post(of("document_new", person), renewed)
    old.refresh_from_db()
    assert (old.state, verdict(person)) == ("replaced", "ready")
    assert AuditEntry.objects.filter(verb="document expired").exists()


def test_a_replaced_document_cannot_be_brought_back(judged, field):
    person = judged()
    old = person.documents.get()
    old.state = "replaced"
    old.save()
    assert field.post(of("document_state", person, old.public_id), {"state": "held"}).status_code == 404


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"document_expires_on": "31.02.2021"}, "document_expires_on"),
        ({"document_expires_on": "2190-01-01"}, "document_expires_on"),
        ({"document_issuer": "ZZZ"}, "document_issuer"),
        ({"document_kind": "letter"}, "document_kind"),
    ],
)
def test_a_document_that_cannot_be_is_refused_by_name_and_stores_nothing(judged, field, values, place):
    person = judged(passport=False)
    answer = field.post(of("document_new", person), {"document_kind": "passport", "document_state": "held"} | values)
    assert answer.status_code == 422
    assert place in answer.context["form"].errors
    assert not person.documents.exists()


# ---------------------------------------------------------------- consent of a whole group


def test_a_whole_group_answers_each_in_a_row_of_its_own_and_is_judged(judged, field, group):
    people = [judged(consent=False) for _ in range(3)]
    assert field.get(of("group_consent", group)).status_code == 200
    answer = field.post(of("group_consent", group), EXPLAINED | {"interpreter": "of the field team", "only_open": "on"})
    assert answer.status_code == 302
    assert Consent.objects.filter(form_signed=True, interpreter="of the field team").count() == 3
    assert {verdict(person) for person in people} == {"ready"}
    assert AuditEntry.objects.filter(verb="consent recorded").count() == 3


def test_whoever_answers_otherwise_is_left_out_by_number(judged, field, group):
    one, other = judged(consent=False), judged(consent=False)
    field.post(of("group_consent", group), EXPLAINED | {"without": one.number})
    assert [row.person for row in Consent.objects.all()] == [other]
    answer = field.post(of("group_consent", group), EXPLAINED | {"without": "999999"})
    assert answer.status_code == 422
    assert "999999" in answer.content.decode()


def test_a_consulate_is_shown_only_its_own_nationals_who_agreed(judged, field, group):
    tajik, afghan = judged(consent=False), judged(consent=False, nationality="AFG")
    values = EXPLAINED | {"recipient": "tj-emb-uz", "show_now": "on", "only_open": "on", "categories": EVERYTHING}
    for _ in range(2):
        field.post(of("group_consent", group), values)
    assert Consent.objects.filter(purpose="return").count() == 2
    assert [row.person for row in Consent.objects.filter(purpose="consulate")] == [tajik]
    assert (tajik.disclosures.count(), afghan.disclosures.count()) == (1, 0)


# ---------------------------------------------------------------- protection


def test_a_hold_against_one_country_lets_the_person_travel_to_another(judged, sign_in):
    person = judged(nationality="AFG")
    officer = sign_in(Role.PROTECTION)
    assert officer.get(of("hold_new", person)).status_code == 200
    officer.post(of("hold_new", person), {"against": ["AFG"], "reason": "fear of return"})
    assert ProtectionHold.objects.get().against == ["AFG"]
    officer.post(of("hold_new", person), {"another": "UZB", "reason": "as well"})
    assert ProtectionHold.objects.latest("pk").against == ["UZB"]


def test_the_hold_of_a_stateless_person_is_cleared_by_a_second_officer(sign_in, group, organisations):
    first = sign_in(Role.PROTECTION)
    values = QODIROV | {"nationality": "XXA", "document_kind": "none", "document_number": ""}
    first.post(reverse("returns:person_new", args=[group.public_id]), values)
    person, hold = Migrant.objects.get(), ProtectionHold.objects.get()
    assert CaseReadiness.objects.get().findings["no_hold"] == "missing"
    assert first.post(of("hold_clear", person, hold.public_id), {"reason": "asked"}).status_code == 422
    sign_in_as(make_account(Role.PROTECTION, organisations["iom-uz"]), first)
    assert first.get(of("hold_clear", person, hold.public_id)).status_code == 200
    assert first.post(of("hold_clear", person, hold.public_id), {"reason": "asked"}).status_code == 302
    assert CaseReadiness.objects.get().findings["no_hold"] == "met"
    assert first.post(of("hold_clear", person, hold.public_id), {"reason": "again"}).status_code == 302


def test_a_child_alone_may_travel_once_all_is_decided(judged, sign_in):
    child = judged(born=2004, alone="unaccompanied")
    assert CaseReadiness.objects.get().findings["child_arranged"] == "missing"
    officer = sign_in(Role.PROTECTION)
    parts = {"outcome": "returns to the mother", "best_interests_on": date(2020, 9, 30), "escort": "aunt"}
    answer = officer.post(of("child_arrange", child), parts)
    assert "receiver" in answer.context["form"].errors
    officer.post(of("child_arrange", child), parts | {"receiver": "mother, Khujand"})
    assert CaseReadiness.objects.get().findings["child_arranged"] == "met"


@pytest.mark.parametrize("role", [Role.FIELD, Role.COORDINATOR, Role.CONSULAR, Role.ADMINISTRATOR])
def test_the_closed_room_is_not_there_for_others(judged, sign_in, role):
    person = judged()
    for name in ("person_protection", "hold_new", "child_arrange"):
        assert sign_in(role).get(of(name, person)).status_code == 404


def test_no_page_of_others_says_why_somebody_is_held(judged, sign_in, group):
    person = judged()
    sign_in(Role.PROTECTION).post(of("hold_new", person), {"against": ["UZB"], "reason": "trafficking was told"})
    for role in (Role.FIELD, Role.COORDINATOR, Role.PROTECTION):
        for address in (of("person", person), of("group_people", group), of("group_readiness", group)):
            assert "trafficking" not in sign_in(role).get(address).content.decode()


# ---------------------------------------------------------------- tests


def test_a_test_is_recorded_on_its_own_page_and_refused_when_it_lies_ahead(judged, field):
    person = judged()
    assert field.get(of("test_new", person)).status_code == 200
    ahead = (NOW + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    values = {"kind": "pcr", "result": "negative", "sampled_at": ahead}
    answer = field.post(of("test_new", person), values)
    assert (answer.status_code, person.tests.count()) == (422, 0)
    field.post(of("test_new", person), values | {"sampled_at": "30.09.2020 18:00"})
    assert person.tests.get().sampled_at.isoformat() == "2020-09-30T12:00:00+00:00"


# ---------------------------------------------------------------- lines of a passport


def test_each_slip_in_the_lines_of_a_passport_is_named(field, group):
    answer = field.post(of("person_from_passport", group), {"lines": PASSPORT + "\n0059668034TJK8607049M2905032"})
    assert answer.status_code == 422
    assert len(answer.context["passport"].errors["lines"]) >= 2
    assert not Migrant.objects.exists()
