import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors import rules
from tests import strategies

DEMAND = {
    "rule": {"test": {"kinds": ["pcr", "rapid"], "max_age_hours": 72}},
    "exempt": {"age": {"under": 5}},
    "price": {"amount": "20", "currency": "USD"},
    "side_effect": "14 days of quarantine",
}
LANGUAGES = ("en", "ru", "tg", "uz")


def content(**changes):
    return rules.parse_content(DEMAND | changes)


def test_a_requirement_is_one_english_sentence():
    assert rules.explain(content(applies={"nationality": {"in": ["TJK", "KGZ"]}}), "en") == (
        "Required of nationals of Kyrgyzstan or Tajikistan: a negative test (PCR or rapid) sampled at most 72 hours "
        "before the barrier; not asked of: children under 5; price: 20 USD per person; "
        "afterwards: 14 days of quarantine."
    )


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "ru",
            [
                (
                    "Требуется от всех: отрицательный тест (ПЦР или экспресс-тест), взятый не более чем за 72 часа "
                    "до прохода границы"
                ),
                "кого не касается: дети до 5 лет",
                "цена: 20 USD с человека",
                "после прохода: карантин.",
            ],
        ),
        (
            "tg",
            [
                (
                    "Аз ҳама талаб карда мешавад: ташхиси манфӣ (ПСР/PCR ё экспресс), ки намунааш на пештар аз 72 соат "
                    "то убури сарҳад гирифта шудааст"
                ),
                "ба кӣ дахл надорад: кӯдакони то 5-сола",
                "нарх: 20 USD барои як нафар",
                "баъд аз убур: карантин.",
            ],
        ),
        (
            "uz",
            [
                (
                    "Hammadan talab qilinadi: chegaradan o‘tishdan ko‘pi bilan 72 soat oldin topshirilgan manfiy test "
                    "(PZR/PCR yoki ekspress)"
                ),
                "kimga tegishli emas: 5 yoshgacha bo‘lgan bolalar",
                "narxi: 20 USD bir kishi uchun",
                "o‘tgandan so‘ng: карантин.",
            ],
        ),
    ],
    ids=["ru", "tg", "uz"],
)
def test_the_same_requirement_reads_in_russian_tajik_and_uzbek(language, lines):
    assert rules.explain(content(side_effect="карантин"), language) == "; ".join(lines)


@pytest.mark.parametrize(("hours", "words"), [(1, "за 1 час до"), (24, "за 24 часа до"), (48, "за 48 часов до")])
def test_russian_hours_are_counted_as_russians_do(hours, words):
    rule = {"test": {"kinds": ["pcr"], "max_age_hours": hours}}

    assert words in rules.explain(rules.parse_content({"rule": rule}), "ru")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"closed": {}}, "Closed: nobody may cross."),
        (
            {"document": {"kinds": ["emergency", "passport"], "min_remaining_days": 0}},
            "Required of everyone: passport or emergency travel document, valid at the barrier.",
        ),
        (
            {"document": {"kinds": ["passport"], "min_remaining_days": 1}},
            "Required of everyone: passport, valid for at least 1 more day at the barrier.",
        ),
        (
            {"all": [{"document": {"kinds": ["passport"]}}, {"any": [{"consent_form": {}}, {"age": {"under": 18}}]}]},
            "Required of everyone: a signed consent form (not asked of: children under 18) and passport.",
        ),
        (
            {"not": {"nationality": {"in": ["AFG", "UZB"]}}},
            "Required of everyone: being one of: nationals of any country but Afghanistan and Uzbekistan.",
        ),
        ({"not": {"age": {"from": 18}}}, "Required of everyone: being one of: children under 18."),
        (
            {"not": {"age": {"from": 18, "under": 60}}},
            "Required of everyone: being one of: children under 18 or people aged 60 or older.",
        ),
        (
            {"unless": {"rule": {"test": {"kinds": ["pcr"], "max_age_hours": 72}}, "exempt": {"age": {"under": 5}}}},
            (
                "Required of everyone: a negative test (PCR) sampled at most 72 hours before the barrier "
                "(not asked of: children under 5)."
            ),
        ),
        (
            {"vaccination": {"kinds": ["covid_19"], "doses": 2, "min_days": 14}},
            "Required of everyone: vaccination (COVID-19), doses: at least 2, days since the last dose: at least 14.",
        ),
        (
            {"permit": {"kinds": ["visa", "transit_visa"], "issued_by": ["UZB"]}},
            "Required of everyone: visa or transit visa, issued by Uzbekistan.",
        ),
        (
            {"all": [{"guarantee_letter": {}}, {"registration_form": {"name": "E-form"}}]},
            "Required of everyone: letter of guarantee and (form “E-form”, filled in).",
        ),
        (
            {"payment": {"for": "road fee", "amount": "30", "currency": "USD"}},
            "Required of everyone: payment of 30.00 USD for “road fee”.",
        ),
        ({"quarantine": {"days": 14}}, "Required of everyone: booked quarantine, days: at least 14."),
        ({"quota": {"per_day": 50}}, "Required of everyone: booked place for that day (50 a day)."),
        (
            {"window": {"days": ["fri", "mon"], "from": "08:00", "until": "18:00"}},
            ("Required of everyone: passage on: Monday, Friday, between 08:00 and 18:00 by the clock of the crossing."),
        ),
        ({"escort": {"kinds": ["police"]}}, "Required of everyone: escort (police or border service)."),
    ],
)
def test_shapes_of_rules_read_well(rule, words):
    assert rules.explain(rules.parse_content({"rule": rule}), "en") == words


