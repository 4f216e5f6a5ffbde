"""Small cells: figures so small that somebody could be recognised in them are withheld outside IOM."""

from __future__ import annotations

SMALLEST = 5
"""Figures under this are withheld (domain, confidentiality 4)."""


def is_withheld(figure: int) -> bool:
    """Tell whether a figure of people may not leave IOM."""
    return figure < SMALLEST


def outside(figure: int) -> str:
    """Give a figure of people as it may leave IOM: the number, or nothing where it is withheld."""
    return "" if is_withheld(figure) else str(figure)
