import re
from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from common.models import AccessEntry
from corridors import requirements
from migrants import merging
from migrants.models import HeadCount, ProtectionHold, TravelGroup
from partners.models import Organisation
from returns import assessing, board, cases, funding
from returns.impact import impact_of
from returns.models import GroupTold
from returns.publishing import publish
from returns.telling import texts_for
from tests.cast import COMMAND, NOW
from tests.returns.conftest import PASSPORT_RULE, TEST_RULE, usd

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine(db):
    clock.set_to(NOW)


@pytest.fixture
def waiting(make_person, make_rule, plan, count_heads):
    """Three people with cases, five counted."""
    make_rule(PASSPORT_RULE, "travel_document")
    count_heads(5)
    people = [make_person() for _n in range(3)]
    cases.open_cases(people=people, by=COMMAND, at=NOW)
    return people


def demand(group, content, *, applies_from=NOW):
    """Publish a sudden demand, and bring the board up to date."""
    draft = requirements.draft(
        requirement_line=(group.crossing, "KAZ", "UZB", "health_test"), content=content, certainty="reported",
        source_tier="oral_post", source_text="by phone", applies_from=applies_from, by=COMMAND, at=NOW,
        authority=Organisation.objects.get(code="uz-border"),
    )  # fmt: skip
    change = publish(draft=draft, fingerprint=impact_of(draft, at=NOW).fingerprint, by=COMMAND, at=NOW)
    assessing.assess_changes(by=COMMAND, at=NOW)
    return change.version


@pytest.fixture
def demanded(waiting, group):
    """The sudden demand, published and assessed."""
    return demand(group, TEST_RULE)


def test_the_board_says_the_worst_thing_first_with_who_knows(demanded, sign_in):
    text = sign_in("coordinator").get("/").content.decode()

    assert "3 of 3 people in 1 group cannot cross as planned." in text
    assert "0 of 3 organisations have acknowledged" in text
    assert "See who knows" in text
    assert "Cost to fix 100 USD" in text


def test_what_begins_later_is_not_said_to_be_asked_now(waiting, group, sign_in):
    demand(group, TEST_RULE, applies_from=NOW + timedelta(hours=3))
    text = sign_in("coordinator").get("/").content.decode()

    assert "G‘ishtko‘prik will ask: negative test" in text
    assert "now asks" not in text


def test_the_bill_of_a_group_that_was_only_counted_stands_on_its_page(group, plan, make_rule, count_heads, sign_in):
    make_rule(TEST_RULE)
    count_heads(38)
    text = sign_in("coordinator").get(reverse("returns:group_readiness", args=[group.public_id])).content.decode()

    assert "Nobody can be judged yet" in text
    assert "cost to fix: 760 USD" in text


@pytest.mark.parametrize(
    ("means", "cost"),
    [
        ({"applies": {"group": {"in": ["ZZ-0929"]}}}, "Cost to fix 100 USD"),
        ({"applies": {"not": {"group": {"in": ["ZZ-1001"]}}}}, "Cost to fix 100 USD"),
        ({"applies": {"group": {"in": ["ZZ-0929"]}}, "exempt": {"group": {"in": ["ZZ-1001"]}}}, "Cost to fix 100 USD"),
    ],
)
def test_only_heads_of_whom_a_rule_may_ask_something_are_charged(waiting, sign_in, group, means, cost):
    other = TravelGroup.objects.create(
        code="ZZ-1001", mission=group.mission, crossing=group.crossing, from_country="KAZ", to_country="UZB",
        waiting_since=NOW, recorded_at=NOW, by=COMMAND,
    )  # fmt: skip
    HeadCount.objects.create(group=other, mission=group.mission, counted_at=NOW, recorded_at=NOW, total=40, by=COMMAND)
    demand(group, TEST_RULE | means)

    assert cost in sign_in("coordinator").get("/").content.decode()


def test_who_was_merged_into_another_is_not_counted_twice(demanded, waiting, sign_in):
    merging.merge(kept=waiting[0], absorbed=waiting[1], by=COMMAND, at=NOW)

    assert "2 of 2 people in 1 group" in sign_in("coordinator").get("/").content.decode()


def test_the_clocks_are_the_viewers_and_that_of_the_crossing(demanded, sign_in):
    text = sign_in("coordinator").get("/").content.decode()

    assert "Almaty time" in text
    assert {"UTC", "Almaty"} <= set(re.findall(r'class="clock">(\w+) <time', text))


def test_a_quiet_board_says_what_to_do_next(sign_in, organisations):
    text = sign_in("coordinator").get("/").content.decode()

    assert "Nobody waits at a crossing" in text


def test_heads_counted_stand_on_the_board_before_anybody_is_registered(viewers, group, count_heads):
    count_heads(38)
    (line,) = board.board_of(viewers["coordinator"], at=NOW).lines

    assert (line.waiting, line.registered, line.unregistered) == (38, 0, 38)


