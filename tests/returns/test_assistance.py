import uuid
from datetime import timedelta

import pytest

from common.models import AuditEntry
from returns import assistance, funding
from returns.assistance import AssistanceError
from returns.models import AidItem, Need
from returns.standards import propose
from tests.cast import COMMAND, NOW
from tests.returns.conftest import usd

pytestmark = pytest.mark.django_db


def test_the_figures_of_sphere_are_proposed_for_a_count():
    proposed = {each.kind.value: each.quantity for each in propose(102)}

    assert proposed == {
        "blankets": 102, "water": 1530, "food": 102, "hot_food": 102, "shelter": 357, "hygiene": 102, "toilets": 3,
    }  # fmt: skip
    assert {each.kind.value: each.quantity for each in propose(102, days=2)}["water"] == 3060


@pytest.fixture
def blankets(count_heads):
    """102 blankets asked for."""
    quantities = {"blankets": 102}
    return assistance.ask_for_count(head_count=count_heads(102), quantities=quantities, by=COMMAND, at=NOW)[0]


@pytest.fixture
def give(blankets, organisations):
    """`give(…)` gives blankets, one hour later unless said otherwise."""

    def given(quantity=102, **said):
        usual = {"need": blankets, "giver": organisations["kz-border"], "unit": "piece", "given_at": NOW}
        return assistance.give(quantity=quantity, **usual | said, by=COMMAND, at=NOW + timedelta(hours=1))

    return given


def test_what_follows_a_count_is_asked_in_kind_and_brought_to_the_next_count(blankets, count_heads):
    assert (blankets.unit, blankets.asks_money, blankets.head_count.total) == ("piece", False, 102)
    again = assistance.ask_for_count(head_count=count_heads(110), quantities={"blankets": 110}, by=COMMAND, at=NOW)[0]
    assert (again.pk, again.quantity) == (blankets.pk, 110)
    assert Need.objects.count() == 1


@pytest.mark.parametrize("quantities", [{}, {"blankets": 0}, {"gold": 3}, {"water": 1_000_001}])
def test_what_cannot_be_asked_is_refused(count_heads, quantities):
    with pytest.raises(AssistanceError):
        assistance.ask_for_count(head_count=count_heads(102), quantities=quantities, by=COMMAND, at=NOW)
    assert not Need.objects.exists()


def test_a_need_is_filled_when_as_much_was_given_as_was_asked(blankets, give):
    give(60)
    part = assistance.given_of([blankets])[blankets.pk]
    assert (part.given, part.open, part.is_filled) == (60, 42, False)
    give(42)
    assert assistance.given_of([blankets])[blankets.pk].is_filled
    assert AuditEntry.objects.filter(verb="aid given").count() == 2


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"unit": "litre"}, "unit"),
        ({"given_at": NOW + timedelta(hours=2)}, "given_at"),
        ({"given_at": NOW - timedelta(days=400)}, "given_at"),
    ],
)
def test_aid_that_cannot_be_is_refused_and_nothing_is_stored(give, said, field):
    with pytest.raises(AssistanceError) as refused:
        give(**said)
    assert refused.value.field == field
    assert not AidItem.objects.exists()


def test_a_closed_need_takes_no_aid(give, blankets):
    funding.close(need=blankets, why="the night is over", by=COMMAND, at=NOW)
    with pytest.raises(AssistanceError, match="closed"):
        give()


def test_a_page_sent_twice_is_stored_once_and_other_content_is_refused(give):
    key = uuid.uuid4()
    assert give(public_id=key).pk == give(public_id=key).pk
    assert AidItem.objects.count() == 1
    with pytest.raises(AssistanceError, match="other content"):
        give(quantity=5, public_id=key)


def test_money_and_kind_are_told_apart(blankets, group):
    tests = funding.ask(group=group, kind="tests", quantity=102, unit_price=usd(20), currency="USD", by=COMMAND, at=NOW)

    assert (tests.asks_money, tests.unit) == (True, "test")
    assert not blankets.asks_money
