"""Crossings are loaded from a list once, found by any name, and never keyed by name."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common.models import AuditEntry
from corridors import places
from corridors.management.commands.load_crossings import LIST
from corridors.models import BorderCrossing, CrossingSide
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db

ROW = {
    "id": "KZ-UZ-99", "mode": "road+pedestrian", "country_a": "KZ", "name_a_latin": "Alpha", "name_a_local": "Альфа",
    "name_a_ru": "Альфа", "country_b": "UZ", "name_b_latin": "Beta", "aliases": "Gamma|Гамма", "lat": "41.5", "lon": "69.25",
    "zone_a": "Asia/Almaty", "zone_b": "Asia/Tashkent",
}  # fmt: skip


def load(*rows):
    return places.load_crossings(rows, by=COMMAND, at=NOW)


def load_the_list() -> str:
    said = StringIO()
    call_command("load_crossings", stdout=said)
    return said.getvalue()


def test_the_list_that_comes_with_the_product_loads_whole():
    assert load_the_list() == "Crossings: 118 new, 0 changed, 0 as they were.\n"
    assert BorderCrossing.objects.count() == 118
    assert BorderCrossing.objects.filter(is_airport=True).count() == 35
    assert CrossingSide.objects.count() == 83 * 2 + 35


def test_loading_twice_is_loading_once():
    load_the_list()
    before = AuditEntry.objects.count()
    assert load_the_list() == "Crossings: 0 new, 0 changed, 118 as they were.\n"
    assert AuditEntry.objects.count() == before


def test_both_sides_have_names_in_their_scripts_and_a_zone_each():
    load_the_list()
    here, there = BorderCrossing.objects.get(code="KZ-UZ-01").way("KAZ", "UZB")
    assert (here.name_latin, here.name_local, here.zone) == ("Zhibek Zholy", "Жібек жолы", "Asia/Almaty")
    assert (there.name_latin, there.name_local, there.zone) == ("G‘ishtko‘prik", "Ғишткўприк", "Asia/Tashkent")


def test_blank_coordinates_stay_blank():
    load_the_list()
    place = BorderCrossing.objects.get(code="KZ-UZ-03")
    assert place.latitude is None
    assert place.longitude is None


def test_a_placed_pin_survives_a_list_without_one():
    load(ROW)
    loaded = load(ROW | {"lat": "", "lon": ""})
    assert loaded.unchanged == 1
    assert BorderCrossing.objects.get(code=ROW["id"]).latitude == Decimal("41.50000")


def test_a_changed_row_changes_the_crossing_and_is_audited():
    load(ROW)
    assert load(ROW | {"name_b_latin": "Delta"}).changed == 1
    assert CrossingSide.objects.get(crossing__code=ROW["id"], country="UZB").name_latin == "Delta"
    assert list(AuditEntry.objects.order_by("verb").values_list("verb", flat=True)) == [
        "crossing changed",
        "crossing entered",
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"id": ""}, "Row 3: the column id is empty. Give the crossing its code."),
        ({"country_a": "QQ"}, "Row 3, column country_a: “QQ” is no country. Give its code of two letters."),
        ({"country_a": ""}, "Row 3: the column country_a is empty. Give the country of two letters."),
        ({"zone_b": "Tashkent"}, "Row 3, column zone_b: “Tashkent” is no IANA time zone. Write it like Asia/Tashkent."),
        ({"lat": "north"}, "Row 3, column lat: “north” is no coordinate. Give degrees like 41.4759."),
        ({"lat": "141"}, "Row 3, column lat: “141” is no coordinate. Give degrees like 41.4759."),
        ({"lat": ""}, "Row 3: lat and lon belong together. Fill in both, or leave both empty."),
    ],
)
def test_a_bad_row_is_named_with_its_remedy_and_nothing_is_stored(wrong, sentence):
    with pytest.raises(places.PlacesError) as refused:
        load(ROW, ROW | {"id": "KZ-UZ-98"} | wrong)
    assert str(refused.value) == sentence
    assert not BorderCrossing.objects.exists()


def test_the_command_names_the_file_that_it_cannot_read(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("id,country_a,zone_a\nX,QQ,UTC\n")
    with pytest.raises(CommandError, match=r"mine\.csv: Row 2, column country_a"):
        call_command("load_crossings", str(path))
    with pytest.raises(CommandError, match=r"none\.csv"):
        call_command("load_crossings", str(tmp_path / "none.csv"))


def test_a_crossing_is_found_by_any_name_in_any_script():
    load_the_list()
    written = [
        "Zhibek", "жібек жолы", "ЖИБЕК", "gishtkoprik", "G'ishtko'prik", "Ғишткўприк", "гишт куприк", "chernyaevka",
        "kz-uz-01", "27021", "Чёрняевка",
    ]  # fmt: skip
    found = {name: places.find_crossings(name).filter(code="KZ-UZ-01").exists() for name in written}
    assert found == dict.fromkeys(written, True)


def test_a_name_that_means_several_places_finds_them_all():
    load_the_list()
    assert len(places.find_crossings("Do‘stlik")) > 1


def test_every_name_of_the_list_finds_its_crossing():
    load_the_list()
    with LIST.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            written = [row[f"name_{side}_{kind}"] for side in "ab" for kind in ("latin", "local", "ru")]
            for name in [*written, *row["aliases"].split("|")]:
                if name:
                    assert row["id"] in places.find_crossings(name).values_list("code", flat=True), name