def test_an_hour_that_has_passed_is_no_next_crossing(waiting, plan, sign_in, viewers):
    """It stays the next one while the queue lasts; then nobody has left, and the board says so."""
    coordinator, over = sign_in("coordinator"), plan.cross_at + timedelta(minutes=plan.queue_minutes)
    said = "The planned hour has passed"
    for at, lapsed in ((NOW, False), (over - timedelta(minutes=1), False), (over, True)):
        clock.set_to(at)
        assert (said in coordinator.get("/board/panel/").content.decode()) is lapsed
        (line,) = board.board_of(viewers["coordinator"], at=at).lines
        assert (line.planned, line.lapsed) == (None if lapsed else plan.cross_at, lapsed)


def test_the_panel_is_not_sent_again_while_nothing_happens(demanded, sign_in):
    client, url = sign_in("coordinator"), reverse("returns:board_panel")
    first = client.get(url)

    again = client.get(url, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert again.content == b""


def test_a_head_count_changes_the_panel(waiting, sign_in, count_heads):
    client, url = sign_in("coordinator"), reverse("returns:board_panel")
    first = client.get(url)
    count_heads(9)

    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_panel_that_is_polled_is_the_inside_of_the_page(demanded, sign_in):
    client = sign_in("coordinator")
    panel = client.get(reverse("returns:board_panel")).content.decode()

    assert panel.strip() in client.get("/").content.decode()


def test_the_queries_of_the_board_do_not_grow_with_the_people(
    demanded, viewers, make_person, django_assert_max_num_queries
):
    cases.open_cases(people=[make_person() for _n in range(20)], by=COMMAND, at=NOW)

    with django_assert_max_num_queries(20):
        board.board_of(viewers["coordinator"], at=NOW)


def test_whoever_has_no_board_is_sent_to_their_own_page(sign_in):
    assert sign_in("consular").get("/")["Location"] == reverse("notifications:own")
    assert sign_in("data_protection").get("/")["Location"] == "/acts/"
    assert sign_in(None).get("/").status_code == 302


def test_the_figures_of_a_programme_officer_lead_to_no_person(demanded, sign_in):
    client = sign_in("programme")
    text = client.get("/").content.decode()

    assert "cannot cross" in text
    assert reverse("returns:case_list") not in text
    assert client.get(reverse("returns:case_list")).status_code == 404


def test_a_number_leads_to_exactly_the_rows_that_it_counts(demanded, sign_in):
    client = sign_in("coordinator")
    found = client.get(
        reverse("returns:case_list"), {"show": "missing", "crossing": "KZ-UZ-01", "from": "KAZ", "to": "UZB"}
    )

    assert len(found.context["rows"]) == 3
    assert len(client.get(reverse("returns:case_list"), {"show": "met"}).context["rows"]) == 0


def test_the_matrix_shows_each_person_against_each_requirement(demanded, sign_in, group):
    page = sign_in("coordinator").get(reverse("returns:group_readiness", args=[group.public_id]))

    text = page.content.decode()
    assert text.count("not taken") == 3
    assert "Ask for 100 USD" in text
    assert "2 heads not registered" in text


def test_each_view_of_the_matrix_leaves_an_access_row_for_each_person_shown(demanded, sign_in, group):
    sign_in("coordinator").get(reverse("returns:group_readiness", args=[group.public_id]))

    seen = AccessEntry.objects.filter(page=f"group readiness {group.code}").values_list("person", flat=True)
    assert set(seen) == {person.public_id for person in demanded_people(group)}


def demanded_people(group):
    return group.people.all()


def test_only_what_is_missing_is_shown_when_asked(demanded, sign_in, group, take_test, waiting):
    take_test(waiting[0])
    url = reverse("returns:group_readiness", args=[group.public_id])

    assert len(sign_in("coordinator").get(url, {"show": "missing"}).context["lines"]) == 2


def test_a_matrix_shows_a_whole_group_up_to_300_people_a_page(make_person, plan, sign_in, group, make_rule):
    make_rule(PASSPORT_RULE, "travel_document")
    cases.open_cases(people=[make_person() for _n in range(301)], by=COMMAND, at=NOW)
    client, url = sign_in("coordinator"), reverse("returns:group_readiness", args=[group.public_id])

    first = client.get(url)
    second = client.get(url + first.context["next_url"])

    assert (len(first.context["lines"]), len(second.context["lines"])) == (300, 1)
    assert second.context["next_url"] == ""


def test_the_matrix_says_that_somebody_does_not_travel_and_never_why(demanded, sign_in, group, waiting):
    ProtectionHold.objects.create(
        person=waiting[0], mission=group.mission, against=["UZB"], reason="fear of return", set_at=NOW, set_by=COMMAND
    )
    text = sign_in("coordinator").get(reverse("returns:group_readiness", args=[group.public_id])).content.decode()

    assert "1 person not travelling" in text
    assert "fear" not in text
    assert "rotection" not in text


def test_asking_for_money_twice_asks_once(demanded, sign_in, group):
    client, url = sign_in("coordinator"), reverse("returns:need_ask", args=[group.public_id])
    given = {"version": demanded.public_id}
    first, second = client.post(url, given), client.post(url, given)

    assert first["Location"] == second["Location"]
    need = group.needs.get()
    assert (need.quantity, need.unit_price, need.currency) == (5, usd("20"), "USD")


def test_pledges_are_summed_against_the_need_each_in_its_currency(demanded, sign_in, group, organisations):
    client = sign_in("coordinator")
    client.post(reverse("returns:need_ask", args=[group.public_id]), {"version": demanded.public_id})
    need = group.needs.get()
    url = reverse("returns:need", args=[need.public_id])
    given = {"donor": organisations["iom-kz"].code, "pledged_on": "2020-10-01", "correspondence": "letter of the desk"}
    client.post(url, {**given, "amount": "40", "currency": "USD", "rate": "1"})
    client.post(url, {**given, "amount": "50", "currency": "EUR", "rate": "1.2"})

    gap = funding.gap(need)
    assert (gap.needed, gap.pledged, gap.open, gap.is_covered) == (usd("100"), usd("100.00"), usd("0"), True)
    assert "letter of the desk" in client.get(url).content.decode()
    assert "letter of the desk" not in sign_in("field").get(url).content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"amount": "0", "currency": "USD", "rate": "1"}, "0.01"),
        ({"amount": "5", "currency": "EUR", "rate": "1"}, "Give the rate of that day"),
        ({"amount": "5", "currency": "USD", "rate": "2"}, "so the rate is 1"),
        ({"amount": "5", "currency": "XXX", "rate": "1"}, "valid choice"),
        ({"amount": "5", "currency": "USD", "rate": "1", "pledged_on": "2021-01-01"}, "still to come"),
    ],
)
def test_a_pledge_that_cannot_be_meant_is_refused(demanded, sign_in, group, given, words):
    client = sign_in("coordinator")
    client.post(reverse("returns:need_ask", args=[group.public_id]), {"version": demanded.public_id})
    need = group.needs.get()
    form = {"donor": group.mission.organisation.code, "pledged_on": "2020-10-01"} | given
    answer = client.post(reverse("returns:need", args=[need.public_id]), form)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not need.pledges.exists()


