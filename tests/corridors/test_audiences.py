"""Who is told of a change at a crossing."""

import pytest

from corridors.audiences import standing_audience
from corridors.rules import parse_content
from partners.models import Interest, Organisation
from tests.cast import NOW, TOLD

pytestmark = pytest.mark.django_db


def audience(crossing, **changes):
    asked = {"crossing": crossing, "from_country": "KAZ", "to_country": "UZB", "at": NOW}
    return {organisation.code: serves for organisation, serves in standing_audience(**(asked | changes))}


def test_whoever_has_a_standing_interest_is_told_both_ways(crossing, organisations):
    assert set(audience(crossing)) == set(TOLD)
    assert audience(crossing) == audience(crossing, from_country="UZB", to_country="KAZ")


def test_only_who_serves_the_halt_may_read_a_head_count(crossing, organisations):
    assert audience(crossing) == {"iom-kz": True, "kz-border": True, "tj-emb-uz": False}


def test_the_authority_that_demands_is_left_out(crossing, organisations):
    assert "kz-border" not in audience(crossing, without={"kz-border"})


def test_an_interest_in_one_direction_is_told_of_that_one(crossing, organisations):
    Interest.objects.create(organisation=organisations["uz-border"], subject="crossing:KZ-UZ-01:UZB-KAZ")
    assert "uz-border" not in audience(crossing)
    assert "uz-border" in audience(crossing, from_country="UZB", to_country="KAZ")


def test_the_audience_takes_one_query(crossing, organisations, django_assert_num_queries):
    with django_assert_num_queries(1):
        audience(crossing)


def test_an_interest_in_a_country_is_told_of_every_crossing_from_or_to_it(crossing, organisations):
    Interest.objects.create(organisation=organisations["uz-border"], subject="country:UZB", serves_halt=True)
    assert audience(crossing)["uz-border"] is False
    assert "uz-border" not in audience(crossing, from_country="KAZ", to_country="KGZ")


def test_an_interest_in_another_kind_of_alert_is_not_told_of_a_change(crossing, organisations):
    Interest.objects.create(organisation=organisations["uz-border"], subject="country:UZB", alert_kind="movement")
    assert "uz-border" not in audience(crossing)


def test_an_interest_in_a_kind_of_alert_brings_in_for_that_kind_alone(crossing, organisations):
    Interest.objects.create(organisation=organisations["uz-border"], subject="country:UZB", alert_kind="group_waiting")
    assert "uz-border" in audience(crossing, kind="group_waiting")
    assert "uz-border" not in audience(crossing)


def test_an_organisation_that_has_ended_is_told_of_nothing(crossing, organisations):
    Organisation.objects.filter(code="kz-border").update(valid_until=NOW)
    assert "kz-border" not in audience(crossing)


TEST = {"test": {"kinds": ["pcr"], "max_age_hours": 72}}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, True),
        ({"applies": {"nationality": {"in": ["TJK", "UZB"]}}}, True),
        ({"applies": {"nationality": {"in": ["UZB"]}}}, False),
        ({"applies": {"not": {"nationality": {"in": ["TJK"]}}}}, False),
        ({"applies": {"all": [{"nationality": {"in": ["TJK"]}}, {"age": {"from": 18}}]}}, True),
        ({"applies": {"any": [{"nationality": {"in": ["UZB"]}}, {"age": {"from": 18}}]}}, True),
        ({"exempt": {"nationality": {"in": ["TJK"]}}}, False),
        ({"exempt": {"age": {"under": 5}}}, True),
    ],
)
def test_an_interest_in_a_nationality_is_told_of_what_may_be_asked_of_it(crossing, organisations, said, told):
    Interest.objects.create(organisation=organisations["uz-border"], subject="nationality:TJK")
    content = parse_content({"rule": TEST} | said)
    assert ("uz-border" in audience(crossing, content=content)) is told
    assert "uz-border" not in audience(crossing)
