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
