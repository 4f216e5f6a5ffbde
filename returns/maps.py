"""Small maps of crossings, from stored coordinates: the board, and where buses are; what has no pin is not drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, radians

from common import countries
from returns.waiting_lines import Line

WIDTH, HEIGHT, MARGIN = 280, 140, 24
LEAST_SPAN = 5.0
"""Degrees of latitude that a map shows at least, so that one crossing alone still shows which countries meet there."""
LAND_UNITS = 100
"""Units of `land.svg` in a degree: longitude to the right, latitude upwards (negative)."""
NAMED_AT = {
    "AFG": (66.0, 35.2), "CHN": (83.0, 41.5), "KAZ": (67.2, 43.4), "KGZ": (76.8, 42.3), "RUS": (61.0, 54.5),
    "TJK": (71.2, 38.4), "TKM": (59.5, 39.2), "UZB": (64.0, 42.0),
}  # fmt: skip
"""Where the name of a country stands, by its longitude and latitude."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A place to be drawn: its coordinates (None: it has none), how it looks (a verdict), and its label."""

    longitude: Decimal | None
    latitude: Decimal | None
    look: str
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a crossing stands on the map, how it looks (a verdict), and its label."""

    x: int
    y: int
    look: str
    label: str
    leftwards: bool


@dataclass(frozen=True, slots=True)
class Name:
    """Where the name of a country stands on the map."""

    x: int
    y: int
    words: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the world in view, in equirectangular projection: its centre, and pixels in a degree of latitude."""

    longitude: float
    latitude: float
    scale: float

    @property
    def narrowing(self) -> float:
        """How much shorter a degree of longitude is than one of latitude here."""
        return cos(radians(self.latitude))

    def place(self, longitude: float, latitude: float) -> tuple[int, int]:
        """Give the pixel of a place."""
        x = WIDTH / 2 + (longitude - self.longitude) * self.scale * self.narrowing
        return round(x), round(HEIGHT / 2 - (latitude - self.latitude) * self.scale)

    @property
    def land_transform(self) -> str:
        """Give the SVG transform that lays `land.svg` under the dots."""
        x_scale, y_scale = self.scale * self.narrowing / LAND_UNITS, self.scale / LAND_UNITS
        x, y = WIDTH / 2 - self.longitude * LAND_UNITS * x_scale, HEIGHT / 2 + self.latitude * LAND_UNITS * y_scale
        return f"translate({x:.1f} {y:.1f}) scale({x_scale:.5f} {y_scale:.5f})"


@dataclass(frozen=True, slots=True)
class Map:
    """What the board draws: dots over the land of `frame`, with the names of the countries in view."""

    dots: list[Dot]
    frame: Frame
    names: list[Name]
    width: int = WIDTH
    height: int = HEIGHT


def map_of(lines: Sequence[Line]) -> Map | None:
    """Give the map of the crossings of `lines` that have coordinates; None where none has."""
    return drawn(
        Pin(
            line.crossing.longitude,
            line.crossing.latitude,
            line.worst[0] if line.worst else "none",
            f"{line.waiting} {line.way.partition(' → ')[0]}",
        )
        for line in lines
    )


def drawn(pins: Iterable[Pin], *, least_span: float = LEAST_SPAN) -> Map | None:
    """Give the map of the pins that have coordinates, `least_span` degrees of latitude high at least; None where none has."""
    placed = [
        (float(pin.longitude), float(pin.latitude), pin)
        for pin in pins
        if pin.longitude is not None and pin.latitude is not None
    ]
    if not placed:
        return None
    frame = _frame([(longitude, latitude) for longitude, latitude, _pin in placed], least_span)
    dots = [_dot(pin, *frame.place(longitude, latitude)) for longitude, latitude, pin in placed]
    places = {code: frame.place(*place) for code, place in NAMED_AT.items()}
    names = [Name(x, y, countries.name(code)) for code, (x, y) in places.items() if _is_in_view(x, y)]
    return Map(dots, frame, names)


def _dot(pin: Pin, x: int, y: int) -> Dot:
    return Dot(x, y, pin.look, pin.label, leftwards=x > WIDTH * 0.6)


def _frame(places: Sequence[tuple[float, float]], least_span: float) -> Frame:
    longitudes, latitudes = [place[0] for place in places], [place[1] for place in places]
    middle = (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2
    narrowing = cos(radians(middle[1]))
    across = (max(longitudes) - min(longitudes)) * narrowing / (WIDTH - 2 * MARGIN)
    upwards = max(max(latitudes) - min(latitudes), least_span) / (HEIGHT - 2 * MARGIN)
    return Frame(*middle, 1 / max(across, upwards))


def _is_in_view(x: int, y: int) -> bool:
    return MARGIN <= x <= WIDTH - MARGIN and MARGIN / 2 <= y <= HEIGHT - MARGIN / 2
