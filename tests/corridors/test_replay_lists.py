"""A dated list of changes is read as it comes: every row is a change, or a line that says which cell to mend."""

import io

import pytest

from common.sheets import SheetError, read_rows
from corridors.replay.levels import LevelError, load, meaning
from corridors.replay.lists import read_list
from corridors.replay.whom import read_whom
from corridors.rules import Age, All, AnyOf, NationalityIn, Not, Passage, PurposeIn, ResidenceIn

HEADING = "date,date_announced,country,direction,applies_to,level,note,source\n"


def listed(text, encoding="utf-8"):
    return read_list(read_rows(io.BytesIO((HEADING + text).encode(encoding)), name="list.csv"), load())


def only(text):
    found = listed(text)
    assert found.faults == ()
    (change,) = found.changes
    return change


def fault(text):
    found = listed(text)
    assert found.changes == ()
    (said,) = found.faults
    return said


def test_a_row_is_read_with_its_two_dates():
    change = only("2020-03-16,2020-03-14,UZB,entry,all,4,,decree 1\n")
    assert (change.since.isoformat(), change.announced.isoformat()) == ("2020-03-16T00:00:00", "2020-03-14T00:00:00")
    assert change.asked == {"opening": {"rule": {"closed": {}}}}


@pytest.mark.parametrize(
    "written", ["2020-03-05", "20200305", "05.03.2020", "2020/3/5", "2020-03-05T00:00", "5 Mar 2020", "5 March 2020"]
)
def test_a_day_is_read_however_it_is_written(written):
    assert only(f'"{written}",,UZB,entry,all,4,,decree\n').since.isoformat() == "2020-03-05T00:00:00"


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("05/03/2020", "two ways"),
        ("31.02.2020", "calendar"),
        ("0001-01-01", "too far"),
        ("9999-12-31", "too far"),
        ("soon", "no date"),
        ("", "empty"),
    ],
)
def test_a_day_that_cannot_be_meant_is_named(written, word):
    said = fault(f"{written},,UZB,entry,all,4,,decree\n")
    assert (said.row, said.column) == (2, "date")
    assert word in said.sentence


@pytest.mark.parametrize("written", ["UZB", "uz", "Uzbekistan", "Узбекистан", "Oʻzbekiston"])
def test_a_country_is_known_by_code_and_by_name(written):
    assert only(f"2020-03-16,,{written},entry,all,4,,decree\n").country == "UZB"


def test_an_unknown_country_an_unknown_level_and_an_unknown_direction_are_named_in_one_go():
    found = listed("2020-03-16,,Ruritania,sideways,all,eleven,,decree\n")
    assert [one.column for one in found.faults] == ["country", "direction", "level"]


@pytest.mark.parametrize(
    ("written", "concerned"),
    [
        ("entry", [("KAZ", "UZB")]), ("inbound", [("KAZ", "UZB")]), ("exit", [("UZB", "KAZ")]),
        ("both", [("KAZ", "UZB"), ("UZB", "KAZ")]), ("KAZ-UZB", [("KAZ", "UZB")]),
        ("Kazakhstan → Uzbekistan", [("KAZ", "UZB")]), ("KZ-UZ", [("KAZ", "UZB")]), ("KAZ/UZB", [("KAZ", "UZB")]),
        ("from Kazakhstan to Uzbekistan", [("KAZ", "UZB")]), ("from KAZ", [("KAZ", "UZB")]),
        ("to Kazakhstan", [("UZB", "KAZ")]),
        ("Inbound/Outbound", [("KAZ", "UZB"), ("UZB", "KAZ")]), ("entry & exit", [("KAZ", "UZB"), ("UZB", "KAZ")]),
    ],
)  # fmt: skip
def test_a_direction_is_seen_from_the_country_of_the_row(written, concerned):
    change = only(f"2020-03-16,,UZB,{written},all,4,,decree\n")
    assert [way for way in (("KAZ", "UZB"), ("UZB", "KAZ"), ("KAZ", "KGZ")) if change.concerns(*way)] == concerned


