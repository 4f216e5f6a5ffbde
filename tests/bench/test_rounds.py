"""How two sides are compared."""

import json

import pytest

from bench.outcome import Outcome
from bench.rounds import Cost, compare, p95


def test_the_95th_of_a_hundred_is_the_limit() -> None:
    assert p95(range(1, 101)) == 95
    assert p95([7.0]) == 7.0


def test_it_compares_round_by_round_and_forgets_the_first() -> None:
    """Every answer of the second round is ten times as slow on both sides; the ratio does not see it."""
    asked: list[tuple[str, int]] = []

    def side(name: str, factor: float):
        def ask(question: int) -> Cost:
            asked.append((name, question))
            return Cost(work=question * factor, elapsed=1.0)

        return ask

    work, elapsed = compare([[1, 2], [10, 20], [1, 2]], ours=side("ours", 1.5), bare=side("bare", 1.0))
    assert work.ratio == pytest.approx(1.5)
    assert [work.ours, work.bare] == pytest.approx([3000, 2000])
    assert work.asked == 6
    assert elapsed.ratio == 1
    assert asked[:4] == [("bare", 1), ("ours", 1), ("ours", 2), ("bare", 2)], "who goes first alternates"
    assert len(asked) == 2 * (2 + 6), "one round more than counts"


@pytest.mark.parametrize(("ratio", "holds"), [(1.15, True), (1.16, False)])
def test_an_outcome_is_one_line_and_says_whether_its_goal_holds(ratio, holds) -> None:
    line = Outcome("wall", "a page", 11.5, "ms", 10.0, ratio, 1.15, {"people": 5}).line()
    assert "\n" not in line
    assert json.loads(line) == {
        "bench": "wall", "measure": "a page", "value": 11.5, "unit": "ms", "limit": 10.0, "ratio": ratio, "goal": 1.15,
        "holds": holds, "conditions": {"people": 5},
    }  # fmt: skip
