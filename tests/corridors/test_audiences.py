"""Who is told of a change at a crossing."""

import pytest

from corridors.audiences import standing_audience
from partners.models import Interest
from tests.cast import TOLD

pytestmark = pytest.mark.django_db


def audience(crossing, **changes):
    asked = {"crossing": crossing, "from_country": "KAZ", "to_country": "UZB"}
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
