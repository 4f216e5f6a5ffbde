import re
from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from corridors import requirements
from corridors.models import RequirementDraft, RequirementVersion
from corridors.rules import explain, parse_content
from notifications.models import Alert, Notice
from returns import cases
from returns.forms.begun_changes import initial_of
from returns.forms.changes import ChangeForm
from returns.impact import impact_of
from returns.publishing import publish
from tests.cast import COMMAND, NOW, TOLD
from tests.returns.conftest import PASSPORT_RULE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine(db):
    clock.set_to(NOW)


@pytest.fixture
def coordinator(sign_in):
    return sign_in("coordinator")


def what_was_said(organisations, **more):
    return {
        "way": "KZ-UZ-01:KAZ:UZB",
        "subject": "health_test",
        "test_kinds": ["pcr", "rapid"],
        "test_hours": "72",
        "exempt_under": "5",
        "price": "20",
        "currency": "USD",
        "clock": "entered",
        "certainty": "reported",
        "source_tier": "oral_post",
        "source_text": "shift leader by phone",
        "authority": organisations["uz-border"].code,
    } | more


@pytest.fixture
def draft(coordinator, organisations, make_person, make_rule, plan):
    make_rule(PASSPORT_RULE, "travel_document")
    cases.open_cases(people=[make_person(), make_person()], by=COMMAND, at=NOW)
    answer = coordinator.post(reverse("returns:change_new"), what_was_said(organisations))
    assert answer.status_code == 302
    return RequirementDraft.objects.get()


@pytest.fixture
def world(organisations, crossing):
    return organisations


def fingerprint(page):
    found = re.search(r'name="fingerprint" value="(\w+)"', page.content.decode())
    assert found is not None
    return found.group(1)


def test_one_screen_stores_a_draft_and_tells_nobody(draft):
    assert draft.content["rule"] == {"test": {"kinds": ["pcr", "rapid"], "result": "negative", "max_age_hours": 72}}
    assert draft.content["exempt"] == {"age": {"under": 5}}
    assert draft.content["price"]["amount"] == "20"
    assert not Alert.objects.exists()


def test_the_impact_page_shows_whom_it_stops_and_the_message(draft, coordinator):
    page = coordinator.get(reverse("returns:change", args=[draft.public_id]))

    text = page.content.decode()
    assert "2 of 2 people cannot cross as planned" in text
    assert "40 USD" in text
    for words in ("Embassy of Tajikistan in Uzbekistan", "Русский", "Тоҷикӣ"):
        assert words in text
    assert not Alert.objects.exists()


def test_publishing_tells_everybody_who_stood_on_the_page(draft, coordinator):
    page = coordinator.get(reverse("returns:change", args=[draft.public_id]))
    given = {"fingerprint": fingerprint(page)}

    answer = coordinator.post(reverse("returns:change_publish", args=[draft.public_id]), given)

    assert answer.status_code == 302
    assert set(Notice.objects.values_list("organisation__code", flat=True)) == set(TOLD)


def test_an_impact_that_moved_is_shown_again_and_nobody_is_told(draft, coordinator, make_person):
    page = coordinator.get(reverse("returns:change", args=[draft.public_id]))
    cases.open_cases(people=[make_person()], by=COMMAND, at=NOW)

    answer = coordinator.post(
        reverse("returns:change_publish", args=[draft.public_id]),
        {"fingerprint": fingerprint(page), "figures": '{"stopped": 2, "cases": 2}'},
    )

    assert answer.status_code == 409
    assert "3 people are stopped; the page showed 2." in answer.content.decode()
    assert not Alert.objects.exists()


@pytest.mark.parametrize("figures", ["{", "[1]", '{"told": 5}', '{"stopped": {"x": 1}}'])
def test_figures_that_make_no_sense_are_no_reason_to_fail(draft, coordinator, figures):
    url = reverse("returns:change_publish", args=[draft.public_id])

    assert coordinator.post(url, {"fingerprint": "x", "figures": figures}).status_code == 409


