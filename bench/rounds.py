"""Alternating rounds: each question is asked on both sides, one right after the other, so that noise hits both alike."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

Question = TypeVar("Question")
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that one answer took: of work by the processors, and on the clock on the wall."""

    work: float
    elapsed: float


Ask: TypeAlias = Callable[[Question], Cost]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Milliseconds (p95) on both sides and their ratio, each the median over the rounds; `asked` questions on each side."""

    ours: float
    bare: float
    ratio: float
    asked: int


def p95(seconds: Iterable[float]) -> float:
    """Give the value that 95 of 100 do not exceed (nearest rank)."""
    ordered = sorted(seconds)
    return ordered[math.ceil(0.95 * len(ordered)) - 1]


def compare(
    questions: Sequence[Sequence[Question]], *, ours: Ask[Question], bare: Ask[Question]
) -> tuple[Comparison, Comparison]:
    """Ask each round of `questions` on both sides; who goes first alternates. A round before them warms up and is forgotten.

    Give the comparison by work and that by elapsed time. On a machine that others use too, the first is the steady one.
    """
    pairs = [_round(asked, ours, bare) for asked in (questions[0], *questions)][1:]
    asked = sum(len(each) for each in questions)
    by_work = [tuple(p95(cost.work for cost in side) for side in pair) for pair in pairs]
    by_clock = [tuple(p95(cost.elapsed for cost in side) for side in pair) for pair in pairs]
    return _comparison(by_work, asked), _comparison(by_clock, asked)


def _comparison(pairs: Sequence[tuple[float, ...]], asked: int) -> Comparison:
    return Comparison(
        ours=statistics.median(ours for ours, _bare in pairs) * 1000,
        bare=statistics.median(bare for _ours, bare in pairs) * 1000,
        ratio=statistics.median(ours / bare for ours, bare in pairs),
        asked=asked,
    )


def _round(questions: Sequence[Question], ours: Ask[Question], bare: Ask[Question]) -> tuple[list[Cost], list[Cost]]:
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for place, question in enumerate(questions):
        sides = list(zip((ours, bare), costs, strict=True))
        for ask, kept in sides if place % 2 else reversed(sides):
            kept.append(ask(question))
    return costs
