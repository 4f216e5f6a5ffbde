from zoneinfo import ZoneInfo

import pytest

from returns.matrix import matrix_of
from returns.shopping import sampling_of
from tests.cast import NOW
from tests.returns.conftest import TEST_RULE

pytestmark = pytest.mark.django_db
ALMATY = ZoneInfo("Asia/Almaty")


def test_a_group_that_was_only_counted_has_its_bill_before_anybody_is_registered(group, plan, make_rule, count_heads):
    make_rule(TEST_RULE)
    count_heads(102)
    matrix = matrix_of(group, zone=ALMATY, at=NOW)

    assert next(iter(matrix.columns)).heading.startswith("Negative test")
    assert matrix.cost.totals == {"USD": 2040}
    sampling = sampling_of(matrix, None, zone=ALMATY, at=NOW)
    assert sampling is not None
    assert sampling.tests == 102


def test_a_rule_for_another_group_costs_the_heads_of_this_one_nothing(group, plan, make_rule, count_heads):
    make_rule(TEST_RULE | {"applies": {"group": {"in": ["ZZ-OTHER"]}}})
    count_heads(102)
    matrix = matrix_of(group, zone=ALMATY, at=NOW)

    assert matrix.cost.totals == {}
    assert sampling_of(matrix, None, zone=ALMATY, at=NOW) is None


def test_heads_are_charged_nothing_where_no_money_helps(group, plan, make_rule, count_heads):
    make_rule({"rule": {"closed": {}}, "price": TEST_RULE["price"]}, "opening")
    count_heads(102)

    assert matrix_of(group, zone=ALMATY, at=NOW).cost.totals == {}


def test_a_price_of_a_vehicle_is_paid_for_each_bus_that_is_planned(group, movement, make_rule):
    toll = {"payment": {"for": "road fee", "amount": "400", "currency": "USD"}}
    make_rule({"rule": toll, "price": {"amount": "400", "currency": "USD", "per": "vehicle"}}, "payment")

    assert matrix_of(group, zone=ALMATY, at=NOW).cost.totals == {"USD": 1200}
    movement.vehicles.all().delete()
    assert matrix_of(group, zone=ALMATY, at=NOW).cost.totals == {"USD": 400}
