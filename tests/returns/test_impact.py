from datetime import UTC, timedelta
from decimal import Decimal

import pytest

from corridors import requirements
from corridors.models import RequirementChange
from migrants import consents, protection
from migrants.models import Consent, Disclosure, HeadCount
from notifications.models import Alert, Notice
from partners.models import Channel
from returns import assessing, cases, shopping
from returns.impact import impact_of, moved
from returns.matrix import matrix_of
from returns.models import CaseReadiness
from returns.publishing import ImpactMovedError, publish
from tests.access.arriving import agreed
from tests.cast import COMMAND, NOW, TOLD
from tests.returns.conftest import PASSPORT_RULE, TEST_RULE

pytestmark = pytest.mark.django_db
BY = COMMAND


@pytest.fixture
def make_draft(crossing, organisations):
    """`make_draft(content)` writes down what the Uzbek post said, from now on."""

    def make(content=TEST_RULE, subject="health_test", **more):
        given = {"certainty": "reported", "source_tier": "oral_post", "source_text": "shift leader by phone"} | more
        return requirements.draft(
            requirement_line=(crossing, "KAZ", "UZB", subject), content=content, authority=organisations["uz-border"],
            applies_from=given.pop("applies_from", NOW), by=BY, at=NOW, **given,
        )  # fmt: skip

    return make


@pytest.fixture
def ready_group(make_person, make_rule, plan):
    """Three people who lack nothing: two adults and a child of four."""
    make_rule(PASSPORT_RULE, "travel_document")
    people = [make_person(), make_person(), make_person(born=2016)]
    cases.open_cases(people=people, by=BY, at=NOW)
    return people


def test_the_impact_says_whom_it_stops_and_what_it_costs(ready_group, make_draft):
    impact = impact_of(make_draft(), at=NOW)

    assert (impact.cases, impact.stopped, impact.relieved) == (3, 2, 0)
    assert impact.before == {"met": 3}
    assert impact.after == {"missing": 2, "exempt": 1}
    assert {currency: str(amount) for currency, amount in impact.cost.totals.items()} == {"USD": "40"}


def test_the_impact_names_the_earliest_crossing_that_it_hits(ready_group, make_draft, plan):
    assert impact_of(make_draft(), at=NOW).first_concerned_at == plan.cross_at


def test_a_rule_that_begins_when_the_queue_is_over_stops_nobody(ready_group, make_draft, plan):
    over = plan.cross_at + timedelta(minutes=plan.queue_minutes)
    impact = impact_of(make_draft(applies_from=over + timedelta(minutes=1)), at=NOW)

    assert impact.stopped == 0
    assert impact.first_concerned_at is None


def test_a_rule_that_begins_while_the_group_stands_in_the_queue_stops_it(ready_group, make_draft, plan):
    impact = impact_of(make_draft(applies_from=plan.cross_at + timedelta(hours=1)), at=NOW)

    assert impact.stopped == 2
    assert impact.after == {"expiring": 2, "exempt": 1}
    assert impact.first_concerned_at == plan.cross_at
    assert {currency: str(amount) for currency, amount in impact.cost.totals.items()} == {"USD": "40"}


def test_heads_whom_a_rule_may_meet_in_the_queue_name_the_hour_too(ready_group, count_heads, make_draft, plan):
    count_heads(5)
    begins = plan.cross_at + timedelta(hours=1)
    lets_everybody = {"rule": {"any": [{"test": {"kinds": ["pcr"], "max_age_hours": 72}}, {"consent_form": {}}]}}

    assert impact_of(make_draft(lets_everybody, applies_from=begins), at=NOW).first_concerned_at == plan.cross_at


def test_nobody_is_charged_for_two_versions_of_a_line_of_which_one_follows_in_the_queue(
    ready_group, make_draft, make_rule, plan
):
    make_rule(TEST_RULE)
    stricter = {**TEST_RULE, "rule": {"test": {"kinds": ["pcr"], "max_age_hours": 48}}}
    requirements.publish(
        draft=make_draft(stricter, applies_from=plan.cross_at + timedelta(hours=1)), told=[], by=BY, at=NOW
    )
    assessing.assess_changes(by=BY, at=NOW)

    group = ready_group[0].group
    matrix = matrix_of(group, zone=UTC, at=NOW)
    assert [column.number for column in matrix.columns if column.number] == [1, 2, 1]
    assert matrix.cost.totals == {"USD": Decimal(40)}
    assert [line.quantity for line in matrix.cost.lines if line.reason == "spared"] == [1]
    sampling = shopping.sampling_of(matrix, None, zone=UTC, at=NOW)
    assert sampling is not None
    assert sampling.tests == 2


def test_whoever_is_stopped_already_is_still_counted_as_not_meeting_what_is_asked(ready_group, make_draft, make_rule):
    make_rule({"rule": {"escort": {"kinds": ["police"]}}}, "escort")
    impact = impact_of(make_draft(), at=NOW)

    assert (impact.stopped, impact.lacking, impact.figures["lacking"]) == (0, 2, 2)


