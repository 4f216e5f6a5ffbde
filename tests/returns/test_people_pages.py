"""The pages of people: registration with a duplicate warning, one person, pairs, consent, the closed room."""

from datetime import date
from itertools import pairwise

import pytest
from django.urls import reverse

from common import clock
from common.models import AccessEntry
from migrants.entries import PersonEntry
from migrants.enums import PairState
from migrants.models import Consent, Disclosure, DuplicatePair, Migrant, ProtectionHold
from migrants.registration import register_many
from partners.enums import Role
from returns.models import CaseReadiness, ReturnCase
from tests.cast import COMMAND, NOW, make_account, sign_in_as

UMED = {
    "full_name": "Қодиров Умед", "birth_year": "1986", "birth_month": "7", "birth_day": "4", "nationality": "TJK",
    "document_kind": "passport", "document_number": "005966803", "sex": "M",
}  # fmt: skip
SAME = UMED | {"full_name": "KODIROV UMED"}
SISTER = UMED | {"full_name": "Қодирова Ойгул", "sex": "F", "birth_year": "1988", "document_number": "007530216"}
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CONSENT = {"purpose": "return", "answer": "yes", "how": "oral", "language": "tg", "witness": "Sana Sezim"}
UNSURE = {"decision": "unsure"}
STRANGERS = [Role.CONSULAR, Role.LIAISON, Role.PROGRAMME, Role.ADMINISTRATOR, Role.DATA_PROTECTION]


@pytest.fixture(autouse=True)
def at_the_moment(db):
    clock.set_to(NOW)


@pytest.fixture
def register(sign_in, group):
    client = sign_in(Role.FIELD)

    def post(values, **more):
        seen = [str(key) for key in Migrant.objects.values_list("public_id", flat=True)] if "decision" in more else []
        return client.post(reverse("returns:person_new", args=[group.public_id]), {"seen": seen} | values | more)

    return post


@pytest.fixture
def umed(register):
    register(UMED)
    return Migrant.objects.get()


def of(name, person, *more):
    return reverse(f"returns:{name}", args=[person.public_id, *more])


def test_a_person_is_registered_with_a_case(umed):
    assert umed.documents.get().number == "005966803"
    assert ReturnCase.objects.get().person == umed


def test_a_likely_duplicate_is_shown_with_reasons_and_nobody_is_stored(register, umed):
    answer = register(SAME)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "A document has the same number." in text
    assert umed.number in text
    assert Migrant.objects.count() == 1


def test_registered_nevertheless_the_two_are_offered_as_a_pair(register, umed, sign_in):
    register(SAME, **UNSURE)
    assert DuplicatePair.objects.get().state == PairState.OPEN
    assert umed.number in sign_in(Role.FIELD).get(reverse("returns:pairs")).content.decode()