def test_publishing_twice_tells_once(draft, coordinator):
    page = coordinator.get(reverse("returns:change", args=[draft.public_id]))
    url, given = reverse("returns:change_publish", args=[draft.public_id]), {"fingerprint": fingerprint(page)}
    coordinator.post(url, given)
    coordinator.post(url, given)

    assert Alert.objects.count() == 1
    assert RequirementVersion.objects.filter(requirement__subject="health_test").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("way", "", "required"),
        ("way", "XX:KAZ:UZB", "Select a valid choice"),
        ("test_kinds", [], "choose at least one"),
        ("test_hours", "0", "greater than or equal to 1"),
        ("applies_from", "31.02.2020", "valid date"),
        ("applies_from", "1999-01-01T08:00", "too far from today"),
        ("applies_until", "2020-09-30T08:00", "It cannot end before it begins"),
        ("source_text", " ", "required"),
        ("authority", "999999", "Select a valid choice"),
        ("certainty", "withdrawn", "nothing to withdraw"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_field(coordinator, world, field, value, words):
    answer = coordinator.post(reverse("returns:change_new"), what_was_said(world, **{field: value}))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not RequirementDraft.objects.exists()


EVERY_KIND = [
    ("vaccination", {"vaccine_kinds": ["covid_19"], "doses": "2", "dose_min_days": "14"},
     {"vaccination": {"kinds": ["covid_19"], "doses": 2, "min_days": 14}}),
    ("permit", {"permit_kinds": ["visa"], "permit_issuers": ["UZB"]},
     {"permit": {"kinds": ["visa"], "issued_by": ["UZB"]}}),
    ("guarantee_letter", {}, {"guarantee_letter": {}}),
    ("registration_form", {"form_name": "E-form"}, {"registration_form": {"name": "E-form"}}),
    ("payment", {"paid_for": "road fee", "paid_amount": "30", "paid_currency": "USD"},
     {"payment": {"for": "road fee", "amount": "30", "currency": "USD"}}),
    ("quarantine", {"quarantine_days": "14"}, {"quarantine": {"days": 14}}),
    ("quota", {"per_day": "50"}, {"quota": {"per_day": 50}}),
    ("window", {"window_days": ["mon"], "window_opens": "08:00", "window_closes": "18:00"},
     {"window": {"days": ["mon"], "from": "08:00", "until": "18:00"}}),
    ("escort", {"escort_kinds": ["police"]}, {"escort": {"kinds": ["police"]}}),
    ("consent", {}, {"consent_form": {}}),
    ("opening", {}, {"closed": {}}),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "fields", "rule"), EVERY_KIND)
def test_each_kind_of_condition_is_built_without_json_and_comes_back_into_the_form(
    coordinator, world, subject, fields, rule
):
    given = what_was_said(world, subject=subject, **fields)
    assert coordinator.post(reverse("returns:change_new"), given).status_code == 302

    draft = RequirementDraft.objects.get()
    assert draft.content["rule"] == rule
    shown = ChangeForm(None, crossings=[], initial=initial_of(draft.requirement, draft.content))
    assert all(str(shown[name].value()) == str(value) or shown[name].value() == value for name, value in fields.items())


@pytest.mark.parametrize(
    ("subject", "fields", "words"),
    [
        ("vaccination", {"vaccine_kinds": []}, "against what people must be vaccinated"),
        ("vaccination", {"vaccine_kinds": ["polio"], "dose_min_days": "9", "dose_max_days": "3"}, "Check both"),
        ("permit", {}, "which visas or permits are accepted"),
        ("registration_form", {}, "name of the form"),
        ("payment", {"paid_for": "fee", "paid_amount": "3"}, "in which currency"),
        ("quarantine", {}, "how many days quarantine"),
        ("window", {}, "on which days, or between which hours"),
        ("window", {"window_opens": "08:00"}, "both hours, or none"),
        ("window", {"window_opens": "8 in the morning"}, "such as 08:00"),
        ("escort", {}, "who must go along"),
        ("health_test", {"second-join": "all", "second-kind": "permit"}, "which visas or permits are accepted"),
        ("health_test", {"asked_of": ["TJK"], "not_asked_of": ["UZB"]}, "Tick either"),
    ],
)
def test_a_condition_that_lacks_something_is_named_beside_its_field(coordinator, world, subject, fields, words):
    answer = coordinator.post(reverse("returns:change_new"), what_was_said(world, subject=subject, **fields))

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_conditions_are_joined_and_some_people_are_spared_one_of_them(coordinator, world):
    more = {
        "exempt_under": "", "second-join": "any", "second-kind": "vaccination", "second-vaccine_kinds": ["covid_19"],
        "third-join": "all", "third-kind": "registration_form", "third-form_name": "E-form", "third-spared_under": "16",
        "not_asked_of": ["UZB"], "asked_passage": "transit",
    }  # fmt: skip
    assert coordinator.post(reverse("returns:change_new"), what_was_said(world, **more)).status_code == 302

    draft = RequirementDraft.objects.get()
    assert explain(parse_content(draft.content), "en") == (
        "Required of nationals of any country but Uzbekistan if they are also people in transit: form “E-form”, filled "
        "in (not asked of: children under 16) and (a negative test (PCR or rapid) sampled at most 72 hours before the "
        "barrier or vaccination (COVID-19)); price: 20 USD per person."
    )
    again = initial_of(draft.requirement, draft.content)
    assert (again["more"]["second"]["kind"], again["more"]["third"]["spared_under"]) == ("vaccination", 16)
    assert (again["not_asked_of"], again["asked_passage"]) == (["UZB"], "transit")


def test_the_hour_is_read_on_the_clock_of_the_side_that_is_entered(coordinator, organisations, crossing):
    given = what_was_said(organisations, applies_from="2020-10-01T08:00")
    coordinator.post(reverse("returns:change_new"), given)

    assert RequirementDraft.objects.get().applies_from == NOW