def test_looking_at_the_impact_stores_nothing_and_tells_nobody(ready_group, make_draft):
    stored = list(CaseReadiness.objects.values_list("case", "worst"))

    impact_of(make_draft(), at=NOW)

    assert list(CaseReadiness.objects.values_list("case", "worst")) == stored
    assert not Alert.objects.exists()


def test_unregistered_heads_are_unknown_and_need_tests_too(ready_group, make_draft, count_heads):
    count_heads(5)
    impact = impact_of(make_draft(), at=NOW)

    assert impact.after["unknown"] == 2
    assert impact.cost.totals["USD"] == 80


@pytest.mark.parametrize(
    ("content", "cost"),
    [
        (TEST_RULE | {"applies": {"group": {"in": ["ZZ-OTHER"]}}}, {}),
        (TEST_RULE | {"exempt": {"group": {"in": ["ZZ-0929"]}}}, {}),
        (TEST_RULE | {"applies": {"group": {"in": ["ZZ-0929"]}}}, {"USD": 100}),
    ],
)
def test_heads_of_a_group_that_a_rule_does_not_mean_cost_nothing(group, make_draft, count_heads, content, cost):
    count_heads(5)

    assert impact_of(make_draft(content), at=NOW).cost.totals == cost


def test_heads_that_cross_before_it_is_asked_cost_nothing(ready_group, make_draft, count_heads, plan):
    count_heads(5)

    assert impact_of(make_draft(applies_from=NOW + timedelta(days=7)), at=NOW).cost.totals == {}


def test_a_group_in_which_nobody_is_registered_is_concerned(crossing, group, make_draft, count_heads):
    count_heads(38)
    (found,) = impact_of(make_draft(), at=NOW).groups

    assert (found.code, found.unregistered, found.after) == (group.code, 38, {"unknown": 38})


def test_the_preview_names_everybody_who_will_be_told_and_not_the_authority(ready_group, make_draft, count_heads):
    count_heads(3)
    told = {reached.organisation.code: reached.head_count for reached in impact_of(make_draft(), at=NOW).told}

    assert set(told) == set(TOLD)
    assert told == {"iom-kz": 3, "kz-border": 3, "tj-emb-uz": None}


def test_the_head_count_told_is_that_of_the_count_and_never_of_persons(ready_group, make_draft):
    told = impact_of(make_draft(), at=NOW).told

    assert {reached.head_count for reached in told} == {None}


def test_who_cannot_be_reached_is_known_before_publishing(ready_group, make_draft, organisations):
    Channel.objects.filter(contact__office__organisation__code="kz-border", kind="email").update(switched_off_at=NOW)
    impact = impact_of(make_draft(), at=NOW)

    assert [reached.organisation.code for reached in impact.unreachable] == ["kz-border"]


def test_publishing_does_what_the_preview_said(ready_group, make_draft, count_heads):
    count_heads(5)
    draft = make_draft()
    impact = impact_of(draft, at=NOW)

    change = publish(draft=draft, fingerprint=impact.fingerprint, by=BY, at=NOW)
    assessing.assess_changes(by=BY, at=NOW)

    told = {notice.organisation.code: notice.head_count for notice in Notice.objects.select_related("organisation")}
    assert told == {reached.organisation.code: reached.head_count for reached in impact.told}
    assert Alert.objects.get().first_concerned_at == impact.first_concerned_at
    worst: dict[str, int] = {"unknown": 2}
    for verdict in CaseReadiness.objects.values_list("worst", flat=True):
        worst[verdict] = worst.get(verdict, 0) + 1
    assert worst == impact.after
    change.refresh_from_db()
    assert change.assessed_at is not None


def test_the_finding_carries_the_published_version_as_its_reason(ready_group, make_draft):
    draft = make_draft()
    change = publish(draft=draft, fingerprint=impact_of(draft, at=NOW).fingerprint, by=BY, at=NOW)
    assessing.assess_changes(by=BY, at=NOW)

    findings = CaseReadiness.objects.get(case__person=ready_group[0]).findings
    assert findings[str(change.version.public_id)] == "missing"


def test_an_impact_that_moved_is_not_published(ready_group, make_draft, make_person):
    draft = make_draft()
    shown = impact_of(draft, at=NOW)
    cases.open_cases(people=[make_person()], by=BY, at=NOW)

    with pytest.raises(ImpactMovedError) as caught:
        publish(draft=draft, fingerprint=shown.fingerprint, by=BY, at=NOW)

    assert not RequirementChange.objects.exists()
    assert moved(shown.figures, caught.value.impact)[0] == "3 people are stopped; the page showed 2."


def test_a_draft_is_published_once(ready_group, make_draft):
    draft = make_draft()
    impact = impact_of(draft, at=NOW)
    publish(draft=draft, fingerprint=impact.fingerprint, by=BY, at=NOW)
    draft.refresh_from_db()

    with pytest.raises(requirements.RequirementError, match="published as version 1"):
        publish(draft=draft, fingerprint=impact.fingerprint, by=BY, at=NOW)
    assert Alert.objects.count() == 1