def test_a_sister_is_registered_without_a_question(register, umed):
    assert register(SISTER).status_code == 302
    assert not DuplicatePair.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"birth_day": "31", "birth_month": "2"}, "birth_day"),
        ({"birth_year": "1850"}, "birth_year"),
        ({"birth_month": "13"}, "birth_month"),
        ({"nationality": "ZZZ"}, "nationality"),
        ({"document_kind": "none"}, "document_kind"),
    ],
)
def test_a_form_that_cannot_be_names_its_field(register, changed, field):
    answer = register(UMED | changed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Migrant.objects.exists()


def test_nothing_is_said_of_the_sex_of_somebody_of_whom_it_is_not_known(sign_in, group):
    answer = sign_in(Role.FIELD).get(reverse("returns:person_new", args=[group.public_id]))
    assert answer.context["form"]["sex"].value() == "U"


def test_a_passport_s_lines_fill_in_the_form_and_store_nobody(sign_in, group):
    address = reverse("returns:person_from_passport", args=[group.public_id])
    answer = sign_in(Role.FIELD).post(address, {"lines": PASSPORT})
    assert answer.context["form"]["full_name"].value() == "ERIKSSON ANNA MARIA"
    assert answer.context["form"]["document_number"].value() == "L898902C3"
    assert not Migrant.objects.exists()


def test_lines_with_a_slip_are_refused_in_words(sign_in, group):
    address = reverse("returns:person_from_passport", args=[group.public_id])
    answer = sign_in(Role.FIELD).post(address, {"lines": PASSPORT.replace("L898902C3", "L898902C4")})
    assert answer.status_code == 422
    assert answer.context["passport"].errors["lines"]


def test_a_view_of_a_person_is_written_into_the_access_log(sign_in, umed):
    sign_in(Role.COORDINATOR).get(of("person", umed))
    assert AccessEntry.objects.filter(person=umed.public_id, page="returns:person").count() == 1


@pytest.mark.parametrize("role", STRANGERS)
def test_strangers_find_nobody(sign_in, umed, group, role):
    client = sign_in(role)
    for address in (of("person", umed), of("group_people", group), reverse("returns:people"), reverse("returns:pairs")):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("asked", ["005966803", "005 966 803", "Kodirov Umed", "Умед", "number"])
def test_somebody_is_found_by_number_document_or_any_spelling(sign_in, umed, asked):
    asked = umed.number if asked == "number" else asked
    answer = sign_in(Role.FIELD).get(reverse("returns:people"), {"q": asked})
    assert [line.number for line in answer.context["lines"]] == [umed.number]


def test_the_code_of_a_group_leads_to_it(sign_in, group):
    answer = sign_in(Role.FIELD).get(reverse("returns:people"), {"q": "zz-0929"})
    assert answer["Location"] == of("group", group)


def test_somebody_is_found_by_phone(sign_in, register):
    register(UMED | {"phone": "+992 95 000 29 60"})
    answer = sign_in(Role.FIELD).get(reverse("returns:people"), {"q": "992950002960"})
    assert len(answer.context["lines"]) == 1


def test_outside_the_scope_nobody_is_found_nor_warned_of(sign_in, accounts, umed, group):
    accounts[Role.FIELD].memberships.update(crossings=["KZ-KG-01"])
    client = sign_in(Role.FIELD)
    assert client.get(reverse("returns:people"), {"q": "005966803"}).context["lines"] == []
    assert client.get(of("person", umed)).status_code == 404


def test_the_people_of_a_group_are_paged_by_key(sign_in, group):
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"{letters[n % 26]}{letters[n // 26] * 3}on Tester{letters[n % 26] * 2}".title() for n in range(53)]
    entries = [PersonEntry(full_name=name, birth_year=1950) for name in names]
    register_many(group=group, mission=group.mission, entries=entries, by=COMMAND, at=NOW)
    client, address, seen = sign_in(Role.FIELD), of("group_people", group), []
    answer = client.get(address)
    seen += [line.number for line in answer.context["lines"]]
    answer = client.get(address, {"after": answer.context["after"]})
    seen += [line.number for line in answer.context["lines"]]
    assert (len(seen), len(set(seen)), answer.context["after"]) == (53, 53, "")
    assert all(one != other for one, other in pairwise(seen))


def test_a_pair_is_merged_and_the_merge_undone_on_the_page(register, umed, sign_in):
    register(SAME, **UNSURE)
    client, pair = sign_in(Role.FIELD), DuplicatePair.objects.get()
    address = of("pair_decide", pair)
    client.post(address, {"decision": "same", "keep": str(umed.public_id)})
    assert Migrant.objects.living_records().get() == umed
    merge = client.get(reverse("returns:pairs")).context["merges"][0]
    client.post(of("merge", merge))
    assert Migrant.objects.living_records().count() == 2


def test_an_emergency_document_is_recorded(sign_in, umed):
    client = sign_in(Role.FIELD)
    values = {"document_kind": "emergency", "document_state": "held", "document_expires_on": "2021-01-01"}
    assert client.post(of("document_new", umed), values).status_code == 302
    assert umed.documents.filter(kind="emergency", expires_on=date(2021, 1, 1)).exists()


def test_a_document_renewed_replaces_the_old_one(sign_in, umed):
    old = umed.documents.get()
    values = {"document_kind": "passport", "document_state": "held", "replaces": str(old.public_id)}
    sign_in(Role.FIELD).post(of("document_new", umed), values)
    assert sorted(umed.documents.values_list("state", flat=True)) == ["held", "replaced"]


def test_a_test_is_recorded_at_local_time(sign_in, umed):
    values = {"kind": "pcr", "result": "negative", "sampled_at": "2020-10-01T07:00"}
    sign_in(Role.FIELD).post(of("test_new", umed), values)
    assert umed.tests.get().sampled_at.isoformat() == "2020-10-01T01:00:00+00:00"


