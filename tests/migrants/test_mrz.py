import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from migrants.birthdates import BirthDate
from migrants.mrz import parse
from migrants.mrz_fields import LAYOUTS, check_digit, value

VECTORS = json.loads((Path(__file__).parents[1] / "fixtures" / "mrz_vectors.json").read_text(encoding="utf-8"))
BY_ID = {vector["id"]: vector for vector in VECTORS}
TODAY = date(2020, 10, 1)
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"


def read(lines):
    return parse("\n".join(lines), today=TODAY)


def vector(name):
    return read(BY_ID[name]["lines"])


def fields(result):
    return {problem.field for problem in result.problems}


def changed(lines, line, place, sign):
    copy = list(lines)
    copy[line] = copy[line][:place] + sign + copy[line][place + 1 :]
    return copy


@pytest.mark.parametrize("name", BY_ID)
def test_every_vector_is_valid_or_not_as_published(name):
    result = vector(name)

    assert result.kind == BY_ID[name]["format"]
    assert result.is_valid == BY_ID[name]["valid"], result.problems
    assert all(problem.sentence.endswith(".") for problem in result.problems)


@pytest.mark.parametrize("name", [name for name, given in BY_ID.items() if given["expect"]])
def test_the_fields_of_a_vector_are_read(name):
    result, expected = vector(name), BY_ID[name]["expect"]
    born = result.birth

    found = {
        "surname": result.surname,
        "given": result.given_names,
        "number": result.document_number,
        "nationality": result.nationality,
        "dob": f"{born.year}-{born.month:02}-{born.day:02}",
        "sex": result.sex,
        "expiry": str(result.expires_on),
    }
    assert {key: found[key] for key in expected} == expected


def test_each_kind_reads_the_same_specimen_holder():
    for name in ("icao-td1", "icao-td2", "icao-td3"):
        result = vector(name)
        assert (result.surname, result.given_names, result.sex) == ("ERIKSSON", "ANNA MARIA", "F")
        assert result.birth == BirthDate(1974, 8, 12)
        assert result.expires_on == date(2012, 4, 15)
    for name in ("icao-mrva", "icao-mrvb"):
        result = vector(name)
        assert (result.document_number, result.nationality_code) == ("L8988901C", "XXX")
        assert result.birth == BirthDate(1940, 9, 7)
        assert result.expires_on == date(1996, 12, 10)


def test_what_is_not_known_of_a_birth_date_stays_unknown_and_a_cut_name_is_told():
    result = vector("gen-tjk-longname")

    assert result.birth == BirthDate(1986, None, None)
    assert result.name_is_cut
    assert "cut off" in result.remarks[0].sentence
    assert (result.surname, result.given_names) == ("NAMUNAMUHAMMADZODA", "ABDURAHMONJON MUHAM")


def test_a_single_name_has_no_given_names():
    assert (vector("gen-afg-nosurname").surname, vector("gen-afg-nosurname").given_names) == ("NAMUNA", "")


@pytest.mark.parametrize(("name", "code"), [("gen-stateless", "XXA"), ("gen-refugee", "XXB")])
def test_whoever_has_no_country_is_pointed_out(name, code):
    result = vector(name)

    assert result.nationality_code == code
    assert any("protection officer" in remark.sentence for remark in result.remarks)


def test_personal_numbers_are_read():
    assert vector("gen-uzb-td3").personal_number == "30507880000001"
    assert vector("gen-kaz-td3").personal_number == "790822300001"
    assert vector("gen-kgz-td1").personal_number == "10430200100001"


def test_germany_prints_one_letter():
    lines = BY_ID["gen-tjk-td3"]["lines"]
    result = read([lines[0].replace("TJK", "D<<"), lines[1].replace("TJK", "D<<")])

    assert (result.nationality, result.nationality_code, result.is_valid) == ("D", "DEU", True)


def test_a_country_that_nobody_knows_is_a_remark():
    assert vector("icao-td3").nationality_code is None
    assert {remark.field for remark in vector("icao-td3").remarks} >= {"nationality", "issuer"}


# What is wrong is named


def test_each_failing_check_digit_is_named_by_its_field():
    assert fields(vector("bad-o-for-0")) == {"document_number", "composite"}
    assert fields(vector("bad-dob-swap")) == {"birth_date", "composite"}


def test_a_letter_typed_for_a_digit_is_suggested():
    problem = next(problem for problem in vector("bad-o-for-0").problems if problem.field == "document_number")

    assert "Perhaps sign 2 is “0”, not “O”." in problem.sentence


def test_a_short_line_says_how_many_signs_it_has():
    result = vector("bad-short")

    assert [(problem.field, problem.sentence) for problem in result.problems] == [
        ("line_2", "Line 2 has 43 signs; it must have 44.")
    ]
    assert result.document_number == ""


@pytest.mark.parametrize(
    ("line", "place", "sign", "field"),
    [
        (1, 20, "Q", "sex"),
        (1, 10, "5", "nationality"),
        (0, 2, "<", "issuer"),
        (0, 6, "4", "names"),
        (1, 13, "A", "birth_date"),
        (1, 22, "<", "expiry_date"),
        (1, 42, "9", "personal_number"),
        (1, 43, "<", "composite"),
        (1, 9, "<", "document_number"),
        (0, 5, "ё", "line_1"),
    ],
)
def test_a_sign_that_cannot_stand_there_is_named(line, place, sign, field):
    assert field in fields(read(changed(BY_ID["gen-tjk-td3"]["lines"], line, place, sign)))


