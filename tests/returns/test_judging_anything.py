"""Judging on random rules, facts, hours and zones: what holds whatever is asked of whomever."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corridors import rules
from returns.enums import Verdict
from returns.facts import TestFact
from returns.judging import evaluate, judge
from tests import strategies

hours = st.integers(0, 96).map(lambda quarters: timedelta(minutes=15 * quarters))


@given(strategies.trees, strategies.facts, strategies.instants, strategies.ZONES)
def test_the_canonical_form_judges_the_same(rule, facts, at, zone):
    local = at.astimezone(zone)

    assert evaluate(rule, facts, local).truth is evaluate(rules.canonical(rule), facts, local).truth


@given(strategies.contents, strategies.facts, strategies.instants, hours, strategies.ZONES)
def test_expiring_is_satisfied_at_first_and_not_through_the_queue(content, facts, at, queue, zone):
    def satisfied(moment):
        return judge(content, facts, judged_for=moment, late_for=moment, zone=zone).verdict not in (
            "missing",
            "unknown",
        )

    found = judge(content, facts, judged_for=at, late_for=at + queue, zone=zone)
    assert (found.verdict == Verdict.EXPIRING) == (satisfied(at) and not satisfied(at + queue))


@settings(max_examples=300)
@given(strategies.contents, strategies.facts, strategies.instants, strategies.ZONES, st.data())
def test_true_until_is_exact(content, facts, at, zone, data):
    found = judge(content, facts, judged_for=at, late_for=at, zone=zone)
    assume(found.verdict not in (Verdict.MISSING, Verdict.UNKNOWN))

    def verdict(moment):
        return judge(content, facts, judged_for=moment, late_for=moment, zone=zone).verdict

    last = found.true_until or at + timedelta(days=20_000)
    within = at + (last - at) * data.draw(st.floats(0, 0.999_999))
    assert verdict(within) not in (Verdict.MISSING, Verdict.UNKNOWN)
    if found.true_until is not None:
        assert verdict(last + timedelta(microseconds=1)) in (Verdict.MISSING, Verdict.UNKNOWN)


@given(strategies.contents, strategies.facts, strategies.instants, hours, strategies.ZONES)
def test_every_finding_has_evidence_and_what_stops_has_a_cure(content, facts, at, queue, zone):
    found = judge(content, facts, judged_for=at, late_for=at + queue, zone=zone)

    assert found.because
    stops = found.verdict in (Verdict.MISSING, Verdict.UNKNOWN, Verdict.EXPIRING)
    assert bool(found.cure) == stops
    assert found.price is None or stops
    assert (found.true_until is None) or found.true_until >= at


@given(strategies.contents, strategies.facts, strategies.instants, strategies.ZONES)
def test_learning_a_birth_date_never_turns_a_known_verdict(content, facts, at, zone):
    """Unknown means that nothing learned later can contradict what was already said."""
    partial = replace(facts, birth_month=None, birth_day=None)
    full = replace(facts, birth_month=facts.birth_month or 6, birth_day=min(facts.birth_day or 15, 28))
    before, after = (judge(content, known, judged_for=at, late_for=at, zone=zone).verdict for known in (partial, full))

    if before == Verdict.MISSING:
        assert after == Verdict.MISSING
    elif before != Verdict.UNKNOWN:
        assert after not in (Verdict.MISSING, Verdict.UNKNOWN)


@given(strategies.negative_tests, strategies.facts, strategies.instants)
def test_a_fresh_negative_test_of_the_kind_always_meets_a_test(leaf, facts, at):
    fresh = TestFact(leaf.kinds[0], "negative", at - timedelta(seconds=1))
    dated = tuple(test for test in facts.tests or () if test.sampled_at is not None)

    content = rules.Content(leaf)
    tested = replace(facts, tests=(*dated, fresh))
    assert judge(content, tested, judged_for=at, late_for=at).verdict in (
        (Verdict.MET, Verdict.WAIVED)
        if not any(test.result == "positive" and test.sampled_at == at for test in dated)
        else (Verdict.MISSING, Verdict.WAIVED, Verdict.UNKNOWN)
    )


@given(strategies.leaves, strategies.leaves, strategies.facts, strategies.instants)
def test_asking_for_more_never_helps_and_offering_more_never_hurts(one, other, facts, at):
    def truth(rule):
        return evaluate(rule, facts, at).truth

    assert truth(rules.All((one, other))) <= truth(one) <= truth(rules.AnyOf((one, other)))
    assert truth(rules.Not(one)) is truth(one).negated()