def test_a_test_of_the_future_is_refused(sign_in, umed):
    values = {"kind": "pcr", "result": "negative", "sampled_at": "2020-10-09T07:00"}
    answer = sign_in(Role.FIELD).post(of("test_new", umed), values)
    assert (answer.status_code, umed.tests.count()) == (422, 0)


def test_consent_is_recorded_shown_and_taken_back(sign_in, umed, organisations):
    client = sign_in(Role.FIELD)
    client.post(
        of("consent_new", umed),
        CONSENT | {"purpose": "consulate", "recipient": "tj-emb-uz", "categories": ["identity"]},
    )
    client.post(of("disclosure_new", umed), {"recipient": "tj-emb-uz"})
    assert Disclosure.objects.get().valid_until is None
    client.post(of("consent_withdraw", umed, Consent.objects.get().public_id))
    assert Disclosure.objects.get().valid_until is not None


def test_showing_says_the_same_with_and_without_a_hold(sign_in, umed, register):
    client, said = sign_in(Role.FIELD), []
    protection = sign_in(Role.PROTECTION)
    for held in (False, True):
        if held:
            protection.post(of("hold_new", umed), {"reason": "fear"})
        client.post(of("disclosure_new", umed), {"recipient": "tj-emb-uz"})
        answer = client.get(of("person", umed))
        said.append([str(message) for message in answer.context["messages"]])
        assert "fear" not in answer.content.decode()
    assert said[0] == said[1]


def test_a_group_answers_at_once(sign_in, register, umed, group):
    register(SISTER)
    values = CONSENT | {
        "form_signed": "on",
        "form_reference": "folder 3",
        "interpreter": "field staff",
        "only_open": "on",
    }
    client = sign_in(Role.FIELD)
    for _ in range(2):
        assert client.post(of("group_consent", group), values).status_code == 302
    assert Consent.objects.count() == 2


def test_a_consent_without_its_consulate_is_refused(sign_in, umed, group):
    answer = sign_in(Role.FIELD).post(of("group_consent", group), CONSENT | {"purpose": "consulate"})
    assert answer.status_code == 422
    assert not Consent.objects.exists()


def test_the_closed_room_opens_to_protection_officers_alone(sign_in, umed):
    for role in (Role.FIELD, Role.COORDINATOR, *STRANGERS):
        client = sign_in(role)
        assert client.get(of("person_protection", umed)).status_code == 404
        assert client.post(of("hold_new", umed), {"reason": "x"}).status_code == 404
    assert sign_in(Role.PROTECTION).get(of("person_protection", umed)).status_code == 200


def test_a_hold_is_set_and_only_a_second_officer_clears_it(sign_in, accounts, organisations, umed):
    first, second = sign_in(Role.PROTECTION), make_account(Role.PROTECTION, organisations["iom-uz"])
    first.post(of("hold_new", umed), {"reason": "fear of return"})
    hold = ProtectionHold.objects.get()
    answer = first.post(of("hold_clear", umed, hold.public_id), {"reason": "gone"})
    assert answer.status_code == 422
    assert "second person" in answer.content.decode()
    sign_in_as(second, first)
    first.post(of("hold_clear", umed, hold.public_id), {"reason": "gone"})
    hold.refresh_from_db()
    assert hold.cleared_at is not None


def test_what_is_written_down_is_judged_at_once(sign_in, umed):
    client = sign_in(Role.PROTECTION)
    assert CaseReadiness.objects.get().findings.get("consent_form") == "unknown"
    client.post(of("consent_new", umed), CONSENT | {"form_signed": "on", "form_reference": "folder 3"})
    assert CaseReadiness.objects.get().findings.get("consent_form") == "met"


def test_a_child_alone_is_arranged_for(sign_in, register):
    register(UMED | {"birth_year": "2006", "alone": "unaccompanied"})
    child = Migrant.objects.get()
    parts = {"outcome": "return", "best_interests_on": "2020-09-30", "escort": "aunt", "receiver": "father"}
    sign_in(Role.PROTECTION).post(of("child_arrange", child), parts)
    assert child.child_arrangement.receiver == "father"