def test_the_group_is_told_in_its_languages_and_it_is_written_down(demanded, sign_in, group, waiting):
    client, url = sign_in("field"), reverse("returns:group_tell", args=[group.public_id])
    text = client.get(url).content.decode()
    assert 'lang="tg"' in text
    assert 'lang="ru"' in text

    assert client.post(url, {"languages": ["tg", "ru"], "people_told": "5"}).status_code == 302
    told = GroupTold.objects.get()
    assert (told.version, told.people_told, told.languages) == (demanded, 5, ["tg", "ru"])


def test_no_personal_data_is_read_out(demanded, waiting):
    texts = texts_for(demanded)

    assert {text.language for text in texts} >= {"tg", "ru"}
    for text in texts:
        assert not any(person.full_name in text.text or person.number in text.text for person in waiting)


def test_a_plan_is_set_on_its_page(group, sign_in, waiting):
    client, url = sign_in("coordinator"), reverse("returns:group_plan", args=[group.public_id])
    given = {"local_time": "2020-10-03T10:00", "zone": "Asia/Almaty", "queue_minutes": "60"}

    assert client.get(url).status_code == 200
    assert client.post(url, given | {"local_time": "2020-09-01T10:00"}).status_code == 422
    assert client.post(url, given).status_code == 302
    group.plan.refresh_from_db()
    assert group.plan.cross_at == NOW + timedelta(hours=49)


def test_a_waiver_is_written_down_on_its_page(demanded, group, sign_in, waiting, organisations):
    client, url = sign_in("coordinator"), reverse("returns:group_waive", args=[group.public_id])
    case = waiting[0].cases.get()
    given = {
        "case": case.number, "requirement": demanded.requirement.public_id, "authority": organisations["uz-border"].code,
        "reference": "note 12", "valid_until": "2020-10-09T10:00",
    }  # fmt: skip

    assert client.get(url).status_code == 200
    assert client.post(url, given | {"reference": ""}).status_code == 422
    assert client.post(url, given).status_code == 302
    case.readiness.refresh_from_db()
    assert case.readiness.worst == "waived"


@pytest.mark.parametrize("name", ["group_readiness", "group_plan", "group_waive", "group_tell", "need_new"])
@pytest.mark.parametrize("role", ["consular", "liaison", "administrator", "data_protection"])
def test_no_page_of_a_group_opens_to_whoever_is_outside_of_its_caseload(sign_in, group, name, role):
    assert sign_in(role).get(reverse(f"returns:{name}", args=[group.public_id])).status_code == 404