def test_an_embassy_is_told_because_somebody_stopped_agreed_to_be_shown_to_it(ready_group, make_draft, organisations):
    embassy = organisations["tj-emb-uz"]
    embassy.interests.all().delete()
    draft = make_draft()
    assert embassy not in [reached.organisation for reached in impact_of(draft, at=NOW).told]

    person = ready_group[0]
    consent = Consent.objects.create(
        person=person, mission=person.mission, purpose="consulate", recipient=embassy, answer="yes", how="written",
        language="tg", answered_at=NOW, recorded_at=NOW, by=BY,
    )  # fmt: skip
    Disclosure.objects.create(
        person=person, mission=person.mission, recipient=embassy, purpose="consulate", consent=consent, valid_from=NOW,
        recorded_at=NOW, by=BY,
    )  # fmt: skip
    told = {reached.organisation.code: reached.standing for reached in impact_of(draft, at=NOW).told}
    assert told["tj-emb-uz"] is False


def test_an_assessment_adds_whom_a_case_brings_in_to_the_same_alert(ready_group, make_draft, organisations):
    embassy = organisations["tj-emb-uz"]
    embassy.interests.all().delete()
    draft = make_draft()
    publish(draft=draft, fingerprint=impact_of(draft, at=NOW).fingerprint, by=BY, at=NOW)
    person = ready_group[0]
    consent = Consent.objects.create(
        person=person, mission=person.mission, purpose="consulate", recipient=embassy, answer="yes", how="written",
        language="tg", answered_at=NOW, recorded_at=NOW, by=BY,
    )  # fmt: skip
    Disclosure.objects.create(
        person=person, mission=person.mission, recipient=embassy, purpose="consulate", consent=consent, valid_from=NOW,
        recorded_at=NOW, by=BY,
    )  # fmt: skip

    assert assessing.assess_changes(by=BY, at=NOW) == 1
    assert assessing.assess_changes(by=BY, at=NOW) == 0

    assert Notice.objects.filter(alert=Alert.objects.get(), organisation=embassy).count() == 1


def test_nobody_is_told_because_of_somebody_under_a_hold(ready_group, make_draft, organisations):
    """The hold is against one country; organisations of others are shown nothing either, so they get no notice of it."""
    service, her = organisations["kz-border"], ready_group[0]
    service.interests.all().delete()
    agreed(her, "receive", service)
    consents.disclose(people=[her], recipient=service, purpose="receive", by=BY, at=NOW)
    draft = make_draft()
    assert service in [reached.organisation for reached in impact_of(draft, at=NOW).told]
    protection.set_hold(person=her, reason="fear", against=["TJK"], by=BY, at=NOW)
    impact = impact_of(draft, at=NOW)
    assert service not in [reached.organisation for reached in impact.told]
    publish(draft=draft, fingerprint=impact.fingerprint, by=BY, at=NOW)
    assessing.assess_changes(by=BY, at=NOW)
    assert not Notice.objects.filter(organisation=service).exists()


def test_a_withdrawn_rule_relieves_those_whom_it_stopped(ready_group, make_draft):
    draft = make_draft()
    publish(draft=draft, fingerprint=impact_of(draft, at=NOW).fingerprint, by=BY, at=NOW)
    assessing.assess_changes(by=BY, at=NOW)
    later = NOW + timedelta(hours=1)

    impact = impact_of(make_draft(certainty="withdrawn"), at=later)

    assert (impact.stopped, impact.relieved) == (0, 2)
    assert not impact.cost.totals


def test_a_test_result_judges_its_case_anew(ready_group, make_draft, take_test):
    draft = make_draft()
    publish(draft=draft, fingerprint=impact_of(draft, at=NOW).fingerprint, by=BY, at=NOW)
    assessing.assess_changes(by=BY, at=NOW)
    take_test(ready_group[0])

    assert assessing.assess_tests(at=NOW) == 1
    assert assessing.assess_tests(at=NOW) == 0
    assert CaseReadiness.objects.get(case__person=ready_group[0]).verdict == "ready"


def test_the_queries_of_an_impact_do_not_grow_with_the_people(
    ready_group, make_draft, make_person, django_assert_max_num_queries
):
    cases.open_cases(people=[make_person() for _n in range(30)], by=BY, at=NOW)
    draft = make_draft()

    # two for heads; proofs; two kinds of waivers; corridors; channels and shifts of the desks
    with django_assert_max_num_queries(34):
        assert impact_of(draft, at=NOW).stopped == 32


def test_a_new_head_count_moves_the_fingerprint(ready_group, make_draft, count_heads):
    draft = make_draft()
    before = impact_of(draft, at=NOW).fingerprint
    count_heads(9)

    assert HeadCount.objects.count() == 1
    assert impact_of(draft, at=NOW).fingerprint != before