@given(strategies.contents, st.sampled_from((*LANGUAGES, "de")))
def test_every_requirement_can_be_said_in_every_language(content, language):
    sentence = rules.explain(content, language)

    assert sentence.endswith(".")
    assert "%(" not in sentence


@given(strategies.trees, strategies.trees)
def test_rules_of_other_canonical_form_read_otherwise(one, other):
    same_words = rules.describe(one) == rules.describe(other)

    assert same_words == (rules.canonical(one) == rules.canonical(other))


def test_the_first_version_is_new():
    assert rules.diff(None, content(side_effect=""), "en")[0].startswith("new: Required of everyone: a negative test")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"exempt": {"age": {"under": 12}}}, ["now not asked of: children under 12; was: children under 5"]),
        ({"exempt": {"age": {"under": 3}}}, ["now also children from 3; was 5"]),
        ({"exempt": None}, ["nobody is spared any more; was: children under 5"]),
        ({"applies": {"age": {"from": 18}}}, ["now asked only of people aged 18 or older; was everyone"]),
        (
            {"rule": {"test": {"kinds": ["pcr"], "max_age_hours": 48}}},
            ["test no longer accepted: rapid", "test now sampled at most 48 hours before the barrier; was 72"],
        ),
        ({"rule": {"all": [DEMAND["rule"], {"consent_form": {}}]}}, ["now also required: a signed consent form"]),
        ({"rule": {"any": [DEMAND["rule"], {"document": {"kinds": ["passport"]}}]}}, ["now also accepted: passport"]),
        ({"rule": {"closed": {}}}, ["now closed", "may cross all the same: children under 5"]),
        ({"rule": {"closed": {}}, "exempt": None}, ["now closed: nobody may cross"]),
        (
            {"rule": {"consent_form": {}}},
            [
                (
                    "now required: a signed consent form; was: a negative test (PCR or rapid) sampled at most 72 hours "
                    "before the barrier"
                )
            ],
        ),
        ({"price": {"amount": "25", "currency": "USD"}}, ["price now 25 USD per person; was 20 USD per person"]),
        ({"price": None}, ["no price any more; was 20 USD per person"]),
        ({"side_effect": ""}, ["afterwards nothing more; was: 14 days of quarantine"]),
        ({"price": {"amount": "20.00", "currency": "USD"}}, []),
    ],
)
def test_a_change_is_said_in_few_words(changes, words):
    assert rules.diff(content(), content(**changes), "en") == words


WHO = [
    ({"residence": {"not_in": ["UZB"]}}, "people who live in any country but Uzbekistan"),
    ({"purpose": {"in": ["work"]}}, "people who travel for: work"),
    ({"not": {"passage": {"as": "stay"}}}, "people in transit"),
    ({"group": {"in": ["ZZ-1"]}}, "people of group ZZ-1"),
]


@pytest.mark.parametrize(("applies", "words"), WHO)
def test_whom_a_requirement_means_is_said(applies, words):
    assert rules.explain(content(applies=applies), "en").startswith(f"Required of {words}: a negative test")


def test_whoever_is_spared_by_one_condition_is_compared_as_people():
    spared = [{"unless": {"rule": DEMAND["rule"], "exempt": {"age": {"under": age}}}} for age in (12, 5)]
    old, new = (content(rule=rule, exempt=None) for rule in spared)

    assert rules.diff(old, new, "en") == ["now also children from 5; was 12"]
    assert rules.diff(content(exempt=None), old, "en") == ["now not asked of: children under 12"]


def test_a_kind_of_permit_that_counts_no_longer_is_named():
    old = content(rule={"permit": {"kinds": ["visa", "transit_visa"]}})

    assert rules.diff(old, content(rule={"permit": {"kinds": ["visa"]}}), "en") == ["no longer accepted: transit visa"]
    assert rules.diff(content(rule={"quarantine": {"days": 14}}), content(rule={"quarantine": {"days": 7}}), "en") == [
        "now required: booked quarantine, days: at least 7; was: booked quarantine, days: at least 14"
    ]


def test_a_changed_group_is_compared_inside():
    old = {"all": [{"consent_form": {}}, {"any": [DEMAND["rule"], {"age": {"under": 5}}]}]}
    new = {
        "all": [
            {"consent_form": {}},
            {"any": [{"test": {"kinds": ["pcr", "rapid"], "max_age_hours": 24}}, {"age": {"under": 5}}]},
        ]
    }

    assert rules.diff(content(rule=old), content(rule=new), "en") == [
        "test now sampled at most 24 hours before the barrier; was 72"
    ]


def test_an_opening_says_what_is_required_now():
    assert rules.diff(content(rule={"closed": {}}), content(), "en") == [
        "open again; now required: a negative test (PCR or rapid) sampled at most 72 hours before the barrier"
    ]


@given(strategies.contents, strategies.contents, st.sampled_from(LANGUAGES))
def test_a_difference_is_said_exactly_where_there_is_one(old, new, language):
    words = rules.diff(old, new, language)

    assert bool(words) == (rules.canonical_content(old) != rules.canonical_content(new))
    assert not any("%(" in line for line in words)
