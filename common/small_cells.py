"""Small cells: figures so small that somebody could be recognised in them are withheld outside IOM."""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST = 5
"""Figures under this are withheld (domain, confidentiality 4)."""


def is_withheld(figure: int) -> bool:
    """Tell whether a figure of people may not leave IOM."""
    return figure < SMALLEST


def outside(figure: int) -> str:
    """Give a figure of people as it may leave IOM: the number, or nothing where it is withheld."""
    return "" if is_withheld(figure) else str(figure)


def outside_together(figures: Sequence[int]) -> list[str]:
    """Give figures of the same people as they may leave IOM in one file: also no difference of two of them is small.

    Whoever reads "102 counted, 101 left" has a figure of one. Of two that are apart by less than `SMALLEST` the first
    stays; equal ones stay, for nobody is missing between them. What is withheld is empty (docs/adr/0030).
    """
    told: list[int] = []
    given = []
    for figure in figures:
        is_near = any(0 < abs(figure - other) < SMALLEST for other in told)
        given.append("" if is_near else outside(figure))
        if given[-1]:
            told.append(figure)
    return given
