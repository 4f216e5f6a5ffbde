import re
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from returns.maps import HEIGHT, LAND_UNITS, MARGIN, WIDTH, map_of

PLACES = st.tuples(st.floats(46, 87), st.floats(35, 55))


def line(longitude, latitude):
    crossing = SimpleNamespace(longitude=longitude, latitude=latitude)
    return SimpleNamespace(crossing=crossing, worst=None, waiting=102, way="Zhibek Zholy → G‘ishtko‘prik")


def drawn(*places):
    found = map_of([line(*place) for place in places])
    assert found is not None
    return found


@given(st.lists(PLACES, min_size=1, max_size=8))
def test_every_crossing_stands_within_the_map(places):
    dots = drawn(*places).dots

    assert len(dots) == len(places)
    assert all(MARGIN - 1 <= dot.x <= WIDTH - MARGIN + 1 and MARGIN - 1 <= dot.y <= HEIGHT - MARGIN + 1 for dot in dots)


@given(st.lists(PLACES, min_size=1, max_size=8))
def test_the_land_lies_under_the_dots(places):
    found = drawn(*places)
    x_shift, y_shift, x_scale, y_scale = map(float, re.findall(r"-?[\d.]+", found.frame.land_transform))

    for (longitude, latitude), dot in zip(places, found.dots, strict=True):
        assert abs(x_shift + longitude * LAND_UNITS * x_scale - dot.x) < 1.2
        assert abs(y_shift - latitude * LAND_UNITS * y_scale - dot.y) < 1.2


def test_no_pin_no_map_and_names_of_the_countries_in_view():
    assert map_of([line(None, None)]) is None
    assert "Uzbekistan" in [name.words for name in drawn((69.0, 41.6)).names]
