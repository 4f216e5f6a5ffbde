"""A sentence that can be read in two ways stops the wrong people, or lets them through."""

import pytest

from corridors import rules

TEST = {"test": {"kinds": ["pcr"], "max_age_hours": 72}}
SAID_TEST = "a negative test (PCR) sampled at most 72 hours before the barrier"
PAPERS = {"document": {"kinds": ["passport", "emergency"], "min_remaining_days": 0}}
TAJIKISTAN, CHILDREN = {"nationality": {"in": ["TJK"]}}, {"age": {"under": 12}}
EMPTY: dict[str, object] = {}
POLICE = {"escort": {"kinds": ["police"]}}


def said(language="en", **parts):
    return rules.explain(rules.parse_content({"rule": TEST} | parts), language)


def differences(old, new):
    return rules.diff(rules.parse_content(old), rules.parse_content(new), "en")


@pytest.mark.parametrize(
    ("language", "who"),
    [
        ("en", "children under 12 if they are also nationals of Tajikistan"),
        ("ru", "дети до 12 лет, если это одновременно граждане (страна: Таджикистан)"),
        ("tg", "кӯдакони то 12-сола, агар дар айни замон шаҳрвандон (кишвар: Тоҷикистон) бошанд"),
        ("uz", "12 yoshgacha bo‘lgan bolalar, agar ayni paytda fuqarolar (davlat: Tojikiston) bo‘lsa"),
    ],
)
def test_two_conditions_of_people_together_are_one_sort_of_people(language, who):
    assert who in said(language, applies={"all": [CHILDREN, TAJIKISTAN]})
    assert who in said(language, exempt={"all": [CHILDREN, TAJIKISTAN]})


def test_one_of_several_papers_and_a_test_are_told_apart_by_brackets():
    assert said(rule={"all": [PAPERS, TEST]}) == (
        f"Required of everyone: (passport or emergency travel document, valid at the barrier) and {SAID_TEST}."
    )
    letter = {"guarantee_letter": {"issued_by": ["TJK"]}}
    assert said(rule={"any": [letter, {"permit": {"kinds": ["visa"]}}]}) == (
        "Required of everyone: (letter of guarantee, issued by Tajikistan) or visa."
    )


def test_whoever_alone_may_cross_is_no_paper_to_be_shown():
    assert said(rule={"all": [TEST, TAJIKISTAN]}) == (
        f"Required of everyone: {SAID_TEST} and being one of: nationals of Tajikistan."
    )


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Closed; may cross all the same: people of group ZZ-1."),
        ("ru", "Закрыто; всё же могут пройти: люди из группы ZZ-1."),
        ("tg", "Баста аст; бо вуҷуди ин метавонанд гузаранд: одамони гурӯҳи ZZ-1."),
        ("uz", "Yopiq; baribir o‘ta oladiganlar: ZZ-1 guruhidagi kishilar."),
    ],
)
def test_a_closed_crossing_names_who_may_cross_all_the_same(language, sentence):
    group = {"group": {"in": ["ZZ-1"]}}

    assert said(language, rule={"closed": {}}, exempt=group) == sentence
    assert said(language, rule={"unless": {"rule": {"closed": {}}, "exempt": group}}) == sentence


def test_what_is_no_document_is_not_called_one():
    assert said(rule={"not": POLICE}) == "Required of everyone: without: escort (police or border service)."
    assert "документ" not in said("ru", rule={"not": {"vaccination": {"kinds": ["polio"]}}})


def test_people_without_a_country_are_not_nationals_of_one():
    assert said(applies={"nationality": {"in": ["XXA", "TJK"]}}).startswith(
        "Required of people (nationality or status: Tajikistan or stateless): "
    )
    assert said(applies={"nationality": {"not_in": ["XXA"]}}).startswith(
        "Required of people (any nationality or status but: stateless): "
    )


def test_whoever_is_spared_by_a_proof_is_said_as_people():
    vaccinated = {"vaccination": {"kinds": ["covid_19"]}}

    assert said(exempt=vaccinated) == (
        f"Required of everyone: {SAID_TEST}; not asked of: people of whom this holds (vaccination (COVID-19))."
    )
    assert differences({"rule": TEST}, {"rule": TEST, "exempt": vaccinated}) == [
        "now not asked of: people of whom this holds (vaccination (COVID-19))"
    ]


def test_a_single_year_of_age_is_one_figure():
    assert said(applies={"age": {"from": 5, "under": 6}}).startswith("Required of people aged 5: ")


def test_another_way_among_several_is_accepted_and_not_required():
    passport = {"document": {"kinds": ["passport"]}}

    assert differences({"rule": {"any": [TEST, passport]}}, {"rule": {"any": [TEST, POLICE]}}) == [
        "now also accepted: escort (police or border service)",
        "no longer accepted: passport",
    ]
    both, more = {"all": [passport, POLICE]}, {"all": [passport, POLICE, {"quota": EMPTY}]}
    assert differences({"rule": {"any": [TEST, both]}}, {"rule": {"any": [TEST, more]}}) == [
        "now also accepted: passport, escort (police or border service) and booked place for that day",
        "no longer accepted: passport and escort (police or border service)",
    ]


def test_closing_and_opening_say_who_may_cross():
    closed = {"rule": {"closed": EMPTY}}
    one, two = ({"exempt": {"group": {"in": codes}}} for codes in (["ZZ-1"], ["ZZ-1", "ZZ-2"]))

    assert differences({"rule": TEST}, closed | one) == ["now closed", "may cross all the same: people of group ZZ-1"]
    assert differences(closed | one, closed | two) == [
        "may cross all the same: people of group ZZ-1 or ZZ-2; was: people of group ZZ-1"
    ]
    assert differences(closed | one, closed) == ["may cross all the same: nobody; was: people of group ZZ-1"]
    assert differences(closed, {"rule": {"all": []}}) == ["open again; nothing is asked"]


def test_grown_people_who_are_spared_no_longer_are_not_called_children():
    old, new = ({"rule": TEST, "exempt": {"age": {"under": age}}} for age in (65, 60))

    assert differences(old, new) == ["now also people from 60; was 65"]