OWN, TAJIK = NationalityIn(("UZB",)), NationalityIn(("TJK",))
LIVING = ResidenceIn(("UZB",))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", None), ("all", None), ("Everyone", None), ("foreigners", Not(OWN)), ("foreign nationals", Not(OWN)),
        ("citizens", OWN), ("citizens only", OWN), ("TJK", TAJIK), ("Tajik nationals", TAJIK), ("граждане Таджикистана", TAJIK),
        ("TJK; KGZ", NationalityIn(("KGZ", "TJK"))), ("nationals of Tajikistan and Kyrgyzstan", NationalityIn(("KGZ", "TJK"))),
        ("all except citizens", Not(OWN)), ("all except TJK", Not(TAJIK)),
        ("foreigners except TJK", All((Not(OWN), Not(TAJIK)))),
        ("residents", LIVING), ("non-residents", Not(LIVING)), ("all except citizens and residents", Not(AnyOf((OWN, LIVING)))),
        ("foreigners without residence permit", All((Not(OWN), Not(LIVING)))), ("transit passengers", Passage("transit")),
        ("children under 5", Age(None, 5)), ("migrant workers", PurposeIn(("work",))), ("everyone except truck drivers", None),
        ("Bosnia & Herzegovina", NationalityIn(("BIH",))),
    ],
)  # fmt: skip
def test_whom_a_row_means_is_read_from_its_words(written, meant):
    assert read_whom(written, "UZB").rule == meant


def test_who_is_spared_and_cannot_be_told_apart_is_said():
    assert "“truck drivers” are not told apart here: left aside" in read_whom("all except truck drivers", "UZB").remarks


def test_who_comes_from_a_country_is_told_by_the_way_and_not_by_the_passport():
    change = only("2020-03-16,,UZB,entry,arrivals from Kazakhstan,4,,decree\n")
    assert change.whom.rule is None
    assert change.concerns("KAZ", "UZB")
    assert not change.concerns("TJK", "UZB")


@pytest.mark.parametrize("level", ["3", "closed for foreigners", "open to citizens only"])
def test_a_level_that_is_not_meant_for_everybody_closes_to_foreigners(level):
    change = only(f"2020-03-16,,UZB,entry,all,{level},,decree\n")
    assert change.whom.rule == Not(OWN)
    assert change.asked == {"opening": {"rule": {"closed": {}}}}
    assert any("not meant for everybody" in remark for remark in change.remarks)


@pytest.mark.parametrize("written", ["transit", "in transit"])
def test_the_direction_of_transit_means_those_in_transit(written):
    assert only(f"2020-03-16,,UZB,{written},all,4,,decree\n").whom.rule == Passage("transit")


def test_people_whom_no_rule_can_name_are_refused():
    assert "nobody whom a rule can name" in fault("2020-03-16,,UZB,entry,goats,4,,decree\n").sentence


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("0", "open"), ("1", "screening"), ("2", "quarantine"), ("3", "closed to some"), ("4", "closed"), ("4.0", "closed"),
        ("C8: 2", "quarantine"), ("level 4 - total closure", "closed"), ("Closed", "closed"), ("border_closed", "closed"),
        ("closed to foreigners", "closed to some"), ("no restrictions", "open"), ("PCR test", "test"),
        ("no test required", "no test"),
        ("14-day quarantine", "quarantine"), ("PCR test and 10-day quarantine", "quarantine, test"),
    ],
)  # fmt: skip
def test_a_level_is_known_as_a_number_and_in_words(written, name):
    assert meaning(load(), written).name == name


@pytest.mark.parametrize(
    "written",
    ["7", "green", "2020", "closed and open", "flights suspended", "visa suspended", "closed except for trucks"],
)
def test_a_level_that_nobody_knows_or_that_contradicts_itself_is_refused(written):
    with pytest.raises(LevelError):
        meaning(load(), written)