def test_an_end_may_be_said_and_the_impact_says_what_holds_after_it(coordinator, organisations, make_rule):
    make_rule(PASSPORT_RULE)
    given = what_was_said(organisations, applies_from="2020-10-02T08:00", applies_until="2020-10-09T08:00")
    answer = coordinator.post(reverse("returns:change_new"), given, follow=True)

    draft = RequirementDraft.objects.get(published_version__isnull=True)
    assert draft.applies_until == draft.applies_from + timedelta(days=7)
    page = answer.content.decode()
    assert "Version 1 holds until 2 October 2020" in page
    assert "Version 1 holds from 9 October 2020" in page


def test_others_than_children_are_spared_and_come_back_into_the_form(coordinator, world, group):
    spared = {"spared_of": ["UZB"], "spared_residents": ["KAZ"], "spared_groups": group.code}
    assert coordinator.post(reverse("returns:change_new"), what_was_said(world, **spared)).status_code == 302

    draft = RequirementDraft.objects.get()
    again = initial_of(draft.requirement, draft.content)
    assert {name: again[name] for name in (*spared, "exempt_under")} == {**spared, "exempt_under": 5}


@pytest.mark.parametrize("role", ["field", "consular", "liaison", "programme", "administrator"])
def test_only_who_publishes_requirements_reaches_these_pages(sign_in, draft, role):
    client = sign_in(role)

    assert client.get(reverse("returns:change_new")).status_code == 404
    assert client.get(reverse("returns:change", args=[draft.public_id])).status_code == 404
    assert client.post(reverse("returns:change_publish", args=[draft.public_id])).status_code == 404


def test_the_impact_says_how_many_do_not_meet_it_though_something_else_stops_them_already(
    coordinator, organisations, make_person, make_rule, plan
):
    make_rule({"rule": {"escort": {"kinds": ["police"]}}}, "escort")
    cases.open_cases(people=[make_person(), make_person()], by=COMMAND, at=NOW)
    page = coordinator.post(reverse("returns:change_new"), what_was_said(organisations), follow=True).content.decode()

    assert "2 of 2 people do not meet it" in page
    assert "It stops nobody" not in page


def test_a_range_of_ages_and_a_price_of_a_bus_come_back_as_they_were_typed(coordinator, world):
    typed = {
        "asked_from_age": "5", "asked_under_age": "60", "not_asked_residents": ["UZB"], "spared_from_age": "50",
        "exempt_under": "", "price_per": "vehicle",
    }  # fmt: skip
    assert coordinator.post(reverse("returns:change_new"), what_was_said(world, **typed)).status_code == 302

    draft = RequirementDraft.objects.get()
    assert explain(parse_content(draft.content), "en") == (
        "Required of people aged 5 to 59 if they are also people who live in any country but Uzbekistan: a negative test "
        "(PCR or rapid) sampled at most 72 hours before the barrier; not asked of: people aged 50 or older; "
        "price: 20 USD per vehicle."
    )
    again = initial_of(draft.requirement, draft.content)
    assert (again["asked_from_age"], again["asked_under_age"], again["spared_from_age"]) == (5, 60, 50)
    assert (again["not_asked_residents"], again["price_per"]) == (["UZB"], "vehicle")


def test_ages_that_nobody_can_have_are_named(coordinator, world):
    answer = coordinator.post(
        reverse("returns:change_new"), what_was_said(world, asked_from_age="12", asked_under_age="12")
    )

    assert answer.status_code == 422
    assert "Give a higher age than that from which it is asked." in answer.content.decode()


def test_a_group_that_does_not_exist_is_not_named_by_a_rule(coordinator, world, group):
    unknown = coordinator.post(reverse("returns:change_new"), what_was_said(world, asked_groups="ZZ-9999"))
    known = coordinator.post(reverse("returns:change_new"), what_was_said(world, asked_groups=group.code))

    assert (unknown.status_code, known.status_code) == (422, 302)
    assert "No group has the code ZZ-9999." in unknown.content.decode()


def test_what_was_withdrawn_is_not_shown_as_what_is_asked_before(coordinator, draft, organisations):
    impact = impact_of(draft, at=NOW)
    publish(draft=draft, fingerprint=impact.fingerprint, by=COMMAND, at=NOW)
    requirements.withdraw(
        requirement=draft.requirement, source_tier="written", source_text="order 13", told=[],
        authority=organisations["uz-border"], applies_from=NOW + timedelta(minutes=1), by=COMMAND,
        at=NOW + timedelta(minutes=1),
    )  # fmt: skip
    clock.set_to(NOW + timedelta(minutes=2))
    page = coordinator.post(reverse("returns:change_new"), what_was_said(organisations), follow=True).content.decode()

    assert "Before: No longer asked: Required of everyone" in page
    assert "new: Required of everyone: a negative test" in page


def test_what_is_left_out_is_asked_for_in_words(coordinator, world):
    left_out = what_was_said(world, way="", source_text="", authority="")
    page = coordinator.post(reverse("returns:change_new"), left_out).content.decode()

    for words in (
        "Choose the crossing and the direction.",
        "Say who said it, or which paper",
        "Say which authority asks",
    ):
        assert words in page
