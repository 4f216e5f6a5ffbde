"""A negative test: its clock starts at sampling and is read at the planned time at the barrier (domain 28)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from psycopg.sql import SQL, Composable, Literal

from corridors.rules import NegativeTest
from returns.atoms.answers import Answer, false, instant, true, unknown
from returns.atoms.twins import Moment, Twin, among
from returns.facts import Because, Facts, TestFact


def holds(facts: Facts, leaf: NegativeTest, at: datetime) -> Answer:
    """Tell whether a negative test of an accepted kind, young enough, is held at `at`.

    A positive test sampled later than a negative one takes its worth away. A result that is still awaited, or a
    paper without the hour of sampling, leaves the answer open. At exactly the greatest age the test still counts.
    """
    if facts.tests is None:
        return unknown(Because("not_registered"), Because("register"))
    dated = sorted(
        (test for test in facts.tests if test.sampled_at is not None and test.sampled_at <= at), key=_sampled
    )
    last_positive = max((_sampled(test) for test in dated if test.result == "positive"), default=None)
    counting = [
        test
        for test in dated
        if _fits(test, leaf, "negative")
        and at - _sampled(test) <= _greatest_age(leaf)
        and (last_positive is None or _sampled(test) > last_positive)
    ]
    if counting and not _undated(facts, "positive"):
        return true(_evidence("test_negative", counting[-1], leaf))
    return _open(facts, leaf, dated, at) or _missing(facts, leaf, dated, at)


def changes(facts: Facts, leaf: NegativeTest, zone: tzinfo) -> Iterator[datetime]:
    """Yield the instants at which the answer may change: each sampling and each end of validity."""
    for test in facts.tests or ():
        if test.sampled_at is not None:
            yield test.sampled_at
            yield test.sampled_at + _greatest_age(leaf)


def _open(facts: Facts, leaf: NegativeTest, dated: list[TestFact], at: datetime) -> Answer | None:
    """Give the unknown answer, if there is something that may still turn out well."""
    if _undated(facts, "positive"):
        return unknown(Because("test_undated"), Because("record_sampling_time"))
    for test in reversed(dated):
        if _fits(test, leaf, "pending") and at - _sampled(test) <= _greatest_age(leaf):
            return unknown(_evidence("test_awaited", test, leaf), Because("await_result"))
    if any(test.kind in leaf.kinds for test in _undated(facts, "negative")):
        return unknown(Because("test_undated"), Because("record_sampling_time"))
    return None


def _missing(facts: Facts, leaf: NegativeTest, dated: list[TestFact], at: datetime) -> Answer:
    """Give the false answer with the nearest reason: positive, too old, another kind, taken too late, none."""
    not_before = (at.astimezone(UTC) - _greatest_age(leaf)).astimezone(at.tzinfo)
    take = Because("take_test", {"kinds": list(leaf.kinds), "not_before": instant(not_before)})
    decided = [test for test in dated if test.result in ("negative", "positive")]
    if decided and decided[-1].result == "positive":
        return false(_evidence("test_positive", decided[-1], leaf), Because("test_again", {"kinds": list(leaf.kinds)}))
    for code, tests in (
        ("test_too_old", [test for test in decided if _fits(test, leaf, "negative")]),
        ("test_other_kind", [test for test in decided if test.result == "negative"]),
        ("test_sampled_after", [test for test in facts.tests or () if test.sampled_at and test.sampled_at > at]),
    ):
        if tests:
            return false(_evidence(code, tests[-1], leaf), take)
    return false(Because("test_none", {"kinds": list(leaf.kinds)}), take)


def _evidence(code: str, test: TestFact, leaf: NegativeTest) -> Because:
    sampled_at = _sampled(test)
    until = sampled_at + _greatest_age(leaf)
    return Because(code, {"kind": test.kind, "sampled_at": instant(sampled_at), "until": instant(until)})


def _fits(test: TestFact, leaf: NegativeTest, result: str) -> bool:
    return test.kind in leaf.kinds and test.result == result


def _undated(facts: Facts, result: str) -> list[TestFact]:
    return [test for test in facts.tests or () if test.sampled_at is None and test.result == result]


def _sampled(test: TestFact) -> datetime:
    if test.sampled_at is None:
        raise ValueError("a test without the hour of sampling has no age")
    return test.sampled_at


def _greatest_age(leaf: NegativeTest) -> timedelta:
    return timedelta(hours=leaf.max_age_hours)


def twin(leaf: NegativeTest, moment: Moment) -> Twin:
    """Give the same in SQL, for people who are registered: their tests always have the hour of sampling."""
    of_kinds = SQL(" and test.kind = any ({})").format(among(leaf.kinds))
    negative, awaited = (_latest(result, moment, of_kinds) for result in ("negative", "pending"))
    positive = _latest("positive", moment, SQL(""))
    oldest = SQL("{} - make_interval(hours => {})").format(moment.hour, Literal(leaf.max_age_hours))
    parts = {
        "good": SQL("({} >= {} and {} > coalesce({}, '-infinity')) is true").format(
            negative, oldest, negative, positive
        ),
        "awaited": SQL("({} >= {}) is true").format(awaited, oldest),
    }
    good, waits = (moment.part(name) for name in parts)
    return Twin(good, SQL("(not {} and not {})").format(good, waits), "tests", parts)


def _latest(result: str, moment: Moment, of_kinds: Composable) -> Composable:
    """Give when the last test with a result was sampled until the hour: where that is too long ago, so is every other."""
    return SQL("max(test.sampled_at) filter (where test.result = {} and test.sampled_at <= {}{})").format(
        Literal(result), moment.hour, of_kinds
    )
