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


def parts_outside(parts: Sequence[int], *, unsaid: int = 0) -> list[str]:
    """Give figures that add up, with `unsaid` people of whom nothing is told, to a known sum, as they may leave IOM.

    Small ones are withheld, and so is the smallest other one where all that is not told would be small: the sum would tell
    it. Nobody is a nought, for that is no person. What is withheld is empty.
    """
    hidden = {place for place, figure in enumerate(parts) if figure and is_withheld(figure)}
    if 0 < unsaid + sum(parts[place] for place in hidden) < SMALLEST:
        others = [place for place, figure in enumerate(parts) if figure and place not in hidden]
        hidden |= set(sorted(others, key=lambda place: parts[place])[:1])
    return ["" if place in hidden else str(figure) for place, figure in enumerate(parts)]


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
