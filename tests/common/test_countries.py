import pytest
from django.utils.translation import override

from common import countries


def test_every_code_of_iso_3166_is_known_and_no_private_or_historic_one():
    codes = countries.alpha3_to_alpha2()

    assert 245 <= len(codes) <= 255
    assert {"TJK", "UZB", "KAZ", "KGZ", "AFG", "RUS", "DEU", "QAT"} <= set(codes)
    assert not {"SUN", "YUG", "XXA", "QMM", "ZZZ", "XAA", "AAA"} & set(codes)
    assert len(set(codes.values())) == len(codes)


@pytest.mark.parametrize(
    ("printed", "code"),
    [("D", "DEU"), ("D<<", "DEU"), ("GBN", "GBR"), ("TJK", "TJK"), ("XXA", "XXA"), ("XXB", "XXB"), ("UTO", None)],
)
def test_a_passport_code_becomes_our_code(printed, code):
    assert countries.from_mrz(printed) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Таджикистан", "TJK"),
        ("ТАДЖИКИСТАН ", "TJK"),
        ("Tajikistan", "TJK"),
        ("tj", "TJK"),
        ("TJK", "TJK"),
        ("O'zbekiston", "UZB"),
        ("Oʻzbekiston", "UZB"),
        ("Тоҷикистон", "TJK"),
        ("Кыргызстан", "KGZ"),
        ("Киргизия", "KGZ"),
        ("Афганистан", "AFG"),
        ("лицо без гражданства", "XXA"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_written_name_is_found_in_any_of_our_languages(written, code):
    assert countries.find(written) == code


def test_names_come_in_the_active_language_or_the_asked_one():
    with override("tg"):
        assert countries.name("TJK") == "Тоҷикистон"
    assert countries.name("KGZ", "ru") == "Кыргызстан"
    assert countries.name("UZB", "en") == "Uzbekistan"
    assert countries.name("ZZZ", "en") == "ZZZ"
