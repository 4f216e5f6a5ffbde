from hypothesis import given
from hypothesis import strategies as st

from returns.truth import Truth, every, some

truths = st.sampled_from(Truth)
many = st.lists(truths, max_size=6)


@given(many)
def test_not_all_is_some_not(values):
    assert every(values).negated() is some(value.negated() for value in values)
    assert some(values).negated() is every(value.negated() for value in values)


@given(truths)
def test_two_negations_cancel(value):
    assert value.negated().negated() is value


def test_unknown_stays_unknown_unless_the_rest_decides():
    assert every([Truth.UNKNOWN, Truth.FALSE]) is Truth.FALSE
    assert every([Truth.UNKNOWN, Truth.TRUE]) is Truth.UNKNOWN
    assert some([Truth.UNKNOWN, Truth.TRUE]) is Truth.TRUE
    assert some([Truth.UNKNOWN, Truth.FALSE]) is Truth.UNKNOWN
    assert Truth.UNKNOWN.negated() is Truth.UNKNOWN


@given(many, truths)
def test_learning_more_never_turns_a_known_answer(values, learned):
    """Whatever an unknown turns out to be, an answer that was already true or false stands."""
    settled = [learned if value is Truth.UNKNOWN else value for value in values]
    for join in (every, some):
        if join(values) is not Truth.UNKNOWN:
            assert join(settled) is join(values)


def test_a_fact_that_was_never_asked_is_unknown():
    assert [Truth.of(value) for value in (True, False, None)] == [Truth.TRUE, Truth.FALSE, Truth.UNKNOWN]