@pytest.mark.parametrize("text", ["", "P<TJK", "a\nb\nc\nd", "\n\n", "P" * 88 + "\n"])
def test_what_is_no_zone_at_all_is_refused_with_a_sentence(text):
    result = parse(text, today=TODAY)

    assert result.problems
    assert all(problem.sentence.endswith(".") for problem in result.problems)


def test_a_day_that_does_not_exist_is_refused_even_with_a_fitting_digit():
    line = BY_ID["gen-tjk-td3"]["lines"][1]
    born = "920230"
    second = line[:13] + born + check_digit(born) + line[20:43]
    second += check_digit(second[:10] + second[13:20] + second[21:43])

    assert fields(read([BY_ID["gen-tjk-td3"]["lines"][0], second])) == {"birth_date"}


def test_case_spaces_and_other_fillers_do_not_matter():
    lines = BY_ID["icao-td3"]["lines"]

    assert parse(" ".join(lines[0]).lower() + "\n\n  " + lines[1].replace("<", "‹"), today=TODAY) == read(lines)
    assert parse("".join(lines), today=TODAY) == read(lines)
    assert parse(lines[0].replace("<<", "«") + "\r\n" + lines[1], today=TODAY) == read(lines)


def test_a_long_number_of_a_card_is_read_from_both_its_places():
    """ICAO Doc 9303 part 5: the number D23145890734 of a specimen card, with its digit 9."""
    first, second = "I<UTOD23145890<7349<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<"
    composite = check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    result = read([first, second + composite, "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"])

    assert result.is_valid, result.problems
    assert result.document_number == "D23145890734"
    assert result.personal_number == ""


def test_years_of_two_digits_belong_to_the_century_that_fits():
    lines = BY_ID["gen-tjk-td3"]["lines"]

    assert parse("\n".join(lines), today=date(2020, 1, 1)).birth.year == 1992
    assert parse("\n".join(lines), today=date(2092, 3, 16)).birth.year == 1992
    assert parse("\n".join(lines), today=date(2092, 3, 17)).birth.year == 2092
    assert parse("\n".join(lines), today=date(2029, 3, 16)).expires_on == date(2029, 3, 16)


# Check digits notice what they can, and the limits are those of arithmetic


def test_the_signs_that_a_check_digit_takes_for_one():
    groups: dict[int, set[str]] = {}
    for sign in SIGNS:
        groups.setdefault(value(sign) % 10, set()).add(sign)

    assert groups[0] == {"0", "<", "A", "K", "U"}
    assert groups[9] == {"9", "J", "T"}
    assert all(len(group & set("0123456789")) == 1 for group in groups.values())


valid_names = st.sampled_from([name for name, given in BY_ID.items() if given["valid"]])


@given(valid_names, st.data())
def test_one_changed_sign_of_a_checked_field_is_noticed_unless_its_value_moves_by_tens(name, data):
    lines = BY_ID[name]["lines"]
    layout = next(layout for layout in LAYOUTS if layout.kind == BY_ID[name]["format"])
    covered = [layout.places[field] for field in layout.digits if field in layout.places] + list(layout.composite)
    line, start, end = data.draw(st.sampled_from(covered))
    place, sign = data.draw(st.integers(start, end - 1)), data.draw(st.sampled_from(SIGNS))
    before = lines[line][place]
    assume(sign != before)

    result = read(changed(lines, line, place, sign))
    if (value(sign) - value(before)) % 10:
        assert not result.is_valid
    elif before in "0123456789" and sign in "0123456789":
        raise AssertionError("two digits never have one value")


@given(valid_names, st.data())
def test_one_changed_digit_of_a_date_or_number_is_always_noticed(name, data):
    lines = BY_ID[name]["lines"]
    layout = next(layout for layout in LAYOUTS if layout.kind == BY_ID[name]["format"])
    line, start, end = layout.places[data.draw(st.sampled_from(["document_number", "birth_date", "expiry_date"]))]
    digits = [place for place in range(start, end) if lines[line][place].isdigit()]
    assume(digits)
    place = data.draw(st.sampled_from(digits))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != lines[line][place]]))

    assert not read(changed(lines, line, place, other)).is_valid


@given(
    st.lists(st.text(st.sampled_from(SIGNS), min_size=28, max_size=46), min_size=2, max_size=3) | st.lists(st.text())
)
def test_any_lines_give_a_result_and_sentences(lines):
    result = read(lines)

    assert all(problem.sentence.endswith(".") for problem in (*result.problems, *result.remarks))


@given(st.sampled_from(LAYOUTS), st.data())
def test_random_signs_of_the_right_size_never_break_the_reading(layout, data):
    lines = [
        data.draw(st.text(st.sampled_from(SIGNS), min_size=layout.width, max_size=layout.width))
        for _ in range(layout.height)
    ]

    assert read(lines).kind is not None


@pytest.mark.parametrize(
    ("line", "old", "new", "words"),
    [(0, "ERIKSSON", "ERIKSS0N", "sign 7 is “O”, not “0”"), (0, "UTO", "UT0", "sign 3 is “O”, not “0”"),
     (0, "MARIA", "MAR1A", "is “I”, not “1”"), (1, "UTO", "UT0", "sign 3 is “O”, not “0”")],
)  # fmt: skip
def test_a_digit_typed_for_a_letter_is_suggested(line, old, new, words):
    lines = [
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ]
    lines[line] = lines[line].replace(old, new)
    problems = [problem.sentence for problem in read(lines).problems]
    assert any(words in problem for problem in problems), problems