def test_words_of_a_level_that_change_nothing_are_said_to_be_left_aside():
    meant = meaning(load(), "border closed due to COVID-19")
    assert meant.name == "closed"
    assert meant.remarks == ("“due covid-19” of the level was left aside",)


def test_hours_days_and_kinds_of_test_are_taken_from_the_note():
    asked = meaning(load(), "test", "negative PCR not older than 48 h").asked
    assert asked["health_test"] == {"rule": {"test": {"kinds": ["pcr"], "max_age_hours": 48}}}
    assert (meaning(load(), "2", "7 days at home").asked["other"] or {})["side_effect"] == "7 days of quarantine"


def test_the_table_of_levels_can_be_extended(tmp_path):
    more = tmp_path / "more.toml"
    more.write_text('[[levels]]\nname = "black"\nwords = ["black list"]\nasks = {opening = {rule = {closed = {}}}}\n')
    assert meaning(load(more), "Black List").name == "black"


@pytest.mark.parametrize(
    "text",
    ["[[levels]]\nname = 'a'\nlifts = ['weather']", "[[levels]]\nname='a'\nasks = {opening = {rule = {wall = {}}}}", "= ="]
)  # fmt: skip
def test_a_table_of_levels_that_is_wrong_is_refused(text, tmp_path):
    (tmp_path / "more.toml").write_text(text)
    with pytest.raises(LevelError):
        load(tmp_path / "more.toml")


def test_the_same_row_twice_is_taken_once_and_said():
    change = only("2020-03-16,,UZB,entry,all,4,,decree\n2020-03-16,,UZB,entry,all,4,again,decree\n")
    assert "row 3 says the same; taken once" in change.remarks


def test_two_rows_of_one_day_that_contradict_each_other_are_refused():
    found = listed("2020-03-16,,UZB,entry,all,4,,decree\n2020-03-16,,UZB,entry,all,0,,decree\n")
    assert [change.row for change in found.changes] == [2]
    assert "Row 2 says something else" in found.faults[0].sentence


def test_what_was_announced_later_for_the_same_day_is_a_change_of_its_own():
    found = listed("2020-03-16,2020-03-14,UZB,entry,all,4,,decree\n2020-03-16,2020-03-15,UZB,entry,all,2,,decree\n")
    assert [change.level for change in found.changes] == ["closed", "quarantine"]
    assert found.faults == ()


def test_a_test_and_a_quarantine_of_the_same_day_stand_beside_each_other():
    found = listed("2020-03-16,,UZB,entry,all,test,,decree\n2020-03-16,,UZB,entry,all,quarantine,,decree\n")
    assert len(found.changes) == 2
    assert found.faults == ()


def test_changes_come_in_the_order_in_which_they_were_known():
    found = listed("2020-03-20,2020-03-18,UZB,entry,all,4,,a\n2020-04-20,2020-03-10,UZB,entry,all,0,,b\n")
    assert [change.row for change in found.changes] == [3, 2]


def test_a_row_without_announcement_and_without_source_says_what_was_assumed():
    remarks = only("2020-03-16,,UZB,entry,all,4,,\n").remarks
    assert len(remarks) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_list_is_read_in_any_encoding(encoding):
    (change,) = listed(
        "2020-03-16,,Узбекистан,въезд,все,закрыта,закрытие границы,постановление правительства\n", encoding
    ).changes
    assert change.source == "постановление правительства"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADING, "no row below"), ("2020-03-16,,UZB,entry,all,4,x,s\n", "date, date_announced, country"),
        (HEADING + '2020-03-16,,UZB,entry,all,4,"never closed,s\n2020-03-17,,UZB,entry,all,0,,s\n', "quotation mark"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_taken_says_how_to_mend_it(content, words):
    with pytest.raises(SheetError, match=words):
        read_list(read_rows(io.BytesIO(content.encode()), name="list.csv"), load())


def test_a_list_without_a_column_that_is_needed_says_which():
    with pytest.raises(SheetError, match="level"):
        read_list(read_rows(io.BytesIO(b"date,country,direction\n2020-03-16,UZB,entry\n"), name="list.csv"), load())
