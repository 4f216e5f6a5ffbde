"""A small map of the crossings on the board, from stored coordinates; a crossing without a pin is not drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from returns.board import Line

WIDTH, HEIGHT, MARGIN = 280, 140, 24
LEAST_SPAN = 0.6
"""Degrees that a map shows at least, so that one crossing alone is not blown up."""


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a crossing stands on the map, how it looks (a verdict), and its label."""

    x: int
    y: int
    look: str
    label: str
    leftwards: bool


def dots(lines: Sequence[Line]) -> list[Dot]:
    """Give the crossings of `lines` that have coordinates, in equirectangular projection onto WIDTH × HEIGHT."""
    placed = [
        (float(line.crossing.longitude), float(line.crossing.latitude), line)
        for line in lines
        if line.crossing.longitude is not None and line.crossing.latitude is not None
    ]
    if not placed:
        return []
    west, east = _span([longitude for longitude, _latitude, _line in placed])
    south, north = _span([latitude for _longitude, latitude, _line in placed])
    found = []
    for longitude, latitude, line in placed:
        x = round(MARGIN + (longitude - west) / (east - west) * (WIDTH - 2 * MARGIN))
        y = round(MARGIN + (north - latitude) / (north - south) * (HEIGHT - 2 * MARGIN))
        look = line.worst[0] if line.worst else "none"
        label = f"{line.waiting} {line.way.partition(' → ')[0]}"
        found.append(Dot(x, y, look, label, leftwards=x > WIDTH / 2))
    return found


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    missing = max(LEAST_SPAN - (high - low), 0) / 2
    return low - missing, high + missing
